"""When a reminder's time has come."""

from datetime import date, time

import pytest

from app.cases.reminder_rules import REMINDINGS, by_day, days_left, draft_threshold, threshold
from app.company.calendar import WorkingCalendar, shipped_exceptions

SHIPPED = WorkingCalendar(shipped_exceptions())


def test_the_terms_are_those_of_the_procedure() -> None:
    found = {code: (one.to, one.before) for code, one in REMINDINGS.items()}
    assert found == {
        "corrections": ("applicant", (5, 1)),
        "payment": ("applicant", (2, 0)),
        "contract_signature": ("applicant", (3, 1)),
        "act_signature": ("applicant", (3, 1)),
        "works": ("company", (30, 10, 3)),
    }


@pytest.mark.parametrize(
    ("before", "left", "reached"),
    [
        ((5, 1), 6, None),
        ((5, 1), 5, 5),
        ((5, 1), 3, 5),  # the dispatcher was off on the day itself
        ((5, 1), 1, 1),  # and off for long: the nearest one alone
        ((5, 1), 0, 1),
        ((5, 1), -1, None),  # what is over is no reminder any more
        ((2, 0), 0, 0),
        ((30, 10, 3), 31, None),
        ((30, 10, 3), 10, 10),
        ((30, 10, 3), 4, 10),
    ],
)
def test_the_nearest_threshold_counts(before: tuple[int, ...], left: int, reached: int | None) -> None:
    assert threshold(before, left) == reached


@pytest.mark.parametrize(
    ("unit", "today", "due", "left"),
    [
        ("working_days", (2026, 11, 27), (2026, 12, 4), 5),
        ("working_days", (2026, 11, 28), (2026, 12, 4), 5),  # Saturday: the same five
        ("working_days", (2025, 12, 30), (2026, 1, 13), 2),  # the holidays are none
        ("months", (2026, 11, 4), (2026, 12, 4), 30),
        ("days", (2026, 12, 4), (2026, 12, 4), 0),
        ("days", (2026, 12, 5), (2026, 12, 4), -1),
    ],
)
def test_days_are_counted_in_the_unit_of_the_term(
    unit: str, today: tuple[int, int, int], due: tuple[int, int, int], left: int
) -> None:
    assert days_left(SHIPPED, unit, date(*today), date(*due)) == left


@pytest.mark.parametrize(
    ("untouched", "reached"),
    [
        (0, None),
        (6, None),
        (7, 7),
        (20, 7),
        (21, None),
        (29, None),
        (30, 30),
        (43, 30),
        (44, None),
        (900, None),
    ],
)
def test_a_draft_is_spoken_of_twice_and_then_left_alone(untouched: int, reached: int | None) -> None:
    assert draft_threshold(untouched) == reached


@pytest.mark.parametrize(
    ("at", "fits"),
    [(time(0), False), (time(8, 59), False), (time(9), True), (time(19, 59), True), (time(20), False)],
)
def test_nobody_is_written_to_at_night(at: time, fits: bool) -> None:
    assert by_day(at) is fits
