"""Changes of an appeal inside an open transaction: made with its card, its messages kept and proved by the journal."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from app.accounts.models import Applicant
from app.actor import Actor
from app.appeals.queries import ABOUT
from app.appeals.written import Written
from app.cases.document_steps import attach
from app.cases.message_steps import add_message
from app.cases.models import Case, CaseDocument, Message
from app.cases.policy import APPEAL, party_of
from app.cases.steps import create_draft, set_card
from app.company import queries as company
from app.documents.intake import Received
from app.journal.steps import record
from app.transaction import require_transaction

#: Kind of a document that came with a message.
MESSAGE_FILE = "message"


def make_appeal(written: Written, applicant: Applicant, *, by: Actor, at: datetime) -> Case:
    """A new appeal with its card, still to be sent; it is addressed once and for all."""
    require_transaction()
    case = create_draft(APPEAL, applicant, by=by, at=at)
    if written.about is not None:
        case.answers = {ABOUT: written.about}
    named = {}
    if written.supplier_id is not None:
        name = company.supplier(written.supplier_id).name
        named = {"recipient": "supplier", "supplier_id": written.supplier_id, "supplier_name": name}
    to = named.get("supplier_name") or company.profile().name
    title = f"Сообщение к {to}"[:300]
    set_card(case, at=at, title=title, topic=written.topic, incomplete=False, **named)
    return case


def say(
    case: Case, text: str, files: Sequence[Received], *, by: Actor, at: datetime
) -> tuple[Message, list[CaseDocument]]:
    """A message with its files in the one conversation of an appeal; the journal proves it without keeping the words.

    Raises InvalidForm (`files`) when the case would hold too much.
    """
    require_transaction()
    side = party_of(by, case)
    message = add_message(case, text, channel=case.recipient, by=by, at=at)
    attached = attach(
        case,
        files,
        kind=MESSAGE_FILE,
        title="",
        side=message.author_party,
        by=by,
        at=at,
        # What an applicant sends in a conversation is often a passport, so opening it is written down.
        sensitive=side == "applicant",
        message=message,
    )
    details = {
        "message": message.id,
        "channel": message.channel,
        "sha256": sha256(text.encode()).hexdigest(),
        "files": len(attached),
    }
    record(
        "message_written",
        party=message.author_party,
        actor_id=by.user_id,
        at=at,
        case_id=case.id,
        details=details,
    )
    return message, attached


def words_of(message: Message, attached: Sequence[CaseDocument]) -> str:
    """What a letter tells of a message; of files alone their names."""
    return message.text or "Приложены файлы: " + ", ".join(one.title for one in attached)
