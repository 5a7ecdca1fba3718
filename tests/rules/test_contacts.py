"""Phones, e-mail addresses and personal account numbers."""

import pytest

from app.accounts.contacts import (
    email_key,
    format_mobile,
    parse_email,
    parse_mobile,
    parse_personal_account,
)
from app.errors import InvalidValue


def refusal_of_mobile(text: str) -> str:
    with pytest.raises(InvalidValue) as caught:
        parse_mobile(text)
    return caught.value.message


def refusal_of_email(text: str) -> str:
    with pytest.raises(InvalidValue) as caught:
        parse_email(text)
    return caught.value.message


@pytest.mark.parametrize(
    "text",
    [
        "+7 950 400-00-01",
        "+7 950 400 00 01",
        "8 (950) 400-00-01",
        "89504000001",
        "79504000001",
        "9504000001",
        "+7\u00a0(950)\u00a0400\u201100\u201101\n",
        "\u202a+7 950 400-00-01\u202c",
    ],
)
def test_every_way_to_write_a_mobile_gives_one_form(text: str) -> None:
    assert parse_mobile(text) == "+79504000001"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Введите номер сотового телефона"),
        ("+", "Введите номер сотового телефона"),
        ("+380 50 123 45 67", "Нужен российский номер"),
        ("+1 900 555 01 23", "Нужен российский номер"),
        ("112", "Нужен номер сотового телефона"),
        ("+7 800 555-35-35", "Нужен номер сотового телефона"),
        ("84957850000", "Нужен номер сотового телефона"),
        ("+7 950 400-00-0", "Введите 10 цифр номера после +7, у вас 9 цифр."),
        ("8 950", "Введите 10 цифр номера после +7, у вас 3 цифры."),
        ("+7" + "9" * 24, "Введите 10 цифр номера после +7, у вас 24 цифры."),
        ("tel:+79504000001", "Сотовый телефон: только цифры, уберите символ «t»."),
        ("+7 950 4OO-00-01", "Сотовый телефон: вместо буквы «O» наберите цифру 0."),
        ("+7950400000１", "Сотовый телефон: наберите номер обычными цифрами 0–9"),
        ("9" * 100_000, "Сотовый телефон: слишком длинное значение."),
    ],
)
def test_a_phone_that_cannot_get_an_sms_is_refused(text: str, sentence: str) -> None:
    assert refusal_of_mobile(text).startswith(sentence)


def test_a_phone_is_printed_in_groups() -> None:
    assert format_mobile("+79504000001") == "+7 950 400-00-01"
    assert format_mobile("") == ""
    assert parse_mobile(format_mobile("+79504000001")) == "+79504000001"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("ivanov@example.ru", "ivanov@example.ru"),
        (" Ivanov.P+seti@Mail.Example.RU\n", "Ivanov.P+seti@mail.example.ru"),
        ("ivan@пример.рф", "ivan@xn--e1afmkfd.xn--p1ai"),
        ("ivan@ПРИМЕР.РФ", "ivan@xn--e1afmkfd.xn--p1ai"),
        ("ivan@xn--e1afmkfd.xn--p1ai", "ivan@xn--e1afmkfd.xn--p1ai"),
        ("\u200bivanov@example.ru\ufeff", "ivanov@example.ru"),
        ("o'connor_2@a-b.example.com", "o'connor_2@a-b.example.com"),
        ("a@b.test", "a@b.test"),
    ],
)
def test_a_usual_address_is_taken(text: str, address: str) -> None:
    assert parse_email(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ivanov",
        "@example.ru",
        "ivanov@",
        "a@b.ru, c@d.ru",
        "a@b.ru;c@d.ru",
        "a@b.ru\nBcc: x@y.ru",
        "a@b.ru\r\nBcc:x",
        "a@b@c.ru",
        '"a b"@c.ru',
        '"a"@c.ru',
        "a b@c.ru",
        "a@[127.0.0.1]",
        "a@127.0.0.1",
        "a@10.20.30.40",
        "a@localhost",
        "a@mail.localhost",
        "a@b",
        "a@b.c",
        "a@.ru",
        "a@b..ru",
        "a@b.ru.",
        "a@-b.ru",
        "a@b_c.ru",
        ".a@b.ru",
        "a..b@c.ru",
        "a.@b.ru",
        "Иван <ivan@b.ru>",
        "a@b.ru\x00",
        "a\ud800@b.ru",
        "a@" + "б" * 64 + ".ru",
        "a" * 65 + "@b.ru",
        "a@" + "b" * 300 + ".ru",
        "a@" + "b." * 130 + "ru",
        "a" * 100_000,
        "@" * 100_000,
        "a@" + "." * 200,
    ],
)
def test_what_is_no_single_public_address_is_refused(text: str) -> None:
    assert len(refusal_of_email(text)) < 120


def test_a_russian_part_before_the_sign_asks_for_latin_letters() -> None:
    assert "латиницей" in refusal_of_email("иван@пример.рф")


def test_an_over_long_address_is_told_its_length() -> None:
    assert refusal_of_email("a@" + "b" * 298) == "E-mail: не больше 254 символов, сейчас 300."


def test_the_case_of_letters_never_tells_two_addresses_apart() -> None:
    assert email_key(parse_email("Ivanov@Example.RU")) == email_key(parse_email("iVANOV@example.ru"))


@pytest.mark.parametrize("text", ["123456", " 1234 5678-90 ", "12345678901234567890"])
def test_a_personal_account_is_taken_with_or_without_spaces(text: str) -> None:
    assert parse_personal_account(text) == text.replace(" ", "").replace("-", "")


@pytest.mark.parametrize(
    "text", ["", "12345", "1" * 21, "12345а", "１23456", "123456\n7", "1" * 100_000, "\x00" * 9]
)
def test_a_wrong_personal_account_is_refused(text: str) -> None:
    if text == "123456\n7":
        assert parse_personal_account(text) == "1234567"
        return
    with pytest.raises(InvalidValue) as caught:
        parse_personal_account(text)
    assert caught.value.message.startswith(("Лицевой счет", "Введите лицевой счет"))


def test_the_pattern_of_the_company_decides_on_a_personal_account() -> None:
    assert parse_personal_account("КЛ-12/7", r"КЛ-\d{2}/\d") == "КЛ-12/7"
    with pytest.raises(InvalidValue, match="в квитанции"):
        parse_personal_account("1234567", r"КЛ-\d{2}/\d")
    with pytest.raises(InvalidValue, match="в квитанции"):
        parse_personal_account("КЛ-１２/7", r"КЛ-\d{2}/\d")
