"""Letters about a case: whom to tell, and the facts that every such letter shows."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from app import clock
from app.accounts import queries as accounts
from app.cases.mark_steps import mark_unread
from app.cases.models import Case
from app.cases.policy import APPEAL
from app.company import queries as company
from app.company.wording import moment_words
from app.notifications.models import OutboxRow
from app.notifications.steps import Recipient, notify, withdraw

#: How long a message may be in a letter; the rest is read in the cabinet.
MESSAGE_IN_LETTER = 2000


def case_context(case: Case, *, at: datetime, **extra: Any) -> dict[str, Any]:
    """What every letter about a case shows: company, number, title, facts, the way to its page, when it was sent.

    What is addressed to a supplier has that supplier's number.
    """
    profile = company.profile()
    return {
        "company": profile.name,
        "title": case.title,
        "own_number": case.id,
        "number": case.supplier_number if case.recipient == "supplier" else case.number,
        "appeal": case.kind == APPEAL,
        "topic": case.topic,
        "facts": [fact for fact in case.facts.split(" · ") if fact],
        "place": case.place,
        "applicant": case.applicant_name,
        "path": f"/cases/{case.id}",
        "sent": moment_words(at, profile.zone, profile.zone_label),
        **extra,
    }


def tell_applicant(
    case: Case,
    kind: str,
    *,
    key: str,
    at: datetime,
    mark: str | None = "status",
    side: str = "company",
    send_at: datetime | None = None,
    **extra: Any,
) -> list[OutboxRow]:
    """A letter to everybody who acts for the applicant, and an unread mark («Новый статус», «Новое сообщение»)."""
    people = accounts.acting_for(case.applicant_id, clock.day_in(company.profile().zone, at))
    return _tell(case, kind, people, key=key, at=at, mark=mark, side=side, send_at=send_at, extra=extra)


def tell_company(
    case: Case,
    kind: str,
    *,
    key: str,
    at: datetime,
    mark: str | None = "status",
    side: str = "applicant",
    send_at: datetime | None = None,
    **extra: Any,
) -> list[OutboxRow]:
    """A letter to the company's people who work with cases."""
    people = accounts.staff_people()
    return _tell(case, kind, people, key=key, at=at, mark=mark, side=side, send_at=send_at, extra=extra)


def tell_supplier(
    case: Case,
    kind: str,
    *,
    key: str,
    at: datetime,
    mark: str | None = "status",
    side: str = "company",
    send_at: datetime | None = None,
    **extra: Any,
) -> list[OutboxRow]:
    """A letter to the people of the supplier named in the case and to the supplier's own address; none when none is named."""
    if case.supplier_id is None:
        return []
    people = list(accounts.supplier_people(case.supplier_id))
    supplier = company.supplier(case.supplier_id)
    if supplier.email and supplier.email not in {person.address for person in people}:
        people.append(Recipient(None, supplier.email))
    return _tell(case, kind, people, key=key, at=at, mark=mark, side=side, send_at=send_at, extra=extra)


def take_back_letters(case: Case, kinds: Iterable[str], key: str) -> None:
    """The letters of these kinds that an act of the case has written and that nobody has begun to send."""
    for kind in kinds:
        withdraw(_key(case, kind, key), case_id=case.id)


def _key(case: Case, kind: str, key: str) -> str:
    return f"case-{case.id}-{kind}-{key}"


def _tell(
    case: Case,
    kind: str,
    people: Sequence[Recipient],
    *,
    key: str,
    at: datetime,
    mark: str | None,
    side: str,
    send_at: datetime | None,
    extra: dict[str, Any],
) -> list[OutboxRow]:
    if mark is not None:
        users = [person.user_id for person in people if person.user_id is not None]
        mark_unread(case, mark, users=users, side=side, at=at)  # type: ignore[arg-type]
    context = case_context(case, at=at, **extra)
    told: dict[str, Any] = {"key": _key(case, kind, key), "at": at, "case_id": case.id, "send_at": send_at}
    return notify(kind, to=people, context=context, **told)
