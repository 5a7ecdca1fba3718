"""When somebody is reminded of a term or of a draft, and when the company's day allows it. Pure.

Sources: the reminders of the procedure (corrections T-5 and T-1, payment T-2 and T-0, the signature of contract and act T-3
and T-1, the works T-30, T-10 and T-3). A threshold is counted in the unit of its term: working days, or plain ones for a
term in days or months.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from types import MappingProxyType
from typing import Literal

from app.company.calendar import WorkingCalendar


@dataclass(frozen=True)
class Reminding:
    """Who is reminded of a term, how long before its last day, and what happens when it passes."""

    to: Literal["applicant", "company"]
    before: Sequence[int]
    otherwise: str


#: By the code of the term.
REMINDINGS: Mapping[str, Reminding] = MappingProxyType(
    {
        "corrections": Reminding(
            "applicant",
            (5, 1),
            "Если не ответить в срок, сетевая организация может аннулировать заявку.",
        ),
        "payment": Reminding(
            "applicant",
            (2, 0),
            "Если не оплатить в срок, сетевая организация может аннулировать заявку. "
            "Если вы уже заплатили, отметьте это на странице заявки.",
        ),
        "contract_signature": Reminding(
            "applicant",
            (3, 1),
            "Если не подписать договор в срок, сетевая организация может аннулировать заявку.",
        ),
        "act_signature": Reminding(
            "applicant",
            (3, 1),
            "Пока акт не подписан, присоединение не завершено. "
            "Если вы не согласны с актом, откажитесь от подписи под ним и напишите почему.",
        ),
        "works": Reminding(
            "company",
            (30, 10, 3),
            "Если не успеть, заявитель увидит на странице заявки, что срок нарушен.",
        ),
    }
)

#: The longest time before a last day at which anybody is reminded, in plain days: five working days over the New Year.
HORIZON_DAYS = 45

#: A draft that nobody has touched for so many days; it is not spoken of again once `DRAFT_GRACE` more have passed, so
#: that a site which begins to remind does not write to everybody who once began something.
DRAFT_AFTER = (7, 30)
DRAFT_GRACE = 14

#: Letters that nobody waits for come by day, in the company's zone.
FIRST_HOUR, LAST_HOUR = time(9), time(20)


def by_day(local: time) -> bool:
    """Whether it is a time at which people may be reminded."""
    return FIRST_HOUR <= local < LAST_HOUR


def days_left(calendar: WorkingCalendar, unit: str, today: date, due_on: date) -> int:
    """How many days a term still has after today, in its own unit; negative when it is over."""
    if unit == "working_days":
        return calendar.working_days_left(today, due_on)
    return (due_on - today).days


def threshold(before: Sequence[int], left: int) -> int | None:
    """The nearest reminder whose time has come: one letter, however many days nobody was there to write any."""
    reached = [one for one in before if left <= one]
    return min(reached) if reached and left >= 0 else None


def draft_threshold(untouched: int) -> int | None:
    """The reminder of a draft that has lain for so many days; None when it is too fresh or too old."""
    reached = [one for one in DRAFT_AFTER if one <= untouched < one + DRAFT_GRACE]
    return max(reached) if reached else None
