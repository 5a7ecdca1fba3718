"""Reading the days of a year that differ from the plain week."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.administration.calendar_rules import public_holidays
from app.company.calendar import shipped_days
from app.company.models import CalendarDay
from app.company.wording import weekday_short
from app.extensions import db


@dataclass(frozen=True)
class DayLine:
    """One day of the list: what it is, what it is called, and whether it may still be changed."""

    day: date
    weekday: str
    working: bool
    title: str
    past: bool


def days_of(year: int) -> list[CalendarDay]:
    """The exceptions of a year in their order."""
    query = select(CalendarDay).where(CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31)))
    return list(db.session.scalars(query.order_by(CalendarDay.day)))


def day_lines(days: Sequence[CalendarDay], year: int, today: date) -> list[DayLine]:
    """Them as the page shows them; a day that came without a title goes by the name of its holiday."""
    known = {one.day: one.title for one in shipped_days()} | public_holidays(year)
    return [
        DayLine(
            one.day, weekday_short(one.day), one.working, one.title or known.get(one.day, ""), one.day < today
        )
        for one in days
    ]


def exceptions_of(days: Sequence[CalendarDay]) -> Mapping[date, bool]:
    """Day → whether it is a working one."""
    return {one.day: one.working for one in days}


def mark_of(days: Sequence[CalendarDay]) -> str:
    """What a form carries of the year it stood beside, so that a change by somebody else is noticed."""
    shown = repr([(one.day.isoformat(), one.working, one.title) for one in days])
    return hashlib.sha256(shown.encode()).hexdigest()[:16]
