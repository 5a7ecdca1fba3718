"""Which characters a typed text may hold: the ground of all rules about names, numbers, messages and files.

Knows characters only: nothing of names, of people or of cases. Lengths are in characters after NFC.
"""

import re
import unicodedata

from app.errors import InvalidValue

#: Marks that turn the reading direction; in a name they can show another text than is stored.
BIDI = "\u061c\u200e\u200f" + "".join(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x2070))))
#: Characters of no width: soft hyphen, joiners, byte order mark, tag characters of emoji flags.
ZERO_WIDTH = "\u00ad\u034f\u180e\u200b\u200c\u200d\u2060\u2061\u2062\u2063\u2064\ufeff" + "".join(
    map(chr, range(0xE0000, 0xE0080))
)
#: Letters and signs that print as nothing: Hangul fillers, the blank Braille pattern, variation selectors.
_BLANK = "\u115f\u1160\u2800\u3164\uffa0" + "".join(map(chr, range(0xFE00, 0xFE10)))
#: What people and programs put between the groups of a number: spaces of all widths, dashes, dots.
HYPHENS = "-\u2010\u2011\u2012\u2212"
DASHES = HYPHENS + "\u2013\u2014\u2015"
SPACES = " \u00a0\u2007\u2009\u202f"
#: A number with its separators is never longer; more is a wrong paste and is not even looked through.
LONGEST_NUMBER = 100
#: UAX #15 calls a text stream-safe when it has at most 30 combining marks in a row. NFC of longer runs takes
#: quadratic time (2 seconds for 40 000 marks), so they are refused before it.
_LONGEST_MARKS = 30

_TO_NOTHING = dict.fromkeys(map(ord, BIDI + ZERO_WIDTH))
_BIDI_TO_NOTHING = dict.fromkeys(map(ord, BIDI))
_BLANK_TO_NOTHING = dict.fromkeys(map(ord, BIDI + ZERO_WIDTH + _BLANK))
_SEPARATORS_TO_NOTHING = dict.fromkeys(map(ord, BIDI + ZERO_WIDTH + DASHES + SPACES + "."))
_PLAIN_DASH = {ord(dash): "-" for dash in DASHES}
_PLAIN_HYPHEN = {ord(hyphen): "-" for hyphen in HYPHENS}
_SURROGATE = re.compile("[\ud800-\udfff]")
#: Controls of both blocks, and the two non-characters that XML (so DOCX and XLSX) cannot hold.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ufffe\uffff]")


def composed(text: str, *, label: str, max_length: int) -> str:
    """The text trimmed and in NFC, safe to store on both databases.

    Raises InvalidValue for lone surrogates, for heaps of combining marks and for a text so much over
    `max_length` that composing cannot save it. The exact length is for `refuse_longer`, after the caller's
    own cleaning.
    """
    text = text.strip()
    if len(text) > 4 * max_length:  # NFC shortens a text to a third at most
        raise too_long(label, max_length, len(text))
    if _SURROGATE.search(text):
        raise InvalidValue(f"{label}: в тексте испорченный символ. Наберите это место заново.")
    if not text.isascii():
        _refuse_heaps_of_marks(text, label)
    return unicodedata.normalize("NFC", text)


def _refuse_heaps_of_marks(text: str, label: str) -> None:
    run = 0
    for character in text:
        run = run + 1 if character >= "\u0300" and unicodedata.combining(character) else 0
        if run > _LONGEST_MARKS:
            raise InvalidValue(f"{label}: слишком много знаков над одной буквой. Уберите их.")


def refuse_longer(text: str, *, label: str, max_length: int) -> None:
    """Raise InvalidValue when the text has more than `max_length` characters."""
    if len(text) > max_length:
        raise too_long(label, max_length, len(text))


def too_long(label: str, max_length: int, length: int) -> InvalidValue:
    """The refusal of a text of `length` characters where `max_length` are allowed."""
    return InvalidValue(f"{label}: не больше {grouped(max_length)} символов, сейчас {grouped(length)}.")


def refuse_control(text: str, *, label: str, allowed: str = "") -> None:
    """Raise InvalidValue when the text holds a control character that is not in `allowed`."""
    for found in _CONTROL.finditer(text):
        if found.group() not in allowed:
            raise InvalidValue(f"{label}: в тексте невидимый управляющий символ. Наберите это место заново.")


def without_control(text: str) -> str:
    """The text without control characters; for names of files, which are mended and not refused."""
    return _CONTROL.sub("", text)


def without_surrogates(text: str) -> str:
    """The text with «_» in place of lone surrogates, which no encoding can carry."""
    return _SURROGATE.sub("_", text)


def without_invisible(text: str) -> str:
    """The text without direction marks and characters of no width."""
    return text.translate(_TO_NOTHING)


def without_bidi(text: str) -> str:
    """The text without direction marks; joiners stay, because emoji need them."""
    return text.translate(_BIDI_TO_NOTHING)


def is_blank(text: str) -> bool:
    """Whether nothing of the text can be seen on a page."""
    return not text.translate(_BLANK_TO_NOTHING).strip()


def one_line(text: str) -> str:
    """The text with every run of spaces, tabs and line ends made one space."""
    return " ".join(text.split())


def plain_dashes(text: str) -> str:
    """The text with every kind of dash made the ASCII hyphen: phones and Word change it unasked."""
    return text.translate(_PLAIN_DASH)


def plain_hyphens(text: str) -> str:
    """The text with special hyphens and the minus made the ASCII hyphen; real dashes stay."""
    return text.translate(_PLAIN_HYPHEN)


def bare_number(text: str, *, label: str) -> str:
    """A typed number without the spaces, dashes and dots between its groups; wrong characters stay in it.

    Raises InvalidValue when far more was pasted than any number has.
    """
    text = text.strip()
    if len(text) > LONGEST_NUMBER:
        raise InvalidValue(f"{label}: слишком длинное значение. Проверьте, что вставлен только номер.")
    return text.translate(_SEPARATORS_TO_NOTHING)


def refuse_not_digits(text: str, *, label: str) -> None:
    """Raise InvalidValue that names the first character other than the ASCII digits 0–9."""
    wrong = next((character for character in text if character not in "0123456789"), None)
    if wrong is None:
        return
    if wrong in "oOоО":
        raise InvalidValue(f"{label}: вместо буквы «{wrong}» наберите цифру 0.")
    if wrong.isdecimal():
        raise InvalidValue(f"{label}: наберите номер обычными цифрами 0–9, символ «{wrong}» не подходит.")
    raise InvalidValue(f"{label}: только цифры, уберите {shown(wrong)}.")


def shown(character: str) -> str:
    """How a sentence names one character: itself in quotes, or in words when it cannot be seen."""
    return (
        f"символ «{character}»" if character.isprintable() and not is_blank(character) else "невидимый символ"
    )


def grouped(number: int) -> str:
    """A number with no-break spaces between thousands from 10 000 on: «9500», «10 000»."""
    return f"{number:,}".replace(",", "\u00a0") if abs(number) >= 10_000 else str(number)
