"""Whom certificates are believed from, as administrators set it: roots, intermediates, lists of what was revoked."""

from datetime import datetime

from app import gateways
from app.accounts.steps import claim_key
from app.actor import Actor
from app.administration.policy import may_administer
from app.errors import Conflict, Forbidden, InvalidForm, InvalidValue, NotFound
from app.extensions import db
from app.gateways.certificates import Certificate, RevokedList, Unreadable, read_certificate, read_list
from app.gateways.openssl import EngineAway
from app.journal.steps import record
from app.signing.revocation_queries import issuers_of
from app.signing.revocation_steps import keep_list, learn_addresses
from app.signing.trust_models import RevocationSource, TrustedCertificate
from app.signing.trust_queries import believed
from app.signing.trust_rules import check_fingerprint, why_not
from app.signing.trust_steps import CertificateKind, believe, disbelieve
from app.transaction import transaction

URL = "/admin/trust"
NOT_A_CERTIFICATE = "В файле нет сертификата. Подойдет файл .cer, .crt или .pem с одним сертификатом."
NOT_A_LIST = "В файле нет списка отзыва. Подойдет файл .crl с сайта удостоверяющего центра."
WRONG_SELF = "Подпись сертификата неверна: файл испорчен или подделан. Скачайте его заново."
NO_ROOT = "Среди доверенных нет корневого, к которому он ведет. Сначала добавьте сертификат «{issuer}»."
NO_ISSUER = "Среди доверенных нет центра «{issuer}». Сначала добавьте его сертификат."
NOT_SIGNED = "Подпись списка неверна: он не от центра «{issuer}». Скачайте файл заново."


def examine(content: bytes, kind: CertificateKind, *, at: datetime) -> Certificate:
    """The certificate in a file, if it may be believed as this kind; changes nothing.

    Raises InvalidForm (`certificate`). An intermediate has to lead to a root that is believed already.
    """
    try:
        found = read_certificate(content)
        told = {"self_signed": found.self_signed, "authority": found.authority}
        if why := why_not(kind, **told, not_after=found.not_after, at=at):
            raise InvalidForm({"certificate": [why]})
        _prove(found, kind, at)
    except Unreadable:
        raise InvalidForm({"certificate": [NOT_A_CERTIFICATE]}) from None
    except EngineAway as away:
        raise InvalidForm({"certificate": [str(away)]}) from None
    return found


def add(
    content: bytes, kind: CertificateKind, published: str, *, by: Actor, at: datetime, press: str = ""
) -> TrustedCertificate:
    """Believe a certificate whose published hash an administrator has found; learn where the lists about it lie.

    Raises Forbidden, AlreadyDone, InvalidForm (`certificate`, `published`).
    """
    found = examine(content, kind, at=at)
    try:
        check_fingerprint(published, found.der)
    except InvalidValue as refused:
        raise InvalidForm({"published": [refused.message]}) from None
    issuers = issuers_of([found], at=at)
    with transaction():
        _begin(by, press, at)
        row = believe(found, kind, by=by.user_id, at=at)
        if row is None:
            raise InvalidForm({"certificate": ["Этот сертификат уже есть среди доверенных."]})
        learn_addresses([found], issuers, at=at)
        return row


def remove(row_id: int, *, by: Actor, at: datetime, press: str = "") -> None:
    """Believe a certificate no more. Raises Forbidden, AlreadyDone, Conflict when somebody has removed it already."""
    with transaction():
        _begin(by, press, at)
        row = db.session.get_one(TrustedCertificate, row_id, populate_existing=True, with_for_update=True)
        if row.removed_at is not None:
            raise Conflict("Этот сертификат уже убран из доверенных. Обновите страницу.")
        disbelieve(row, by=by.user_id, at=at)


def ask_now(source_id: int, *, by: Actor, at: datetime, press: str = "") -> None:
    """Have a source of lists asked at once, whatever its pause. Raises Forbidden, AlreadyDone, NotFound."""
    with transaction():
        _begin(by, press, at)
        source = db.session.get(RevocationSource, source_id, populate_existing=True, with_for_update=True)
        if source is None:
            raise NotFound
        source.next_at, source.tries = at, 0
        details = {"url": source.url}
        record("revocation_list_asked", party="company", actor_id=by.user_id, at=at, details=details)


def upload_list(content: bytes, *, by: Actor, at: datetime, press: str = "") -> str:
    """Take a list in that somebody has fetched by hand; whose it is. Raises Forbidden, AlreadyDone, InvalidForm (`list`)."""
    try:
        found = read_list(content)
        issuer = _issuer(found, at)
    except Unreadable:
        raise InvalidForm({"list": [NOT_A_LIST]}) from None
    except EngineAway as away:
        raise InvalidForm({"list": [str(away)]}) from None
    with transaction():
        _begin(by, press, at)
        try:
            row = keep_list(found, issuer, url="", at=at)
        except InvalidValue as refused:
            raise InvalidForm({"list": [refused.message]}) from None
        if row is None:
            raise InvalidForm({"list": ["Этот список уже загружен."]})
        details = {"authority": issuer.subject, "sha256": found.sha256}
        record("revocation_list_uploaded", party="company", actor_id=by.user_id, at=at, details=details)
        return issuer.subject


def _begin(by: Actor, press: str, at: datetime) -> None:
    if not may_administer(by):
        raise Forbidden
    claim_key(by.user_id, press, url=URL, at=at)


def _prove(found: Certificate, kind: CertificateKind, at: datetime) -> None:
    ask = gateways.current().authorities.leads_to_root
    if kind == "root":
        if not ask(found.pem, [found.pem], at=max(at, found.not_before)):
            raise InvalidForm({"certificate": [WRONG_SELF]})
        return
    rows = believed(at)
    roots = [row.pem for row in rows if row.kind == "root"]
    between = [row.pem for row in rows if row.kind != "root"]
    if not ask(found.pem, roots, between, at=max(at, found.not_before)):
        raise InvalidForm({"certificate": [NO_ROOT.format(issuer=found.issuer)]})


def _issuer(found: RevokedList, at: datetime) -> TrustedCertificate:
    """The believed authority that has signed a list; raises InvalidForm (`list`)."""
    named = [row for row in believed(at) if row.subject == found.issuer]
    ask = gateways.current().authorities.issued_list
    for row in reversed(named):
        if ask(found.der, row.pem):
            return row
    words = NOT_SIGNED if named else NO_ISSUER
    raise InvalidForm({"list": [words.format(issuer=found.issuer)]})
