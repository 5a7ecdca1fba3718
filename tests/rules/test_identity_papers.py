"""The passport and the dates around it."""

from collections.abc import Callable
from datetime import date

import pytest

from app.accounts.identity_papers import (
    parse_date,
    parse_department_code,
    parse_issue_date,
    parse_passport_number,
    parse_passport_series,
)
from app.errors import InvalidValue

TODAY = date(2026, 11, 24)


def refusal(parse: Callable[[str], object], text: str) -> str:
    with pytest.raises(InvalidValue) as caught:
        parse(text)
    return caught.value.message


def day(text: str) -> date:
    limits = {"earliest": date(1900, 1, 1), "latest": date(2100, 12, 31)}
    return parse_date(text, **limits, label="Дата", example=date(2026, 12, 1))


@pytest.mark.parametrize(
    ("parse", "text", "value"),
    [
        (parse_passport_series, "57 04", "5704"),
        (parse_passport_number, "123 456", "123456"),
        (parse_department_code, "590001", "590-001"),
        (parse_department_code, "590–001", "590-001"),
    ],
)
def test_parts_of_a_passport_are_taken(parse: Callable[[str], str], text: str, value: str) -> None:
    assert parse(text) == value


@pytest.mark.parametrize(
    ("parse", "text", "sentence"),
    [
        (parse_passport_series, "", "Введите 4 цифры серии паспорта."),
        (parse_passport_series, "57", "Введите 4 цифры серии паспорта, у вас 2."),
        (parse_passport_series, "00 00 000000", "Введите 4 цифры серии паспорта, у вас 10."),
        (parse_passport_series, "VII", "Серия паспорта: только цифры, уберите символ «V»."),
        (parse_passport_number, "12345", "Введите 6 цифр номера паспорта, у вас 5."),
        (parse_passport_number, "١٢٣٤٥٦", "Номер паспорта: наберите номер обычными цифрами 0–9"),
        (parse_department_code, "590-01", "Введите 6 цифр кода подразделения, у вас 5."),
        (parse_passport_number, "1" * 100_000, "Номер паспорта: слишком длинное значение."),
    ],
)
def test_wrong_parts_of_a_passport_are_refused(parse: Callable[[str], str], text: str, sentence: str) -> None:
    assert refusal(parse, text).startswith(sentence)


@pytest.mark.parametrize(
    "text",
    [
        "01.02.1990",
        "1.2.1990",
        "01/02/1990",
        "1-2-1990",
        "1 2 1990",
        "1990-02-01",
        "01021990",
        " 01.02.1990\n",
    ],
)
def test_a_date_is_taken_in_the_ways_people_write_it(text: str) -> None:
    assert day(text) == date(1990, 2, 1)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Дата: введите день, месяц и год, например 01.12.2026."),
        ("вчера", "Дата: введите день, месяц и год"),
        ("01.02.90", "Дата: введите день, месяц и год"),
        ("１.2.1990", "Дата: введите день, месяц и год"),
        ("1.2.1990.", "Дата: введите день, месяц и год"),
        ("10000-01-01", "Дата: введите день, месяц и год"),
        ("1.2.1990" * 10_000, "Дата: введите день, месяц и год"),
        ("31.02.1990", "Дата: дня 31.02.1990 в календаре нет."),
        ("29.02.2025", "Дата: дня 29.02.2025 в календаре нет."),
        ("00.01.1990", "Дата: дня 00.01.1990 в календаре нет."),
        ("01.01.0000", "Дата: дня 01.01.0 в календаре нет."),
        ("12/31/1990", "Дата: месяца 31 не бывает. Сначала день, потом месяц: 01.12.2026."),
        ("0000-00-00", "Дата: месяца 0 не бывает."),
        ("01.01.1800", "Дата: не раньше 01.01.1900."),
        ("9999-12-31", "Дата: не позже 31.12.2100."),
    ],
)
def test_a_day_that_cannot_be_is_refused_with_the_way_to_mend_it(text: str, sentence: str) -> None:
    assert refusal(day, text).startswith(sentence)


def test_the_limits_of_a_date_are_allowed_days() -> None:
    assert day("01.01.1900") == date(1900, 1, 1)
    assert day("31.12.2100") == date(2100, 12, 31)
    assert day("29.02.2024") == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("birthday", "issued"),
    [(date(1990, 2, 1), "01.02.2004"), (date(1990, 2, 1), "24.11.2026"), (date(2004, 2, 29), "28.02.2018")],
)
def test_a_passport_is_issued_from_the_fourteenth_birthday_to_today(birthday: date, issued: str) -> None:
    assert parse_issue_date(issued, birthday=birthday, today=TODAY) == day(issued)


@pytest.mark.parametrize(
    ("issued", "sentence"),
    [
        ("31.01.2004", "паспорт выдают с 14 лет"),
        ("01.01.1980", "не раньше 01.02.1990"),
        ("25.11.2026", "не позже"),
    ],
)
def test_a_passport_issued_outside_that_time_is_refused(issued: str, sentence: str) -> None:
    birthday = date(1990, 2, 1)
    assert sentence in refusal(lambda text: parse_issue_date(text, birthday=birthday, today=TODAY), issued)


def test_one_born_on_29_february_gets_a_passport_from_the_28th() -> None:
    with pytest.raises(InvalidValue, match="с 14 лет"):
        parse_issue_date("27.02.2018", birthday=date(2004, 2, 29), today=TODAY)
