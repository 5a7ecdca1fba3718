"""Working days: the plain week with its exceptions, and deadlines counted in it.

Deadlines of the Rules (ПП РФ 27.12.2004 № 861) are in working days and start on the day after the event. The
days that differ from Monday–Friday come from outside (an editable table), so that a decree never needs a new
release. Knows no clock: today is always an argument, a date in the company's zone.

`data/calendar.csv` ships the years 2024–2028. Days of 2028 that a decree moves are known in autumn 2027 and
are entered by the office then. The developer makes the file anew with the library `holidays` (0.109), in the
project's root:

python - > app/company/data/calendar.csv <<'END'
import datetime, holidays
days = holidays.Russia(years=range(2024, 2029), language="ru")
print("date,working,title")
for number in range(datetime.date(2024, 1, 1).toordinal(), datetime.date(2029, 1, 1).toordinal()):
    day = datetime.date.fromordinal(number)
    if days.is_working_day(day) != (day.weekday() < 5):
        print(day, int(days.is_working_day(day)), days.get(day, "Рабочая суббота"), sep=",")
END
"""

import csv
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from app.company.wording import date_words, plural, weekday_short

_SHIPPED = Path(__file__).parent / "data" / "calendar.csv"
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class ShippedDay:
    """One exception of the shipped years: `working` is what the plain week would deny."""

    day: date
    working: bool
    title: str


@dataclass(frozen=True)
class WorkingCalendar:
    """Monday to Friday, but for `exceptions`: day → whether it is a working one."""

    exceptions: Mapping[date, bool]

    def is_working(self, day: date) -> bool:
        """Whether the company works on this day."""
        return self.exceptions.get(day, day.weekday() < 5)

    def add_working_days(self, start: date, days: int) -> date:
        """The last day of a term of `days` working days (0 or more); the start day itself is not counted."""
        if days < 0:
            raise ValueError("a term cannot be negative")
        day = start
        while days:
            day += _DAY
            days -= self.is_working(day)
        return day

    def add_term(self, start: date, length: int, unit: str) -> date:
        """The last day of a term counted in `unit` (working_days, days or months); the start day is not counted.

        A term in days or months that ends on a day off ends on the next working one (Civil Code, article 193); a
        month without such a date ends on its last day (article 192).
        """
        if unit == "working_days":
            return self.add_working_days(start, length)
        day = _months_later(start, length) if unit == "months" else start + timedelta(days=length)
        while not self.is_working(day):
            day += _DAY
        return day

    def working_days_left(self, today: date, due: date) -> int:
        """Working days after today up to and with the due day; negative once the due day is over.

        A due day that is over never gives 0: the weekend right after it already counts as one day late, so
        that the sign alone tells whether a term is broken.
        """
        if today > due:
            return -max(1, self._working_between(due, today))
        return self._working_between(today, due)

    def due_words(self, today: date, due: date) -> str:
        """A term as both sides read it: «до 17 августа (пн), осталось 10 рабочих дней»."""
        day = f"{date_words(due, today)} ({weekday_short(due)})"
        if today > due:
            late = self._working_between(due, today)
            return f"срок истек {day}" + (f", {_working_days(late)} назад" if late else "")
        if today == due:
            return f"до {day}, сегодня последний день"
        left = self._working_between(today, due)
        if not left:
            return f"до {day}, рабочих дней не осталось"
        return f"до {day}, {plural(left, 'остался', 'осталось', 'осталось')} {_working_days(left)}"

    def _working_between(self, after: date, last: date) -> int:
        """Working days from the day after `after` to `last`; the time does not grow with the distance."""
        count = _weekdays_until(last) - _weekdays_until(after)
        for day, working in self.exceptions.items():
            if after < day <= last:
                count += working - (day.weekday() < 5)
        return count


def _months_later(start: date, months: int) -> date:
    years, month = divmod(start.month - 1 + months, 12)
    year = start.year + years
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def _weekdays_until(day: date) -> int:
    """Days Monday–Friday from 1 January of year 1 (a Monday) to `day`, both counted."""
    weeks, rest = divmod(day.toordinal(), 7)
    return weeks * 5 + min(rest, 5)


def _working_days(number: int) -> str:
    return f"{number} {plural(number, 'рабочий день', 'рабочих дня', 'рабочих дней')}"


@cache
def shipped_days() -> tuple[ShippedDay, ...]:
    """The exceptions that come with the product, with their titles, for the first filling of the table."""
    with _SHIPPED.open(encoding="utf-8", newline="") as lines:
        return tuple(
            ShippedDay(date.fromisoformat(row["date"]), row["working"] == "1", row["title"])
            for row in csv.DictReader(lines)
        )


def shipped_exceptions() -> dict[date, bool]:
    """The exceptions that come with the product: day → whether it is a working one."""
    return {shipped.day: shipped.working for shipped in shipped_days()}
