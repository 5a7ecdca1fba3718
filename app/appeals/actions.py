"""The verbs of an appeal: sent by an applicant; taken into work, answered, reopened by whom it is addressed to.

Numbers, statuses in own words, documents and the archive are those of every case (`app/cases/staff_actions.py`).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from app.accounts.queries import applicant_of
from app.accounts.steps import claim_key
from app.actor import Actor
from app.appeals import queries
from app.appeals.steps import make_appeal, say, words_of
from app.appeals.written import Typed, Written, number_in, written
from app.cases.captions import shortened
from app.cases.held_case import held_for_answer, sender, signed
from app.cases.letter_steps import MESSAGE_IN_LETTER, tell_applicant, tell_company, tell_supplier
from app.cases.message_text import clean_text
from app.cases.models import Case, Message
from app.cases.policy import APPEAL, Party
from app.cases.steps import move
from app.company import queries as company
from app.documents.intake import Upload, received
from app.errors import InvalidForm, InvalidValue, NotFound
from app.transaction import transaction

#: Every appeal is a letter to the whole office: so many one person may send within a day.
MOST_A_DAY = 30
#: How much of an applicant's message stands in the letter to those who answer.
IN_LETTER_TO_OFFICE = 200

TOO_MANY = f"За сутки можно создать {MOST_A_DAY} обращений. Допишите в одно из созданных или вернитесь к этому завтра."


def send(typed: Typed, uploads: Sequence[Upload] = (), *, by: Actor, at: datetime, key: str = "") -> int:
    """Make an appeal and send it in one act; returns its number.

    An account need not be confirmed for it: how to confirm one may be the question. Raises InvalidForm with the fields of
    the form, NotFound for somebody else's applicant, AlreadyDone for a second press of the button.
    """
    _written(typed, by, uploads)  # before the bytes of the files are kept
    with received(uploads) as files, transaction():
        appeal = _written(typed, by, uploads)
        case = make_appeal(appeal, applicant_of(by, appeal.applicant_id), by=by, at=at)
        claim_key(by.user_id, key, url=f"/cases/{case.id}", at=at)
        if queries.sent_since(by, at - timedelta(days=1)) > MOST_A_DAY:
            raise InvalidForm({"": [TOO_MANY]})
        entry = move(case, "send", by=by, at=at)
        message, attached = say(case, appeal.text, files, by=by, at=at)
        _tell_of_new(case, words_of(message, attached), key=str(entry.seq), at=at)
        return case.id


def _written(typed: Typed, by: Actor, uploads: Sequence[Upload]) -> Written:
    found = queries.offered(by, number_in(typed.about))
    return written(typed, found, with_files=bool(uploads))


def _tell_of_new(case: Case, text: str, *, key: str, at: datetime) -> None:
    due = queries.due_words(case, at)
    tell = tell_supplier if case.recipient == "supplier" else tell_company
    words = shortened(text, IN_LETTER_TO_OFFICE)
    tell(case, "appeal-new", key=key, at=at, mark="message", side="applicant", text=words, due=due)
    tell_applicant(case, "appeal-sent", key=key, at=at, mark=None, recipient=_recipient(case), due=due)


def _recipient(case: Case) -> str:
    return case.supplier_name if case.recipient == "supplier" else company.profile().name


def start(case_id: int, *, by: Actor, at: datetime, key: str = "", seen: str = "") -> None:
    """Take a registered appeal into work. Raises IllegalMove, CaseChanged."""
    _step(case_id, "start", by=by, at=at, key=key, seen=seen)


def reopen(case_id: int, *, by: Actor, at: datetime, key: str = "", seen: str = "") -> None:
    """Take an answered appeal into work again; the term for the answer begins anew. Raises IllegalMove, CaseChanged."""
    _step(case_id, "reopen", by=by, at=at, key=key, seen=seen)


def _step(case_id: int, name: str, *, by: Actor, at: datetime, key: str, seen: str) -> None:
    with transaction():
        case, side = _held(case_id, by=by, at=at, key=key, seen=seen)
        entry = move(case, name, by=by, at=at, details=signed(case, side))
        status = queries.status_words(case)
        tell_applicant(case, "status-added", key=str(entry.seq), at=at, status=status, **sender(case, side))


def answer(
    case_id: int,
    text: str,
    uploads: Sequence[Upload] = (),
    *,
    by: Actor,
    at: datetime,
    key: str = "",
    seen: str = "",
) -> None:
    """Answer an appeal: a message to the applicant, with which it is answered. The letter carries the whole answer.

    Raises InvalidForm (`text`, `files`), IllegalMove when it is answered already, CaseChanged.
    """
    try:
        words = clean_text(text, label="Ответ", blank="Напишите ответ.", required=not uploads)
    except InvalidValue as error:
        raise InvalidForm({"text": [error.message]}) from error
    with received(uploads) as files, transaction():
        sent = (words, *(one.stored.sha256 for one in files))
        case, side = _held(case_id, by=by, at=at, key=key, seen=seen, sent=sent)
        message, attached = say(case, words, files, by=by, at=at)
        move(case, "answer", by=by, at=at, details=signed(case, side, {"message": message.id}))
        _tell_of_answer(case, side, message, words_of(message, attached), at)


def _tell_of_answer(case: Case, side: Party, message: Message, text: str, at: datetime) -> None:
    """The letter of any message; it leaves at once, for an answer is not taken back."""
    tell_applicant(
        case,
        "message-added",
        key=f"m{message.id}",
        at=at,
        mark="message",
        author=message.author_name,
        text=shortened(text, MESSAGE_IN_LETTER),
        **sender(case, side),
    )


def _held(
    case_id: int, *, by: Actor, at: datetime, key: str, seen: str, sent: Sequence[str] = ()
) -> tuple[Case, Party]:
    """As `held_for_answer`; a case of another kind is not found."""
    case, side = held_for_answer(case_id, by=by, at=at, key=key, seen=seen, sent=sent)
    if case.kind != APPEAL:
        raise NotFound
    return case, side
