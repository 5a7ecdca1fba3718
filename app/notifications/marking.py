"""Holding a row of the outbox for one try and writing down what became of it, outside the transaction of any act.

Used by the deliveries of letters and of SMS, each of which claims rows of its own.
"""

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, Update, and_, update
from sqlalchemy.exc import DBAPIError

from app.extensions import db
from app.notifications.models import OutboxRow
from app.transaction import require_transaction, transaction

#: How often the result of a try is written again when the database is busy; each time waits for some seconds itself.
MARK_TIMES = 6


def claim_row(
    row_id: int, free: ColumnElement[bool], *, at: datetime, owner: str, lease_seconds: float
) -> OutboxRow | None:
    """Hold a row that is `free` for one try; None when it is not, or when it has expired and is marked so.

    One statement decides between several workers. Needs an open transaction.
    """
    require_transaction()
    one = and_(OutboxRow.id == row_id, free)
    if update_rows(and_(one, OutboxRow.expires_at <= at), state="expired", lease_until=None):
        return None
    held = update_rows(
        one,
        state="sending",
        tries=OutboxRow.tries + 1,
        lease_until=at + timedelta(seconds=lease_seconds),
        lease_owner=owner[:100],
    )
    return db.session.get_one(OutboxRow, row_id, populate_existing=True) if held else None


def mark(row_id: int, when: ColumnElement[bool], **values: Any) -> None:
    """Write the result of a try, patiently: what has left must not leave again because the database was busy."""
    for left in reversed(range(MARK_TIMES)):
        try:
            with transaction():
                update_rows(and_(OutboxRow.id == row_id, when), **values)
            return
        except DBAPIError:
            if not left:
                raise


def update_rows(when: ColumnElement[bool], **values: Any) -> int:
    """Change the rows of a condition by one statement, in the open transaction; how many there were."""
    return changed(update(OutboxRow).where(when).values(**values))


def changed(statement: Update) -> int:
    """How many rows a statement has changed."""
    result = db.session.execute(statement, execution_options={"synchronize_session": False})
    return cast("CursorResult[Any]", result).rowcount
