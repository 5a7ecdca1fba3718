"""Who marks which signature and when: rules over plain values. Pure.

A document has slots, one for each party that signs it, in an order. What the applicant signs the Rules of
technological connection say (No. 861, section X): where the money makes the contract (mode A) nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal, Protocol, TypeVar

from app.errors import InvalidValue

Side = Literal["applicant", "company", "supplier"]

PENDING, SIGNED, DECLINED, SUPERSEDED = "pending", "signed", "declined", "superseded"

#: The manuals' words for the lines under a document.
SIGNATURES: Mapping[str, str] = {
    "company": "Подпись Сетевой",
    "supplier": "Подпись ГП",
    "applicant": "Подпись Заявителя",
}
#: «сначала должна быть …»
_WHOSE: Mapping[str, str] = {
    "company": "подпись сетевой организации",
    "supplier": "подпись гарантирующего поставщика",
    "applicant": "подпись заявителя",
}


class SlotFacts(Protocol):
    """What the rules need to know of a slot."""

    @property
    def party(self) -> str: ...  # noqa: D102
    @property
    def place(self) -> int: ...  # noqa: D102
    @property
    def required(self) -> bool: ...  # noqa: D102
    @property
    def state(self) -> str: ...  # noqa: D102


Slot = TypeVar("Slot", bound=SlotFacts)


def refuse_parties(parties: Sequence[Side], mode: str) -> None:
    """Raise ValueError for a document that nobody signs, and for a signature of the applicant in mode A."""
    if not parties:
        raise ValueError("a document that is to be signed needs at least one party")
    if mode == "A" and "applicant" in parties:
        raise ValueError("in mode A the applicant signs nothing")


def awaited(slot: SlotFacts, slots: Sequence[SlotFacts]) -> str:
    """The party whose signature has to be there before this one; an empty text when this one's turn has come."""
    earlier = (one for one in slots if one.required and one.place < slot.place and one.state != SIGNED)
    return next((one.party for one in sorted(earlier, key=lambda one: one.place)), "")


def why_not(slot: SlotFacts, slots: Sequence[SlotFacts]) -> str:
    """Why this signature cannot be marked now, in a sentence; an empty text when it can."""
    if slot.state == SIGNED:
        return "Эта подпись уже стоит: обновите страницу, под документом видно, кто подписал."
    if slot.state == DECLINED:
        return "От этой подписи отказались: документ снова будет ждать ее после ответа на отказ."
    if slot.state == SUPERSEDED:
        return "Вместо этого документа размещена новая редакция: откройте обращение, подпись нужна под ней."
    first = awaited(slot, slots)
    return f"Сначала должна быть {_WHOSE[first]}: подписи ставят по порядку, дождитесь ее." if first else ""


def marks(side: str | None, signer: str, document_side: str) -> bool:
    """Whether this side marks a signature: its own, and the applicant's under its own document.

    The company marks the applicant's signature under the applicant's papers, too.
    """
    if side not in ("company", "supplier"):
        return False
    if signer == "applicant":
        return side == ("supplier" if document_side == "supplier" else "company")
    return side == signer


def second(slot: Slot, slots: Sequence[Slot]) -> Slot | None:
    """The next signature of the document, which the same scan may show as well; None when there is none to come."""
    later = [one for one in slots if one.place > slot.place and one.state == PENDING]
    return min(later, key=lambda one: one.place, default=None)


def is_complete(slots: Sequence[SlotFacts]) -> bool:
    """Whether every required party has signed."""
    required = [one for one in slots if one.required]
    return bool(required) and all(one.state == SIGNED for one in required)


def refuse_day(signed_on: date, *, today: date, sent_on: date) -> None:
    """Raise InvalidValue for a signature of the future and for one that is older than the application.

    The day of the document's file says nothing: the office may put in today what was signed yesterday.
    """
    if signed_on > today:
        raise InvalidValue(f"Дата подписи: не позже сегодняшнего дня, {today:%d.%m.%Y}. Проверьте дату.")
    if signed_on < sent_on:
        raise InvalidValue(f"Дата подписи: не раньше дня заявки, {sent_on:%d.%m.%Y}. Проверьте дату.")
