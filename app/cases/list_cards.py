"""From the columns of a case to what its card or its line in the queue says to one reader."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.actor import Actor
from app.cases.captions import Turn, days_left_words, heading, mark_words, turn
from app.cases.kinds import stage_of
from app.cases.lifecycle import Stage
from app.cases.policy import DRAFT, may_see_answers, party_of
from app.company import queries as company
from app.company.calendar import WorkingCalendar


@dataclass(frozen=True)
class Card:
    """One case of the list, in words; an empty text means that there is nothing to say."""

    id: int
    heading: str
    number: str
    applicant: str
    facts: str
    place: str
    is_draft: bool
    incomplete: bool
    status: str
    turn: Turn | None
    due_on: date | None
    due: str
    left: str
    overdue: bool
    created_at: datetime
    updated_at: datetime
    marks: Sequence[str]


def cards(rows: Sequence[Any], actor: Actor, today: date) -> list[Card]:
    """The rows of `list_queries.find_page` as cards; the calendar is read only when something is due."""
    calendar = company.calendar() if any(row.due_on for row in rows) else WorkingCalendar({})
    profile = company.profile()
    return [_card(row, actor, today, calendar, profile) for row in rows]


def _card(row: Any, actor: Actor, today: date, calendar: WorkingCalendar, profile: company.Profile) -> Card:
    party = party_of(actor, row)
    stage = stage_of(row.kind, row.status)
    opened = may_see_answers(party, row)
    overdue = row.due_on is not None and row.due_on < today
    marks = {"status": row.status_mark, "message": row.message_mark}
    return Card(
        id=row.id,
        heading=heading(row.id, row.kind, row.status, row.title),
        number=row.number or "",
        applicant=row.applicant_name,
        facts=row.facts if opened else "",
        place=row.place if opened else "",
        is_draft=row.status == DRAFT,
        incomplete=row.incomplete and opened,
        status=stage_words(stage, profile),
        turn=turn(row.mover, party, task=_task(stage, party), overdue=overdue) if party else None,
        due_on=row.due_on,
        due=calendar.due_words(today, row.due_on) if row.due_on else "",
        left=days_left_words(calendar.working_days_left(today, row.due_on)) if row.due_on else "",
        overdue=overdue,
        created_at=row.created_at,
        updated_at=row.updated_at,
        marks=[mark_words(kind, side) for kind, side in marks.items() if side is not None],
    )


def stage_words(stage: Stage, profile: company.Profile) -> str:
    """The status in the office's own words, or in the program's."""
    return profile.label(f"stage.{stage.code}", stage.label)


def _task(stage: Stage, party: str | None) -> str:
    return stage.task_for("applicant" if party == "applicant" else "company") if party != "supplier" else ""
