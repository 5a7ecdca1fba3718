"""Registration numbers."""

from datetime import date

import pytest

from app.cases.numbering import format_number, number_key, parse_number
from app.errors import InvalidValue

DAY = date(2026, 3, 24)


@pytest.mark.parametrize(
    ("pattern", "number"),
    [
        ("{n}", "299"),
        ("{n:05}", "00299"),
        ("{n:02}", "299"),
        ("ТП-{n}/{year}", "ТП-299/2026"),
        ("{yy}.{month}-{n:04}", "26.03-0299"),
        ("№ {n}", "299"),
    ],
)
def test_a_number_follows_the_pattern_of_the_company(pattern: str, number: str) -> None:
    assert format_number(pattern, 299, DAY) == number


@pytest.mark.parametrize(
    ("pattern", "sentence"),
    [
        ("ТП", "Шаблон номера: нужен счетчик {n}"),
        ("{year}", "Шаблон номера: нужен счетчик {n}"),
        ("{n:99999}", "Шаблон номера: нужен счетчик {n}"),
        ("{n}{day}", "Шаблон номера: неизвестная вставка {day}."),
        ("{n}{n:10}", "Шаблон номера: неизвестная вставка {n:10}."),
        ("{n}{n.__class__}", "Шаблон номера: неизвестная вставка"),
        ("{n}}", "Шаблон номера: лишняя фигурная скобка."),
        ("{{n}}", "Шаблон номера: лишняя фигурная скобка."),
        ("{n}{", "Шаблон номера: лишняя фигурная скобка."),
        ("{n}<b>", "Регистрационный номер: уберите символ «<»."),
        ("{n}" + "я" * 50, "Регистрационный номер: не больше 40 символов"),
        ("{n}" * 10_000, "Шаблон номера: не больше 60 символов."),
    ],
)
def test_a_pattern_that_makes_no_numbers_is_refused(pattern: str, sentence: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        format_number(pattern, 299, DAY)
    assert caught.value.message.startswith(sentence)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("299", "299"),
        (" № 299\n", "299"),
        ("\u200b№299", "299"),
        ("ТП–299/2026", "ТП-299/2026"),
        ("12  №  5", "12 № 5"),
        ("я" * 40, "я" * 40),
    ],
)
def test_a_typed_number_is_trimmed(text: str, number: str) -> None:
    assert parse_number(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "№",
        "№ -",
        "я" * 41,
        "9" * 100_000,
        "29\x009",
        "29\n9",
        "<b>",
        "２９９",
        "29_9",
        "\ud800",
        "عدد",
    ],
)
def test_a_wrong_number_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        parse_number(text)
    assert caught.value.message.startswith("Регистрационный номер: ")
    assert len(caught.value.message) < 130


def test_a_number_is_found_however_it_is_typed() -> None:
    assert number_key("ТП-299/2026") == number_key("№ тп 299 2026") == "тп2992026"
    assert number_key("№ - /") == ""
