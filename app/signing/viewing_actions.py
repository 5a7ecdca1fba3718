"""That who is to sign a document opened it on the site first: a part of the evidence (domain.md §4.2)."""

from datetime import datetime

from sqlalchemy import select

from app.actor import Actor
from app.cases.models import Case, CaseDocument
from app.cases.queries import party
from app.extensions import db
from app.journal.models import JournalEntry
from app.journal.steps import record
from app.signing.models import SignatureSlot
from app.signing.slot_rules import PENDING
from app.transaction import transaction

VIEWED = "document_viewed"


def note_viewing(_sender: object, *, case: Case, document: CaseDocument, by: Actor, at: datetime) -> None:
    """Write down that a person opened what waits for a signature of their side; once for each person and file."""
    side = party(by, case)
    waits = select(SignatureSlot.id).where(
        SignatureSlot.case_document_id == document.id,
        SignatureSlot.party == side,
        SignatureSlot.state == PENDING,
    )
    if db.session.scalar(waits.limit(1)) is None or viewed_at(case.id, document, by.user_id) is not None:
        return
    case_id, details = case.id, {"document": document.id, "sha256": document.version.sha256}
    with transaction():
        record(VIEWED, party=side, actor_id=by.user_id, at=at, case_id=case_id, details=details)


def viewed_at(case_id: int, document: CaseDocument, user_id: int) -> datetime | None:
    """When a person first opened exactly these bytes of a document that waited for their side; None when they did not."""
    query = select(JournalEntry).where(
        JournalEntry.case_id == case_id, JournalEntry.kind == VIEWED, JournalEntry.actor_id == user_id
    )
    told = {"document": document.id, "sha256": document.version.sha256}
    return next(
        (one.at for one in db.session.scalars(query.order_by(JournalEntry.id)) if one.body == told), None
    )
