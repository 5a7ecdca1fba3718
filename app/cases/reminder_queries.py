"""Of what people have to be reminded today: running terms and drafts; subjects above add what they mind.

Every provider is asked twice: once for all cases, and once more for one case inside the action that writes its letter,
so that nobody is reminded of what was done a second ago.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import select

from app import clock
from app.cases.clock_queries import unit_of
from app.cases.kinds import codes_in, stage_of
from app.cases.models import DRAFT, Case, CaseClock
from app.cases.reminder_rules import (
    DRAFT_AFTER,
    DRAFT_GRACE,
    HORIZON_DAYS,
    REMINDINGS,
    days_left,
    draft_threshold,
    threshold,
)
from app.company import queries as company
from app.company.calendar import WorkingCalendar
from app.extensions import db
from app.notifications.models import OutboxRow


@dataclass(frozen=True)
class Reminder:
    """One letter to be written about a case: to whom, of which kind, with what; `key` names the term and the threshold."""

    case_id: int
    key: str
    kind: str
    to: Literal["applicant", "company"]
    context: Mapping[str, Any]

    @property
    def dedupe(self) -> str:
        """How the keys of its letters begin in the outbox."""
        return f"case-{self.case_id}-{self.kind}-{self.key}:"


#: From today and the calendar to what is to be said today; with an id only of that case.
Provider = Callable[[date, WorkingCalendar, int | None], Sequence[Reminder]]

#: From ids of cases to those of them whose person says that the deed is done, though the case has not moved yet.
Answered = Callable[[Collection[int]], Collection[int]]

#: Each stands there once, in the order of registration.
_PROVIDERS: dict[Provider, None] = {}
#: By the code of the term.
_ANSWERED: dict[str, Answered] = {}


def register(provider: Provider) -> None:
    """Tell of more that people have to be reminded of; a second registration changes nothing."""
    _PROVIDERS[provider] = None


def register_answered(term_code: str, answered: Answered) -> None:
    """Tell who need not be reminded of a term any more; a second registration replaces the first."""
    _ANSWERED[term_code] = answered


def reminders(today: date, calendar: WorkingCalendar, case_id: int | None = None) -> list[Reminder]:
    """What has to be said today, of all cases or of one, told before or not."""
    found = [*_of_terms(today, calendar, case_id), *_of_drafts(today, case_id)]
    return found + [one for provider in _PROVIDERS for one in provider(today, calendar, case_id)]


def untold(found: Sequence[Reminder]) -> list[Reminder]:
    """Those of which no letter has been written yet."""
    told = _told({one.case_id for one in found}, {one.kind for one in found})
    return [one for one in found if one.dedupe not in told]


def _told(case_ids: Collection[int], kinds: Collection[str]) -> set[str]:
    """Beginnings of the keys of reminders that stand in the outbox, up to the person."""
    ids, told = sorted(case_ids), set()
    for start in range(0, len(ids), 500):
        query = select(OutboxRow.dedupe_key).where(
            OutboxRow.case_id.in_(ids[start : start + 500]), OutboxRow.kind.in_(kinds)
        )
        told |= {key.rpartition(":")[0] + ":" for key in db.session.scalars(query)}
    return told


def _of_terms(today: date, calendar: WorkingCalendar, case_id: int | None) -> list[Reminder]:
    query = (
        select(Case, CaseClock)
        .join(CaseClock, (CaseClock.case_id == Case.id) & CaseClock.ended_on.is_(None))
        .where(
            Case.status.in_(codes_in("active")),
            Case.archived_at.is_(None),
            # What is paused is due on no day, so nobody is reminded of it.
            Case.due_on.between(today, today + timedelta(days=HORIZON_DAYS)),
            CaseClock.term_code.in_(REMINDINGS),
            # On its first day the letter of the act itself tells of the term.
            CaseClock.started_on < today,
        )
        .order_by(Case.due_on, Case.id)
    )
    if case_id is not None:
        query = query.where(Case.id == case_id)
    rows = db.session.execute(query).all()
    silent = {
        (case_id, code)
        for code, answered in _ANSWERED.items()
        for case_id in answered([case.id for case, running in rows if running.term_code == code])
    }
    found = [
        _of_term(case, running, today, calendar)
        for case, running in rows
        if (case.id, running.term_code) not in silent
    ]
    return [one for one in found if one is not None]


def _of_term(case: Case, running: CaseClock, today: date, calendar: WorkingCalendar) -> Reminder | None:
    reminding = REMINDINGS[running.term_code]
    left = days_left(calendar, unit_of(running), today, running.due_on)
    reached = threshold(reminding.before, left)
    if reached is None or case.mover != reminding.to:
        return None
    task = stage_of(case.kind, case.status).task_for(reminding.to)
    return Reminder(
        case_id=case.id,
        # After a pause the last day is another one, and so is the reminder.
        key=f"clock-{running.id}-{running.due_on}-{reached}",
        kind="term-reminder" if reminding.to == "applicant" else "term-reminder-office",
        to=reminding.to,
        context={
            "task": task[:1].lower() + task[1:],
            "due": calendar.due_words(today, running.due_on),
            "otherwise": reminding.otherwise,
        },
    )


def _of_drafts(today: date, case_id: int | None) -> list[Reminder]:
    zone = company.profile().zone
    now = datetime.combine(today, datetime.min.time(), tzinfo=UTC)
    query = select(Case.id, Case.kind, Case.updated_at).where(
        Case.status == DRAFT,
        # A day more on both sides: the days are those of the company's zone.
        Case.updated_at > now - timedelta(days=max(DRAFT_AFTER) + DRAFT_GRACE + 1),
        Case.updated_at < now - timedelta(days=min(DRAFT_AFTER) - 1),
    )
    if case_id is not None:
        query = query.where(Case.id == case_id)
    found = []
    for row in db.session.execute(query):
        reached = draft_threshold((today - clock.day_in(zone, row.updated_at)).days)
        if reached is not None:
            task = stage_of(row.kind, DRAFT).task_for("applicant")
            context = {"task": task[:1].lower() + task[1:]}
            found.append(Reminder(row.id, f"draft-{reached}", "draft-reminder", "applicant", context))
    return found
