"""Names of people and titles of organisations: which characters they hold and how they are shortened.

Knows nothing of who a person is. Look-alike letters of two alphabets are told, not refused: old registers are
full of them.
"""

import re

from app.characters import (
    composed,
    is_blank,
    one_line,
    plain_dashes,
    plain_hyphens,
    refuse_control,
    refuse_longer,
    shown,
    without_invisible,
)
from app.errors import InvalidValue

#: Letters of the two alphabets with all their national additions; digits and signs are apart.
_LETTERS = "A-Za-zÀ-ÖØ-öø-ɏḀ-ỿЀ-ҁҊ-ԯ"
_LETTER = re.compile(f"[{_LETTERS}]")
_NOT_IN_NAME = re.compile(f"[^{_LETTERS}'’ʼ. -]")
_NOT_IN_TITLE = re.compile(rf"[^{_LETTERS}0-9'’ʼ\"«»„“”‘№–—.,:;()/&+!?*#%@_ -]")
_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile("[A-Za-z]")
_CYRILLIC = re.compile("[Ѐ-ԯ]")


def clean_name(text: str, *, label: str, required: bool = True, max_length: int = 100) -> str:
    """One part of a person's name: letters, hyphen, apostrophe, dot and space, NFC, single spaces.

    `label` begins the sentence of a refusal («Фамилия»). An empty name that is not required gives the empty
    string.
    """
    name = plain_dashes(_clean(text, label, required, max_length))
    wrong = _NOT_IN_NAME.search(name)
    if wrong:
        raise InvalidValue(
            f"{label}: уберите {shown(wrong.group())}. Подходят буквы, дефис, апостроф, точка и пробел."
        )
    if name and not _LETTER.search(name):
        raise InvalidValue(f"{label}: нужна хотя бы одна буква.")
    return name


def clean_title(text: str, *, label: str, required: bool = True, max_length: int = 300) -> str:
    """Title of an organisation: as a name, and digits, quotes, «№» and the usual punctuation too."""
    title = plain_hyphens(_clean(text, label, required, max_length))
    wrong = _NOT_IN_TITLE.search(title)
    if wrong:
        raise InvalidValue(
            f"{label}: уберите {shown(wrong.group())}. Подходят буквы, цифры, кавычки и знаки препинания."
        )
    if title and not any(map(str.isalnum, title)):
        raise InvalidValue(f"{label}: нужна хотя бы одна буква или цифра.")
    return title


def _clean(text: str, label: str, required: bool, max_length: int) -> str:
    text = composed(text, label=label, max_length=max_length)
    refuse_control(text, label=label, allowed="\t\r\n")
    text = one_line(composed(without_invisible(text), label=label, max_length=max_length))
    if is_blank(text):
        if required:
            raise InvalidValue(f"{label}: заполните это поле.")
        return ""
    refuse_longer(text, label=label, max_length=max_length)
    return text


def mixed_alphabets(text: str) -> bool:
    """Whether one word mixes Latin and Cyrillic letters («Ивaнов» with a Latin «a»): worth a warning."""
    return any(_LATIN.search(word) and _CYRILLIC.search(word) for word in _WORD.findall(text))


def full_name(last: str, first: str, middle: str = "") -> str:
    """«Иванов Петр Григорьевич»; parts that are empty leave no gap."""
    return " ".join(part for part in (last, first, middle) if part)


def short_name(last: str, first: str, middle: str = "") -> str:
    """«Сергеев П. С.»; a double name keeps both initials («А.-М.»), a name of two words the first one."""
    return " ".join(part for part in (last, _initials(first), _initials(middle)) if part)


def _initials(name: str) -> str:
    words = name.split()
    return "-".join(f"{part[0]}." for part in words[0].split("-") if part) if words else ""


def applicant_name(legal_form: str, title: str, person: str) -> str:
    """As pages and letters call an applicant: a person's full name, the same after «ИП», or the title of a firm."""
    if legal_form == "legal_entity":
        return title
    return f"ИП {person}" if legal_form == "sole_trader" else person
