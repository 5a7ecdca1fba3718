"""What a person types to sign in: recognised by its shape, whatever choice is made above the field.

Nothing here tells whether a number or an address is right, let alone known: a wrong control digit passes, and
the sign-in answers as for any unknown person.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from app.accounts.contacts import email_key, parse_email
from app.characters import bare_number
from app.errors import InvalidValue

LoginKind = Literal["snils", "ogrn", "ogrnip", "email"]


@dataclass(frozen=True)
class LoginLabels:
    """Words of one way to sign in: the choice, and the label that the field takes with it."""

    choice: str
    field: str


#: The four ways in the order of the sign-in page.
LOGIN_KINDS: Mapping[LoginKind, LoginLabels] = MappingProxyType(
    {
        "snils": LoginLabels("Физическое лицо (вход по СНИЛС)", "СНИЛС"),
        "ogrn": LoginLabels("Юридическое лицо (вход по ОГРН)", "ОГРН"),
        "ogrnip": LoginLabels("Индивидуальный предприниматель (вход по ОГРНИП)", "ОГРНИП"),
        "email": LoginLabels("Вход по электронной почте", "E-mail"),
    }
)
_BY_LENGTH: Mapping[int, LoginKind] = MappingProxyType({11: "snils", 13: "ogrn", 15: "ogrnip"})
_UNRECOGNISED = "Введите СНИЛС (11 цифр), ОГРН (13 цифр), ОГРНИП (15 цифр) или адрес электронной почты."


def recognise(text: str) -> tuple[LoginKind, str]:
    """The kind and the stored form of a login identifier; raises InvalidValue when the shape is of none."""
    try:
        if "@" in text:
            return "email", email_key(parse_email(text))
        digits = bare_number(text, label="Логин")
    except InvalidValue:
        raise InvalidValue(_UNRECOGNISED) from None
    kind = _BY_LENGTH.get(len(digits))
    if kind is None or not (digits.isascii() and digits.isdecimal()):
        raise InvalidValue(_UNRECOGNISED)
    return kind, digits
