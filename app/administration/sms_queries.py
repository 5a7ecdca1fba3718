"""Whom SMS of the set-up go to: the administrator's own number, and whom the office's warnings reach."""

from sqlalchemy import select

from app.accounts.models import User, UserRole
from app.actor import ADMINISTRATOR, Actor
from app.extensions import db
from app.notifications.steps import Recipient


def own_phone(actor: Actor) -> str:
    """The number in the account of whoever asks; '' when there is none."""
    return db.session.scalar(select(User.phone).where(User.id == actor.user_id)) or ""


def administrators() -> list[Recipient]:
    """The active administrators, as recipients of letters."""
    query = select(User.id, User.notify_email).join(UserRole).where(UserRole.role == ADMINISTRATOR)
    rows = db.session.execute(query.where(User.state == "active").order_by(User.id))
    return [Recipient(user_id, address) for user_id, address in rows]
