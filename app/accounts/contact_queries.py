"""The code of a number that waits to be entered."""

from datetime import datetime

from sqlalchemy import select

from app.accounts.secret_models import SentSecret
from app.extensions import db


def open_code(user_id: int, *, at: datetime) -> SentSecret | None:
    """The newest code that was sent to a number for this account and may be entered now."""
    query = select(SentSecret).where(
        SentSecret.user_id == user_id,
        SentSecret.purpose == "phone",
        SentSecret.ended_at.is_(None),
        SentSecret.expires_at > at,
    )
    return db.session.scalars(query.order_by(SentSecret.id.desc())).first()
