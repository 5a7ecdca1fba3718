"""Contacts of an account: how long what confirms them works, and when a new number may not sign yet. Pure."""

from datetime import datetime, timedelta

#: For how long the link that confirms an address works; letters may be read in the evening.
LINK_LASTS = timedelta(hours=24)
#: For how long the code that confirms a number works.
CODE_LASTS = timedelta(minutes=10)
#: For how long a typed password lets a person change what they are reached and let in by (ASVS 5.0, 7.5.1).
PROVED_FOR = timedelta(minutes=10)


def is_proved(password_at: datetime, at: datetime) -> bool:
    """Whether the password was typed a moment ago in this very session."""
    return timedelta(0) <= at - password_at <= PROVED_FOR


def signs_from(changed_at: datetime | None, hours: int, at: datetime) -> datetime | None:
    """From when codes sent to a number that its owner changed on the site sign again; None when they do now.

    Whoever sits at a foreign browser and changes the number gets no signature out of it before the owner has read the
    letter (security.md, A13). `hours` is the setting; a number that the office has put in signs at once.
    """
    if changed_at is None:
        return None
    free = changed_at + timedelta(hours=hours)
    return free if free > at else None
