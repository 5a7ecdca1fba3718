"""The panels of a case that belong to `cases` itself: what is next, messages, statuses, documents, letters."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from app import clock
from app.actor import Actor
from app.cases.captions import turn
from app.cases.kinds import stage_of
from app.cases.models import DRAFT, Case, CaseDocument, Message
from app.cases.next_panel import next_context
from app.cases.panels import Panel
from app.cases.policy import INTERNAL, Party, may_see_answers, may_write, may_write_internal
from app.cases.queries import documents_of, messages_of, party, people
from app.cases.timeline import ahead, past
from app.company import queries as company
from app.company.models import Term
from app.company.wording import date_words
from app.documents.file_types import BY_CODE
from app.extensions import db
from app.notifications.queries import letters_of_case

#: Messages on the page of a case; the whole conversation has a page of its own.
LAST_MESSAGES = 30

_AUTHORS = {"applicant": "Заявитель", "company": "Сетевая организация", "supplier": "Гарантирующий поставщик"}


@dataclass(frozen=True)
class FileLine:
    """One file as pages list it."""

    id: int
    title: str
    name: str
    type: str
    size: int
    added_at: datetime
    internal: bool


@dataclass(frozen=True)
class Entry:
    """One entry of a conversation; `day` is said only when it is another one than before. Id 0 = the sending."""

    id: int
    author: str
    person: str
    own: bool
    internal: bool
    text: str
    at: datetime
    day: str
    files: Sequence[FileLine]


def messages_context(case: Case, actor: Actor) -> dict[str, Any] | None:
    """The last messages and what the reader may write; None for a supplier, who has no channel here yet."""
    side = party(actor, case)
    messages = messages_of(case, actor, limit=LAST_MESSAGES + 1)
    if side == "supplier" and not messages:
        return None
    older = len(messages) > LAST_MESSAGES
    entries = conversation(case, actor, messages[-LAST_MESSAGES:], from_start=not older)
    return {
        "side": side,
        "entries": entries,
        "older": older,
        "may_write": may_write(side, case),
        "may_note": may_write_internal(side, case),
        "hours": company.profile().hours,
    }


def conversation(case: Case, actor: Actor, messages: Sequence[Message], *, from_start: bool) -> list[Entry]:
    """Messages as one reader sees them; when they are shown from the first one, the sending stands among them."""
    side, zone, today = party(actor, case), company.profile().zone, company.today()
    files = _by_message(documents_of(case, actor)) if messages else {}
    names = people(message.author_id for message in messages) if side == "company" else {}
    told = [
        (message.created_at, message.id, _entry(message, actor, names, files.get(message.id, ())))
        for message in messages
    ]
    if from_start and case.sent_at is not None and side != "supplier":
        told.append((case.sent_at, 0, _sending(side, case.sent_at)))
    entries, last = [], None
    for at, _, make in sorted(told, key=lambda one: one[:2]):
        day = clock.day_in(zone, at)
        entries.append(make(date_words(day, today) if day != last else ""))
        last = day
    return entries


def _entry(message: Message, actor: Actor, names: Mapping[int, str], files: Sequence[FileLine]) -> Any:
    own = message.author_id == actor.user_id
    author = "Заявитель" if message.author_party == "applicant" else message.author_name
    return lambda day: Entry(
        id=message.id,
        author="Вы" if own else author or _AUTHORS[message.author_party],
        person=names.get(message.author_id, ""),
        own=own,
        internal=message.channel == INTERNAL,
        text=message.text,
        at=message.created_at,
        day=day,
        files=files,
    )


def _sending(side: Party, at: datetime) -> Any:
    own = side == "applicant"
    author = "Вы" if own else "Заявитель"
    return lambda day: Entry(0, author, "", own, False, "Отправлена заявка на подключение", at, day, ())


def _by_message(documents: Iterable[CaseDocument]) -> dict[int, list[FileLine]]:
    found: dict[int, list[FileLine]] = {}
    for one in documents:
        if one.message_id is not None:
            found.setdefault(one.message_id, []).append(file_line(one))
    return found


def file_line(found: CaseDocument) -> FileLine:
    """A file of a case as pages list it."""
    version = found.version
    label = BY_CODE[version.type_code].label
    return FileLine(
        found.id, found.title, version.file_name, label, version.size, found.added_at, found.internal
    )


def documents_context(case: Case, actor: Actor) -> dict[str, Any] | None:
    """Files by the side they came from; None while there is none."""
    headings = {
        "applicant": "Документы заявителя",
        "company": f"Документы {company.profile().name}",
        "supplier": f"Документы {case.supplier_name or 'гарантирующего поставщика'}",
    }
    groups: dict[str, list[FileLine]] = {side: [] for side in headings}
    for found in documents_of(case, actor):
        groups[found.side].append(file_line(found))
    filled = [(headings[side], files) for side, files in groups.items() if files]
    return {"groups": filled} if filled else None


def timeline_context(case: Case, actor: Actor) -> dict[str, Any] | None:
    """What happened and what usually follows; nothing of a draft whose answers are not shown."""
    side, today = party(actor, case), company.today()
    if not may_see_answers(side, case):
        return None
    running = case.archived_at is None and case.mover != "nobody"
    return {
        "lines": past(case, for_staff=side == "company"),
        "now": _now(case, side) if running and case.status != DRAFT else "",
        "tone": "you" if case.mover == side else "co",
        "due": company.calendar().due_words(today, case.due_on) if case.due_on else "",
        "ahead": ahead(case, _term_days(today)) if running else [],
    }


def _now(case: Case, side: Party) -> str:
    """What is being done now, in few words: the reader's own task, or who works."""
    stage = stage_of(case.kind, case.status)
    found = turn(case.mover, side, task=stage.task_for("applicant" if side == "applicant" else "company"))
    words = found.words if found else stage.label
    return words[:1].lower() + words[1:]


def _term_days(on: date) -> dict[str, int]:
    """How many working days each term takes as of a day."""
    query = select(Term.code, Term.days).where(Term.valid_from <= on, Term.unit == "working_days")
    return {row.code: row.days for row in db.session.execute(query.order_by(Term.valid_from))}


def letters_context(case: Case, actor: Actor) -> dict[str, Any] | None:
    """The ledger of letters, for the company alone."""
    if party(actor, case) != "company" or case.status == DRAFT:
        return None
    return {"letters": letters_of_case(case.id)}


PANELS = (
    Panel("next", "cases/_next.html", next_context, "top", 0),
    Panel("messages", "cases/_messages.html", messages_context, "main", 20),
    Panel("timeline", "cases/_timeline.html", timeline_context, "aside", 20),
    Panel("documents", "cases/_documents.html", documents_context, "main", 30),
    Panel("letters", "cases/_letters.html", letters_context, "bottom", 90),
)
