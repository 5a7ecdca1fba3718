"""Writing down what became of a row of the outbox, outside the transaction of any act.

Used by the deliveries of letters and of SMS, each of which holds the row it has claimed.
"""

from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, Update, and_, update
from sqlalchemy.exc import DBAPIError

from app.extensions import db
from app.notifications.models import OutboxRow
from app.transaction import transaction

#: How often the result of a try is written again when the database is busy; each time waits for some seconds itself.
MARK_TIMES = 6


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
