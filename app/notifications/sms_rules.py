"""Whom an SMS may go to, how many of them, how long one is worth sending, and how its story is told in words. Pure.

Knows numbers and times; must not know rows, texts or operators.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

#: Only Russian mobile numbers: abroad an SMS costs many times as much, and that is what strangers make sites pay.
MOBILE = re.compile(r"\+79[0-9]{9}")
DAY = timedelta(hours=24)
HOUR = timedelta(hours=1)
#: From which part of the day's SMS on the office is told.
NEARLY = 0.8

#: Pauses after a gateway's failure: an SMS is waited for at the screen, so they stay short.
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (5, 15, 30, 60, 120))
#: An SMS that nobody has put a term to is worth sending for so long.
WORTH_SENDING = timedelta(hours=2)

#: What `last_error` holds when the gateway did not answer in time: the SMS may have left, so it is never sent again.
NO_ANSWER = "no answer"
#: … and when the number is one that no operator takes.
BAD_NUMBER = "bad number"

#: How an operator's word about a delivery is kept in `delivery`.
DELIVERIES = ("queued", "sent", "delivered", "failed", "unknown")
#: Nothing more comes after these.
FINAL = frozenset({"delivered", "failed", "unknown"})
#: For so long an operator is asked what became of an SMS.
ASKED_FOR = timedelta(hours=24)
FIRST_LOOK = timedelta(seconds=15)
LONGEST_LOOK = timedelta(minutes=60)

#: delivery: how the ledger calls it and its tone, for an SMS that a gateway has taken.
DELIVERY_WORDS = {
    "": ("Передано оператору", ""),
    "queued": ("У оператора в очереди", ""),
    "sent": ("Передано оператору связи", ""),
    "delivered": ("Доставлено на телефон", "ok"),
    "failed": ("Не доставлено", "bad"),
    "unknown": ("Оператор не сообщил о доставке", ""),
}


#: Of an SMS that was never handed over for certain, and of one that a stand keeps to itself.
UNKNOWN_WORDS = ("Неизвестно, ушло ли", "bad")
KEPT_WORDS = ("Осталось на стенде", "")


@dataclass(frozen=True)
class Limits:
    """How many SMS may be asked for: seconds between two to one number, and counts."""

    pause_seconds: int
    number_day: int
    address_hour: int
    site_day: int

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> "Limits":
        """The limits as the office has set them."""
        return cls(
            pause_seconds=int(settings["sms.pause_seconds"]),
            number_day=int(settings["sms.number_day"]),
            address_hour=int(settings["sms.address_hour"]),
            site_day=int(settings["sms.site_day"]),
        )


@dataclass(frozen=True)
class Written:
    """When SMS were asked for before: to the number and from the address newest first, and how many in the site's day."""

    to_number: Sequence[datetime]
    from_address: Sequence[datetime]
    on_site: int


@dataclass(frozen=True)
class Wait:
    """Why no SMS may be asked for now: the seconds until one may, and the sentence for the page."""

    seconds: int
    sentence: str


def wait(limits: Limits, written: Written, *, at: datetime, day_ends: datetime) -> Wait | None:
    """The longest wait of all limits, or None when an SMS may be written now; `day_ends` is when the site's day is over."""
    waits = [
        _pause(limits, written, at),
        _window(written.to_number, limits.number_day, DAY, at, _number_sentence(limits)),
        _window(written.from_address, limits.address_hour, HOUR, at, _address_sentence),
    ]
    if written.on_site >= limits.site_day:
        waits.append(Wait(max(1, round((day_ends - at).total_seconds())), SITE_FULL))
    return max(filter(None, waits), key=lambda one: one.seconds, default=None)


SITE_FULL = (
    "Сегодня сайт больше не отправляет СМС: исчерпан дневной предел. Попробуйте завтра или подпишите документ "
    "другим способом. Администратор уже знает об этом."
)


def warns_at(limits: Limits) -> dict[int, str]:
    """At which number of SMS in a day the office is told, and the word for the kind of warning."""
    return {max(1, round(limits.site_day * NEARLY)): "near", limits.site_day: "full"}


def _pause(limits: Limits, written: Written, at: datetime) -> Wait | None:
    if not written.to_number:
        return None
    left = limits.pause_seconds - (at - written.to_number[0]).total_seconds()
    if not 0 < left <= limits.pause_seconds:
        return None
    seconds = max(1, round(left))
    return Wait(seconds, f"Новое СМС можно запросить через {seconds} сек.")


def _window(
    times: Sequence[datetime], most: int, span: timedelta, at: datetime, sentence: Callable[[str], str]
) -> Wait | None:
    """Wait until the oldest of the newest `most` times leaves the window."""
    inside = [time for time in times if at - span < time]
    if len(inside) < most:
        return None
    seconds = max(1, round((inside[most - 1] + span - at).total_seconds()))
    return Wait(seconds, sentence(span_words(seconds)))


def _number_sentence(limits: Limits) -> Callable[[str], str]:
    return lambda words: (
        f"На этот номер за сутки отправлено уже {limits.number_day} СМС. Следующее — через {words}"
    )


def _address_sentence(words: str) -> str:
    return f"С вашего адреса в сети запрошено слишком много СМС. Следующее можно запросить через {words}"


