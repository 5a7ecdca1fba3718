"""Messages of a case."""

from datetime import datetime

from app.accounts.models import Applicant
from app.actor import Actor
from app.cases.models import Case, Message
from app.cases.policy import INTERNAL
from app.cases.queries import party
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
    if channel != INTERNAL:
        touch(case, at=at)
    return message


def _author_name(case: Case, side: str, by: Actor) -> str:
    if side == "company":
        return company.profile().name
    if side == "supplier":
        return case.supplier_name
    applicant = db.session.get(Applicant, case.applicant_id)
    return applicant.name if applicant else by.name
