"""Registration numbers: made from the company's pattern or typed by staff, and the key for finding them.

A number is text: «299», «ТП-299/2026». Knows no counter row and no uniqueness: those are the database's.
"""

import re
from collections.abc import Callable
from datetime import date

from app.characters import (
    composed,
    is_blank,
    one_line,
    plain_dashes,
    refuse_control,
    refuse_longer,
    shown,
    without_invisible,
)
from app.errors import InvalidValue

LONGEST_NUMBER = 40
_LONGEST_PATTERN = 60
_LABEL = "Регистрационный номер"
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_COUNTER = re.compile(r"n(?::0([1-9]))?")
_NOT_IN_NUMBER = re.compile(r"[^0-9A-Za-zА-Яа-яЁё/.№ -]")
_DATE_PARTS: dict[str, Callable[[date], str]] = {
    "year": lambda day: f"{day.year:04}",
    "yy": lambda day: f"{day.year % 100:02}",
    "month": lambda day: f"{day.month:02}",
}


def format_number(pattern: str, counter: int, day: date) -> str:
    """The number of the `counter`-th registration by a pattern such as «{n}», «{n:05}», «ТП-{n}/{year}».

    Placeholders: {n} with an optional width of 1–9 digits, which must be there, {year}, {yy}, {month} of
    `day`. Raises InvalidValue for any other, for stray braces and for a number that `parse_number` would
    refuse.
    """
    if len(pattern) > _LONGEST_PATTERN:
        raise InvalidValue(f"Шаблон номера: не больше {_LONGEST_PATTERN} символов.")
    names = _PLACEHOLDER.findall(pattern)
    if not any(map(_COUNTER.fullmatch, names)):
        raise InvalidValue("Шаблон номера: нужен счетчик {n}, например «ТП-{n}/{year}».")
    number = _PLACEHOLDER.sub(lambda found: _filled(found[1], counter, day), pattern)
    if "{" in number or "}" in number:
        raise InvalidValue("Шаблон номера: лишняя фигурная скобка. Пример: «ТП-{n}/{year}».")
    return parse_number(number)


def _filled(name: str, counter: int, day: date) -> str:
    if found := _COUNTER.fullmatch(name):
        return str(counter).zfill(int(found[1] or 1))
    if name in _DATE_PARTS:
        return _DATE_PARTS[name](day)
    raise InvalidValue(
        f"Шаблон номера: неизвестная вставка {{{name}}}. Есть {{n}}, {{n:05}}, {{year}}, {{yy}}, {{month}}."
    )


def parse_number(text: str) -> str:
    """A registration number typed by staff: 1–40 characters, a leading «№» goes; raises InvalidValue."""
    number = composed(text, label=_LABEL, max_length=LONGEST_NUMBER)
    refuse_control(number, label=_LABEL)
    number = plain_dashes(one_line(one_line(without_invisible(number)).removeprefix("№")))
    if is_blank(number):
        raise InvalidValue(f"{_LABEL}: введите номер, например 299.")
    refuse_longer(number, label=_LABEL, max_length=LONGEST_NUMBER)
    wrong = _NOT_IN_NUMBER.search(number)
    if wrong:
        raise InvalidValue(
            f"{_LABEL}: уберите {shown(wrong.group())}. Подходят буквы, цифры, пробел и знаки - / . №"
        )
    if not number_key(number):
        raise InvalidValue(f"{_LABEL}: нужна хотя бы одна буква или цифра.")
    return number


def number_key(text: str) -> str:
    """The key for finding a number however it is typed: letters and digits alone, caseless («тп2992026»).

    Different numbers may share a key («1-23» and «12-3»), so it never decides whether a number is taken.
    """
    return "".join(filter(str.isalnum, text.casefold()))
