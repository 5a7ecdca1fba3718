"""Working days and deadlines."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.company.calendar import WorkingCalendar, shipped_days, shipped_exceptions
from tests.rules.examples import QUICK

SHIPPED = WorkingCalendar(shipped_exceptions())
DAYS = st.integers(date(2024, 1, 1).toordinal(), date(2028, 12, 31).toordinal()).map(date.fromordinal)


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2025, 11, 1), True),  # a working Saturday
        (date(2027, 2, 20), True),  # another
        (date(2026, 1, 9), False),  # a Friday moved from 3 January
        (date(2026, 11, 4), False),
        (date(2026, 11, 24), True),
        (date(2026, 11, 28), False),
        (date(2035, 1, 1), True),  # beyond the shipped years the plain week holds
    ],
)
def test_holidays_and_moved_days_are_known(day: date, working: bool) -> None:
    assert SHIPPED.is_working(day) is working


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (date(2025, 12, 29), 5, date(2026, 1, 15)),
        (date(2026, 11, 2), 10, date(2026, 11, 17)),
        (date(2026, 12, 25), 5, date(2027, 1, 12)),
        (date(2026, 11, 24), 1, date(2026, 11, 25)),
        (date(2026, 11, 27), 1, date(2026, 11, 30)),
        (date(2026, 11, 28), 1, date(2026, 11, 30)),
        (date(2026, 11, 24), 0, date(2026, 11, 24)),
    ],
)
def test_a_term_starts_on_the_day_after_the_event(start: date, days: int, due: date) -> None:
    assert SHIPPED.add_working_days(start, days) == due


def test_a_negative_term_is_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="negative"):
        SHIPPED.add_working_days(date(2026, 11, 24), -1)


@QUICK
@given(DAYS, st.integers(0, 60))
def test_what_was_added_is_what_is_left(start: date, days: int) -> None:
    due = SHIPPED.add_working_days(start, days)
    assert SHIPPED.working_days_left(start, due) == days


@QUICK
@given(DAYS, st.integers(1, 400))
def test_counting_by_weeks_agrees_with_counting_day_by_day(today: date, distance: int) -> None:
    due = today + timedelta(days=distance)
    one_by_one = sum(SHIPPED.is_working(today + timedelta(days=step)) for step in range(1, distance + 1))
    assert SHIPPED.working_days_left(today, due) == one_by_one
    assert SHIPPED.working_days_left(due, today) == -max(1, one_by_one)


def test_the_far_end_of_time_costs_nothing() -> None:
    assert SHIPPED.working_days_left(date.min, date.max) > 2_600_000


@pytest.mark.parametrize(
    ("today", "due", "words", "left"),
    [
        (date(2020, 8, 3), date(2020, 8, 17), "до 17 августа (пн), осталось 10 рабочих дней", 10),
        (date(2020, 8, 13), date(2020, 8, 17), "до 17 августа (пн), осталось 2 рабочих дня", 2),
        (date(2020, 8, 14), date(2020, 8, 17), "до 17 августа (пн), остался 1 рабочий день", 1),
        (date(2020, 7, 17), date(2020, 8, 17), "до 17 августа (пн), остался 21 рабочий день", 21),
        (date(2020, 8, 17), date(2020, 8, 17), "до 17 августа (пн), сегодня последний день", 0),
        (date(2020, 8, 15), date(2020, 8, 16), "до 16 августа (вс), рабочих дней не осталось", 0),
        (date(2020, 8, 18), date(2020, 8, 14), "срок истек 14 августа (пт), 2 рабочих дня назад", -2),
        (date(2020, 8, 17), date(2020, 8, 14), "срок истек 14 августа (пт), 1 рабочий день назад", -1),
        (date(2020, 8, 15), date(2020, 8, 14), "срок истек 14 августа (пт)", -1),
        (date(2026, 12, 25), date(2027, 1, 12), "до 12 января 2027 (вт), осталось 5 рабочих дней", 5),
    ],
)
def test_a_term_is_told_in_words(today: date, due: date, words: str, left: int) -> None:
    calendar = SHIPPED if today.year == 2026 else WorkingCalendar({})
    assert calendar.due_words(today, due) == words
    assert calendar.working_days_left(today, due) == left


def test_the_shipped_days_are_real_exceptions_of_five_years() -> None:
    assert {shipped.day.year for shipped in shipped_days()} == {2024, 2025, 2026, 2027, 2028}
    assert all(shipped.working != (shipped.day.weekday() < 5) for shipped in shipped_days())
    assert all(shipped.title for shipped in shipped_days())
    assert [shipped.day for shipped in shipped_days()] == sorted({shipped.day for shipped in shipped_days()})


def test_a_change_of_the_given_days_does_not_reach_the_next_reader() -> None:
    shipped_exceptions().clear()
    assert shipped_exceptions()[date(2026, 11, 4)] is False
