"""Cadastral numbers."""

import pytest

from app.connections.cadastral import parse_cadastral_numbers
from app.errors import InvalidValue

ONE = "59:01:4410000:123"
OTHER = "77:01:0001001:1024"


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("", []),
        (" \n", []),
        (ONE, [ONE]),
        (f" {OTHER} \n", [OTHER]),
        ("48:20:0010101:15", ["48:20:0010101:15"]),
        ("59 : 01: 4410000 :123", [ONE]),
        ("59：01：4410000：123", [ONE]),
        ("59:01:4410000:\u200b123", [ONE]),
        (f"{ONE}, {OTHER}", [ONE, OTHER]),
        (f"{OTHER};{ONE};", [OTHER, ONE]),
        (f"{ONE}\r\n{OTHER}", [ONE, OTHER]),
        (f"{ONE} {OTHER}", [ONE, OTHER]),
        (f"{ONE}, {ONE}", [ONE]),
    ],
)
def test_numbers_are_taken_one_by_one(text: str, numbers: list[str]) -> None:
    assert parse_cadastral_numbers(text) == numbers


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("48:20:10101:15", "Кадастровый номер «48:20:10101:15»: в группах 2, 2, 6 или 7 и от 1 до 7 цифр."),
        (
            "59-01-4410000-123",
            "Кадастровый номер «59-01-4410000-123»: нужны четыре группы цифр через двоеточие.",
        ),
        (f"{ONE}, нет", "Кадастровый номер «нет»: нужны четыре группы"),
        ("59:01:441000O:123", "Кадастровый номер «59:01:441000O:123»: только цифры 0–9"),
        ("５9:01:4410000:123", "Кадастровый номер «５9:01:4410000:123»: только цифры 0–9"),
        ("59:01:4410000:12345678", "Кадастровый номер «59:01:4410000:12345678»: в группах"),
        ("9" * 31, "Кадастровый номер «номер»: нужны четыре группы"),
        ("\ud800", "Кадастровый номер «номер»: нужны"),
        ("59:01:4410000:1\x002", "Кадастровый номер: в тексте невидимый управляющий символ."),
        (
            ",".join(f"59:01:4410000:{n}" for n in range(11)),
            "Кадастровый номер: не больше 10 номеров, у вас 11.",
        ),
        (
            ",".join(f"59:01:4410000:{n}" for n in range(40)),
            "Кадастровый номер: не больше 10 номеров через запятую.",
        ),
        (":" * 100_000, "Кадастровый номер: не больше 10 номеров"),
    ],
)
def test_a_wrong_number_is_refused_with_an_example(text: str, sentence: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        parse_cadastral_numbers(text)
    assert caught.value.message.startswith(sentence)
    assert len(caught.value.message) < 150


def test_ten_numbers_are_still_taken() -> None:
    numbers = [f"59:01:4410000:{number}" for number in range(10)]
    assert parse_cadastral_numbers("; ".join(numbers)) == numbers
