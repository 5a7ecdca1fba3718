"""Reading the signatures of documents: of one document, of all documents of a case, one that a person marks."""

from collections.abc import Sequence

from sqlalchemy import select

from app.actor import Actor
from app.cases.models import Case, CaseDocument
from app.cases.queries import document_in
from app.errors import NotFound
from app.extensions import db
from app.signing.models import SignatureSlot
from app.signing.slot_rules import is_complete


def slots_of(document_id: int) -> list[SignatureSlot]:
    """The slots of one document in their order, those of an old edition too."""
    query = select(SignatureSlot).where(SignatureSlot.case_document_id == document_id)
    return list(db.session.scalars(query.order_by(SignatureSlot.place, SignatureSlot.id)))


def slots_in(case: Case) -> dict[int, list[SignatureSlot]]:
    """The slots of every document of a case by the id of the document, each in its order; one query."""
    query = select(SignatureSlot).where(SignatureSlot.case_id == case.id)
    found: dict[int, list[SignatureSlot]] = {}
    for slot in db.session.scalars(query.order_by(SignatureSlot.place, SignatureSlot.id)):
        found.setdefault(slot.case_document_id, []).append(slot)
    return found


def is_signed(document: CaseDocument) -> bool:
    """Whether every required party has signed the document."""
    return is_complete(slots_of(document.id))


def slot_in(case: Case, actor: Actor, slot_id: int) -> tuple[SignatureSlot, CaseDocument]:
    """One slot of the case with its document; NotFound when it is not there or the document is not for this actor."""
    slot = db.session.get(SignatureSlot, slot_id)
    if slot is None or slot.case_id != case.id:
        raise NotFound
    return slot, document_in(case, actor, slot.case_document_id)


def held_slots(document_id: int) -> Sequence[SignatureSlot]:
    """The slots of a document read afresh and held until the end of the action."""
    query = (
        select(SignatureSlot)
        .where(SignatureSlot.case_document_id == document_id)
        .order_by(SignatureSlot.place, SignatureSlot.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(query).all()
