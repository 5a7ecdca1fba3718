"""Working days and deadlines."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clock import day_in
from app.company.calendar import WorkingCalendar, shipped_days, shipped_exceptions
from app.company.wording import short_term_words
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


@pytest.mark.parametrize(
    ("start", "length", "unit", "due"),
    [
        (date(2026, 11, 2), 10, "working_days", date(2026, 11, 17)),
        (date(2026, 11, 2), 14, "days", date(2026, 11, 16)),
        (date(2026, 11, 2), 5, "days", date(2026, 11, 9)),  # a Saturday: the Monday after it
        (date(2026, 4, 15), 6, "months", date(2026, 10, 15)),
        (date(2026, 7, 4), 6, "months", date(2027, 1, 11)),  # 4 January is a holiday
        (date(2026, 8, 31), 6, "months", date(2027, 3, 1)),  # 28 February is a Sunday
        (date(2026, 10, 31), 1, "months", date(2026, 11, 30)),  # no 31 November
        (date(2026, 12, 1), 12, "months", date(2027, 12, 1)),
    ],
)
def test_a_term_is_counted_in_its_own_unit_and_never_ends_on_a_day_off(start, length, unit, due):
    assert SHIPPED.add_term(start, length, unit) == due


#: Working days of each month of a five-day week, as production calendars of these years print them.
MONTHS = {
    2025: (17, 20, 21, 22, 18, 19, 23, 21, 22, 23, 19, 22),
    2026: (15, 19, 21, 22, 19, 21, 23, 21, 22, 22, 20, 22),
    2027: (15, 19, 22, 22, 19, 21, 22, 22, 22, 21, 20, 22),
}


@pytest.mark.parametrize("year", MONTHS)
def test_every_month_has_the_working_days_of_the_production_calendar(year: int) -> None:
    first = date(year, 1, 1)
    days = [first + timedelta(days=number) for number in range((date(year + 1, 1, 1) - first).days)]
    found = [sum(SHIPPED.is_working(day) for day in days if day.month == month) for month in range(1, 13)]
    assert tuple(found) == MONTHS[year]


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (date(2025, 4, 30), 3, date(2025, 5, 7)),  # May Day and the Friday after it
        (date(2025, 10, 31), 1, date(2025, 11, 1)),  # a working Saturday is a day of the term
        (date(2025, 10, 31), 2, date(2025, 11, 5)),  # Monday 3 November was given for it
        (date(2025, 12, 30), 1, date(2026, 1, 12)),  # over the New Year
        (date(2026, 2, 20), 1, date(2026, 2, 24)),
        (date(2026, 6, 11), 10, date(2026, 6, 26)),
        (date(2026, 12, 30), 1, date(2027, 1, 11)),  # 31 December 2026 is a day off
        (date(2027, 2, 19), 1, date(2027, 2, 20)),
        (date(2027, 2, 19), 2, date(2027, 2, 24)),
        (date(2027, 4, 30), 20, date(2027, 6, 1)),
    ],
)
def test_terms_of_real_years_end_on_the_day_a_hand_counts(start: date, days: int, due: date) -> None:
    assert SHIPPED.add_working_days(start, days) == due


#: One city of each of the eleven time zones of the country, with its distance to UTC in hours.
ZONES = {
    "Europe/Kaliningrad": 2,
    "Europe/Moscow": 3,
    "Europe/Samara": 4,
    "Asia/Yekaterinburg": 5,
    "Asia/Omsk": 6,
    "Asia/Krasnoyarsk": 7,
    "Asia/Irkutsk": 8,
    "Asia/Yakutsk": 9,
    "Asia/Vladivostok": 10,
    "Asia/Magadan": 11,
    "Asia/Kamchatka": 12,
}


@pytest.mark.parametrize(("zone", "hours"), ZONES.items())
def test_a_term_starts_on_the_day_of_the_event_in_the_companys_own_zone(zone: str, hours: int) -> None:
    midnight = datetime(2026, 11, 28, tzinfo=UTC) - timedelta(hours=hours)  # Friday becomes Saturday there
    before, after = (day_in(zone, midnight + timedelta(seconds=second)) for second in (-1, 0))
    assert (before, after) == (date(2026, 11, 27), date(2026, 11, 28))
    assert SHIPPED.add_working_days(before, 1) == SHIPPED.add_working_days(after, 1) == date(2026, 11, 30)
    assert SHIPPED.working_days_left(before, date(2026, 11, 27)) == 0
    assert SHIPPED.working_days_left(after, date(2026, 11, 27)) == -1


def test_a_term_is_short_where_there_is_little_room() -> None:
    assert short_term_words(10, "working_days") == "10\u00a0раб.\u00a0дн."
    assert [short_term_words(6, unit) for unit in ("days", "months")] == ["6\u00a0дн.", "6\u00a0мес."]
