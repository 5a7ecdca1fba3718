"""What waits for a person: the cases in which it is their turn, chosen here and worded by the subjects that own them.

A subject registers how its kind of case asks for a deed; this module knows whose turn it is, until when, and in what
order, and knows no kind by itself.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, false, func, literal, or_, select, union_all

from app.actor import SIGNATORY, SUPPLIER, Actor
from app.cases import company_duty
from app.cases.clock_queries import paused_words
from app.cases.kinds import codes_in, codes_waiting_for, stage_of
from app.cases.list_conditions import owed_after_the_end
from app.cases.models import Case
from app.cases.policy import DRAFT, Party, party_of
from app.cases.queries import waits_for_supplier
from app.cases.supplier_duty import registered, waited_until
from app.cases.turns import Task, turn_columns, turn_in, turns
from app.company.calendar import WorkingCalendar

#: What waits is counted up to this.
MOST = 100


@dataclass(frozen=True)
class Todo:
    """One line of «Сейчас ваш ход»; `due` is empty when no term of this person runs."""

    case_id: int
    task: Task
    about: str
    due: str
    overdue: bool
    untaken: bool


#: From a row of `columns()` and the reader's side to the deed.
Wording = Callable[[Any, Party], Task]


@dataclass(frozen=True)
class _Provider:
    wording: Wording
    amount: ColumnElement[int] | None


_PROVIDERS: dict[str, _Provider] = {}


def register(kind: str, wording: Wording, *, amount: ColumnElement[int] | None = None) -> None:
    """Tell how a kind of case words what waits in it; a second registration replaces the first.

    `amount` is read together with the case (`row.amount`): how many things are asked for in it.
    """
    _PROVIDERS[kind] = _Provider(wording, amount)


def stage_task(row: Any, party: Party) -> Task:
    """The task that the lifecycle knows for this stage and side; the wording of a kind without an own one."""
    stage = stage_of(row.kind, row.status)
    return Task(stage.task_for(party) or stage.label)


def columns() -> tuple[Any, ...]:
    """The columns from which `todos` makes its lines."""
    amounts = [(Case.kind == kind, one.amount) for kind, one in _PROVIDERS.items() if one.amount is not None]
    amount = case(*amounts, else_=0) if amounts else literal(0)
    return (
        Case.id,
        Case.kind,
        Case.number,
        Case.supplier_number,
        Case.title,
        Case.topic,
        Case.place,
        Case.status,
        Case.mover,
        Case.due_on,
        Case.paused_on,
        Case.assignee_id,
        Case.applicant_id,
        Case.applicant_name,
        Case.supplier_id,
        Case.recipient,
        Case.archived_at,
        Case.supplier_archived_at,
        Case.draft_opened_at,
        Case.answers_shared,
        amount.label("amount"),
        waited_until().label("duty_due"),
        company_duty.turned_until().label("check_due"),
        *turn_columns(),
    )


def waiting(actor: Actor, today: date, limit: int) -> Select[int, int]:
    """Ids of what waits for the actor, the nearest deadline first, with `total`: how much waits in all, up to a bound."""
    branches = [*_own(actor), *_of_the_company(actor, today), *_of_a_supplier(actor), *_of_turns(actor)]
    if not branches:
        return select(Case.id, literal(0).label("total")).where(false())
    bounded = [select(one.limit(MOST).subquery().c.id) for one in branches]
    return (
        select(Case.id, func.count().over().label("total"))
        .where(Case.id.in_(select(union_all(*bounded).subquery().c.id)))
        .order_by(_term(actor).asc().nulls_last(), Case.id)
        .limit(limit)
    )


def todos(rows: Sequence[Any], actor: Actor, today: date, calendar: WorkingCalendar) -> list[Todo]:
    """The rows of `columns()` as lines, the nearest deadline first."""
    sides = [(row, party_of(actor, row)) for row in rows]
    known = sorted(
        ((_due_of(row, party), row, party) for row, party in sides if party is not None),
        key=lambda one: (one[0] is None, one[0] or date.max, one[1].id),
    )
    return [_todo(row, party, actor, due, today, calendar) for due, row, party in known]


def _own(actor: Actor) -> list[Select[int]]:
    """Sent cases of the applicants that the actor acts for, which wait for the applicant and for nobody before."""
    if not actor.applicant_ids:
        return []
    mine = Case.applicant_id.in_(actor.applicant_ids)
    waits = and_(
        Case.mover == "applicant", Case.status != DRAFT, Case.archived_at.is_(None), ~company_duty.turned()
    )
    return [_nearest(mine, waits)]


def _of_the_company(actor: Actor, today: date) -> list[Select[int]]:
    """What waits for the company, and the applicant's terms that are over; a colleague's cases are theirs.

    One branch for each status and holder: an index gives the first of each at once, however long the queue is.
    """
    if not actor.is_staff:
        return []
    here = and_(Case.recipient == "company", Case.archived_at.is_(None), *_not_their_own(actor))
    ours = [(code, Case.mover == "company") for code in codes_waiting_for("company")]
    late = [
        (code, and_(Case.mover == "applicant", Case.due_on < today))
        for code in codes_waiting_for("applicant")
    ]
    holders = (Case.assignee_id.is_(None), Case.assignee_id == actor.user_id)
    checks = [_nearest(holder, company_duty.to_check(), here) for holder in holders]
    return checks + [
        _nearest(holder, Case.status == code, waits, here)
        for code, waits in [*ours, *late]
        for holder in holders
    ]


def _of_a_supplier(actor: Actor) -> list[Select[int]]:
    """Appeals that the supplier has to answer, and new applications that have no number of the supplier's yet."""
    if SUPPLIER not in actor.roles or actor.supplier_id is None:
        return []
    here = and_(
        Case.supplier_id == actor.supplier_id,
        Case.archived_at.is_(None),
        Case.supplier_archived_at.is_(None),
        *_not_their_own(actor),
    )
    open_ones = Case.status.in_(codes_in("active"))
    return [_nearest(here, open_ones, waits_for_supplier()), _nearest(here, owed_after_the_end())]


