"""What the check asks of OpenSSL beside the signature itself never holds the database and never costs a signature."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.documents.intake import Upload
from app.errors import InvalidForm, TooManyTries
from app.extensions import db
from app.gateways.openssl import BUSY, EngineAway
from app.gateways.revocation import Authorities
from app.signing import authority_actions, chain_work
from app.signing.authority_actions import SENDINGS
from app.signing.certificate_actions import decide_waiting
from app.signing.certificate_models import CertificateAttempt, MachineAuthority
from app.signing.chain_work import remember_chain
from app.signing.trust_models import RevocationSource
from app.transaction import transaction
from tests.actions.test_authorities import World as OfAuthority
from tests.actions.test_authorities import head
from tests.actions.test_certificate_signing import World
from tests.authority_world import Authority, believed_root, sha256, somebody
from tests.certificate_world import authority, fetched, send, signatures, soon
from tests.powers import power

LIST = "http://crl.example.org/root.crl"


def in_an_action() -> bool:
    """Whether a transaction of an action is open: another one is refused then."""
    try:
        with transaction():
            return False
    except RuntimeError:
        return True


@pytest.fixture
def busy(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """OpenSSL has a place for the signature itself, and none for learning from its chain; who was asked."""
    asked: list[str] = []

    def no_place(*_about: object, **_more: object) -> bool:
        asked.append("in an action" if in_an_action() else "outside")
        raise EngineAway(BUSY)

    monkeypatch.setattr(Authorities, "leads_to_root", no_place)
    monkeypatch.setattr(chain_work, "_known", lambda _found, _rows: False)
    yield asked
    assert asked and set(asked) == {"outside"}


def test_a_signature_that_waited_is_taken_though_its_chain_teaches_nothing(
    context: Flask, busy: list[str]
) -> None:
    site = World(lists=False)
    (outcome,) = send(site.case_id, site.signed(), site.own)
    assert outcome.state == "waits_list"
    fetched(authority())
    decide_waiting(db.session.query(CertificateAttempt.id).scalar(), at=soon())
    assert [one.slot_id for one in signatures()] == [site.slots[0]] and busy


def test_a_power_of_attorney_is_kept_and_accepted_though_its_chain_teaches_nothing(
    context: Flask, busy: list[str]
) -> None:
    site = OfAuthority()
    site.accept(site.power())
    assert [one.slot_id for one in signatures()] == [site.slot] and busy


def test_which_of_two_certificates_of_an_authority_it_was_is_asked_outside_the_action(
    context: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = Authority(tmp_path / "root", "Корень")
    again = renewed(root)
    by, asked, ask = somebody("administrator"), [], Authorities.issued
    for one in (root.pem, again):
        root.pem = one
        believed_root(root, by)

    def noted(own: Authorities, certificate: str, issuer: str, *, at: object) -> bool:
        asked.append("in an action" if in_an_action() else "outside")
        return ask(own, certificate, issuer, at=at)  # type: ignore[arg-type]

    monkeypatch.setattr(Authorities, "issued", noted)
    remember_chain([root.owner(list_url=LIST)], at=clock.now())
    (source,) = db.session.scalars(select(RevocationSource))
    assert (source.url, source.issuer_sha256, asked) == (LIST, sha256(again), ["outside"])


def renewed(root: Authority) -> str:
    """Another certificate of the same authority with the same name and key."""
    made = root.folder / "again.pem"
    told = ("x509", "-in", "cert.pem", "-signkey", "key.pem", "-days", "3000", "-md_gost12_256")
    root._run(*told, "-set_serial", "77", "-out", str(made))
    return made.read_text(encoding="ascii")


def test_who_sends_powers_of_attorney_without_end_has_to_wait(context: Flask) -> None:
    site, at = OfAuthority(), soon()
    wrong = {"by": site.own.actor, "at": at}
    for _ in range(3):  # what is not checked does not count
        with pytest.raises(InvalidForm):
            authority_actions.send(site.case_id, None, b"", **wrong)  # type: ignore[arg-type]
    for _ in range(SENDINGS.free):
        with pytest.raises(InvalidForm):
            authority_actions.send(site.case_id, Upload("МЧД.xml", BytesIO(power())), b"junk", **wrong)  # type: ignore[arg-type]
    right = head().sign(power())
    with pytest.raises(TooManyTries, match="Подождите 1 минуту"):
        authority_actions.send(site.case_id, Upload("МЧД.xml", BytesIO(power())), right, **wrong)  # type: ignore[arg-type]
    assert not db.session.query(MachineAuthority).count()
    later = {"by": site.own.actor, "at": soon(minutes=1)}
    file = Upload("МЧД.xml", BytesIO(power()))
    assert authority_actions.send(site.case_id, file, right, **later)  # type: ignore[arg-type]
