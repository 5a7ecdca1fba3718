"""Changes of a case's own facts: made, moved, card set, archived. Every one needs an open transaction.

`move` alone sets status, mover and due date.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import update

from app import clock
from app.accounts.models import Applicant
from app.actor import Actor
from app.cases.clock_queries import running_clock
from app.cases.kinds import lifecycle_of, term_of
from app.cases.lifecycle import Stage
from app.cases.models import DRAFT, Case, CaseClock
from app.cases.pause_rules import extended_due
from app.cases.pause_steps import end_pause, paused_days
from app.cases.queries import party
from app.cases.search_steps import index_case
from app.cases.signals import case_moved
from app.company import queries as company
from app.errors import IllegalMove
from app.extensions import db
from app.journal.models import JournalEntry
from app.journal.steps import record
from app.transaction import require_transaction


def create_draft(
    kind: str, applicant: Applicant, *, by: Actor, at: datetime, source: str = "cabinet"
) -> Case:
    """A new draft for the applicant; its id is its own number."""
    require_transaction()
    case = Case(
        kind=kind,
        source=source,
        created_by=by.user_id,
        applicant_id=applicant.id,
        applicant_name=applicant.name,
        status=DRAFT,
        mover="applicant",
        created_at=at,
        updated_at=at,
        answers={},
    )
    db.session.add(case)
    db.session.flush()
    index_case(case)
    return case


def move(
    case: Case,
    name: str,
    *,
    by: Actor,
    at: datetime,
    details: dict[str, Any] | None = None,
    term_starts_on: date | None = None,
) -> JournalEntry:
    """Make one move of the lifecycle: status, mover, clock and journal together.

    `term_starts_on` is the day from which the new stage's deadline counts (default: the day of `at`). Raises
    IllegalMove when the lifecycle knows no such move or somebody was faster.
    """
    require_transaction()
    side = party(by, case)
    lifecycle = lifecycle_of(case.kind)
    target = lifecycle.target(name, case.status, case.mode)
    if side not in lifecycle.move(name).by:
        raise IllegalMove
    stage = lifecycle.stage(target)
    today = clock.day_in(company.profile().zone, at)
    due_on = _restart_clock(case, stage, term_starts_on or today, today)
    if case.paused_on is not None:
        goes_on = lifecycle.stage(case.status).term == stage.term
        record_resumption(case, due_on if goes_on else None, by=by, at=at)
    _write_status(case, stage, due_on, at)
    told = {"move": name, "to": target, **(details or {})}
    entry = record(
        "moved", party=side, actor_id=by.user_id, at=at, case_id=case.id, public=True, details=told
    )
    case_moved.send(case, name=name, by=by, at=at)
    return entry


def record_resumption(case: Case, due_on: date | None, *, by: Actor, at: datetime) -> JournalEntry:
    """Write that a pause is over; without a day when the paused term itself has ended."""
    return record(
        "clock_resumed",
        party=party(by, case),
        actor_id=by.user_id,
        at=at,
        case_id=case.id,
        public=True,
        details={"due": due_on.isoformat() if due_on else ""},
    )


def _write_status(case: Case, stage: Stage, due_on: date | None, at: datetime) -> None:
    values: dict[str, Any] = {
        "status": stage.code,
        "mover": stage.mover_of(case.recipient),  # type: ignore[arg-type]
        "due_on": due_on,
        "paused_on": None,
        "updated_at": at,
        "version": Case.version + 1,
    }
    if case.status == DRAFT:
        values["sent_at"] = at
    db.session.flush()
    changed = db.session.execute(
        update(Case)
        .where(Case.id == case.id, Case.status == case.status)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise IllegalMove
    db.session.refresh(case)
    index_case(case)


def _restart_clock(case: Case, stage: Stage, start: date, today: date) -> date | None:
    """End the running deadline and start the new stage's one; the same term goes on as it was. A move ends a pause."""
    running = running_clock(case)
    if running is not None and running.term_code == stage.term:
        return running.due_on if running.paused_on is None else end_pause(running, on=today)
    if running is not None:
        running.ended_on = start if start >= running.started_on else running.started_on
    if stage.term is None:
        return None
    term = company.term(term_of(case, stage.term), start)
    due_on = company.calendar().add_term(start, term.days, term.unit)
    if running is not None and start <= running.started_on:
        # Both terms count from one day: what the first one stood still the second one has lost as well.
        due_on = extended_due(
            company.calendar(), due_on, term.unit, running.paused_days + paused_days(running, today)
        )
    begun = CaseClock(
        case_id=case.id,
        term_code=stage.term,
        started_on=start,
        due_on=due_on,
        length=term.days,
        unit=term.unit,
    )
    db.session.add(begun)
    return due_on


def set_due(case: Case, due_on: date | None, *, paused_on: date | None, at: datetime) -> None:
    """Write that a pause of the term has begun (no due date) or ended (the new one)."""
    require_transaction()
    case.due_on, case.paused_on = due_on, paused_on
    touch(case, at=at)


def set_card(case: Case, *, at: datetime, **card: Any) -> None:
    """Write what a list shows of the case (title, topic, facts, place, …) and whom it is addressed to."""
    require_transaction()
    unknown = set(card) - {
        "title",
        "facts",
        "place",
        "cadastral",
        "watts",
        "applicant_id",
        "applicant_name",
        "supplier_id",
        "supplier_name",
        "recipient",
        "topic",
        "incomplete",
        "mode",
        "category",
    }
    if unknown:
        raise ValueError(f"no such columns of a card: {sorted(unknown)}")
    if card.get("supplier_id", case.supplier_id) != case.supplier_id:
        # Number and shelf were the former supplier's; that the number was given stands in the journal.
        case.supplier_number = case.supplier_archived_at = None
    for name, value in card.items():
        setattr(case, name, value)
    touch(case, at=at)


def touch(case: Case, *, at: datetime) -> None:
    """Say that something happened in the case: lists sort by it, the search finds it."""
    require_transaction()
    case.updated_at = at
    index_case(case)


def archive(case: Case, *, by: Actor, at: datetime) -> JournalEntry:
    """Put an ended case on the archive's shelf: read only from now on. Raises IllegalMove when it has not ended."""
    require_transaction()
    stage = lifecycle_of(case.kind).stage(case.status)
    if case.archived_at is not None or stage.tab not in ("done", "rejected"):
        raise IllegalMove("В архив переносят завершенные обращения.")
    case.archived_at = at
    touch(case, at=at)
    return record("archived", party=party(by, case), actor_id=by.user_id, at=at, case_id=case.id, public=True)
