"""Russian words around numbers, days and moments."""

from datetime import UTC, date, datetime

import pytest

from app.company.wording import date_words, moment_words, plural, weekday_short


@pytest.mark.parametrize(
    ("numbers", "word"),
    [
        ((1, 21, 101, 1001, -1), "день"),
        ((2, 3, 4, 22, 34, 102), "дня"),
        ((0, 5, 11, 12, 14, 20, 25, 100, 111, 112, 1000), "дней"),
    ],
)
def test_the_word_after_a_number_has_the_right_form(numbers: tuple[int, ...], word: str) -> None:
    assert {plural(number, "день", "дня", "дней") for number in numbers} == {word}


def test_the_year_is_told_only_when_it_is_another_one() -> None:
    assert date_words(date(2026, 8, 17), date(2026, 11, 24)) == "17 августа"
    assert date_words(date(2027, 1, 1), date(2026, 11, 24)) == "1 января 2027"


def test_every_month_and_weekday_has_its_word() -> None:
    today = date(2026, 1, 1)
    months = [date_words(date(2026, month, 1), today).split()[1] for month in range(1, 13)]
    assert months[0] == "января"
    assert months[2:5] == ["марта", "апреля", "мая"]
    assert months[11] == "декабря"
    assert len(set(months)) == 12
    assert [weekday_short(date(2026, 11, day)) for day in range(23, 30)] == [
        "пн",
        "вт",
        "ср",
        "чт",
        "пт",
        "сб",
        "вс",
    ]


def test_a_moment_is_told_in_the_named_zone() -> None:
    at = datetime(2020, 8, 6, 3, 28, tzinfo=UTC)
    assert moment_words(at, "Europe/Moscow", "МСК") == "четверг, 6 августа 2020 г. 06:28 (МСК)"
