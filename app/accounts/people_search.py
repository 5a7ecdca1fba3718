"""What the office types to find a person, read as a number, an address or words. Pure; knows no database."""

import re
from dataclasses import dataclass

from app.accounts.contacts import email_key
from app.characters import bare_number, composed, refuse_control, refuse_longer, without_invisible
from app.errors import InvalidValue

LONGEST = 200
#: Fewer digits are in every other number.
FEWEST_DIGITS = 4
_MOST_WORDS = 6
#: SQLite folds no Cyrillic: a word is looked for in the ways people write it.
_WRITINGS = (str, str.lower, str.capitalize, str.upper)
_E = re.compile("[еёЕЁ]")


@dataclass(frozen=True)
class PeopleQuery:
    """One of three: digits of a number or phone, the beginning of an address, words of names and titles."""

    digits: str = ""
    address: str = ""
    words: tuple[str, ...] = ()


def parse_people_query(text: str) -> PeopleQuery:
    """How to look for what was typed; raises InvalidValue when nothing or too much was."""
    label = "Поиск"
    text = without_invisible(composed(text, label=label, max_length=LONGEST))
    refuse_control(text, label=label, allowed="\t")
    refuse_longer(text, label=label, max_length=LONGEST)
    if not text:
        raise InvalidValue("Введите фамилию, название, СНИЛС, ИНН, ОГРН, телефон или E-mail.")
    if "@" in text:
        return PeopleQuery(address=email_key(text))
    digits = _digits(text)
    if digits:
        if len(digits) < FEWEST_DIGITS:
            raise InvalidValue(f"Введите не меньше {FEWEST_DIGITS} цифр номера.")
        return PeopleQuery(digits=digits)
    return PeopleQuery(words=tuple(text.split()[:_MOST_WORDS]))


def _digits(text: str) -> str:
    if len(text) > LONGEST // 2:
        return ""
    bare = bare_number(text, label="Поиск").translate({ord(sign): None for sign in "+()"})
    return bare if bare.isascii() and bare.isdecimal() else ""


def phone_digits(digits: str) -> str:
    """The digits of a phone without the country's 7 or 8, as far as they were typed."""
    return digits[1:] if len(digits) == 11 and digits[0] in "78" else digits


def patterns(word: str) -> list[str]:
    """LIKE patterns (escape «\\») of one word in its usual writings, where «е» stands for «ё» and the other way round."""
    escaped = re.sub(r"([\\%_])", r"\\\1", word)
    return list(dict.fromkeys(_E.sub("_", writing(escaped)) for writing in _WRITINGS))
