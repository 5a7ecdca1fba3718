"""A pause of a case's term begun and ended, on its clock. The case itself follows by `steps.set_due` or `steps.move`."""

from datetime import date
from typing import Any

from sqlalchemy import update

from app.cases.clock_queries import unit_of
from app.cases.models import CaseClock
from app.cases.pause_rules import due_after_pause, pause_length
from app.company import queries as company
from app.extensions import db
from app.transaction import require_transaction


def begin_pause(clock: CaseClock, *, on: date, reason: str, document_version_id: int | None) -> None:
    """Stop the term from a day on, with the reason and, if there is one, its document."""
    require_transaction()
    _rewrite(clock, paused_on=on, reason=reason, document_version_id=document_version_id)


def end_pause(clock: CaseClock, *, on: date) -> date:
    """Let a paused term run again; gives its new last day. The journal keeps what the pause was."""
    require_transaction()
    due_on = resumed_due(clock, on)
    _rewrite(
        clock,
        due_on=due_on,
        paused_days=clock.paused_days + paused_days(clock, on),
        paused_on=None,
        reason="",
        document_version_id=None,
    )
    return due_on


def resumed_due(clock: CaseClock, on: date) -> date:
    """The last day of a term whose pause ends on a day."""
    if clock.paused_on is None:
        return clock.due_on
    days = {"paused_on": clock.paused_on, "resumed_on": on}
    return due_after_pause(company.calendar(), clock.due_on, unit_of(clock), **days)


def paused_days(clock: CaseClock, on: date) -> int:
    """How long the present pause has lasted by a day, in the unit of the term; 0 when there is none."""
    if clock.paused_on is None:
        return 0
    return pause_length(company.calendar(), unit_of(clock), paused_on=clock.paused_on, resumed_on=on)


def _rewrite(clock: CaseClock, **values: Any) -> None:
    db.session.flush()
    db.session.execute(update(CaseClock).where(CaseClock.id == clock.id).values(**values))
    db.session.refresh(clock)
