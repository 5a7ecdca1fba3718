"""What everybody who sees a case can do in it: write and take back, open files, have seen it, mark it unread."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from app import gateways
from app.accounts.steps import claim_key
from app.actor import Actor
from app.cases.captions import BY_HAND, shortened, title_of
from app.cases.cursor import Cursor
from app.cases.document_steps import attach
from app.cases.letter_steps import (
    MESSAGE_IN_LETTER,
    take_back_letters,
    tell_applicant,
    tell_company,
    tell_supplier,
)
from app.cases.mark_steps import clear_marks, mark_unread, unmark_message
from app.cases.message_steps import add_message, remove_message
from app.cases.message_text import clean_text
from app.cases.models import DRAFT, Case, Message
from app.cases.policy import INTERNAL, Party, channels_of, may_write, may_write_internal
from app.cases.queries import (
    document_in,
    locked_case,
    marks_of,
    message_in,
    moves_at,
    party,
    refuse_archived,
    require,
    visible_case,
    written_since,
)
from app.cases.read_queries import is_look_noted, newest, unread_upto
from app.cases.read_steps import note_look, note_reads
from app.cases.undo import PART_OF_ACT, TOO_LATE, UNDO, may_take_back
from app.documents.intake import Upload, received
from app.errors import Conflict, InvalidForm, InvalidValue
from app.journal.steps import record
from app.transaction import transaction

#: How much of an applicant's message stands in the letter to the company.
TO_COMPANY = 200

#: Kind of a document that came with a message.
MESSAGE_FILE = "message"

CHANNELS = ("company", "supplier", INTERNAL)
#: Every message of an applicant is a letter to the whole office: so many one person may write within a day.
MOST_A_DAY = 100
TOO_MANY = f"За сутки можно написать {MOST_A_DAY} сообщений. Продолжите завтра, в срочном деле позвоните."
_WHO = {"": ["Выберите, кому вы пишете, и отправьте сообщение еще раз."]}


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
    """Write a message with its files into the conversation with the company or the supplier, or a note of the company.

    Returns the id of the message. Raises InvalidForm with the fields `text` and `files`; NotFound, Forbidden, Conflict
    (archive) and AlreadyDone. A question asked on a draft opens that conversation to staff.
    """
    words = _checked(text, uploads, channel)
    with received(uploads) as files, transaction():
        case = locked_case(by, case_id)
        side = party(by, case)
        sent = (channel, words, *(one.stored.sha256 for one in files))
        claim_key(by.user_id, key, url=f"/cases/{case_id}#messages", at=at, sent=sent)
        refuse_archived(case, side)
        _require_channel(side, case, channel)
        _refuse_flood(side, by, at)
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


def _require_channel(side: Party, case: Case, channel: str) -> None:
    """A conversation that this side does not have: another form was sent, or the supplier is no longer named."""
    if channel == INTERNAL:
        require(may_write_internal(side, case))
    elif side == "applicant" and channel not in channels_of(side, case):
        raise InvalidForm(_WHO)
    else:
        require(may_write(side, case, channel))


def _refuse_flood(side: Party, by: Actor, at: datetime) -> None:
    if side == "applicant" and written_since(by, at - timedelta(days=1)) >= MOST_A_DAY:
        raise InvalidForm({"text": [TOO_MANY]})


def _checked(text: str, uploads: Sequence[Upload], channel: str) -> str:
    if channel not in CHANNELS:
        raise InvalidForm(_WHO)
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


#: The letters that a message can have written.
_LETTERS = ("message-added", "message-from-applicant")


def _tell(case: Case, message: Message, files: Sequence[str], at: datetime) -> None:
    text = message.text or "Приложены файлы: " + ", ".join(files)
    told: dict[str, Any] = {
        "key": f"m{message.id}",
        "at": at,
        "send_at": at + UNDO,
        "mark": "message",
        "author": message.author_name,
        "side": message.author_party,
    }
    if message.author_party != "applicant":
        tell_applicant(case, "message-added", text=shortened(text, MESSAGE_IN_LETTER), **told)
        return
    if case.status == DRAFT:
        # The draft itself stays the applicant's own: staff learn its number and from whom the question is.
        case.draft_opened_at = case.draft_opened_at or at
        told |= {"title": title_of(case.kind, DRAFT, ""), "facts": [], "place": ""}
    tell = tell_supplier if message.channel == "supplier" else tell_company
    tell(case, "message-from-applicant", text=shortened(text, TO_COMPANY), **told)


def take_back(case_id: int, message_id: int, *, by: Actor, at: datetime) -> None:
    """Take one's own message back with its files, its letters and the marks it has set; a second time changes nothing.

    That there was one stays. A draft that a question has opened to staff stays open to them: they may have read it.
    Raises NotFound and, for what belongs to an act or when it is too late, Conflict.
    """
    with transaction():
        case = locked_case(by, case_id)
        message = message_in(case, by, message_id)
        require(message.author_id == by.user_id)
        if message.removed_at is not None:
            return
        refuse_archived(case, party(by, case))
        _refuse_to_take_back(message, by=by, at=at)
        left = remove_message(case, message, at=at)
        take_back_letters(case, _LETTERS, f"m{message.id}")
        unmark_message(case, message)
        details = {"message": message.id, "channel": message.channel}
        record(
            "message_withdrawn",
            party=message.author_party,
            actor_id=by.user_id,
            at=at,
            case_id=case.id,
            details=details,
        )
    for key in left:
        gateways.current().files.delete(key)


def _refuse_to_take_back(message: Message, *, by: Actor, at: datetime) -> None:
    written = message.created_at
    acted = (message.author_id, written) in moves_at(message.case_id, [written])
    if not may_take_back(message.author_id, by.user_id, written_at=written, at=at, part_of_act=acted):
        raise Conflict(PART_OF_ACT if acted else TOO_LATE)


def see(case_id: int, *, by: Actor, at: datetime) -> list[SeenMark]:
    """The person opens the case: what was unread comes back and is unread no more, and the others see that it was read.

    Done before the page is read, with the case held: whatever is written later marks the case anew. Writes nothing when
    nothing is unread.
    """
    if not marks_of(case_id, by.user_id) and not unread_upto(visible_case(by, case_id), by):
        return []
    with transaction():
        case = locked_case(by, case_id)
        seen = [SeenMark(mark.kind, mark.side, mark.first_unseen) for mark in marks_of(case_id, by.user_id)]
        clear_marks(case_id, user_id=by.user_id, upto=max([at, *(mark.since for mark in seen)]))
        note_reads(case, unread_upto(case, by), user_id=by.user_id, side=party(by, case), at=at)
    return seen


def keep_seeing(case_id: int, shown: Cursor, *, by: Actor, at: datetime) -> bool:
    """The page stands before the person's eyes: what it shows is read; staff are seen to look at it.

    Later things stay unread, and a mark put by hand stays. Writes nothing when nothing changes; tells whether a mark went.
    """
    case = visible_case(by, case_id)
    marks = [mark for mark in marks_of(case_id, by.user_id) if mark.side != BY_HAND]
    looks = party(by, case) == "company" and not is_look_noted(case_id, by.user_id, at)
    if not marks and not looks and not unread_upto(case, by, upto=shown.message):
        return False
    with transaction():
        case = locked_case(by, case_id)
        side, (message, entry) = party(by, case), newest(case, by)
        read = bool(marks) and message <= shown.message and entry <= shown.entry
        if read:
            latest = max([at, *(mark.first_unseen for mark in marks_of(case_id, by.user_id))])
            clear_marks(case_id, user_id=by.user_id, upto=latest, by_hand=False)
        note_reads(case, unread_upto(case, by, upto=shown.message), user_id=by.user_id, side=side, at=at)
        if looks:
            note_look(case, user_id=by.user_id, at=at)
    return read


def set_unread(case_id: int, unread: bool, *, by: Actor, at: datetime) -> None:
    """Mark the case unread for oneself, or read: the list's own toggle. The case and other people notice nothing."""
    with transaction():
        case = locked_case(by, case_id)
        if unread:
            mark_unread(case, "message", users=[by.user_id], side=BY_HAND, at=at)
        else:
            clear_marks(case.id, user_id=by.user_id, upto=at)


def record_opening(case_id: int, case_document_id: int, *, by: Actor, at: datetime) -> None:
    """Write down that somebody who answers the case opened an identity paper; raises NotFound when they may not."""
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
