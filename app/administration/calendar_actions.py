"""The working calendar: days marked working or off, moved, taken back. What is over stays, terms that run stay too."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.exc import IntegrityError

from app import clock
from app.accounts.steps import claim_key
from app.actor import Actor
from app.administration.calendar_queries import days_of, exceptions_of, mark_of
from app.administration.calendar_rules import public_holidays, refuse_past, refuse_plain
from app.administration.policy import may_administer
from app.company import queries as company
from app.company.models import CalendarDay
from app.errors import Conflict, Forbidden, InvalidForm, InvalidValue, NotFound, Overtaken
from app.extensions import db
from app.journal.steps import record
from app.transaction import transaction


@dataclass(frozen=True)
class Press:
    """Who has pressed the button, when, with which key, and the mark of the year that stood on the page."""

    by: Actor
    at: datetime
    seen: str
    key: str = ""


def mark_day(day: date, *, working: bool, title: str, press: Press) -> None:
    """Make a day working or off. Raises Forbidden, AlreadyDone, Overtaken, and InvalidForm (`day`)."""
    _change(day.year, {"day": (day, working, title)}, press)


def move_day_off(worked: date, rested: date, *, press: Press) -> None:
    """A day off moves from `worked` to `rested`, as decrees do it. Raises as `mark_day`, InvalidForm (`worked`, `rested`)."""
    changes = {
        "worked": (worked, True, f"Рабочий день: выходной перенесен на {rested:%d.%m.%Y}"),
        "rested": (rested, False, f"Выходной перенесен с {worked:%d.%m.%Y}"),
    }
    _change(worked.year, changes, press)


def add_holidays(year: int, *, press: Press) -> int:
    """Put in the holidays of the law that are not there yet; how many. Raises Conflict when none lacks."""
    with transaction():
        days, today = _held(year, press), _today(press)
        have = {one.day for one in days}
        missing = {
            day: title for day, title in public_holidays(year).items() if day >= today and day not in have
        }
        if not missing:
            raise Conflict(f"Все праздники {year} года уже внесены.")
        db.session.add_all(CalendarDay(day=day, working=False, title=title) for day, title in missing.items())
        _record(year, {day.isoformat(): [None, "off"] for day in missing}, press)
    company.forget_calendar()
    return len(missing)


def forget_day(day: date, *, press: Press) -> None:
    """Let a day be again what the plain week makes it. Raises as `mark_day`, and NotFound."""
    with transaction():
        found = next((one for one in _held(day.year, press) if one.day == day), None)
        if found is None:
            raise NotFound
        if day < _today(press):
            raise Conflict("Этот день уже прошел: прошедшие дни не меняют.")
        db.session.delete(found)
        _record(day.year, {day.isoformat(): [_word(found.working), None]}, press)
    company.forget_calendar()


def _change(year: int, wanted: Mapping[str, tuple[date, bool, str]], press: Press) -> None:
    """Mark days; `wanted` goes by the names of the form's fields."""
    try:
        with transaction():
            days, today = _held(year, press), _today(press)
            known, rows = exceptions_of(days), {one.day: one for one in days}
            changes: dict[str, list[str | None]] = {}
            for field, (day, working, title) in wanted.items():
                _refuse(field, day, working, known, today)
                before = rows.get(day)
                changes[day.isoformat()] = [_word(before.working) if before else None, _word(working)]
                _put(before, day, working, title)
            _record(year, changes, press)
    except IntegrityError:
        raise Conflict from None
    company.forget_calendar()


def _refuse(field: str, day: date, working: bool, known: Mapping[date, bool], today: date) -> None:
    try:
        refuse_past(day, today)
        refuse_plain(day, working, known)
    except InvalidValue as error:
        raise InvalidForm({field: [error.message]}) from error


def _put(before: CalendarDay | None, day: date, working: bool, title: str) -> None:
    """A day that becomes again what the plain week makes it needs no row."""
    if before is None:
        db.session.add(CalendarDay(day=day, working=working, title=title))
    elif (day.weekday() < 5) == working:
        db.session.delete(before)
    else:
        before.working, before.title = working, title


def _held(year: int, press: Press) -> list[CalendarDay]:
    if not may_administer(press.by):
        raise Forbidden
    days = days_of(year)
    claim_key(press.by.user_id, press.key, url=f"/admin/calendar/{year}", at=press.at)
    if press.seen != mark_of(days):
        raise Overtaken
    return days


def _record(year: int, changes: Mapping[str, list[str | None]], press: Press) -> None:
    details = {"year": year, "changes": dict(changes)}
    record("calendar_changed", party="company", actor_id=press.by.user_id, at=press.at, details=details)


def _word(working: bool) -> str:
    return "working" if working else "off"


def _today(press: Press) -> date:
    return clock.day_in(company.profile().zone, press.at)
