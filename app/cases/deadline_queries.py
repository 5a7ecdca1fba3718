"""The board of deadlines: open cases whose term is over, ends today or soon, the most urgent first.

Knows the cases that a person of the company sees; who is late and what is soon is told by `deadline_groups`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, literal, null, or_, select

from app.actor import Actor
from app.cases import company_duty
from app.cases.kinds import codes_in
from app.cases.list_queries import columns
from app.cases.models import Case
from app.cases.queries import unread_marks, visible_to
from app.cases.supplier_duty import registered, waited_until
from app.cases.turns import answer_owed
from app.company.calendar import WorkingCalendar
from app.extensions import db

#: How many cases of a group the board shows; what is beyond stands in the queue.
SHOWN = 50
#: What «soon» means, in working days after today.
SOON_DAYS = 3


@dataclass(frozen=True)
class Group:
    """One part of the board: what its cases have in common, and the first rows of it."""

    code: str
    title: str
    rows: Sequence[Any]
    #: There are more cases than `SHOWN`.
    more: bool


def deadline_groups(
    actor: Actor, today: date, calendar: WorkingCalendar, *, mine: bool = False
) -> list[Group]:
    """The groups of the board in the order of urgency, empty ones too.

    With `mine` only what the actor has taken. A term that an applicant let pass is apart: the company decides there,
    nothing ends by itself. What is paused is late in nothing and stands last, so that nobody forgets it. Where an applicant
    says that they have done it, the term that counts is the company's, to check.
    """
    soon = calendar.add_working_days(today, SOON_DAYS)
    late, stands = Case.due_on < today, ~company_duty.checks()
    ours = or_(Case.mover != "applicant", answer_owed())
    parts: list[tuple[str, str, ColumnElement[bool]]] = [
        ("late", "Просрочены", and_(late, ours)),
        ("today", "Сегодня последний день", and_(Case.due_on == today, stands)),
        ("soon", "В ближайшие 3 рабочих дня", and_(Case.due_on > today, Case.due_on <= soon, stands)),
        ("unanswered", "Заявитель не ответил в срок", and_(late, ~ours, stands)),
        ("paused", "Срок приостановлен", Case.paused_on.is_not(None)),
    ]
    groups = [_group(code, title, which, actor, mine) for code, title, which in parts]
    check = company_duty.registered()
    if check is not None:
        groups.insert(1, _group("check", check.title, company_duty.to_check(), actor, mine))
    duty = registered()
    if duty is not None:
        groups.append(_group("supplier", duty.late_title, duty.waited_until < today, actor, mine))
    return groups


def _columns(code: str) -> list[Any]:
    """What a card is made of; where somebody owes what is no move of the case, it is their term and turn that are told."""
    check = company_duty.registered()
    owed = {
        "supplier": (waited_until(), "supplier"),
        "check": (check.until if check else null(), "company"),
    }
    if code not in owed:
        return columns()
    until, mover = owed[code]
    return columns(due_on=until, mover=literal(mover), paused_on=null())


def _group(code: str, title: str, which: ColumnElement[bool], actor: Actor, mine: bool) -> Group:
    query = (
        select(*_columns(code), unread_marks(actor))
        .where(visible_to(actor), Case.archived_at.is_(None), which)
        .order_by("due_on", Case.paused_on, Case.id)
        .limit(SHOWN + 1)
    )
    if code != "check":
        # What is left to pay is told after the connection, too.
        query = query.where(Case.status.in_(codes_in("active")))
    if actor.applicant_ids:
        # Nobody answers their own application: its terms are not theirs to keep.
        query = query.where(Case.applicant_id.not_in(actor.applicant_ids))
    if mine:
        query = query.where(Case.assignee_id == actor.user_id)
    rows = db.session.execute(query).all()
    return Group(code, title, rows[:SHOWN], len(rows) > SHOWN)
