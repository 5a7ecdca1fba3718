"""What a term of the company may be, and which of its versions hold. Pure.

A version holds from its day until the next one. What holds already is history: it is never removed, and no term that
runs is counted anew.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from app.accounts.identity_papers import parse_date
from app.errors import InvalidValue

UNITS: Mapping[str, str] = MappingProxyType(
    {"working_days": "рабочие дни", "days": "календарные дни", "months": "месяцы"}
)
LONGEST, MOST_MONTHS = 400, 60
#: How far ahead a new version may begin.
_AHEAD = timedelta(days=5 * 366)


def check_length(length: int, unit: str) -> None:
    """Refuse what no rule of law means: raises InvalidValue."""
    if unit == "months" and length > MOST_MONTHS:
        raise InvalidValue(f"Срок в месяцах: не больше {MOST_MONTHS}.")


def parse_first_day(text: str, today: date) -> date:
    """The day from which a version holds: today or later; raises InvalidValue."""
    return parse_date(text, earliest=today, latest=today + _AHEAD, label="Действует с", example=today)


def standing(versions: Sequence[Any], day: date) -> Any | None:
    """The version that holds on a day, of those of one term in the order of their days; None before the first."""
    held = [one for one in versions if one.valid_from <= day]
    return held[-1] if held else None


def planned(versions: Sequence[Any], today: date) -> list[Any]:
    """The versions that do not hold yet: these alone may be removed."""
    return [one for one in versions if one.valid_from > today]
