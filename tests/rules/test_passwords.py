"""Which new passwords are taken."""

import pytest

from app.accounts.passwords import check_password
from app.errors import InvalidValue

OWN = ("ivanov.petr@example.ru", "Иванов", "Петр", "Григорьевич", "918-663-420 37", "ООО «Энергия»", "")


def refusal(password: str) -> str:
    with pytest.raises(InvalidValue) as caught:
        check_password(password, own=OWN)
    return caught.value.message


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "  восемь пробелов  ",
        "зеленый чайник",
        "🐘🐊🦒🐳🦔🐝🦊🐢",
        "xK9#mQ2v",
        "a" * 64 + "bcd" * 21,
        "иванов любит чай с мятой",  # a piece of one's own is fine in a long phrase
        "mail.ru-не-пароль-а-мечта",
        "NUL\x00inside!",
    ],
)
def test_a_password_counts_as_typed_whatever_its_characters(password: str) -> None:
    check_password(password, own=OWN)


@pytest.mark.parametrize("length", [0, 1, 7])
def test_a_short_password_is_refused(length: int) -> None:
    assert refusal("Жд7!ъяэ"[:length]).startswith("Пароль: не короче 8 символов.")


def test_the_limits_are_eight_and_a_hundred_and_twenty_eight_characters() -> None:
    check_password("Жд7!ъяэю", own=())
    check_password("Жд7!ъяэю" * 16, own=())
    assert refusal("Жд7!ъяэю" * 16 + "я") == "Пароль: не длиннее 128 символов."
    assert refusal("я" * 100_000) == "Пароль: не длиннее 128 символов."


@pytest.mark.parametrize(
    "password",
    [
        "password",
        "Password",
        "PASSWORD1!",
        "qwerty123",
        "12345678",
        "1234567890",
        "йцукенгш",
        "Йцукен123",
        "йцукен2024",
        "пароль123",
        "Пароль!!",
        "2024пароль",
        "gfhjkm123",  # «пароль» with the Latin layout on
        "ghbdtn12",  # «привет» so
        "1qaz2wsx",
        "qwertyuiop",
        "фывапролджэ",
        "солнышко",
        "aaaaaaaa",
        "11112222",
        "abcabcabc",
        "        ",
    ],
)
def test_a_well_known_password_is_refused(password: str) -> None:
    assert refusal(password).startswith("Этот пароль слишком известен.")


@pytest.mark.parametrize(
    "password",
    [
        "ivanov.petr@example.ru",
        "IVANOV.PETR",
        "ivanovpetr1",
        "Иванов1990",
        "ИвановПетр1990",
        "петр-григорьевич",
        "91866342037",
        "918-663-420 37",
        "ООО«Энергия»",
    ],
)
def test_a_password_made_of_ones_own_data_is_refused(password: str) -> None:
    assert refusal(password).startswith("Пароль повторяет ваши данные")


def test_a_character_that_no_encoding_can_carry_is_refused() -> None:
    assert "испорченный символ" in refusal("abcdefg\ud800xyz")


def test_huge_own_data_does_not_slow_the_check() -> None:
    check_password("зеленый чайник", own=["я " * 50_000, "x" * 100_000])