def span_words(seconds: int) -> str:
    """«40 сек.», «12 мин.», «5 ч.», never less than there is."""
    if seconds <= 90:
        return f"{seconds} сек."
    if seconds <= 90 * 60:
        return f"{-(-seconds // 60)} мин."
    return f"{-(-seconds // 3600)} ч."


def is_mobile(phone: str) -> bool:
    """Whether a number is one that SMS go to: «+79» and nine digits."""
    return MOBILE.fullmatch(phone) is not None


def masked(phone: str) -> str:
    """A number as pages and records show it: «+7 950 •••-••-01»; an empty one stays empty."""
    return f"{phone[:2]} {phone[2:5]} •••-••-{phone[-2:]}" if is_mobile(phone) else ""


def parts(text: str) -> int:
    """How many SMS an operator counts for a text with Cyrillic letters: 70 signs in one, 67 in each of several."""
    signs = len(text.encode("utf-16-le")) // 2
    return 1 if signs <= 70 else -(-signs // 67)


def pause_after_failure(tries: int) -> timedelta:
    """How long to wait when no gateway took the SMS at try number `tries` (from 1)."""
    return PAUSES[min(tries, len(PAUSES)) - 1]


def next_look(age: timedelta) -> timedelta:
    """How long to wait before the operator is asked about an SMS of this age once more."""
    return min(max(age / 2, FIRST_LOOK), LONGEST_LOOK)


def newer(present: str, told: str) -> bool:
    """Whether an operator's word is news: reports come twice and out of order, and the last word stays."""
    order = {word: place for place, word in enumerate(("", *DELIVERIES[:2]))}
    if present in FINAL:
        return present == "unknown" and told in ("delivered", "failed")
    return told in FINAL or order[told] > order[present]


@dataclass(frozen=True)
class Awaited:
    """What somebody who waits for an SMS reads of it; `late`: they should not go on waiting."""

    sentence: str
    late: bool = False


ON_ITS_WAY = Awaited("СМС отправляется.")
TRIED_AGAIN = Awaited(
    "Оператор СМС пока не отвечает, сайт пробует еще раз. Подождите минуту и обновите страницу."
)
AT_OPERATOR = Awaited("СМС передано оператору, обычно оно приходит за минуту.")
STAYS_HERE = Awaited("Это стенд: на телефон СМС не придет.")
DELIVERED = Awaited(
    "СМС доставлено на телефон. Нет его на экране? Посмотрите среди заблокированных и в спаме."
)
UNDELIVERED = Awaited(
    "СМС не доставлено. Проверьте, что телефон включен и в сети, и запросите код еще раз.", late=True
)
WRONG_NUMBER = Awaited(
    "Оператор не принимает этот номер, СМС не отправлено. Проверьте номер: поменять его можно в офисе.",
    late=True,
)
NOT_SENT = Awaited(
    "СМС не удалось отправить. Запросите код еще раз или подпишите документ другим способом.", late=True
)
NOBODY_KNOWS = Awaited(
    "Неизвестно, дошло ли СМС: оператор не сообщил. Если кода нет, запросите новый.", late=True
)


def awaited(state: str, delivery: str, error: str, *, kept: bool) -> Awaited:
    """How an SMS stands for who waits for it: by its state in the outbox, the operator's word, why it did not leave."""
    if delivery == "unknown":
        return NOBODY_KNOWS
    if state in ("dead", "expired"):
        return WRONG_NUMBER if error.startswith(BAD_NUMBER) else NOT_SENT
    if state != "sent":
        return TRIED_AGAIN if state == "retry" else ON_ITS_WAY
    if kept:
        return STAYS_HERE
    if delivery == "delivered":
        return DELIVERED
    return UNDELIVERED if delivery == "failed" else AT_OPERATOR


_LEFT_PERHAPS = "СМС могло уйти, повторно оно не отправляется"


def reason_words(error: str) -> str:
    """Why an SMS did not leave, in words for the office; empty when it did.

    `error` as it is kept: a kind with a detail («no answer: HTTP 502»), or each operator that took nothing with its code.
    """
    if not error:
        return ""
    kind, _, detail = error.partition(": ")
    told = f" ({detail})" if detail else ""
    if kind == NO_ANSWER:
        what = "у оператора сбой" if detail.startswith("HTTP") else "оператор не ответил вовремя"
        return f"{what}: {_LEFT_PERHAPS}{told}"
    if kind == BAD_NUMBER:
        return f"оператор не принимает этот номер{told}"
    named = [one.partition(": ") for one in error.split("; ")]
    return "; ".join(
        _took_nothing(name, code, spare=place > 0) for place, (name, _, code) in enumerate(named)
    )


def _took_nothing(name: str, code: str, *, spare: bool) -> str:
    """«у запасного оператора smsaero сбой (HTTP 503)»: refused by a code, broken, or not to be reached."""
    first, of_first = ("запасной оператор", "у запасного оператора") if spare else ("оператор", "у оператора")
    if code.startswith("HTTP 5"):
        return f"{of_first} {name} сбой ({code})"
    if not code:
        return f"{first} не принял СМС ({name})"
    if code.startswith(("code", "HTTP")):
        return f"{first} {name} не принял СМС ({code})"
    return f"{first} {name} недоступен ({code})"
