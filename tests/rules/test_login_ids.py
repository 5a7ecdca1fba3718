"""Recognising what is typed to sign in."""

import pytest

from app.accounts.login_ids import LOGIN_KINDS, recognise
from app.errors import InvalidValue


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("918-663-420-37", "snils", "91866342037"),
        (" 918 663 420 37\n", "snils", "91866342037"),
        ("1205900022085", "ogrn", "1205900022085"),
        ("304500116000157", "ogrnip", "304500116000157"),
        ("Ivanov@Example.RU", "email", "ivanov@example.ru"),
        ("ivan@пример.рф", "email", "ivan@xn--e1afmkfd.xn--p1ai"),
    ],
)
def test_the_shape_tells_the_kind(text: str, kind: str, value: str) -> None:
    assert recognise(text) == (kind, value)


@pytest.mark.parametrize(
    ("text", "kind"), [("112-233-445 96", "snils"), ("5087746147777", "ogrn"), ("304500116000158", "ogrnip")]
)
def test_a_wrong_control_digit_is_not_told_at_sign_in(text: str, kind: str) -> None:
    assert recognise(text)[0] == kind


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12345",
        "7707083893",
        "+79504000001",
        "иванов",
        "a@b",
        "иван@b.ru",
        "１" * 11,
        "\x00" * 11,
        "1" * 100_000,
    ],
)
def test_any_other_shape_is_answered_with_the_four_ways(text: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        recognise(text)
    assert caught.value.message == (
        "Введите СНИЛС (11 цифр), ОГРН (13 цифр), ОГРНИП (15 цифр) или адрес электронной почты."
    )


def test_the_four_choices_carry_the_labels_of_the_manual() -> None:
    assert [(labels.choice, labels.field) for labels in LOGIN_KINDS.values()] == [
        ("Физическое лицо (вход по СНИЛС)", "СНИЛС"),
        ("Юридическое лицо (вход по ОГРН)", "ОГРН"),
        ("Индивидуальный предприниматель (вход по ОГРНИП)", "ОГРНИП"),
        ("Вход по электронной почте", "E-mail"),
    ]
