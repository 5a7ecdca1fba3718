"""What the home page shows: whose turn it is, drafts, the latest cases. One query for all rows, whatever the role."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, literal, select, union_all

from app.actor import STAFF, SUPPLIER, Actor
from app.cases import todo
from app.cases.captions import heading, marks_words
from app.cases.kinds import stage_of
from app.cases.list_cards import stage_words
from app.cases.list_figures import CAP, figures
from app.cases.list_views import view_for
from app.cases.models import DRAFT, Case
from app.cases.policy import party_of
from app.cases.queries import unread_marks, visible_to
from app.cases.todo import Todo
from app.company import queries as company
from app.company.calendar import WorkingCalendar
from app.connections.draft_progress import Progress, progress_of
from app.extensions import db

#: How many rows each list of the home page shows.
SHOWN = 5


@dataclass(frozen=True)
class Waiting:
    """The lines of «Сейчас ваш ход», and how many more there are."""

    todos: Sequence[Todo]
    more: int


@dataclass(frozen=True)
class Line:
    """One case of a list of the home page; `progress` is a draft's."""

    id: int
    heading: str
    about: str
    status: str
    updated_at: datetime
    marks: Sequence[str]
    progress: Progress | None = None


@dataclass(frozen=True)
class View:
    """One saved view of the queue: its words, how many cases stand in it («99+» beyond), what its address says."""

    words: str
    figure: str
    parameters: Mapping[str, str]


@dataclass(frozen=True)
class Home:
    """Everything the page lists."""

    waiting: Waiting
    drafts: Sequence[Line]
    more_drafts: int
    latest: Sequence[Line]


def answers_cases(actor: Actor) -> bool:
    """Whether the person answers cases, for the company or for a supplier."""
    return bool(actor.roles & (STAFF | {SUPPLIER}))


def home_of(actor: Actor) -> Home:
    """What waits, what lies unfinished, what happened last."""
    today = company.today()
    shelves = {"waiting": todo.waiting(actor, today, SHOWN), "latest": _latest(actor)}
    if actor.applicant_ids:
        shelves["drafts"] = _drafts(actor)
    found = _rows(shelves, actor)
    drafts = sorted(found["drafts"], key=_last_first)
    progress = progress_of([row.id for row in drafts], actor, today)
    return Home(
        _waiting(found["waiting"], actor, today),
        [_line(row, actor, progress.get(row.id)) for row in drafts],
        _more(drafts),
        [_line(row, actor) for row in sorted(found["latest"], key=_last_first)],
    )


def waiting_for(actor: Actor) -> Waiting:
    """The lines of «Сейчас ваш ход» alone."""
    today = company.today()
    return _waiting(_rows({"waiting": todo.waiting(actor, today, SHOWN)}, actor)["waiting"], actor, today)


def queue_of(actor: Actor) -> list[View]:
    """The saved views of those who answer with the figures that the queue itself shows; empty ones are left out."""
    plain = view_for(actor, {})
    counted = figures(plain, actor, company.today()).tabs
    return [
        View(words, str(counted[code]) if counted[code] < CAP else f"{CAP - 1}+", plain.parameters(tab=code))
        for code, words in plain.views.items()
        if counted[code]
    ]


def _waiting(rows: Sequence[Any], actor: Actor, today: date) -> Waiting:
    calendar = (
        company.calendar()
        if any(row.due_on or row.duty_due or row.check_due for row in rows)
        else WorkingCalendar({})
    )
    return Waiting(todo.todos(rows, actor, today, calendar), _more(rows))


def _more(rows: Sequence[Any]) -> int:
    return rows[0].total - len(rows) if rows else 0


def _drafts(actor: Actor) -> Select[int, int]:
    mine = (Case.status == DRAFT, Case.applicant_id.in_(actor.applicant_ids))
    query = select(Case.id, func.count().over().label("total")).where(*mine)
    return query.order_by(Case.updated_at.desc(), Case.id.desc()).limit(SHOWN)


def _latest(actor: Actor) -> Select[int, int]:
    query = select(Case.id, literal(0).label("total")).where(visible_to(actor), Case.status != DRAFT)
    return query.order_by(Case.updated_at.desc(), Case.id.desc()).limit(SHOWN)


def _rows(shelves: Mapping[str, Select[int, int]], actor: Actor) -> dict[str, list[Any]]:
    """The rows of several lists by one query; each list names the ids of its few rows."""
    named = [(name, query.subquery()) for name, query in shelves.items()]
    picked = union_all(*(select(literal(name).label("shelf"), one.c.id, one.c.total) for name, one in named))
    chosen = picked.subquery()
    query = select(
        *todo.columns(),
        Case.updated_at,
        chosen.c.shelf,
        chosen.c.total,
        unread_marks(actor),
    ).join(chosen, chosen.c.id == Case.id)
    found: dict[str, list[Any]] = {"waiting": [], "drafts": [], "latest": []}
    for row in db.session.execute(query):
        found[row.shelf].append(row)
    return found


def _last_first(row: Any) -> tuple[float, int]:
    return -row.updated_at.timestamp(), -row.id


def _line(row: Any, actor: Actor, progress: Progress | None = None) -> Line:
    party = party_of(actor, row)
    number = row.supplier_number if party == "supplier" else row.number
    about = (
        f"рег. №\u00a0{number}" if number else "",
        f"Тема: {row.topic}" if row.topic else "",
        row.place,
        "" if party == "applicant" else row.applicant_name,
    )
    return Line(
        id=row.id,
        heading=heading(row.id, row.kind, row.status, row.title),
        about=" · ".join(part for part in about if part),
        status=stage_words(stage_of(row.kind, row.status), company.profile()),
        updated_at=row.updated_at,
        marks=marks_words(row.marks),
        progress=progress,
    )
