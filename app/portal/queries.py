"""What the home page shows: whose turn it is, drafts, the latest cases."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, select

from app.actor import Actor
from app.cases.kinds import stage_of
from app.cases.list_cards import stage_words
from app.cases.models import DRAFT, Case
from app.cases.queries import visible_to
from app.company import queries as company
from app.extensions import db

#: How many rows each list of the home page shows.
SHOWN = 5


@dataclass(frozen=True)
class Line:
    """One case on the home page."""

    id: int
    number: str | None
    title: str
    place: str
    status: str
    task: str
    due: str
    overdue: bool
    updated_at: datetime


def waiting_for(actor: Actor) -> list[Line]:
    """Sent cases where it is this person's turn, the nearest deadline first."""
    side = "company" if actor.is_staff else "applicant"
    return _lines(actor, (Case.mover == side, Case.status != DRAFT, Case.archived_at.is_(None)), by_due=True)


def drafts_of(actor: Actor) -> list[Line]:
    """The person's unfinished applications, the last touched first."""
    return _lines(actor, (Case.status == DRAFT, Case.applicant_id.in_(actor.applicant_ids)))


def latest(actor: Actor) -> list[Line]:
    """Cases in which something happened last."""
    return _lines(actor, (Case.status != DRAFT,))


def _lines(actor: Actor, conditions: tuple[ColumnElement[bool], ...], *, by_due: bool = False) -> list[Line]:
    columns = (
        Case.id,
        Case.kind,
        Case.number,
        Case.title,
        Case.place,
        Case.status,
        Case.due_on,
        Case.updated_at,
    )
    query = select(*columns).where(visible_to(actor), *conditions).limit(SHOWN)
    order = (
        (Case.due_on.is_(None), Case.due_on, Case.id) if by_due else (Case.updated_at.desc(), Case.id.desc())
    )
    rows = db.session.execute(query.order_by(*order)).all()
    today, calendar = company.today(), company.calendar() if by_due else None
    return [
        Line(
            id=row.id,
            number=row.number,
            title=row.title,
            place=row.place,
            status=stage_words(stage_of(row.kind, row.status), company.profile()),
            task=stage_of(row.kind, row.status).task_for("company" if actor.is_staff else "applicant"),
            due=calendar.due_words(today, row.due_on) if calendar and row.due_on else "",
            overdue=_is_over(row.due_on, today),
            updated_at=row.updated_at,
        )
        for row in rows
    ]


def _is_over(due_on: date | None, today: date) -> bool:
    return due_on is not None and due_on < today
