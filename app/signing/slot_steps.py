"""Changes of signature slots: opened, filled from paper, declined, superseded. Every one needs an open transaction."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import update

from app import clock
from app.actor import Actor
from app.cases.held_case import signed as with_supplier
from app.cases.message_text import clean_line
from app.cases.models import Case, CaseDocument
from app.cases.queries import party
from app.company import queries as company
from app.errors import Conflict
from app.extensions import db
from app.journal.models import JournalEntry
from app.journal.steps import record
from app.signing.certificate_models import CertificateAttempt
from app.signing.certificate_rules import WAITING
from app.signing.models import SignatureSlot
from app.signing.signals import document_signed
from app.signing.slot_queries import held_slots, slots_of
from app.signing.slot_rules import (
    DECLINED,
    PENDING,
    SIGNED,
    SUPERSEDED,
    Side,
    is_complete,
    refuse_day,
    refuse_parties,
    why_not,
)
from app.transaction import require_transaction

LONGEST_SIGNER = 200


def open_slots(
    case: Case, document: CaseDocument, parties: Sequence[Side], *, at: datetime
) -> list[SignatureSlot]:
    """A slot for each party that has to sign the document, in the order in which they sign.

    A party may stand there twice (two applicants of one agreement). Raises ValueError without parties, for the
    applicant in mode A, and for a document that has slots already.
    """
    require_transaction()
    refuse_parties(parties, case.mode)
    if slots_of(document.id):
        raise ValueError("the document has its slots already")
    slots = [
        SignatureSlot(case_id=case.id, case_document_id=document.id, party=side, place=place, opened_at=at)
        for place, side in enumerate(parties, start=1)
    ]
    db.session.add_all(slots)
    db.session.flush()
    return slots


def supersede(document: CaseDocument) -> None:
    """Another edition has taken the place of the document: nobody signs this one any more.

    Signatures that were given stay as they are: they are evidence, and the new edition needs new ones. A declined one
    waits for no answer any more.
    """
    require_transaction()
    for slot in held_slots(document.id):
        if slot.state in (PENDING, DECLINED):
            slot.state = SUPERSEDED


def keep_with_slots(document: CaseDocument) -> bool:
    """Keeper of documents (`document_steps.register_keeper`): what somebody was asked to sign stays."""
    if not slots_of(document.id):
        return False
    supersede(document)
    return True


def sign_on_paper(
    slot: SignatureSlot,
    *,
    scan: CaseDocument | None,
    signed_on: date,
    signer: str,
    by: Actor,
    at: datetime,
) -> None:
    """Note that a party has signed the paper; tells `document_signed` when it was the last one needed.

    Raises Conflict when the slot is not open or an earlier party has not signed; InvalidValue for a day in the future
    or before the application, and for a name that is none.
    """
    require_transaction()
    case, document, slots = around(slot)
    refuse(slot, slots)
    zone = company.profile().zone
    refuse_day(signed_on, today=clock.day_in(zone, at), sent_on=clock.day_in(zone, case.sent_at or at))
    name = clean_line(signer, max_length=LONGEST_SIGNER, label="Кто подписал")
    slot.state, slot.kind, slot.signed_on, slot.signer = SIGNED, "paper", signed_on, name
    slot.scan_id = scan.id if scan is not None else None
    slot.marked_by, slot.marked_at = by.user_id, at
    end_waiting(slot, at=at)
    details = {"signature": slot.party, "signer": slot.signer, "day": f"{signed_on:%d.%m.%Y}"}
    recorded("signature_marked", case, document, details, by=by, at=at)
    if slot.required and is_complete(slots):
        document_signed.send(case, document=document, by=by, at=at)


def end_waiting(slot: SignatureSlot, *, at: datetime) -> None:
    """A signature by certificate that still waits for its check gives way: the slot was filled or declined meanwhile."""
    require_transaction()
    db.session.flush()
    waits = CertificateAttempt.slot_id == slot.id, CertificateAttempt.state.in_(WAITING)
    ended = {"state": "refused", "reason": "replaced", "decided_at": at}
    db.session.execute(
        update(CertificateAttempt).where(*waits).values(**ended),
        execution_options={"synchronize_session": False},
    )


def decline(slot: SignatureSlot, *, reason: str, by: Actor, at: datetime) -> JournalEntry:
    """A party does not sign the document; raises Conflict when the slot is not open."""
    require_transaction()
    case, document, slots = around(slot)
    if slot.state != PENDING:
        raise Conflict(why_not(slot, slots))
    slot.state, slot.marked_by, slot.marked_at = DECLINED, by.user_id, at
    end_waiting(slot, at=at)
    details = {"signature": slot.party, "reason": reason}
    return recorded("signature_declined", case, document, details, by=by, at=at)


def reopen(slot: SignatureSlot, *, answer: str, by: Actor, at: datetime) -> JournalEntry:
    """A declined document waits for the party again, with an answer to them; raises Conflict when none was declined."""
    require_transaction()
    case, document, _slots = around(slot)
    if slot.state != DECLINED:
        raise Conflict("От этой подписи не отказывались, или на отказ уже ответили. Обновите страницу.")
    slot.state, slot.marked_by, slot.marked_at = PENDING, None, None
    details = {"signature": slot.party, "reason": answer}
    return recorded("decline_answered", case, document, details, by=by, at=at)


def around(slot: SignatureSlot) -> tuple[Case, CaseDocument, Sequence[SignatureSlot]]:
    """The slot's case and document, and all slots of the document held."""
    slots = held_slots(slot.case_document_id)
    return (
        db.session.get_one(Case, slot.case_id),
        db.session.get_one(CaseDocument, slot.case_document_id),
        slots,
    )


def refuse(slot: SignatureSlot, slots: Sequence[SignatureSlot]) -> None:
    """Raise Conflict with the reason when this signature cannot be given now."""
    why = why_not(slot, slots)
    if why:
        raise Conflict(why)


def recorded(
    kind: str, case: Case, document: CaseDocument, details: dict[str, Any], *, by: Actor, at: datetime
) -> JournalEntry:
    """What the timeline tells; of a document that the company alone sees only the company is told."""
    side = party(by, case)
    return record(
        kind,
        party=side,
        actor_id=by.user_id,
        at=at,
        case_id=case.id,
        public=not document.internal,
        details=with_supplier(case, side, {"document": document.title, **details}),
    )
