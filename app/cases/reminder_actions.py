"""Reminders written once a day: each letter is an act of its own, so that one that cannot be written stops no other."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from app import clock
from app.accounts import queries as accounts
from app.actor import Actor
from app.cases.deadline_queries import deadline_groups
from app.cases.letter_steps import tell_applicant, tell_company
from app.cases.list_cards import cards
from app.cases.models import Case
from app.cases.reminder_queries import Reminder, reminders, untold
from app.cases.reminder_rules import by_day
from app.company import queries as company
from app.company.wording import moment_words
from app.extensions import db
from app.notifications.models import OutboxRow
from app.notifications.steps import Recipient, notify
from app.transaction import transaction

#: Groups of the board of deadlines that the daily list tells of, and how many cases of each.
_TOLD = ("late", "today")
_MOST = 20

log = logging.getLogger(__name__)


def day_to_remind(at: datetime) -> date | None:
    """The company's day, once it is late enough in it to write to people; None early and late, so never at night."""
    local = at.astimezone(ZoneInfo(company.profile().zone))
    return local.date() if by_day(local.time()) else None


def remind(*, at: datetime) -> int:
    """Write all letters of the day that are not written yet; how many reminders were new. Safe to repeat.

    On working days the company's people get their list, too. Only an absent database stops it.
    """
    today, calendar = clock.day_in(company.profile().zone, at), company.calendar()
    written = sum(_survives(_remind, one, at) for one in untold(reminders(today, calendar)))
    if calendar.is_working(today):
        written += sum(_survives(_send_list, one, at) for one in accounts.staff_people())
    return written


def _survives(act: Any, about: Reminder | Recipient, at: datetime) -> int:
    """Do one act; a mistake in it is logged, with nothing personal."""
    try:
        return int(act(about, at=at))
    except DBAPIError:
        raise
    except Exception as error:
        log.error("a reminder was not written: %s", type(error).__name__)
        return 0


def _remind(found: Reminder, *, at: datetime) -> bool:
    """Write the letters of one reminder, if it still holds for the case as it is now."""
    with transaction():
        query = select(Case).where(Case.id == found.case_id).with_for_update()
        case = db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
        today = clock.day_in(company.profile().zone, at)
        present = reminders(today, company.calendar(), found.case_id) if case is not None else []
        held = next((one for one in untold(present) if one.dedupe == found.dedupe), None)
        if case is None or held is None:
            return False
        tell = tell_applicant if held.to == "applicant" else tell_company
        return bool(tell(case, held.kind, key=held.key, at=at, mark=None, **held.context))


@dataclass(frozen=True)
class _Part:
    """One part of the daily list."""

    title: str
    lines: Sequence[str]
    more: bool


def _send_list(person: Recipient, *, at: datetime) -> bool:
    """One letter with all that is late or ends today, for one of the company's people; none when nothing does."""
    profile = company.profile()
    today = clock.day_in(profile.zone, at)
    key = f"deadlines-{today}"
    with transaction():
        written = select(OutboxRow.id).where(OutboxRow.dedupe_key == f"{key}:{person.user_id}")
        if person.user_id is None or db.session.scalar(written) is not None:
            return False
        parts = _parts(accounts.actor_of(person.user_id), today)
        if not parts:
            return False
        context = {
            "company": profile.name,
            "parts": parts,
            "path": "/deadlines",
            "sent": moment_words(at, profile.zone, profile.zone_label),
        }
        notify("deadlines", to=[person], context=context, key=key, at=at)
        return True


def _parts(actor: Actor, today: date) -> list[_Part]:
    """What of the board is the company's turn; what waits for an applicant is theirs."""
    parts = []
    for group in deadline_groups(actor, today, company.calendar()):
        ours = [row for row in group.rows if row.mover == "company"]
        if group.code in _TOLD and ours:
            lines = [_line(card) for card in cards(ours[:_MOST], actor, today)]
            parts.append(_Part(group.title, lines, group.more or len(ours) > _MOST))
    return parts


def _line(card: Any) -> str:
    number = f"рег. № {card.number}, № {card.id}" if card.number else f"№ {card.id}"
    who = f"исполнитель {card.assignee}" if card.assignee else "без исполнителя"
    return f"{number}, {card.applicant}: {card.status}, {card.due}, {who}"
