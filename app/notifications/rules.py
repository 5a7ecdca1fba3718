"""When a letter is tried again and when it is given up, and how its state is told in words. Pure.

Knows numbers of tries and codes of errors; must not know rows, addresses or mail servers.
"""

from datetime import timedelta

#: The first pause; each further one is twice as long.
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=60)
#: How far a pause may be moved, so that letters held up together do not all knock together.
SPREAD = 0.2
#: So many tries take three days; counted in tries and not by the clock, because clocks jump and sites stand still.
MOST_TRIES = 79
#: A try cut off by the death of its program is repeated at once so many times, later with growing pauses: a letter that
#: itself kills the program must not occupy it for ever.
CUT_OFF_AT_ONCE = 3

#: What `last_error` holds when the program died in the middle of a try.
CUT_OFF = "cut off"
#: … and when the address cannot stand in a letter (the word of `app/gateways/email.py`).
BAD_ADDRESS = "bad address"

#: state: how the ledger calls it, and the tone of its badge (docs/design.md).
STATE_WORDS = {
    "new": ("Ждет отправки", ""),
    "sending": ("Отправляется", ""),
    "retry": ("Ждет следующей попытки", "you"),
    "sent": ("Доставлено почтовому серверу", "ok"),
    "dead": ("Не доставлено", "bad"),
    "expired": ("Не отправлено: срок действия прошел", ""),
    "muted": ("Адрес не указан", ""),
}


def pause_after(tries: int, spread: float) -> timedelta:
    """How long to wait after failed try number `tries` (from 1); `spread` from -1 to 1 moves it within its ± 20 %."""
    doublings = min(tries - 1, 20)
    seconds = FIRST_PAUSE.total_seconds() * float(2**doublings)
    pause = min(timedelta(seconds=seconds), LONGEST_PAUSE)
    return pause * (1 + SPREAD * spread)


def pause_after_cut(tries: int, spread: float) -> timedelta:
    """How long to wait after a try during which the program died."""
    if tries <= CUT_OFF_AT_ONCE:
        return timedelta(0)
    return pause_after(tries - CUT_OFF_AT_ONCE, spread)


def is_given_up(tries: int) -> bool:
    """Whether a letter has been tried for about three days and now needs a person."""
    return tries >= MOST_TRIES


def reason_words(error: str) -> str:
    """Why the last try failed, in words for the office; empty when it did not."""
    if not error:
        return ""
    if error.startswith("SMTP 5"):
        return f"почтовый сервер не принял письмо (код {error.removeprefix('SMTP ')})"
    if error.startswith("SMTP "):
        return f"почтовый сервер просит подождать (код {error.removeprefix('SMTP ')})"
    if error == CUT_OFF:
        return "отправка прервалась"
    if error == BAD_ADDRESS:
        return "адрес записан с ошибкой"
    return "почтовый сервер не отвечает"
