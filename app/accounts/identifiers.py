"""СНИЛС, ИНН, ОГРН, ОГРНИП and КПП: shape and control digits.

Values are stored as bare ASCII digits (КПП may hold two Latin capitals). Regions are never compared: firms
move and keep their numbers. Knows nothing of who owns a number or whether it exists.
"""

import re
from collections.abc import Mapping
from typing import Literal

from app.characters import bare_number, refuse_not_digits
from app.errors import InvalidValue

#: Numbers up to 001-001-998 were issued without a control number.
_LAST_UNCHECKED_SNILS = 1_001_998
_INN_10 = (2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN_12_FIRST = (7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN_12_SECOND = (3, *_INN_12_FIRST)
_KPP = re.compile(r"[0-9]{4}[0-9A-Z]{2}[0-9]{3}")

_OTHER_INN: dict[int, Mapping[int, str]] = {
    10: {12: "ИНН организации состоит из 10 цифр, у вас 12: такой ИНН у человека или предпринимателя."},
    12: {10: "ИНН предпринимателя состоит из 12 цифр, у вас 10: такой ИНН у организации."},
}
_OGRNIP_TYPED = {
    15: "ОГРН состоит из 13 цифр, у вас 15: это похоже на ОГРНИП. "
    "Для предпринимателя выберите правовую форму «Индивидуальный предприниматель»."
}
_OGRN_TYPED = {
    13: "ОГРНИП состоит из 15 цифр, у вас 13: это похоже на ОГРН. "
    "Для организации выберите правовую форму «Юридическое лицо»."
}


def parse_snils(text: str) -> str:
    """The 11 digits of a СНИЛС; raises InvalidValue for a wrong length, character or control number."""
    digits = _digits(text, "СНИЛС", 11)
    number, control = int(digits[:9]), int(digits[9:])
    if number > _LAST_UNCHECKED_SNILS and control != _snils_control(digits):
        raise InvalidValue("Проверьте номер СНИЛС: контрольное число не сходится.")
    return digits


def _snils_control(digits: str) -> int:
    """Control number of the first nine digits: their weighted sum mod 101, where 100 is written as 00."""
    total = sum(int(digit) * (9 - place) for place, digit in enumerate(digits[:9]))
    return total % 101 % 100


def format_snils(digits: str) -> str:
    """How a СНИЛС is printed: «91866342037» → «918-663-420 37»; the empty string stays empty."""
    return f"{digits[:3]}-{digits[3:6]}-{digits[6:9]} {digits[9:]}" if digits else ""


def parse_inn(text: str, *, length: Literal[10, 12]) -> str:
    """The digits of an ИНН: 10 for a legal entity, 12 for a person or a sole trader; raises InvalidValue."""
    digits = _digits(text, "ИНН", length, _OTHER_INN[length])
    if length == 10:
        right = _inn_control(digits, _INN_10) == digits[9]
    else:
        right = _inn_control(digits, _INN_12_FIRST) + _inn_control(digits, _INN_12_SECOND) == digits[10:]
    if not right:
        raise InvalidValue("Проверьте ИНН: контрольная цифра не сходится.")
    return digits


def _inn_control(digits: str, weights: tuple[int, ...]) -> str:
    total = sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=False))
    return str(total % 11 % 10)


def parse_ogrn(text: str) -> str:
    """The 13 digits of a legal entity's ОГРН; raises InvalidValue, also for ОГРНИП and numbers of records."""
    digits = _digits(text, "ОГРН", 13, _OGRNIP_TYPED)
    if digits[0] not in "15":
        raise InvalidValue("Проверьте ОГРН: он начинается с цифры 1 или 5. Номер записи (ГРН) не подходит.")
    if str(int(digits[:12]) % 11 % 10) != digits[12]:
        raise InvalidValue("Проверьте ОГРН: контрольная цифра не сходится.")
    return digits


def parse_ogrnip(text: str) -> str:
    """The 15 digits of a sole trader's ОГРНИП; raises InvalidValue, also for ОГРН and numbers of records."""
    digits = _digits(text, "ОГРНИП", 15, _OGRN_TYPED)
    if digits[0] != "3":
        raise InvalidValue("Проверьте ОГРНИП: он начинается с цифры 3. Номер записи (ГРНИП) не подходит.")
    if str(int(digits[:14]) % 13 % 10) != digits[14]:
        raise InvalidValue("Проверьте ОГРНИП: контрольная цифра не сходится.")
    return digits


def parse_kpp(text: str) -> str:
    """The 9 characters of a КПП, with Latin capitals possible at places 5 and 6; it has no control digit."""
    value = bare_number(text, label="КПП")
    if len(value) != 9:
        raise InvalidValue(_wrong_length("9 знаков КПП", len(value)))
    value = value.upper() if value.isascii() else value
    if not _KPP.fullmatch(value):
        raise InvalidValue("Проверьте КПП: 9 цифр, только на пятом и шестом местах бывают латинские буквы.")
    if not value.strip("0"):
        raise InvalidValue("Проверьте КПП: он не может состоять из одних нулей.")
    return value


def _digits(text: str, name: str, length: int, other_lengths: Mapping[int, str] | None = None) -> str:
    """Exactly `length` digits, not all zeros, which pass every control sum.

    `other_lengths` holds the sentences for lengths that tell which other number was typed.
    """
    digits = bare_number(text, label=name)
    refuse_not_digits(digits, label=name)
    if len(digits) != length:
        other = (other_lengths or {}).get(len(digits))
        raise InvalidValue(other or _wrong_length(f"{length} цифр {name}", len(digits)))
    if not digits.strip("0"):
        raise InvalidValue(f"Проверьте {name}: номер не может состоять из одних нулей.")
    return digits


def _wrong_length(what: str, length: int) -> str:
    return f"Введите {what}, у вас {length}." if length else f"Введите {what}."
