"""Sessions as rows: opened at sign-in, found by the token of the cookie, ended at once by whoever may end them."""

import hashlib
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from app.accounts.models import Applicant, User, UserApplicant, UserRole, UserSession
from app.actor import ADMINISTRATOR, STAFF, SUPPLIER, Actor
from app.company import queries as company
from app.extensions import db
from app.transaction import require_transaction, transaction

TOKEN_BYTES = 32

#: A session's last use is written down at most this often.
SEEN_EVERY = timedelta(minutes=5)


@dataclass(frozen=True)
class Visit:
    """Where a request comes from; kept with sessions and consents as evidence."""

    address: str
    agent: str


@dataclass(frozen=True)
class FoundSession:
    """A living session and whose it is."""

    session_id: int
    seen_at: datetime
    actor: Actor
    person: str
    applicant: str


def token_hash(token: str) -> str:
    """How the database knows a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def open_session(user: User, *, at: datetime, visit: Visit) -> str:
    """A new session for the user; the token comes back and is known to nobody but the browser."""
    require_transaction()
    token = secrets.token_urlsafe(TOKEN_BYTES)
    db.session.add(
        UserSession(
            token_hash=token_hash(token),
            user_id=user.id,
            created_at=at,
            seen_at=at,
            password_at=at,
            address=visit.address[:60],
            agent=visit.agent[:300],
        )
    )
    return token


def find_session(token: str, *, at: datetime) -> FoundSession | None:
    """The living session of a token: not ended, not idle or old beyond the settings, its user not blocked."""
    rows = db.session.execute(
        select(UserSession, User, Applicant, UserRole, UserApplicant.applicant_id, UserApplicant.valid_until)
        .join(User, User.id == UserSession.user_id)
        .outerjoin(Applicant, Applicant.id == User.default_applicant_id)
        .outerjoin(UserRole, UserRole.user_id == User.id)
        .outerjoin(UserApplicant, UserApplicant.user_id == User.id)
        .where(UserSession.token_hash == token_hash(token))
    ).all()
    if not rows:
        return None
    session, user, applicant = rows[0][0], rows[0][1], rows[0][2]
    roles = {row[3].role: row[3] for row in rows if row[3] is not None}
    if session.ended_at is not None or user.state != "active" or _over(session, frozenset(roles), at):
        return None
    today = company.today()
    supplier = roles.get(SUPPLIER)
    actor = Actor(
        user_id=user.id,
        name=user.name,
        roles=frozenset(roles),
        applicant_ids=frozenset(row[4] for row in rows if row[4] and (row[5] is None or row[5] >= today)),
        supplier_id=supplier.supplier_id if supplier else None,
        confirmed=user.confirmed_at is not None,
    )
    return FoundSession(session.id, session.seen_at, actor, user.short, _applicant_words(applicant, user))


def _applicant_words(applicant: Applicant | None, user: User) -> str:
    """The applicant before the person in the header; people who act for themselves are not named twice."""
    if applicant is None or (applicant.legal_form == "individual" and applicant.name == user.name):
        return ""
    return applicant.name


def _over(session: UserSession, roles: frozenset[str], at: datetime) -> bool:
    settings = company.profile().settings
    staff = bool(roles & (STAFF | {ADMINISTRATOR, SUPPLIER}))
    idle = settings["session.idle_minutes_staff" if staff else "session.idle_minutes"]
    return at - session.seen_at > timedelta(minutes=idle) or at - session.created_at > timedelta(
        hours=settings["session.absolute_hours"]
    )


def saw(found: FoundSession, *, at: datetime) -> None:
    """Write down that the session was used, at most once in five minutes; an action of its own.

    While the database is busy with something long the note waits for the next request: a page is not refused for it.
    """
    if at - found.seen_at < SEEN_EVERY:
        return
    with suppress(OperationalError), transaction():
        db.session.execute(update(UserSession).where(UserSession.id == found.session_id).values(seen_at=at))


def end_session(session_id: int, *, at: datetime) -> None:
    """End one session; it never lives again."""
    require_transaction()
    db.session.execute(
        update(UserSession)
        .where(UserSession.id == session_id, UserSession.ended_at.is_(None))
        .values(ended_at=at)
    )


def end_sessions_of(user_id: int, *, at: datetime) -> None:
    """End every session of a user: after a new password and when the account is blocked."""
    require_transaction()
    db.session.execute(
        update(UserSession)
        .where(UserSession.user_id == user_id, UserSession.ended_at.is_(None))
        .values(ended_at=at)
    )


def owner_of(token: str) -> int | None:
    """Whose session a token is or was, also an ended one: typed fields are given back to the same user only."""
    return db.session.scalar(select(UserSession.user_id).where(UserSession.token_hash == token_hash(token)))
