"""Reading what a signature by certificate is checked against, and the signatures that are still being decided."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app import gateways
from app.accounts.models import Applicant
from app.cases.models import Case
from app.company import queries as company
from app.documents.models import DocumentVersion
from app.extensions import db
from app.gateways import cms as gateway
from app.signing import trust_queries
from app.signing.certificate_models import CertificateAttempt
from app.signing.certificate_rules import WAITING, Expected, Match, match, sentence_of
from app.signing.who_queries import instant

#: For the line of a slot under its document.
_LINE: Mapping[str, str] = {
    "waits_list": "отложено: нет списка отзыва",
    "waits_authority": "ждет проверки доверенности",
}


def trust(at: datetime) -> gateway.Trust:
    """The roots, intermediates and lists of revoked certificates that hold at an instant."""
    return trust_queries.trust(at)


def expected_of(case: Case, side: str) -> Expected:
    """Who has to sign for a side of the case, by the numbers that their certificate must hold."""
    if side == "applicant":
        found = db.session.get_one(Applicant, case.applicant_id)
        return Expected(found.legal_form, found.ogrn, found.inn, found.snils)
    if side == "supplier":
        if case.supplier_id is None:
            return Expected("legal_entity")
        supplier = company.supplier(case.supplier_id)
        return Expected("legal_entity", supplier.ogrn, supplier.inn)
    settings = company.profile().settings
    return Expected("legal_entity", str(settings["company.ogrn"]), str(settings["company.inn"]))


def whose(owner: gateway.Owner, case: Case, side: str) -> Match:
    """Whether the certificate is of the side that signs; a sole trader's ИНН alone counts when the office says so."""
    suffices = bool(company.profile().settings["signing.inn_suffices"])
    return match(owner, expected_of(case, side), inn_suffices=suffices)


def judged(
    signature: bytes, version: DocumentVersion, *, at: datetime, received: datetime | None = None
) -> gateway.Verdict:
    """What the check says of a signature of a stored file; takes milliseconds, so outside a transaction.

    The bytes on the disk are hashed too: what the record will name must be what was signed (`file_changed`).
    `received` is when the signature came in, when that was earlier.
    """
    files = gateways.current().files
    if not files.holds(version.storage_key, version.sha256):
        return gateway.Verdict("file_changed")
    return _asked(signature, files.path(version.storage_key), at, received)


def judged_bytes(signature: bytes, content: bytes, *, at: datetime) -> gateway.Verdict:
    """What the check says of a signature of bytes that are not stored yet."""
    return _asked(signature, content, at, None)


def _asked(
    signature: bytes, content: Path | bytes, at: datetime, received: datetime | None
) -> gateway.Verdict:
    settings = company.profile().settings
    return gateways.current().signatures.check(
        signature,
        content,
        trust(at),
        at=at,
        require_gost=bool(settings["signing.require_gost"]),
        require_qualified=bool(settings["signing.require_qualified"]),
        received=received,
    )


def verdict_record(verdict: gateway.Verdict, *, at: datetime) -> dict[str, Any]:
    """A verdict as it is kept: whose certificate, its chain, the lists that were used, by which engine, when."""
    return {
        "code": verdict.code,
        "at": instant(at),
        "owner": owner_record(verdict.owner) if verdict.owner else None,
        "chain": list(verdict.chain),
        "lists_used": list(verdict.lists_used),
        "algorithm": verdict.algorithm,
        "engine": verdict.engine,
        **({"revoked_at": instant(verdict.revoked_at)} if verdict.revoked_at else {}),
    }


def owner_record(owner: gateway.Owner) -> dict[str, Any]:
    """The owner of a certificate in plain values."""
    return {
        **asdict(owner),
        "not_before": instant(owner.not_before),
        "not_after": instant(owner.not_after),
    }


def waiting_for(slot_id: int) -> CertificateAttempt | None:
    """The signature of a slot that still waits for a list or a power of attorney."""
    query = select(CertificateAttempt).where(
        CertificateAttempt.slot_id == slot_id, CertificateAttempt.state.in_(WAITING)
    )
    return db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def same_before(slot_id: int, digest: str) -> CertificateAttempt | None:
    """The very same file, sent for this slot before and taken, or still waiting for a list.

    One that waits for a power of attorney is looked at anew: it may have been accepted meanwhile.
    """
    query = select(CertificateAttempt).where(
        CertificateAttempt.slot_id == slot_id,
        CertificateAttempt.cms_sha256 == digest,
        CertificateAttempt.state.in_(("accepted", "waits_list")),
    )
    return db.session.scalars(query.order_by(CertificateAttempt.id.desc()).limit(1)).first()


def waiting_in(case_id: int, state: str = "") -> list[CertificateAttempt]:
    """The signatures of a case that wait, or those in one of the two states."""
    query = select(CertificateAttempt).where(
        CertificateAttempt.case_id == case_id,
        CertificateAttempt.state.in_((state,) if state else WAITING),
    )
    return list(db.session.scalars(query.order_by(CertificateAttempt.id)))


def last_by_slot(case: Case) -> dict[int, CertificateAttempt]:
    """The newest signature by certificate that came in for each slot of a case."""
    query = select(CertificateAttempt).where(CertificateAttempt.case_id == case.id)
    return {one.slot_id: one for one in db.session.scalars(query.order_by(CertificateAttempt.id))}


def told_of(attempt: CertificateAttempt) -> str:
    """Why a signature was not taken, for the person who sent it."""
    return str(attempt.record.get("sentence") or sentence_of(attempt.reason))


def attempt_words(case: Case) -> dict[int, str]:
    """For the lines under documents: by slot, what a signature that came in waits for. One query."""
    return {one.slot_id: _LINE[one.state] for one in waiting_in(case.id)}
