"""What a pause adds to a term, counted by hand in the calendars of real years."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cases.pause_rules import due_after_pause, extended_due, pause_length
from app.company.calendar import WorkingCalendar, shipped_exceptions
from tests.rules.examples import QUICK

SHIPPED = WorkingCalendar(shipped_exceptions())
DAYS = st.integers(date(2025, 1, 1).toordinal(), date(2027, 12, 31).toordinal()).map(date.fromordinal)


@pytest.mark.parametrize(
    ("unit", "due", "paused", "resumed", "length", "new_due"),
    [
        # Within one day nothing is lost.
        ("working_days", (2026, 8, 14), (2026, 8, 3), (2026, 8, 3), 0, (2026, 8, 14)),
        # Tuesday, Wednesday.
        ("working_days", (2026, 8, 14), (2026, 8, 3), (2026, 8, 5), 2, (2026, 8, 18)),
        # Over a weekend: the Monday alone.
        ("working_days", (2026, 12, 4), (2026, 11, 27), (2026, 11, 30), 1, (2026, 12, 7)),
        # Within a weekend.
        ("working_days", (2026, 12, 4), (2026, 11, 28), (2026, 11, 29), 0, (2026, 12, 4)),
        # Over New Year: 30 December, 12 and 13 January; 31 December 2025 was a day off.
        ("working_days", (2025, 12, 30), (2025, 12, 29), (2026, 1, 13), 3, (2026, 1, 14)),
        # Over the working Saturday of 1 November 2025 and the holidays of the 3rd and 4th: the 1st and the 5th.
        ("working_days", (2025, 11, 7), (2025, 10, 31), (2025, 11, 5), 2, (2025, 11, 11)),
        # Over the working Saturday of 20 February 2027, before the holidays of the 22nd and 23rd.
        ("working_days", (2027, 2, 26), (2027, 2, 19), (2027, 2, 24), 2, (2027, 3, 2)),
        # Plain days: five, from Monday 16 to Saturday 21, so to Monday 23.
        ("days", (2026, 11, 16), (2026, 11, 2), (2026, 11, 7), 5, (2026, 11, 23)),
        # A term in months is put off by plain days, too: 21 of them.
        ("months", (2027, 3, 1), (2026, 12, 30), (2027, 1, 20), 21, (2027, 3, 22)),
    ],
)
def test_a_term_moves_by_what_its_pause_lasted(
    unit: str,
    due: tuple[int, int, int],
    paused: tuple[int, int, int],
    resumed: tuple[int, int, int],
    length: int,
    new_due: tuple[int, int, int],
) -> None:
    found = pause_length(SHIPPED, unit, paused_on=date(*paused), resumed_on=date(*resumed))
    assert (found, extended_due(SHIPPED, date(*due), unit, found)) == (length, date(*new_due))


@QUICK
@given(DAYS, st.integers(0, 40), st.integers(0, 40))
def test_as_many_working_days_are_left_after_a_pause_as_before_it(
    paused: date, left: int, lasted: int
) -> None:
    due = SHIPPED.add_working_days(paused, left)
    resumed = date.fromordinal(paused.toordinal() + lasted)
    new_due = due_after_pause(SHIPPED, due, "working_days", paused_on=paused, resumed_on=resumed)
    assert new_due >= resumed
    # A last day that was stopped has no day left, and yet ends on a working one.
    assert SHIPPED.working_days_left(resumed, new_due) in ({left, 1} if left == 0 else {left})


def test_a_term_paused_on_its_last_day_and_resumed_on_a_day_off_ends_on_the_next_working_day() -> None:
    days = {"paused_on": date(2025, 9, 23), "resumed_on": date(2025, 11, 2)}  # a Sunday
    assert due_after_pause(SHIPPED, date(2025, 9, 23), "working_days", **days) == date(2025, 11, 5)


def test_a_term_that_was_over_stays_over_after_a_pause() -> None:
    days = {"paused_on": date(2026, 8, 5), "resumed_on": date(2026, 8, 7)}
    assert due_after_pause(SHIPPED, date(2026, 8, 3), "working_days", **days) == date(2026, 8, 5)


def test_a_clock_set_back_takes_no_day_from_a_term() -> None:
    assert pause_length(SHIPPED, "days", paused_on=date(2026, 8, 5), resumed_on=date(2026, 8, 3)) == 0
