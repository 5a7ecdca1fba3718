"""Messages of a case: written, and taken back while that is still possible."""

from datetime import datetime

from sqlalchemy import select

from app.accounts.models import Applicant
from app.actor import Actor
from app.cases.document_steps import detach
from app.cases.models import Case, CaseDocument, Message
from app.cases.policy import INTERNAL
from app.cases.queries import party
from app.cases.search_steps import index_case
from app.cases.steps import touch
from app.company import queries as company
from app.extensions import db
from app.transaction import require_transaction


def add_message(case: Case, text: str, *, channel: str, by: Actor, at: datetime) -> Message:
    """Write one message into a channel of the case, under the name of the author's side.

    An internal one does not touch the case: the applicant must not see that something was written.
    """
    require_transaction()
    side = party(by, case)
    message = Message(
        case_id=case.id,
        channel=channel,
        author_id=by.user_id,
        author_party=side,
        author_name=_author_name(case, side, by),
        text=text,
        created_at=at,
        supplier_id=case.supplier_id if channel == "supplier" else None,
    )
    db.session.add(message)
    db.session.flush()
    index_case(case)
    if channel != INTERNAL:
        touch(case, at=at)
    return message


def remove_message(case: Case, message: Message, *, at: datetime) -> list[str]:
    """Take a message back: its words and files go, that there was one stays.

    The storage keys of files that nothing else uses come back; the action deletes their bytes after its commit.
    """
    require_transaction()
    files = db.session.scalars(select(CaseDocument).where(CaseDocument.message_id == message.id)).all()
    keys = [detach(found) for found in files]
    message.text, message.removed_at = "", at
    db.session.flush()
    index_case(case)
    return [key for key in keys if key is not None]


def _author_name(case: Case, side: str, by: Actor) -> str:
    if side == "company":
        return company.profile().name
    if side == "supplier":
        return case.supplier_name
    applicant = db.session.get(Applicant, case.applicant_id)
    return applicant.name if applicant else by.name
