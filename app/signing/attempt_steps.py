"""The rows of signatures that are being decided: kept, closed, their refusal told. Every step needs an open transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app import clock
from app.actor import Actor
from app.cases.held_case import sender
from app.cases.held_case import signed as with_supplier
from app.cases.models import Case, CaseDocument
from app.cases.policy import Party
from app.company import queries as company
from app.extensions import db
from app.gateways.cms import Verdict
from app.journal.steps import record
from app.signing.certificate_models import CertificateAttempt
from app.signing.certificate_queries import told_of, verdict_record
from app.signing.certificate_rules import WAITING
from app.signing.letter_steps import tell_side
from app.signing.models import SignatureSlot
from app.signing.slot_rules import SIGNATURES
from app.transaction import require_transaction


@dataclass(frozen=True)
class Sent:
    """A signature as it came in: the bytes and their SHA-256, the road («file», «plugin»), the file it is for, the verdict."""

    cms: bytes
    digest: str
    road: str
    version_id: int
    verdict: Verdict


@dataclass(frozen=True)
class Act:
    """One act of sending signatures: who, when, from where (`record`), the number that all its signatures share."""

    by: Actor
    at: datetime
    record: Mapping[str, Any]
    package: str


def keep(
    slot: SignatureSlot,
    sent: Sent,
    act: Act,
    *,
    state: str,
    reason: str = "",
    authority_id: int | None = None,
) -> CertificateAttempt:
    """A signature that has come in, with what the check found; the bytes only of one that waits, and so is checked again."""
    require_transaction()
    decided = state not in WAITING
    attempt = CertificateAttempt(
        slot_id=slot.id,
        case_id=slot.case_id,
        user_id=act.by.user_id,
        road=sent.road,
        cms=b"" if decided else sent.cms,
        cms_sha256=sent.digest,
        state=state,
        reason=reason,
        verdict=verdict_record(sent.verdict, at=act.at),
        record={"act": dict(act.record), "version": sent.version_id, "side": slot.party},
        authority_id=authority_id,
        sent_at=act.at,
        decided_at=act.at if decided else None,
    )
    db.session.add(attempt)
    db.session.flush()
    return attempt


def close(attempt: CertificateAttempt, state: str, *, at: datetime, reason: str = "") -> None:
    """A signature that waited is decided."""
    require_transaction()
    attempt.state, attempt.reason, attempt.decided_at = state, reason, at
    db.session.flush()


def refuse(
    case: Case, attempt: CertificateAttempt, code: str, *, at: datetime, sentence: str = "", tell: bool = True
) -> None:
    """A signature that waited is not taken after all; its sender's side learns why by a letter unless told otherwise."""
    require_transaction()
    if sentence:
        attempt.record = {**attempt.record, "sentence": sentence}
    close(attempt, "refused", at=at, reason=code)
    slot = db.session.get_one(SignatureSlot, attempt.slot_id)
    document = db.session.get_one(CaseDocument, slot.case_document_id)
    not_taken(case, slot, document, attempt, at=at, public=not document.internal)
    side: Party = slot.party  # type: ignore[assignment]
    if tell:
        tell_side(
            case,
            side,
            "signature-refused",
            key=f"attempt-{attempt.id}",
            at=at,
            document=document.title,
            whose=SIGNATURES[side],
            sent_on=f"{clock.day_in(company.profile().zone, attempt.sent_at):%d.%m.%Y}",
            reason=told_of(attempt),
            **sender(case, side),
        )


def not_taken(
    case: Case,
    slot: SignatureSlot,
    document: CaseDocument,
    attempt: CertificateAttempt,
    *,
    at: datetime,
    public: bool = False,
) -> None:
    """An entry of the journal: which signature was not taken and why. At receipt only the sender is told, on the page."""
    side: Party = slot.party  # type: ignore[assignment]
    details = {
        "document": document.title,
        "signature": side,
        "reason": told_of(attempt),
        "code": attempt.reason,
    }
    record(
        "signature_not_taken",
        party=side,
        actor_id=attempt.user_id,
        at=at,
        case_id=case.id,
        public=public,
        details=with_supplier(case, side, details),
    )
