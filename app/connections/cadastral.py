"""Cadastral numbers of plots and buildings, as in ЕГРН: district:area:quarter:object."""

import re

from app.characters import refuse_control, without_invisible
from app.errors import InvalidValue

MOST_NUMBERS = 10
_LONGEST = 600
_NUMBER = re.compile(r"[0-9]{2}:[0-9]{2}:[0-9]{6,7}:[0-9]{1,7}")
_COLON = re.compile(r"\s*[:\uff1a\ufe55\u2236]\s*")
_BETWEEN = re.compile(r"[\s,;]+")
_EXAMPLE = "Пример: 59:01:4410000:123."


def parse_cadastral_numbers(text: str) -> list[str]:
    """The cadastral numbers of a text, at most 10, each once, in the order typed; none for an empty text.

    They are parted by commas, semicolons, spaces or new lines; spaces around colons and colons of other widths are
    mended. Raises InvalidValue with an example.
    """
    text = text.strip()
    if len(text) > _LONGEST:
        raise InvalidValue(f"Кадастровый номер: не больше {MOST_NUMBERS} номеров через запятую. {_EXAMPLE}")
    refuse_control(text, label="Кадастровый номер", allowed="\t\r\n")
    typed = _BETWEEN.split(_COLON.sub(":", without_invisible(text)))
    numbers = list(dict.fromkeys(filter(None, typed)))
    if len(numbers) > MOST_NUMBERS:
        raise InvalidValue(f"Кадастровый номер: не больше {MOST_NUMBERS} номеров, у вас {len(numbers)}.")
    for number in numbers:
        _check(number)
    return numbers


def _check(number: str) -> None:
    if _NUMBER.fullmatch(number):
        return
    shown = number if len(number) <= 30 and number.isprintable() else "номер"
    if number.count(":") != 3:
        reason = "нужны четыре группы цифр через двоеточие"
    elif not number.replace(":", "").isascii() or not number.replace(":", "").isdecimal():
        reason = "только цифры 0–9 и двоеточия"
    else:
        reason = "в группах 2, 2, 6 или 7 и от 1 до 7 цифр"
    raise InvalidValue(f"Кадастровый номер «{shown}»: {reason}. {_EXAMPLE}")
