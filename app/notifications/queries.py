"""Reading the outbox: what is due, what was lost, what became of the letters of a case."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal_column, or_, select

from app.extensions import db
from app.notifications.kinds import kind_words
from app.notifications.models import OutboxRow
from app.notifications.rules import STATE_WORDS, reason_words

#: No pause and no lease of ours reaches further than this: an instant beyond it was written by a clock that has been put
#: back since, and counts as past.
FURTHEST = timedelta(hours=2)
#: A case with more letters shows the newest ones.
LEDGER_LENGTH = 100


@dataclass(frozen=True)
class Due:
    """A letter whose time has come, and how often it has been tried."""

    id: int
    tries: int


@dataclass(frozen=True)
class LedgerLine:
    """One letter as the office sees it, everything in words; `at` is when it left, or when it was written."""

    id: int
    words: str
    address: str
    state: str
    tone: str
    error: str
    at: datetime
    tries: int
    dead: bool


def due(at: datetime, *, limit: int, channel: str = "email") -> list[Due]:
    """Letters to be tried now, the longest waiting first; those whose worker died are freed beforehand."""
    query = select(OutboxRow.id, OutboxRow.tries).where(is_due(at), OutboxRow.channel == channel)
    rows = db.session.execute(query.order_by(OutboxRow.next_at, OutboxRow.id).limit(limit))
    return [Due(row_id, tries) for row_id, tries in rows]


def lost(at: datetime, *, channel: str = "email") -> list[Due]:
    """Letters whose worker died while trying."""
    query = select(OutboxRow.id, OutboxRow.tries).where(is_lost(at), OutboxRow.channel == channel)
    rows = db.session.execute(query.limit(500))
    return [Due(row_id, tries) for row_id, tries in rows]


def letters_of_case(case_id: int) -> list[LedgerLine]:
    """The ledger of a case's letters, the newest first."""
    return _ledger(OutboxRow.case_id == case_id, LEDGER_LENGTH)


#: As the index of these rows is written.
_TRIAL = OutboxRow.kind == literal_column("'trial'")


def trial_letters(limit: int) -> list[LedgerLine]:
    """The trial letters written last, the newest first."""
    return _ledger(_TRIAL, limit)


def trial_letters_since(since: datetime) -> int:
    """How many trial letters were written since an instant."""
    query = select(func.count(OutboxRow.id)).where(_TRIAL, OutboxRow.created_at > since)
    return db.session.scalar(query) or 0


def _ledger(which: ColumnElement[bool], limit: int) -> list[LedgerLine]:
    query = select(
        OutboxRow.id,
        OutboxRow.kind,
        OutboxRow.address,
        OutboxRow.state,
        OutboxRow.last_error,
        OutboxRow.sent_at,
        OutboxRow.created_at,
        OutboxRow.tries,
    ).where(which)
    return [_line(row) for row in db.session.execute(query.order_by(OutboxRow.id.desc()).limit(limit))]


def is_due(at: datetime) -> ColumnElement[bool]:
    """The condition «to be tried now» on rows of the outbox."""
    clock_put_back = or_(
        OutboxRow.created_at > at + FURTHEST,
        and_(OutboxRow.state == "retry", OutboxRow.next_at > at + FURTHEST),
    )
    return and_(OutboxRow.state.in_(("new", "retry")), or_(OutboxRow.next_at <= at, clock_put_back))


def is_lost(at: datetime) -> ColumnElement[bool]:
    """The condition «being tried by somebody whose time has run out» on rows of the outbox."""
    past = or_(OutboxRow.lease_until <= at, OutboxRow.lease_until > at + FURTHEST)
    return and_(OutboxRow.state == "sending", past)


def _line(row: Any) -> LedgerLine:
    state, tone = STATE_WORDS[row.state]
    return LedgerLine(
        id=row.id,
        words=kind_words(row.kind),
        address=row.address,
        state=state,
        tone=tone,
        error=reason_words(row.last_error) if row.state in ("retry", "dead") else "",
        at=row.sent_at or row.created_at,
        tries=row.tries,
        dead=row.state == "dead",
    )
