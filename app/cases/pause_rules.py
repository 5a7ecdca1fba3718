"""What a pause does to a term: while it lasts no day is counted, and as many days are left after it as before. Pure."""

from datetime import date

from app.company.calendar import WorkingCalendar

#: The longest reason of a pause, in characters.
LONGEST_REASON = 300


def pause_length(calendar: WorkingCalendar, unit: str, *, paused_on: date, resumed_on: date) -> int:
    """How long a pause lasted: working days of a term in working days, else plain ones; 0 within one day.

    The day of the pause still belongs to the term, the day of the resumption does not yet.
    """
    if resumed_on <= paused_on:
        return 0
    if unit == "working_days":
        return calendar.working_days_left(paused_on, resumed_on)
    return (resumed_on - paused_on).days


def extended_due(calendar: WorkingCalendar, due_on: date, unit: str, length: int) -> date:
    """The last day of a term after a pause of this length; never a day off (Civil Code, article 193)."""
    if not length:
        return due_on
    return calendar.add_term(due_on, length, "working_days" if unit == "working_days" else "days")


def due_after_pause(
    calendar: WorkingCalendar, due_on: date, unit: str, *, paused_on: date, resumed_on: date
) -> date:
    """The last day of a paused term that runs again.

    A term that was not over when it was paused is not over when it runs again: paused on its last day and resumed on a
    day off it ends on the next working one (Civil Code, article 193).
    """
    length = pause_length(calendar, unit, paused_on=paused_on, resumed_on=resumed_on)
    due = extended_due(calendar, due_on, unit, length)
    if due_on >= paused_on and due < resumed_on:
        return calendar.add_term(resumed_on, 0, "days")
    return due
