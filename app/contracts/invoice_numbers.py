"""Numbers of invoices as payers write them in the purpose of a payment.

Knows texts only: «Оплата по счету № 12 от 01.11.2026, договор ТП № 299-ТП/2026» names invoice 12.
"""

import re

from app.characters import plain_dashes, without_invisible

_LONGEST_TEXT = 1000
#: Latin letters that look like Cyrillic ones: payers type «C4-12» on either keyboard.
_LOOKALIKES = str.maketrans("abcehkmoptxy", "авсенкмортху")
_LEADING_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")
#: «счет», «счету», «сч.», then perhaps its date, «№», and the number. Personal and bank accounts are счета too:
#: the first group tells them.
_AFTER_INVOICE = re.compile(
    r"(лицев\w{0,5}\s?|расч[её]тн\w{0,5}\s?|[лр]\s?/\s?)?"
    r"\b(?:сч[её]т\w{0,6}|сч)\b[.:,]?\s?"
    r"(?:на оплату\s?)?(?:от\s?[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{2,4}\s?(?:г\b\.?)?\s?)?(?:№|n|#)?[.:]?\s?"
    r"([0-9a-zа-я][0-9a-zа-я/-]*)"
)
_TOKEN = re.compile(r"[0-9a-zа-я][0-9a-zа-я/-]*")
_DATE_GLUED = re.compile(r"(?<=[0-9])от$")


def number_key(number: str) -> str:
    """What two spellings of a number share: case, spaces, leading zeros and look-alike letters do not count."""
    text = plain_dashes(without_invisible(number)).casefold().translate(_LOOKALIKES)
    return _LEADING_ZEROS.sub("", "".join(text.replace("№", "").split()))


def numbers_in(purpose: str) -> set[str]:
    """Keys (as `number_key` makes them) of all that may be an invoice's number in the purpose of a payment.

    A bare number counts only right after the word «счет»: others are dates, contracts and houses. A number with
    letters counts wherever it stands.
    """
    text = " ".join(plain_dashes(without_invisible(purpose[:_LONGEST_TEXT])).casefold().split())
    named = {found[2] for found in _AFTER_INVOICE.finditer(text) if not found[1]}
    named |= {token for token in _TOKEN.findall(text) if any(map(str.isalpha, token))}
    named = {_DATE_GLUED.sub("", token.rstrip("-/")) for token in named}
    return {number_key(token) for token in named if any(map(str.isdecimal, token))}
