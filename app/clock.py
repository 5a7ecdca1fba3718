"""Time: the one place that asks the machine what time it is.

Every instant in the program is an aware UTC datetime; a date is a day in the company's zone.
"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def day_in(zone: str, at: datetime) -> date:
    """The calendar day of instant `at` in the named zone (IANA name)."""
    return at.astimezone(ZoneInfo(zone)).date()
