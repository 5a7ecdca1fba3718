"""Which days of a year the office has to know, and what it may change of them. Pure.

Source of the holidays: Labour Code, article 112. Days off that a decree moves are known in the autumn before the year.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from app.errors import InvalidValue

#: Years that the pages of the calendar show.
FIRST_YEAR, LAST_YEAR = 2020, 2099

_HOLIDAYS: Mapping[tuple[int, int], str] = {
    **{(1, day): "Новогодние каникулы" for day in (1, 2, 3, 4, 5, 6, 8)},
    (1, 7): "Рождество Христово",
    (2, 23): "День защитника Отечества",
    (3, 8): "Международный женский день",
    (5, 1): "Праздник Весны и Труда",
    (5, 9): "День Победы",
    (6, 12): "День России",
    (11, 4): "День народного единства",
}
#: In which month the days off of the next year are known.
_DECREE_MONTH = 10


def public_holidays(year: int) -> dict[date, str]:
    """The holidays of the law that fall on Monday to Friday, with their names."""
    days = {date(year, month, day): title for (month, day), title in sorted(_HOLIDAYS.items())}
    return {day: title for day, title in days.items() if day.weekday() < 5}


def refuse_past(day: date, today: date) -> None:
    """What was counted by a day that is over stays as it was: raises InvalidValue."""
    if day < today:
        raise InvalidValue(f"{day:%d.%m.%Y} уже прошло: прошедшие дни не меняют.")


def refuse_plain(day: date, working: bool, known: Mapping[date, bool]) -> None:
    """A day is marked only when that makes it another one: raises InvalidValue."""
    if known.get(day, day.weekday() < 5) == working:
        raise InvalidValue(f"{day:%d.%m.%Y} и так {'рабочий день' if working else 'выходной'}.")


def gap_of(year: int, known: Mapping[date, bool], today: date) -> str:
    """What lacks in the calendar of a year, as a sentence; an empty text when nothing is known to lack."""
    days = {day: working for day, working in known.items() if day.year == year}
    if not days:
        return f"На {year} год не внесено ни одного дня: сроки считаются по обычной неделе, без праздников."
    awaited = year == today.year or (year == today.year + 1 and today.month >= _DECREE_MONTH)
    if awaited and not set(days) - set(public_holidays(year)):
        return f"В {year} году внесены только праздники. Проверьте, нет ли перенесенных выходных и рабочих суббот."
    return ""


def gaps(known: Mapping[date, bool], today: date) -> list[str]:
    """What lacks in this year and the next one."""
    found = [gap_of(year, known, today) for year in (today.year, today.year + 1)]
    return [sentence for sentence in found if sentence]


def working_days_of(year: int, known: Mapping[date, bool]) -> Sequence[int]:
    """How many working days each month has, to compare with a printed production calendar."""
    counts = [0] * 12
    day = date(year, 1, 1)
    while day.year == year:
        counts[day.month - 1] += known.get(day, day.weekday() < 5)
        day += timedelta(days=1)
    return counts
