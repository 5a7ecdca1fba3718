"""The living sessions of a person, as their list shows them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from app.accounts.browsers import browser_words
from app.accounts.models import UserSession
from app.accounts.sessions import HALF, is_over
from app.company import queries as company
from app.extensions import db


@dataclass(frozen=True)
class SessionLine:
    """One signed-in browser: what it calls itself, from where it came, when it signed in and was last used."""

    id: int
    browser: str
    address: str
    created_at: datetime
    seen_at: datetime
    is_this: bool


def living_sessions(user_id: int, *, roles: frozenset[str], this: int, at: datetime) -> list[SessionLine]:
    """The sessions that still open the cabinet, this browser's first, then the last used one."""
    settings: Mapping[str, object] = company.profile().settings
    query = select(UserSession).where(
        UserSession.user_id == user_id,
        UserSession.ended_at.is_(None),
        UserSession.level != HALF,
        UserSession.created_at > at - timedelta(hours=int(str(settings["session.absolute_hours"]))),
    )
    rows = [
        row
        for row in db.session.scalars(query)
        if not is_over(at - row.created_at, at - row.seen_at, roles, settings)
    ]
    rows.sort(key=lambda row: (row.id == this, row.seen_at), reverse=True)
    return [
        SessionLine(
            row.id, browser_words(row.agent), row.address, row.created_at, row.seen_at, row.id == this
        )
        for row in rows
    ]
