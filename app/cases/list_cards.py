"""From the columns of a case to what its card or its line in the queue says to one reader."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.actor import Actor
from app.cases.captions import Turn, days_left_words, heading, marks_words, turn
from app.cases.clock_queries import paused_words
from app.cases.kinds import stage_of
from app.cases.lifecycle import Stage
from app.cases.policy import APPEAL, DRAFT, Party, may_manage, may_see_answers, party_of
from app.cases.queries import people
from app.cases.turns import turn_in
from app.company import queries as company
from app.company.calendar import WorkingCalendar

NUMBER_GIVEN = "Присвоен регистрационный номер"


@dataclass(frozen=True)
class Card:
    """One case of the list, in words; an empty text means that there is nothing to say."""

    id: int
    heading: str
    #: The registration number that whoever answers the case has given, and how pages call it.
    number: str
    number_words: str
    #: The number that a supplier has given to an application, beside the company's.
    supplier_number: str
    topic: str
    applicant: str
    assignee: str
    can_be_taken: bool
    is_application: bool
    facts: str
    place: str
    is_draft: bool
    incomplete: bool
    status: str
    turn: Turn | None
    due_on: date | None
    due: str
    left: str
    #: «срок приостановлен …»; empty while the term runs.
    paused: str
    overdue: bool
    created_at: datetime
    updated_at: datetime
    marks: Sequence[str]


@dataclass(frozen=True)
class _Surroundings:
    """What all cards of a page share."""

    actor: Actor
    today: date
    calendar: WorkingCalendar
    profile: company.Profile
    people: Mapping[int, str]


def cards(rows: Sequence[Any], actor: Actor, today: date) -> list[Card]:
    """The rows of `list_queries.find_page` as cards; calendar and people are read only when a row needs them."""
    shared = _Surroundings(
        actor,
        today,
        company.calendar() if any(row.due_on for row in rows) else WorkingCalendar({}),
        company.profile(),
        people(row.assignee_id for row in rows if row.assignee_id) if actor.is_staff else {},
    )
    return [_card(row, shared) for row in rows]


def _card(row: Any, shared: _Surroundings) -> Card:
    actor = shared.actor
    party = party_of(actor, row)
    stage = stage_of(row.kind, row.status)
    opened = may_see_answers(party, row)
    overdue = row.due_on is not None and row.due_on < shared.today
    return Card(
        id=row.id,
        heading=heading(row.id, row.kind, row.status, row.title),
        number=_number(row),
        number_words=f"{NUMBER_GIVEN}: {_number(row)}" if _number(row) else "",
        supplier_number=(row.supplier_number or "") if row.kind != APPEAL else "",
        topic=row.topic if opened else "",
        applicant=row.applicant_name,
        assignee=shared.people.get(row.assignee_id, "") if party == "company" else "",
        can_be_taken=may_manage(party, row),
        is_application=row.kind != APPEAL,
        facts=row.facts if opened else "",
        place=row.place if opened else "",
        is_draft=row.status == DRAFT,
        incomplete=row.incomplete and opened,
        status=stage_words(stage, shared.profile),
        turn=_turn(row, party, stage, actor, overdue=overdue) if party else None,
        due_on=row.due_on,
        **_term(row, shared),
        overdue=overdue,
        created_at=row.created_at,
        updated_at=row.updated_at,
        marks=marks_words(row.marks),
    )


def _turn(row: Any, party: Party, stage: Stage, actor: Actor, *, overdue: bool) -> Turn | None:
    """Whose move it is; who answers may have something to do beside the case's own move, which is late in nothing."""
    beside = turn_in(row, party, actor) if row.mover != party else None
    if beside is not None:
        return turn(party, party, task=beside.task.words)
    return turn(row.mover, party, task=stage.task_for(party), overdue=overdue)


def _term(row: Any, shared: _Surroundings) -> dict[str, str]:
    """What the card says of the term: until when, how much is left, or since when it is paused."""
    if row.due_on is None:
        paused = paused_words(row.paused_on, shared.today)
        return {"due": paused, "left": "", "paused": paused}
    left = shared.calendar.working_days_left(shared.today, row.due_on)
    due = shared.calendar.due_words(shared.today, row.due_on)
    return {"due": due, "left": days_left_words(left), "paused": ""}


def _number(row: Any) -> str:
    """An appeal to a supplier is registered by the supplier alone."""
    return (row.supplier_number if row.recipient == "supplier" else row.number) or ""


def stage_words(stage: Stage, profile: company.Profile) -> str:
    """The status in the office's own words, or in the program's."""
    return profile.label(f"stage.{stage.code}", stage.label)
