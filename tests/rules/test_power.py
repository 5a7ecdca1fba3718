"""Power in kilowatts and its band."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.connections.power import BAND_LABELS, Band, band, format_kilowatts, parse_kilowatts
from app.errors import InvalidValue
from tests.rules.examples import QUICK


@pytest.mark.parametrize(
    ("text", "watts"),
    [
        ("15", 15_000),
        ("7,5", 7_500),
        ("7.5", 7_500),
        ("7,50", 7_500),
        ("7,500", 7_500),
        (" 7,5 кВт\n", 7_500),
        ("7,5 КВТ.", 7_500),
        ("7.5kW", 7_500),
        ("0,01", 10),
        ("07,25", 7_250),
        ("1 500,5", 1_500_500),
        ("1\u00a0500", 1_500_000),
        ("100 000", 100_000_000),
    ],
)
def test_power_is_taken_with_a_comma_or_a_dot(text: str, watts: int) -> None:
    assert parse_kilowatts(text) == watts


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Введите мощность в киловаттах."),
        ("0", "Мощность: введите число больше нуля."),
        ("0,00", "Мощность: введите число больше нуля."),
        ("-5", "Мощность: введите число без минуса."),
        ("−5", "Мощность: введите число без минуса."),
        ("7,555", "Мощность: не больше двух знаков после запятой"),
        ("0,001", "Мощность: не больше двух знаков после запятой"),
        ("100000,01", "Мощность: не больше 100\u00a0000 кВт."),
        ("999999999", "Мощность: не больше 100\u00a0000 кВт."),
        ("7500 Вт", "Мощность: введите число в киловаттах, 1000 Вт — это 1 кВт."),
        ("семь", "Мощность: введите число в киловаттах"),
        ("7,5,5", "Мощность: введите число в киловаттах"),
        (",5", "Мощность: введите число в киловаттах"),
        ("1e3", "Мощность: введите число в киловаттах"),
        ("NaN", "Мощность: введите число в киловаттах"),
        ("７,5", "Мощность: введите число в киловаттах"),
        ("٧", "Мощность: введите число в киловаттах"),
        ("7\x00", "Мощность: введите число в киловаттах"),
        ("9" * 100_000, "Мощность: введите одно число в киловаттах."),
    ],
)
def test_what_is_no_power_is_refused_with_the_way_to_mend_it(text: str, sentence: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        parse_kilowatts(text)
    assert caught.value.message.startswith(sentence)


def test_power_connected_earlier_may_be_none() -> None:
    assert parse_kilowatts("0", zero_allowed=True) == 0


@pytest.mark.parametrize(
    ("watts", "words"),
    [
        (7_500, "7,5 кВт"),
        (15_000, "15 кВт"),
        (7_050, "7,05 кВт"),
        (10, "0,01 кВт"),
        (0, "0 кВт"),
        (1_500_000, "1500 кВт"),
        (100_000_000, "100\u00a0000 кВт"),
    ],
)
def test_power_is_shown_in_kilowatts(watts: int, words: str) -> None:
    assert format_kilowatts(watts) == words


@QUICK
@given(st.integers(1, 10_000_000))
def test_shown_power_is_read_back_as_the_same(tens_of_watts: int) -> None:
    assert parse_kilowatts(format_kilowatts(tens_of_watts * 10)) == tens_of_watts * 10


@pytest.mark.parametrize(
    ("watts", "expected", "label"),
    [
        (10, "upto15", "≤15 кВт"),
        (15_000, "upto15", "≤15 кВт"),
        (15_010, "upto150", ">15 и ≤150 кВт"),
        (150_000, "upto150", ">15 и ≤150 кВт"),
        (150_010, "over150", ">150 кВт"),
    ],
)
def test_a_border_belongs_to_the_lower_band(watts: int, expected: Band, label: str) -> None:
    assert band(watts) == expected
    assert BAND_LABELS[band(watts)] == label
