"""The Russian passport: series, number, code of the department, dates. No part of it has a control digit.

Other identity papers are a kind and a free text; they are not checked here.
"""

import re
from datetime import date

from app.characters import bare_number, refuse_not_digits, without_invisible
from app.errors import InvalidValue

_YEAR_FIRST = re.compile(r"([0-9]{4})[-./ ]([0-9]{1,2})[-./ ]([0-9]{1,2})")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[-./ ]([0-9]{1,2})[-./ ]([0-9]{4})")
#: A numeric keyboard of a phone has no dot.
_BARE = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{4})")
_LONGEST_DATE = 20
_PASSPORT_AGE = 14


def parse_passport_series(text: str) -> str:
    """The 4 digits of a passport's series; raises InvalidValue."""
    return _digits(text, 4, "Серия паспорта", "серии паспорта")


def parse_passport_number(text: str) -> str:
    """The 6 digits of a passport's number; raises InvalidValue."""
    return _digits(text, 6, "Номер паспорта", "номера паспорта")


def parse_department_code(text: str) -> str:
    """Code of the department that issued a passport, as printed: «590-001»; raises InvalidValue."""
    digits = _digits(text, 6, "Код подразделения", "кода подразделения")
    return f"{digits[:3]}-{digits[3:]}"


def _digits(text: str, length: int, label: str, of_what: str) -> str:
    digits = bare_number(text, label=label)
    refuse_not_digits(digits, label=label)
    if len(digits) != length:
        yours = f", у вас {len(digits)}" if digits else ""
        raise InvalidValue(f"Введите {length} {'цифры' if length == 4 else 'цифр'} {of_what}{yours}.")
    return digits


def parse_date(text: str, *, earliest: date, latest: date, label: str, example: date) -> date:
    """A day typed as 01.02.1990, 1.2.1990, 01/02/1990, 1990-02-01 or 01021990: first the day, then the month.

    `label` begins the sentence of a refusal, and `example`, a day that such a field may well hold, shows the form of
    a day in it; both limits are allowed days. Raises InvalidValue.
    """
    day = _existing_day(*_numbers(text, label, example), label, example)
    if day < earliest:
        raise InvalidValue(f"{label}: не раньше {earliest:%d.%m.%Y}. Проверьте дату.")
    if day > latest:
        raise InvalidValue(f"{label}: не позже {latest:%d.%m.%Y}. Проверьте дату.")
    return day


def parse_issue_date(text: str, *, birthday: date, today: date) -> date:
    """The day a passport was issued: from the owner's 14th birthday to today; raises InvalidValue."""
    label = "Дата выдачи"
    day = parse_date(text, earliest=birthday, latest=today, label=label, example=today)
    if day < _anniversary(birthday, _PASSPORT_AGE):
        raise InvalidValue(f"{label}: паспорт выдают с 14 лет. Проверьте дату выдачи и дату рождения.")
    return day


def _numbers(text: str, label: str, example: date) -> tuple[int, int, int]:
    """Year, month and day as typed."""
    text = text.strip()
    text = without_invisible(text).strip() if len(text) <= _LONGEST_DATE else ""
    if found := _YEAR_FIRST.fullmatch(text):
        return int(found[1]), int(found[2]), int(found[3])
    if found := _DAY_FIRST.fullmatch(text) or _BARE.fullmatch(text):
        return int(found[3]), int(found[2]), int(found[1])
    raise InvalidValue(f"{label}: введите день, месяц и год, например {example:%d.%m.%Y}.")


def _existing_day(year: int, month: int, day: int, label: str, example: date) -> date:
    if not 1 <= month <= 12:
        raise InvalidValue(
            f"{label}: месяца {month} не бывает. Сначала день, потом месяц: {example:%d.%m.%Y}."
        )
    try:
        return date(year, month, day)
    except ValueError:
        raise InvalidValue(
            f"{label}: дня {day:02}.{month:02}.{year} в календаре нет. Проверьте дату."
        ) from None


def _anniversary(day: date, years: int) -> date:
    """The same day some years later; one born on 29 February is let in on the 28th of a plain year."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
