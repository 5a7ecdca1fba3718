"""What the public page of checks takes and what it says: pure.

It tells of a signature what the file itself or its sheet tells anyway: number, day, side, kind, whether it is right. Names,
titles and the case stay out of it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from app.accounts.throttle import Limit
from app.errors import InvalidValue
from app.signing.signature_rules import typed_number

#: Files that anybody sends from one address of the network: each is read whole.
FROM_ADDRESS = Limit("check-file", 30, timedelta(hours=1))
NO_FILE = "Выберите файл, который нужно проверить."
BAD_NUMBER = "Номер подписи: 12 букв и цифр, например 7K3M-92QX-4TFD. Он стоит в листе подписания и под документом в кабинете."
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Found:
    """One signature as anybody may know of it."""

    number: str
    day: date
    side: str
    kind: str
    whole: bool
    sha256: str


def asked_number(text: str) -> str:
    """The number that somebody typed in its one form; raises InvalidValue for what cannot be one."""
    number = typed_number(text[:100])
    if not number:
        raise InvalidValue(BAD_NUMBER)
    return number


def asked_hash(text: str) -> str:
    """The hash that a browser has computed; raises InvalidValue for what is none."""
    plain = text.strip().lower()[:100]
    if _HASH.fullmatch(plain) is None:
        raise InvalidValue(NO_FILE)
    return plain


def state_words(found: Found) -> tuple[str, str]:
    """Whether a signature is right, in words and as a tone."""
    if not found.whole:
        return "запись о подписи повреждена, обратитесь в сетевую организацию", "bad"
    return "действительна", "ok"


WORDS: Mapping[str, str] = {
    "found": "Файл подписан, после подписания он не изменен",
    "unknown": "Такой файл здесь не подписывали",
    "number": "Подпись с таким номером есть",
    "no_number": "Подписи с таким номером здесь нет",
}
