"""The present password, asked for anew before something that lets people in is changed.

The try is counted in a transaction of its own, the slow comparison stands between two: nobody waits for it.
"""

import logging
from datetime import datetime

from app.accounts import hashing
from app.accounts.attempt_steps import Counted, count, refuse_impatience
from app.accounts.models import User
from app.accounts.throttle import OLD_PASSWORD, key
from app.actor import Actor
from app.errors import InvalidForm
from app.extensions import db
from app.transaction import transaction

log = logging.getLogger(__name__)

_WRONG = "Старый пароль не подходит. Проверьте раскладку клавиатуры."


def count_old(by: Actor, at: datetime) -> tuple[str, Counted, list[int]]:
    """The stored hash; the try is counted before it is made, so that many at once are no way around the limit."""
    counted = Counted(OLD_PASSWORD, key(str(by.user_id)))
    with transaction():
        refuse_impatience([counted], at=at)
        tries = count([counted], at=at)
        return db.session.get_one(User, by.user_id).password_hash, counted, tries


def refuse_wrong_old(stored: str, typed: str, by: Actor) -> None:
    """Raise InvalidForm at `old_password` for a password that is not the stored one."""
    if not hashing.verify(stored, typed):
        log.warning("old password refused: user %s", by.user_id)
        raise InvalidForm({"old_password": [_WRONG]})
