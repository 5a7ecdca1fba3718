"""The pulse of a case: whether anything changed since a page of it was shown, in one query by keys.

An open page asks for it every few seconds, so nothing is loaded here that only a changed page needs. Each side has its
own pulse: what it may not read must not be felt in it either.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy import case as sql_case

from app import clock
from app.actor import SUPPLIER, Actor
from app.cases.models import Case, CaseMark, CaseRead, CaseViewer, Message
from app.cases.policy import INTERNAL, Party, party_of
from app.cases.queries import MOST_UNREAD
from app.cases.read_queries import LOOKS_FOR
from app.cases.undo import UNDO
from app.errors import NotFound
from app.extensions import Quick, instant
from app.journal.models import JournalEntry
from app.notifications.models import OutboxRow

#: A message can be taken back for seconds only, so one that changes is among the last ones; letters are like that, too.
_LATEST = 10


@dataclass(frozen=True, slots=True)
class Pulse:
    """The stamp of everything that the actor may see of a case, its last message and the last entry of its timeline."""

    case_id: int
    stamp: str
    message: int
    entry: int


_ID: BindParameter[int] = bindparam("case_id")
_ME: BindParameter[int] = bindparam("user_id")

#: What decides who may see the case, and what of the case's own row pages show.
_CASE = (
    Case.kind,
    Case.status,
    Case.recipient,
    Case.applicant_id,
    Case.supplier_id,
    Case.archived_at,
    Case.supplier_archived_at,
    Case.draft_opened_at,
    Case.answers_shared,
    Case.mode,
    Case.mover,
    Case.due_on,
    Case.number,
    Case.supplier_number,
    Case.incomplete,
    Case.updated_at,
    Case.version,
)
#: The conversations that a side can have; a case that has only one of them has no message in the other.
_CHANNELS: dict[Party, tuple[str, ...]] = {
    "applicant": ("company", "supplier"),
    "company": ("company", INTERNAL),
    "supplier": ("supplier",),
}


def _is_of(channel: Any, side: Party) -> ColumnElement[bool]:
    """That a side reads the channel."""
    is_read: ColumnElement[bool] = channel.in_([literal_column(f"'{one}'") for one in _CHANNELS[side]])
    return is_read


def _messages_of(side: Party) -> Any:
    """The last message that a side reads, the last one taken back, the last one of one's own."""
    said = select(Message.id, Message.author_id, Message.created_at, Message.removed_at).where(
        Message.case_id == _ID, _is_of(Message.channel, side)
    )
    if side == "supplier":
        said = said.where(Message.supplier_id == bindparam("supplier_id"))
    last = said.order_by(Message.id.desc()).limit(literal_column(str(_LATEST))).subquery()
    own = sql_case((last.c.author_id == _ME, last.c.created_at))
    return select(
        func.max(last.c.id).label("message"),
        func.max(last.c.removed_at).label("removed_at"),
        func.max(own).label("own_at"),
    ).subquery()


def _pulse_of(side: Party) -> Select[Any]:
    messages = _messages_of(side)
    told = select(func.max(JournalEntry.id)).where(JournalEntry.case_id == _ID)
    read = select(func.sum(CaseRead.upto)).where(
        CaseRead.case_id == _ID, CaseRead.party != literal_column(f"'{side}'"), _is_of(CaseRead.channel, side)
    )
    marked = (
        select(literal_column("1"))
        .where(CaseMark.user_id == _ME)
        .limit(literal_column(str(MOST_UNREAD)))
        .subquery()
    )
    columns: list[Any] = [
        *_CASE,
        messages,
        told.where(JournalEntry.public).scalar_subquery().label("entry"),
        read.scalar_subquery().label("read"),
        select(func.count()).select_from(marked).scalar_subquery().label("marks"),
    ]
    if side == "company":
        columns += [told.scalar_subquery().label("any_entry"), *_looks(), _letters().label("letters")]
    return select(*columns).select_from(Case).join(messages, true()).where(Case.id == _ID)


def _looks() -> list[Any]:
    seen = (
        CaseViewer.case_id == _ID,
        CaseViewer.user_id != _ME,
        CaseViewer.seen_at > bindparam("since", type_=CaseViewer.seen_at.type),
    )
    figures: dict[str, Any] = {"lookers": func.count(), "looked_at": func.max(CaseViewer.seen_at)}
    return [
        select(one).select_from(CaseViewer).where(*seen).scalar_subquery().label(name)
        for name, one in figures.items()
    ]


def _letters() -> Any:
    """Changes with every step of the delivery of the last letters."""
    row = select(OutboxRow.id, OutboxRow.tries, OutboxRow.state, OutboxRow.sent_at)
    last = row.where(OutboxRow.case_id == _ID).order_by(OutboxRow.id.desc()).limit(_LATEST).subquery()
    over = func.count(last.c.sent_at) * 100 + func.count(
        sql_case((or_(last.c.state == "dead", last.c.state == "expired"), 1))
    )
    steps = func.max(last.c.id) * 1_000_000 + func.sum(last.c.tries) * 10_000 + over
    return select(steps).scalar_subquery()


_PULSE: dict[Party, Quick] = {side: Quick(_pulse_of(side)) for side in _CHANNELS}


def pulse_of(actor: Actor, case_id: int) -> Pulse:
    """The pulse of a case as the actor may feel it; raises NotFound as `queries.visible_case` does."""
    now, guess = clock.now(), _usual_side(actor)
    row = _asked(actor, case_id, guess, now)
    side = party_of(actor, row) if row is not None else None
    if side is None:
        raise NotFound
    if side != guess:  # somebody of the company with an application of their own
        row = _asked(actor, case_id, side, now)
    own_at = instant(row.own_at)
    felt = row._asdict() | {"own_at": own_at is not None and now - own_at < UNDO}
    if side == "company":
        felt["looked_at"] = str(row.looked_at)[:16]  # presence is told by the minute
    else:
        del felt["version"]  # it counts every change of the row: also of what is the company's alone
    stamp = blake2b(repr(felt).encode(), digest_size=8).hexdigest()
    return Pulse(case_id, stamp, row.message or 0, row.entry or 0)


def _usual_side(actor: Actor) -> Party:
    if actor.is_staff:
        return "company"
    return "supplier" if SUPPLIER in actor.roles else "applicant"


def _asked(actor: Actor, case_id: int, side: Party, now: datetime) -> Any:
    asked: dict[str, Any] = {"case_id": case_id, "user_id": actor.user_id}
    if side == "company":
        asked["since"] = now - LOOKS_FOR
    if side == "supplier":
        asked["supplier_id"] = actor.supplier_id
    return next(iter(_PULSE[side].rows(**asked)), None)
