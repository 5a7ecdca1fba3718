"""Ending one's own sessions: one of them, or all but that of this browser."""

from datetime import datetime

from sqlalchemy import select

from app.accounts.models import UserSession
from app.accounts.policy import side_of
from app.accounts.sessions import end_session, end_sessions_of
from app.actor import Actor
from app.errors import NotFound
from app.extensions import db
from app.journal.steps import record
from app.transaction import transaction


def end_one(session_id: int, *, by: Actor, at: datetime) -> None:
    """End one of one's own sessions, also one that has ended by itself; raises NotFound for anybody else's."""
    with transaction():
        owner = db.session.scalar(select(UserSession.user_id).where(UserSession.id == session_id))
        if owner != by.user_id:
            raise NotFound
        end_session(session_id, at=at)
        details = {"session": session_id}
        record("session_ended", party=side_of(by.roles), actor_id=by.user_id, at=at, details=details)


def end_others(*, kept: int, by: Actor, at: datetime) -> None:
    """End all of one's own sessions but the present one."""
    with transaction():
        end_sessions_of(by.user_id, at=at, kept=kept)
        record("sessions_ended", party=side_of(by.roles), actor_id=by.user_id, at=at, details={"kept": kept})
