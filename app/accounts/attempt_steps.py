"""Counting tries in the database, so that limits hold over all processes, after a restart and without Redis.

A try is counted before it is made and taken back when it was right: a hundred tries at the same moment are no way
around a limit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, delete, func, or_, select, text

from app.accounts.models import Attempt
from app.accounts.throttle import LONGEST_WINDOW, Limit, seconds_to_wait, wait_sentence
from app.errors import TooManyTries
from app.extensions import db
from app.transaction import require_transaction


@dataclass(frozen=True)
class Counted:
    """What one limit counts: the limit, and the digest of the login or address."""

    limit: Limit
    key: str


def refuse_impatience(counted: Sequence[Counted], *, at: datetime) -> None:
    """Raise TooManyTries when one of the limits asks to wait; the longest wait is told."""
    require_transaction()
    _one_at_a_time(counted)
    seconds = max(_wait(one, at) for one in counted)
    if seconds:
        raise TooManyTries(seconds, wait_sentence(seconds))


def count(counted: Sequence[Counted], *, at: datetime) -> list[int]:
    """Count one try under each limit; the ids come back, for taking the try back."""
    require_transaction()
    rows = [Attempt(scope=one.limit.scope, key=one.key, at=at) for one in counted]
    db.session.add_all(rows)
    db.session.flush()
    return [row.id for row in rows]


def take_back(attempt_ids: Sequence[int], forgiven: Counted, *, at: datetime) -> None:
    """The try was right: it does not count, nor do the earlier wrong ones under `forgiven`. Drops what no limit counts."""
    require_transaction()
    db.session.execute(
        delete(Attempt).where(
            or_(
                Attempt.id.in_(attempt_ids),
                and_(Attempt.scope == forgiven.limit.scope, Attempt.key == forgiven.key),
                Attempt.at < at - LONGEST_WINDOW,
            )
        )
    )


def _wait(counted: Counted, at: datetime) -> int:
    tries, last = db.session.execute(
        select(func.count(), func.max(Attempt.at)).where(
            Attempt.scope == counted.limit.scope,
            Attempt.key == counted.key,
            Attempt.at > at - counted.limit.window,
        )
    ).one()
    return seconds_to_wait(counted.limit, tries=tries, last=last, now=at)


def _one_at_a_time(counted: Sequence[Counted]) -> None:
    """Let tries under the same limit pass one after another. SQLite has one writer anyway."""
    if db.engine.dialect.name != "postgresql":
        return
    for key in sorted(one.key for one in counted):
        db.session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": int(key[:15], 16)})
