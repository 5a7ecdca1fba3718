"""Codes from an SMS by which an individual signs: how long and how often they hold, what the SMS and the pages say. Pure.

A code is a simple electronic signature (63-ФЗ, articles 6 and 9): it needs the agreement of the participants, and it
signs exactly the documents for which it was asked. The figures are those of the design (security.md, G2 and N2).
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from app.company.wording import plural
from app.signing.signature_rules import canonical

DIGITS = 6
#: How long a code holds and how often it may be guessed.
LIFE = timedelta(minutes=10)
MOST_TRIES = 5

#: One segment of an SMS in UCS-2.
LONGEST_SMS = 70
_LINE = " \n@ #"

Standing = Literal["open", "used", "replaced", "spent", "expired", "elsewhere"]


@dataclass(frozen=True)
class Cap:
    """At most `most` codes within `window`; `words` say of what."""

    most: int
    window: timedelta
    words: str


#: Codes for one document, whoever of its side asks, to one number, for one account. SMS of every kind have limits of their
#: own by number, address of the network and for the whole site (`notifications.sms_rules`).
FOR_DOCUMENT = Cap(5, timedelta(hours=1), "Для этого документа за час запросили {} кодов, больше нельзя.")
TO_NUMBER = Cap(5, timedelta(days=1), "На ваш номер за сутки отправлено {} кодов, больше нельзя.")
FOR_ACCOUNT = Cap(10, timedelta(days=1), "За сутки вы запросили {} кодов, больше нельзя.")
GUESSES = Cap(
    10, timedelta(hours=1), "За час вы ввели {} кодов: чтобы код не подобрали, больше мы не проверяем."
)

#: What a page says when a code signs nothing any more.
WHY_NOT: Mapping[str, str] = {
    "expired": "Код действовал 10 минут, это время прошло. Запросите новый код.",
    "spent": "Код ввели неверно 5 раз, он больше не действует. Запросите новый код.",
    "replaced": "Этот код больше не действует: после него запросили новый или документы изменились.",
    "elsewhere": "Этот код запросили в другом окне входа. Здесь он не действует: запросите новый код.",
}
CHANGED = (
    "Документ изменился после того, как вы запросили код, поэтому мы его не приняли: ничего не подписано. "
    "Откройте документ еще раз и запросите новый код."
)
DAMAGED = (
    "Файл документа на сервере отличается от размещенного, поэтому мы не приняли код: ничего не подписано. "
    "Позвоните в сетевую организацию, чтобы она разместила документ заново."
)
NO_AGREEMENT = "Сначала примите соглашение: без него код из СМС не считается подписью."
AGREEMENT_CHANGED = "Вышла новая редакция соглашения. Прочитайте ее, примите и запросите новый код."
NO_NUMBER = (
    "В учетной записи нет номера сотового телефона, код отправить некуда. "
    "Сообщите номер в офисе сетевой организации."
)
#: Followed by the day and the time.
NEW_NUMBER = "Вы недавно сменили номер телефона. Подписать кодом с нового номера можно с"
NUMBER_CHANGED = "Номер телефона в учетной записи изменился. Запросите код на новый номер."
BY_CERTIFICATE = "Кодом из СМС подписывают только физические лица. Подпишите документ сертификатом."


def standing(state: str, *, tries: int, expires_at: datetime, same_session: bool, at: datetime) -> Standing:
    """What a code is worth now for who looks at it: «open» alone can be entered."""
    if state == "used":
        return "used"
    if state != "open":
        return "expired" if state == "expired" else "spent" if state == "spent" else "replaced"
    if expires_at <= at:
        return "expired"
    if tries >= MOST_TRIES:
        return "spent"
    return "open" if same_session else "elsewhere"


def wrong_words(left: int) -> str:
    """«Неверный код. Осталось 2 попытки.»; nothing is left: what to do."""
    if left <= 0:
        return "Неверный код. Попыток больше нет: запросите новый код."
    remain = plural(left, "Осталась", "Осталось", "Осталось")
    return f"Неверный код. {remain} {left} {plural(left, 'попытка', 'попытки', 'попыток')}."


def seconds_to_wait(cap: Cap, times: Sequence[datetime], at: datetime) -> int:
    """Seconds until a cap lets one more through, 0 when it does now; `times` are those of earlier ones."""
    counted = sorted(one for one in times if one > at - cap.window)
    if len(counted) < cap.most:
        return 0
    return max(1, -int(-(counted[-cap.most] + cap.window - at).total_seconds() // 1))


def wait_words(seconds: int) -> str:
    """«через 48 с», «через 12 минут», «через 3 часа»."""
    if seconds < 90:
        return f"через {seconds} с"
    minutes = -(-seconds // 60)
    if minutes < 90:
        return f"через {minutes} {plural(minutes, 'минуту', 'минуты', 'минут')}"
    hours = -(-minutes // 60)
    return f"через {hours} {plural(hours, 'час', 'часа', 'часов')}"


def clock_words(seconds: int, at: datetime, zone: str) -> str:
    """When that many seconds have passed, by the clock on the wall and never too early: «в 12:06», «завтра в 09:30»."""
    now = at.astimezone(ZoneInfo(zone))
    then = (at + timedelta(seconds=seconds + 59)).astimezone(ZoneInfo(zone))
    days = (then.date() - now.date()).days
    day = {0: "", 1: "завтра "}.get(days, f"{then:%d.%m.%Y} ")
    return f"{day}в {then:%H:%M}"


def cap_words(cap: Cap, seconds: int) -> str:
    """Why it is not done now and when it will be."""
    return f"{cap.words.format(cap.most)} Попробуйте {wait_words(seconds)}."


def sms_words(titles: Sequence[str], number: str, host: str) -> tuple[str, bool]:
    """What the SMS names, and whether the last line with the site's host finds room.

    «Код 461325, » + what + «\\n@host #461325» is one segment of 70 characters at most. The number of the application
    always stands there; the title is cut, and the line by which a phone fills the code in gives way to it.
    """
    # What needs two units of UCS-2 has no place in a text that is counted in characters.
    titles = ["".join(sign for sign in one if sign <= "\uffff") for one in titles]
    for shown in (host, ""):
        room = (
            LONGEST_SMS
            - len(f"Код {'0' * DIGITS}, ")
            - (len(_LINE) - 1 + len(shown) + DIGITS if shown else 0)
        )
        what = _what(titles, number, room)
        if len(what) <= room:
            return what, bool(shown)
    return _what((), number, room)[:room], False


def _what(titles: Sequence[str], number: str, room: int) -> str:
    count = len(titles)
    told = titles[0] if count == 1 else f"{count} {plural(count, 'документ', 'документа', 'документов')}"
    for before, after in (("подпись: ", f", заявка № {number}"), ("подпись: ", f", № {number}")):
        left = room - len(before) - len(after)
        if count and (len(told) <= left or (count == 1 and left >= 10 and "заявка" not in after)):
            return before + (told if len(told) <= left else told[: left - 1].rstrip() + "…") + after
    return f"для подписи, № {number}"


def documents_hash(documents: Sequence[Mapping[str, Any]]) -> str:
    """SHA-256 (hex) of what a code signs, in canonical JSON: another document, edition or order is another hash."""
    return hashlib.sha256(canonical(list(documents))).hexdigest()


def code_proof(key: str, *, salt: str, code: str, digest: str) -> str:
    """What the evidence keeps in place of the code: HMAC-SHA256 (hex) over salt, code and the documents' hash."""
    return hmac.new(key.encode(), f"{salt}\n{code}\n{digest}".encode(), hashlib.sha256).hexdigest()
