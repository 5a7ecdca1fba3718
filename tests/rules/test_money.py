"""Sums: how they are shown, what typed ones mean, and the words of an invoice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.contracts.money import LARGEST_SUM, format_money, format_sum, parse_money
from app.contracts.money_words import money_in_words, number_in_words
from app.errors import InvalidValue
from tests.rules.examples import QUICK

SUMS = st.integers(1, LARGEST_SUM)


@pytest.mark.parametrize(
    ("kopecks", "shown"),
    [
        (0, "0,00 ₽"),
        (1, "0,01 ₽"),
        (100_000, "1 000,00 ₽"),
        (1_234_500, "12 345,00 ₽"),
        (123_456_789, "1 234 567,89 ₽"),
        (-1_234_550, "−12 345,50 ₽"),
        (LARGEST_SUM, "999 999 999 999,99 ₽"),
    ],
)
def test_a_sum_is_shown_with_no_break_spaces(kopecks: int, shown: str) -> None:
    assert format_money(kopecks) == shown.replace(" ", "\u00a0")


@pytest.mark.parametrize(
    ("typed", "kopecks"),
    [
        ("12 345,5", 1_234_550),
        ("12345.50", 1_234_550),
        ("12\u00a0345,00\u00a0₽", 1_234_500),
        ("12\u202f345", 1_234_500),
        ("  12345 руб. ", 1_234_500),
        ("12345р", 1_234_500),
        ("5 рублей", 500),
        ("0,01", 1),
        ("7,", 700),
        ("007", 700),
        ("\u200b12,30\ufeff", 1_230),
        ("999 999 999 999,99", LARGEST_SUM),
    ],
)
def test_a_typed_sum_is_understood(typed: str, kopecks: int) -> None:
    assert parse_money(typed) == kopecks


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Сумма: введите рубли и копейки"),
        ("  ₽ ", "Сумма: введите рубли и копейки"),
        ("-5", "введите сумму без минуса"),
        ("−5", "введите сумму без минуса"),
        ("0", "должна быть больше нуля"),
        ("0,00", "должна быть больше нуля"),
        ("12,345", "не больше двух цифр"),
        ("12.345,50", "не удалось прочитать"),
        ("1 2 3", "не удалось прочитать"),
        ("12 34", "не удалось прочитать"),
        ("много", "не удалось прочитать"),
        ("١٢", "не удалось прочитать"),
        ("1e5", "не удалось прочитать"),
        ("1000000000000", "не больше 999"),
        ("9" * 41, "слишком длинное значение"),
    ],
)
def test_what_is_no_sum_is_refused_with_a_sentence(typed: str, said: str) -> None:
    with pytest.raises(InvalidValue, match=said):
        parse_money(typed)


def test_zero_is_taken_where_it_is_allowed_and_the_label_is_the_fields() -> None:
    assert parse_money("0,00", zero=True) == 0
    with pytest.raises(InvalidValue, match="Размер платы: "):
        parse_money("x", label="Размер платы")


@QUICK
@given(SUMS)
def test_what_is_shown_can_be_typed_back(kopecks: int) -> None:
    assert parse_money(format_money(kopecks)) == kopecks
    assert parse_money(format_sum(kopecks)) == kopecks


@QUICK
@given(st.text(max_size=60))
def test_any_text_is_a_sum_or_a_sentence(text: str) -> None:
    try:
        assert 0 < parse_money(text) <= LARGEST_SUM
    except InvalidValue as refused:
        assert refused.message.startswith("Сумма: ")


@pytest.mark.parametrize(
    ("kopecks", "words"),
    [
        (0, "Ноль рублей 00 копеек"),
        (1, "Ноль рублей 01 копейка"),
        (100, "Один рубль 00 копеек"),
        (202, "Два рубля 02 копейки"),
        (505, "Пять рублей 05 копеек"),
        (1_111, "Одиннадцать рублей 11 копеек"),
        (2_121, "Двадцать один рубль 21 копейка"),
        (11_212, "Сто двенадцать рублей 12 копеек"),
        (100_000, "Одна тысяча рублей 00 копеек"),
        (200_100, "Две тысячи один рубль 00 копеек"),
        (1_234_500, "Двенадцать тысяч триста сорок пять рублей 00 копеек"),
        (100_000_000, "Один миллион рублей 00 копеек"),
        (
            123_456_789,
            "Один миллион двести тридцать четыре тысячи пятьсот шестьдесят семь рублей 89 копеек",
        ),
        (200_000_000_000, "Два миллиарда рублей 00 копеек"),
        (2_101_100_100_001, "Двадцать один миллиард одиннадцать миллионов одна тысяча рублей 01 копейка"),
        (
            LARGEST_SUM,
            "Девятьсот девяносто девять миллиардов девятьсот девяносто девять миллионов "
            "девятьсот девяносто девять тысяч девятьсот девяносто девять рублей 99 копеек",
        ),
    ],
)
def test_a_sum_is_written_in_words(kopecks: int, words: str) -> None:
    assert money_in_words(kopecks) == words


@pytest.mark.parametrize("kopecks", [-1, LARGEST_SUM + 1])
def test_there_are_no_words_for_a_sum_out_of_range(kopecks: int) -> None:
    with pytest.raises(ValueError, match="no words"):
        money_in_words(kopecks)


def test_numbers_up_to_two_thousand_all_have_words_of_their_own() -> None:
    assert len({number_in_words(number) for number in range(2_000)}) == 2_000
