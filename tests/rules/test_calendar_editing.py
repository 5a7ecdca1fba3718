"""What the office has to know of a year's days, and what it may change."""

from datetime import date

import pytest

from app.administration.calendar_rules import (
    gap_of,
    gaps,
    public_holidays,
    refuse_past,
    refuse_plain,
    working_days_of,
)
from app.administration.term_rules import check_length, parse_first_day
from app.company.calendar import shipped_exceptions
from app.errors import InvalidValue

SHIPPED = shipped_exceptions()
TODAY = date(2026, 11, 30)


@pytest.mark.parametrize("year", [2025, 2026, 2027, 2028])
def test_the_holidays_of_the_law_are_among_those_that_ship(year: int) -> None:
    off = {day for day, working in SHIPPED.items() if day.year == year and not working}
    assert set(public_holidays(year)) <= off


def test_holidays_on_a_weekend_are_no_exception() -> None:
    assert date(2027, 1, 2) not in public_holidays(2027)  # a Saturday
    assert public_holidays(2027)[date(2027, 1, 7)] == "Рождество Христово"


def test_a_year_without_days_is_told_of_and_one_without_moved_days_from_october_on() -> None:
    only_holidays = dict.fromkeys(public_holidays(2028), False)
    assert "не внесено ни одного дня" in gap_of(2029, SHIPPED, TODAY)
    assert gap_of(2028, only_holidays, date(2027, 9, 30)) == ""
    assert "внесены только праздники" in gap_of(2028, only_holidays, date(2027, 10, 1))
    assert "внесены только праздники" in gap_of(2028, only_holidays, date(2028, 3, 1))
    assert gaps(SHIPPED, TODAY) == []
    assert [sentence[:12] for sentence in gaps({}, TODAY)] == ["На 2026 год ", "На 2027 год "]


def test_months_are_counted_as_a_production_calendar_prints_them() -> None:
    assert working_days_of(2026, SHIPPED) == [15, 19, 21, 22, 19, 21, 23, 21, 22, 22, 20, 22]


def test_days_that_are_over_stay_and_plain_ones_need_no_mark() -> None:
    refuse_past(TODAY, TODAY)
    with pytest.raises(InvalidValue, match="уже прошло"):
        refuse_past(date(2026, 11, 29), TODAY)
    with pytest.raises(InvalidValue, match="и так рабочий"):
        refuse_plain(date(2026, 12, 1), True, SHIPPED)
    with pytest.raises(InvalidValue, match="и так выходной"):
        refuse_plain(date(2026, 12, 5), False, SHIPPED)
    refuse_plain(date(2026, 12, 5), True, SHIPPED)


@pytest.mark.parametrize(
    ("length", "unit", "fits"), [(400, "days", True), (60, "months", True), (61, "months", False)]
)
def test_a_term_in_months_is_at_most_five_years(length: int, unit: str, fits: bool) -> None:
    if fits:
        check_length(length, unit)
    else:
        with pytest.raises(InvalidValue, match="не больше 60"):
            check_length(length, unit)


def test_a_new_term_begins_today_at_the_earliest() -> None:
    assert parse_first_day("30.11.2026", TODAY) == TODAY
    for text in ("29.11.2026", "01.01.2040", "", "31.02.2027"):
        with pytest.raises(InvalidValue, match="Действует с"):
            parse_first_day(text, TODAY)
