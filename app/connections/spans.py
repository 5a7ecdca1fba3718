"""Between which days a date of the questionnaire may lie. Limits catch slips of the finger, they are not
terms of law.
"""

from datetime import date

_OLDEST = date(1900, 1, 1)
_YEARS_AHEAD = 30
_YEARS_BACK = 10

#: The first and the last permitted day.
Span = tuple[date, date]


def until_today(today: date) -> Span:
    """A day that has come already."""
    return _OLDEST, today


def from_today(today: date) -> Span:
    """A day that has not passed."""
    return today, _some_years(today, _YEARS_AHEAD)


def from_this_month(today: date) -> Span:
    """A month that has not passed; days are the first of the month."""
    return today.replace(day=1), _some_years(today, _YEARS_AHEAD)


def lately_or_ahead(today: date) -> Span:
    """A month of designing: it may lie some years back."""
    return _some_years(today, -_YEARS_BACK), _some_years(today, _YEARS_AHEAD)


def has_passed(value: date, span: Span) -> bool:
    """Whether a day that was good when it was typed lies before the span now."""
    return value < span[0]


def _some_years(today: date, years: int) -> date:
    return date(today.year + years, today.month, 1)
