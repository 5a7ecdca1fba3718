"""Terms told as a month and a year («03.2027»), kept as the first day of the month or as «2027-03»."""

import re
from datetime import date

from app.characters import without_invisible
from app.connections.spans import Span
from app.errors import InvalidValue

_LONGEST = 20
_MONTH_FIRST = re.compile(r"([0-9]{1,2})[-./ ]+([0-9]{4})")
_YEAR_FIRST = re.compile(r"([0-9]{4})[-./ ]+([0-9]{1,2})")
#: A numeric keyboard of a phone has no dot.
_BARE = re.compile(r"([0-9]{2})([0-9]{4})")


def parse_month(text: str, *, span: Span, label: str) -> date:
    """A month typed as ММ.ГГГГ, 3/2027, 2027-03 or 032027, as its first day; both ends of the span are
    allowed.

    `label` begins the sentence of a refusal. Raises InvalidValue.
    """
    year, month = _numbers(text, label)
    if not 1 <= month <= 12:
        raise InvalidValue(f"{label}: месяца {month} не бывает. Введите месяц и год, например 03.2027.")
    earliest, latest = span
    if (year, month) < (earliest.year, earliest.month):
        raise InvalidValue(f"{label}: не раньше {earliest:%m.%Y}. Проверьте месяц и год.")
    if (year, month) > (latest.year, latest.month):
        raise InvalidValue(f"{label}: не позже {latest:%m.%Y}. Проверьте год.")
    return date(year, month, 1)


def month_code(day: date) -> str:
    """How answers keep a month: «2027-03»."""
    return f"{day:%Y-%m}"


def month_of(code: str) -> date:
    """The first day of a kept month."""
    return date.fromisoformat(f"{code}-01")


def format_month(code: str) -> str:
    """How a kept month is shown and typed: «03.2027»."""
    return f"{month_of(code):%m.%Y}"


def _numbers(text: str, label: str) -> tuple[int, int]:
    text = text.strip()
    text = without_invisible(text).strip() if len(text) <= _LONGEST else ""
    if found := _YEAR_FIRST.fullmatch(text):
        return int(found[1]), int(found[2])
    if found := _MONTH_FIRST.fullmatch(text) or _BARE.fullmatch(text):
        return int(found[2]), int(found[1])
    raise InvalidValue(f"{label}: введите месяц и год, например 03.2027.")
