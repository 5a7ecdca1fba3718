"""Forgetting the keys of buttons that nobody presses any more: every press and every page that saves itself leaves one."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, tuple_

from app.accounts.models import ActionKey
from app.extensions import db
from app.transaction import transaction

#: A page that has stood open for longer is sent as a new act.
KEPT_FOR = timedelta(days=30)
#: So many at a time: nobody who wants to write waits long.
BATCH = 1000


def forget_old_keys(*, at: datetime) -> int:
    """Delete the keys that were used before the last 30 days; how many."""
    old = select(ActionKey.user_id, ActionKey.key).where(ActionKey.used_at < at - KEPT_FOR)
    forgotten = 0
    while batch := [tuple(row) for row in db.session.execute(old.limit(BATCH))]:
        with transaction():
            db.session.execute(delete(ActionKey).where(tuple_(ActionKey.user_id, ActionKey.key).in_(batch)))
        forgotten += len(batch)
    return forgotten
