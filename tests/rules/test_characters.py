"""The ground: which characters a typed text may hold."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.characters import (
    bare_number,
    composed,
    grouped,
    is_blank,
    one_line,
    plain_dashes,
    plain_hyphens,
    refuse_control,
    refuse_not_digits,
    shown,
    without_bidi,
    without_control,
    without_invisible,
    without_surrogates,
)
from app.errors import InvalidValue
from tests.rules.examples import QUICK

NASTY = "aйи \u0306\u0301\u200b\u200d\u202e\u2066\x00\n\x7f\ud800\ufeff\U000e0041😀\u3164"


@QUICK
@given(st.text(alphabet=st.sampled_from(NASTY), max_size=60))
def test_a_text_that_is_not_refused_can_be_stored_everywhere(text: str) -> None:
    try:
        stored = composed(text, label="Поле", max_length=100)
        refuse_control(stored, label="Поле", allowed="\n")
    except InvalidValue as refused:
        assert refused.message.startswith("Поле: ")
        assert set(text) & set("\x00\x7f\ud800") or "знаков над одной буквой" in refused.message
        return
    assert stored.encode().decode() == stored
    assert "\x00" not in stored
    assert unicodedata.is_normalized("NFC", stored)


def test_thirty_marks_over_a_letter_are_taken_and_more_are_not() -> None:
    assert composed("а" + "\u0323" * 30, label="Поле", max_length=100)
    with pytest.raises(InvalidValue, match="слишком много знаков"):
        composed("а" + "\u0323" * 31, label="Поле", max_length=100)


def test_a_text_that_is_long_only_before_composing_is_left_to_the_exact_limit() -> None:
    assert composed("и\u0306" * 10, label="Поле", max_length=10) == "й" * 10
    assert composed("s\u0323\u0307" * 10, label="Поле", max_length=10) == "ṩ" * 10
    with pytest.raises(InvalidValue, match="не больше 10 символов, сейчас 41"):
        composed("а" * 41, label="Поле", max_length=10)


def test_invisible_characters_go_and_emoji_can_keep_theirs() -> None:
    assert without_invisible("а\u200bб\u202eв\u00adг\ufeffд\U000e0041") == "абвгд"
    assert without_bidi("👨\u200d👩\u202e") == "👨\u200d👩"
    assert without_control("а\x00б\x85\n") == "аб"
    assert without_surrogates("а\udfffб") == "а_б"


@pytest.mark.parametrize(
    ("text", "blank"), [("", True), ("\u3164\u200b \n", True), ("а", False), (".", False)]
)
def test_a_text_is_blank_when_nothing_of_it_is_seen(text: str, blank: bool) -> None:
    assert is_blank(text) is blank


def test_lines_and_dashes_are_made_plain() -> None:
    assert one_line(" а \n\t б\u00a0в ") == "а б в"
    assert plain_dashes("а—б–в\u2011г−д") == "а-б-в-г-д"
    assert plain_hyphens("а—б–в\u2011г−д") == "а—б–в-г-д"


def test_a_number_loses_its_separators_only() -> None:
    assert bare_number(" 1-2.3 4\u00a05–6 ", label="Номер") == "123456"
    assert bare_number("1/2а", label="Номер") == "1/2а"
    with pytest.raises(InvalidValue, match="Номер: слишком длинное значение"):
        bare_number("1" * 101, label="Номер")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("12о", "Номер: вместо буквы «о» наберите цифру 0."),
        ("12ж", "Номер: только цифры, уберите символ «ж»."),
        ("12\x00", "Номер: только цифры, уберите невидимый символ."),
        ("12\ud800", "Номер: только цифры, уберите невидимый символ."),
        ("12３", "Номер: наберите номер обычными цифрами 0–9, символ «３» не подходит."),
    ],
)
def test_a_wrong_character_in_a_number_is_named(text: str, sentence: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        refuse_not_digits(text, label="Номер")
    assert caught.value.message == sentence


def test_digits_alone_pass() -> None:
    refuse_not_digits("0123456789", label="Номер")
    refuse_not_digits("", label="Номер")


def test_a_character_nobody_sees_is_told_in_words() -> None:
    assert shown("<") == "символ «<»"
    assert shown("\u3164") == shown("\x1b") == "невидимый символ"


def test_thousands_are_grouped_from_ten_thousand_on() -> None:
    assert [grouped(number) for number in (0, 9_999, 10_000, 1_234_567)] == [
        "0",
        "9999",
        "10\u00a0000",
        "1\u00a0234\u00a0567",
    ]
