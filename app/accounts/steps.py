"""Changes of accounts that belong to any action: so far the key of a pressed button."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from app.accounts.models import ActionKey
from app.errors import AlreadyDone
from app.extensions import db
from app.transaction import require_transaction


def claim_key(user_id: int, key: str, *, url: str, at: datetime) -> None:
    """Use up the key of one pressed button, whose result will be at `url`.

    Raises AlreadyDone with the first result when the key was used before: two equal requests at the same time meet
    here, one waits for the other. An empty key claims nothing.
    """
    require_transaction()
    if not key:
        return
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    values = {"user_id": user_id, "key": key[:64], "result_url": url, "used_at": at}
    added = db.session.execute(insert(ActionKey).values(**values).on_conflict_do_nothing())
    if added.rowcount == 0:  # type: ignore[attr-defined]
        used = select(ActionKey.result_url).where(ActionKey.user_id == user_id, ActionKey.key == key[:64])
        raise AlreadyDone(db.session.scalars(used).one())
