"""Words with which pages name a case: its title, whose turn it is, how long is left, what is unread.

Pure: plain values in, Russian words out. Knows no database, no page and no settings.
"""

from dataclasses import dataclass

from app.cases.policy import DRAFT, Party
from app.company.wording import plural

#: What the card, the page and letters call a case of each kind when it has no title of its own.
TITLES = {
    "application": "Заявка на технологическое присоединение (в том числе временное)",
    "message": "Сообщение",
}
_DRAFT_TITLES = {"application": "Заявка на подключение"}

#: Who works while the reader waits, in the words of each side.
_WAITING: dict[Party, dict[str, str]] = {
    "applicant": {
        "company": "Рассматривает сетевая организация",
        "supplier": "Рассматривает гарантирующий поставщик",
    },
    "company": {"applicant": "Ждем заявителя", "supplier": "Ждем гарантирующего поставщика"},
    "supplier": {"applicant": "Ждем заявителя", "company": "Рассматривает сетевая организация"},
}
_SENDERS = {"company": "Сетевой", "supplier": "ГП", "applicant": "Заявителя"}

#: The side of a mark that the reader put by hand.
BY_HAND = "own"


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose move it is for one reader: words, and the tone of the badge (you, co, bad)."""

    words: str
    tone: str


def title_of(kind: str, status: str, title: str) -> str:
    """The title without its number: a draft is «Заявка на подключение», whatever will be sent."""
    if status == DRAFT:
        return _DRAFT_TITLES.get(kind, TITLES.get(kind, title))
    return title or TITLES.get(kind, "Обращение")


def heading(own_number: int, kind: str, status: str, title: str) -> str:
    """«№ 31 Заявка на подключение»: the own number and the title."""
    return f"№ {own_number} {title_of(kind, status, title)}"


def turn(mover: str, party: Party, *, task: str = "", overdue: bool = False) -> Turn | None:
    """Whose move it is; `task` is what the reader has to do. None when nobody has to do anything."""
    if mover == party:
        words = f"Ваш ход: {task[:1].lower()}{task[1:]}" if task else "Ваш ход"
        return Turn(words, "bad" if overdue else "you")
    waiting = _WAITING[party].get(mover)
    return Turn(waiting, "bad" if overdue else "co") if waiting else None


def days_left_words(left: int) -> str:
    """What a column of terms in working days says under the date; `left` is negative when overdue."""
    if left < 0:
        return f"просрочено на\u00a0{-left}"
    if left == 0:
        return "последний день"
    return f"{plural(left, 'остался', 'осталось', 'осталось')}\u00a0{left}"


def mark_words(kind: str, side: str) -> str:
    """What an unread mark says: «Новый статус от Сетевой»; one put by hand says just that."""
    if side == BY_HAND:
        return "Отмечено непрочитанным"
    what = "Новый статус" if kind == "status" else "Новое сообщение"
    return f"{what} от {_SENDERS.get(side, 'Сетевой')}"


def marks_words(marks: str | None) -> list[str]:
    """The words of all marks of a case, given as «status:company,message:supplier»; statuses come first."""
    pairs = sorted(
        (one.split(":") for one in (marks or "").split(",") if one), key=lambda pair: pair[0] != "status"
    )
    return [mark_words(kind, side) for kind, side in pairs]


def shortened(text: str, limit: int) -> str:
    """At most `limit` characters; what was cut is shown by «…»."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