def _of_turns(actor: Actor) -> list[Select[int]]:
    """Open cases in which something waits for the actor's side beside the case's own move."""
    here: dict[Party, tuple[ColumnElement[bool], ...]] = {}
    if actor.applicant_ids:
        here["applicant"] = (Case.applicant_id.in_(actor.applicant_ids),)
    if actor.is_staff:
        theirs = or_(Case.assignee_id.is_(None), Case.assignee_id == actor.user_id)
        ours = Case.recipient == "company"
        here["company"] = (ours, *_not_their_own(actor), *(() if SIGNATORY in actor.roles else (theirs,)))
    if SUPPLIER in actor.roles and actor.supplier_id is not None:
        shelf = Case.supplier_archived_at.is_(None)
        here["supplier"] = (Case.supplier_id == actor.supplier_id, shelf, *_not_their_own(actor))
    open_ones = and_(Case.archived_at.is_(None), Case.status.in_(codes_in("active")))
    return [
        _nearest(Case.id.in_(turn.waiting(side)), open_ones, *conditions)
        for side, conditions in here.items()
        for turn in turns()
        if turn.may(actor, side)
    ]


def _not_their_own(actor: Actor) -> list[ColumnElement[bool]]:
    """Nobody answers their own application, see `policy.party_of`."""
    return [Case.applicant_id.not_in(actor.applicant_ids)] if actor.applicant_ids else []


def _nearest(*conditions: ColumnElement[bool]) -> Select[int]:
    return select(Case.id).where(*conditions).order_by(Case.due_on.asc().nulls_last(), Case.id)


def _term(actor: Actor) -> ColumnElement[Any]:
    """The deadline by which the deeds of the actor are ordered, as `_due_of` tells it."""
    if SUPPLIER not in actor.roles:
        return (
            func.coalesce(company_duty.turned_until(), Case.due_on)
            if actor.is_staff
            else Case.due_on.expression
        )
    own = and_(Case.mover == "applicant", Case.applicant_id.in_(actor.applicant_ids))
    return case((or_(Case.mover == "supplier", own), Case.due_on), else_=waited_until())


def _due_of(row: Any, party: Party) -> date | None:
    """A deadline of somebody else is none of one's own; the company minds the applicant's, too."""
    if _has_to_check(row, party):
        return row.check_due  # type: ignore[no-any-return]
    due: date | None = row.due_on if row.mover == party or party == "company" else None
    return row.duty_due if _has_duty(row, party) else due


def _has_to_check(row: Any, party: Party) -> bool:
    """Whether the company has to look first at what the applicant says they have done."""
    return party == "company" and row.check_due is not None


def _has_duty(row: Any, party: Party) -> bool:
    """Whether the supplier has something to do that is no move of the case."""
    return party == "supplier" and row.mover != party and row.duty_due is not None


def _todo(
    row: Any, party: Party, actor: Actor, due: date | None, today: date, calendar: WorkingCalendar
) -> Todo:
    return Todo(
        case_id=row.id,
        task=_task(row, party, actor),
        about=_about(row, party),
        due=calendar.due_words(today, due) if due else paused_words(row.paused_on, today),
        overdue=due is not None and due < today,
        untaken=party == "company" and row.assignee_id is None,
    )


def _duty_task(row: Any, party: Party) -> Task | None:
    duty = registered() if _has_duty(row, party) else None
    check = company_duty.registered() if _has_to_check(row, party) else None
    owed = duty or check
    return Task(owed.words, owed.panel) if owed else None


def _task(row: Any, party: Party, actor: Actor) -> Task:
    """The deed of this side; those who answer may have another one beside the case's own move."""
    if duty := _duty_task(row, party):
        return duty
    provider = _PROVIDERS.get(row.kind)
    own = (provider.wording if provider else stage_task)(row, party)
    turn = turn_in(row, party, actor)
    if turn is None or (row.mover == party == "applicant"):
        return own
    return Task(f"{own.words}. {turn.task.words}", own.panel) if row.mover == party else turn.task


def _about(row: Any, party: Party) -> str:
    """«рег. № 299 · Заявка …, п. Калиново»: which case it is; those who answer see whose."""
    number = row.supplier_number if party == "supplier" else row.number
    parts = [f"рег. №\u00a0{number}" if number else f"№\u00a0{row.id}", row.title]
    if row.topic:
        parts.append(f"Тема: {row.topic}")
    parts += [row.place, "" if party == "applicant" else row.applicant_name]
    return " · ".join(part for part in parts if part)
