"""What everybody who sees a case can do in it: write, open files, have seen it, mark it unread."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from app.accounts.steps import claim_key
from app.actor import Actor
from app.cases.captions import BY_HAND, shortened, title_of
from app.cases.document_steps import attach
from app.cases.letter_steps import MESSAGE_IN_LETTER, tell_applicant, tell_company
from app.cases.mark_steps import clear_marks, mark_unread
from app.cases.message_steps import add_message
from app.cases.message_text import clean_text
from app.cases.models import DRAFT, Case, Message
from app.cases.policy import INTERNAL, may_write, may_write_internal
from app.cases.queries import document_in, locked_case, marks_of, party, refuse_archived, require
from app.documents.intake import Upload, received
from app.errors import InvalidForm, InvalidValue
from app.journal.steps import record
from app.transaction import transaction

#: How much of an applicant's message stands in the letter to the company.
TO_COMPANY = 200

#: Kind of a document that came with a message.
MESSAGE_FILE = "message"

CHANNELS = ("company", INTERNAL)


@dataclass(frozen=True)
class SeenMark:
    """What was unread in a case when the person opened it."""

    kind: str
    side: str
    since: datetime


def send_message(
    case_id: int,
    text: str,
    uploads: Sequence[Upload] = (),
    *,
    channel: str = "company",
    by: Actor,
    at: datetime,
    key: str = "",
) -> int:
    """Write a message with its files into the conversation with the company, or a note that never leaves it.

    Returns the id of the message. Raises InvalidForm with the fields `text` and `files`; NotFound, Forbidden, Conflict
    (archive) and AlreadyDone. A question asked on a draft opens that conversation to staff.
    """
    words = _checked(text, uploads, channel)
    with received(uploads) as files, transaction():
        case = locked_case(by, case_id)
        side = party(by, case)
        sent = (channel, words, *(one.stored.sha256 for one in files))
        claim_key(by.user_id, key, url=f"/cases/{case_id}#messages", at=at, sent=sent)
        refuse_archived(case)
        require((may_write_internal if channel == INTERNAL else may_write)(side, case))
        message = add_message(case, words, channel=channel, by=by, at=at)
        attached = attach(
            case,
            files,
            kind=MESSAGE_FILE,
            title="",
            side=side,
            by=by,
            at=at,
            # What an applicant sends in a conversation is often a passport, so opening it is written down.
            sensitive=side == "applicant",
            internal=channel == INTERNAL,
            message=message,
        )
        _record_message(message, len(attached), by=by, at=at)
        if channel != INTERNAL:
            _tell(case, message, [one.title for one in attached], at)
        return message.id


def _checked(text: str, uploads: Sequence[Upload], channel: str) -> str:
    if channel not in CHANNELS:
        raise InvalidForm({"": ["Выберите, кому вы пишете, и отправьте сообщение еще раз."]})
    try:
        return clean_text(text, required=not uploads)
    except InvalidValue as error:
        raise InvalidForm({"text": [error.message]}) from error


def _record_message(message: Message, files: int, *, by: Actor, at: datetime) -> None:
    """The journal proves what was written without keeping the words a second time."""
    record(
        "message_written",
        party=message.author_party,
        actor_id=by.user_id,
        at=at,
        case_id=message.case_id,
        details={
            "message": message.id,
            "channel": message.channel,
            "sha256": sha256(message.text.encode()).hexdigest(),
            "files": files,
        },
    )


def _tell(case: Case, message: Message, files: Sequence[str], at: datetime) -> None:
    text = message.text or "Приложены файлы: " + ", ".join(files)
    told: dict[str, Any] = {
        "key": f"m{message.id}",
        "at": at,
        "mark": "message",
        "author": message.author_name,
    }
    if message.author_party != "applicant":
        tell_applicant(case, "message-added", text=shortened(text, MESSAGE_IN_LETTER), **told)
        return
    if case.status == DRAFT:
        # The draft itself stays the applicant's own: staff learn its number and from whom the question is.
        case.draft_opened_at = case.draft_opened_at or at
        told |= {"title": title_of(case.kind, DRAFT, ""), "facts": [], "place": ""}
    tell_company(case, "message-from-applicant", text=shortened(text, TO_COMPANY), **told)


def see(case_id: int, *, by: Actor, at: datetime) -> list[SeenMark]:
    """The person opens the case: what was unread comes back and is unread no more.

    Done before the page is read, with the case held: whatever is written later marks the case anew. Writes nothing when
    nothing is unread.
    """
    if not marks_of(case_id, by.user_id):
        return []
    with transaction():
        locked_case(by, case_id)
        seen = [SeenMark(mark.kind, mark.side, mark.first_unseen) for mark in marks_of(case_id, by.user_id)]
        clear_marks(case_id, user_id=by.user_id, upto=max([at, *(mark.since for mark in seen)]))
    return seen


def set_unread(case_id: int, unread: bool, *, by: Actor, at: datetime) -> None:
    """Mark the case unread for oneself, or read: the list's own toggle. The case and other people notice nothing."""
    with transaction():
        case = locked_case(by, case_id)
        if unread:
            mark_unread(case, "message", users=[by.user_id], side=BY_HAND, at=at)
        else:
            clear_marks(case.id, user_id=by.user_id, upto=at)


def record_opening(case_id: int, case_document_id: int, *, by: Actor, at: datetime) -> None:
    """Write down that somebody of the company opened an identity paper; raises NotFound when they may not."""
    with transaction():
        case = locked_case(by, case_id)
        found = document_in(case, by, case_document_id)
        record(
            "document_opened",
            party=party(by, case),
            actor_id=by.user_id,
            at=at,
            case_id=case.id,
            details={"document": found.id, "kind": found.kind, "title": found.title},
        )
