"""Sessions as rows: opened at sign-in, found by the token of the cookie, ended at once by whoever may end them."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select, true, update
from sqlalchemy.exc import OperationalError

from app.accounts.models import Applicant, User, UserApplicant, UserRole, UserSession
from app.accounts.names import applicant_name, full_name, short_name
from app.accounts.secret_models import SecondFactor
from app.accounts.text_queries import owed_texts
from app.actor import ADMINISTRATOR, APPLICANT, STAFF, SUPPLIER, Actor
from app.company import queries as company
from app.extensions import Quick, day, db, instant
from app.transaction import require_transaction, transaction

TOKEN_BYTES = 32

#: Of a session: the right password alone, where a second factor is still to come. It opens nothing.
HALF = "half"
#: For how long the code of the second factor is waited for.
HALF_LASTS = timedelta(minutes=10)

#: Roles of those who see other people's data: shorter sessions, a second factor.
WORKING = STAFF | {ADMINISTRATOR, SUPPLIER}

#: A session's last use is written down at most this often.
SEEN_EVERY = timedelta(minutes=5)


@dataclass(frozen=True)
class Visit:
    """Where a request comes from; kept with sessions and consents as evidence."""

    address: str
    agent: str


@dataclass(frozen=True)
class Entered:
    """A successful sign-in: who it is, and the token of the new session."""

    user_id: int
    token: str
    #: Whether the code of a second factor is still to come: the token opens nothing but its page.
    half: bool = False


@dataclass(frozen=True)
class FoundSession:
    """A living session and whose it is."""

    session_id: int
    seen_at: datetime
    actor: Actor
    person: str
    applicant: str
    #: What the person has to do before anything else: «password», «second_factor», «texts», or nothing.
    owes: str = ""
    #: The e-mail for notices that an applicant has not confirmed yet, or nothing.
    unproved: str = ""


def token_hash(token: str) -> str:
    """How the database knows a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def open_session(user: User, *, at: datetime, visit: Visit, level: str = "password") -> str:
    """A new session for the user; the token comes back and is known to nobody but the browser.

    `level` tells what the person has shown: «password», «factor» (both), or HALF, which opens nothing.
    """
    require_transaction()
    token = secrets.token_urlsafe(TOKEN_BYTES)
    db.session.add(
        UserSession(
            token_hash=token_hash(token),
            user_id=user.id,
            level=level,
            created_at=at,
            seen_at=at,
            password_at=at,
            owes_texts=_files_applications(user.id) and bool(owed_texts(user.id)),
            address=visit.address[:60],
            agent=visit.agent[:300],
        )
    )
    return token


def _files_applications(user_id: int) -> bool:
    return db.session.get(UserRole, (user_id, APPLICANT)) is not None


#: Everything about a session in one reading: it is asked for with every request.
_FOUND = Quick(
    select(
        UserSession.id.label("session_id"),
        UserSession.created_at,
        UserSession.seen_at,
        UserSession.ended_at,
        UserSession.level,
        UserSession.owes_texts,
        User.id.label("user_id"),
        User.state,
        User.password_temporary,
        SecondFactor.confirmed_at.label("factor_at"),
        User.confirmed_at,
        User.notify_email,
        User.email_confirmed_at,
        User.last_name,
        User.first_name,
        User.middle_name,
        Applicant.legal_form,
        Applicant.title,
        Applicant.last_name.label("for_last_name"),
        Applicant.first_name.label("for_first_name"),
        Applicant.middle_name.label("for_middle_name"),
        UserRole.role,
        UserRole.supplier_id,
        UserApplicant.applicant_id,
        UserApplicant.valid_until,
        *(column.label(f"settings_{n}") for n, column in enumerate(company.SETTINGS_VERSION.c)),
    )
    .select_from(UserSession)
    .join(company.SETTINGS_VERSION, true())
    .join(User, User.id == UserSession.user_id)
    .outerjoin(SecondFactor, SecondFactor.user_id == User.id)
    .outerjoin(Applicant, Applicant.id == User.default_applicant_id)
    .outerjoin(UserRole, UserRole.user_id == User.id)
    .outerjoin(UserApplicant, UserApplicant.user_id == User.id)
    .where(UserSession.token_hash == bindparam("hash"))
)


def find_session(token: str, *, at: datetime) -> FoundSession | None:
    """The living session of a token: not ended, not idle or old beyond the settings, its user not blocked."""
    rows = _FOUND.rows(hash=token_hash(token))
    if not rows:
        return None
    found = rows[0]
    settings = company.expect_profile(found[-3:]).settings
    roles = frozenset(row.role for row in rows if row.role is not None)
    seen_at, created_at = instant(found.seen_at) or at, instant(found.created_at) or at
    shut = found.ended_at is not None or found.state != "active" or found.level == HALF
    if shut or is_over(at - created_at, at - seen_at, roles, settings):
        return None
    actor = _actor(rows, roles)
    return FoundSession(
        found.session_id,
        seen_at,
        actor,
        short_name(found.last_name, found.first_name, found.middle_name),
        _applicant_words(found, actor.name),
        owed(
            temporary=bool(found.password_temporary),
            texts=bool(found.owes_texts),
            has_factor=found.factor_at is not None,
            roles=roles,
            settings=settings,
        ),
        found.notify_email if APPLICANT in roles and found.email_confirmed_at is None else "",
    )


def _actor(rows: Sequence[Any], roles: frozenset[str]) -> Actor:
    found = rows[0]
    return Actor(
        user_id=found.user_id,
        name=full_name(found.last_name, found.first_name, found.middle_name),
        roles=roles,
        applicant_ids=frozenset(
            row.applicant_id for row in rows if row.applicant_id and _acts(row.valid_until)
        ),
        supplier_id=next((row.supplier_id for row in rows if row.role == SUPPLIER), None),
        confirmed=found.confirmed_at is not None,
    )


def owed(
    *, temporary: bool, texts: bool, has_factor: bool, roles: frozenset[str], settings: Mapping[str, Any]
) -> str:
    """What somebody who is in has to do before anything else: a first password, a second factor, legal texts."""
    if temporary:
        return "password"
    needs_factor = bool(roles & WORKING) and bool(settings["security.second_factor"])
    if needs_factor and not has_factor:
        return "second_factor"
    return "texts" if texts else ""


def _acts(until: Any) -> bool:
    """Whether somebody may act for an applicant up to this day; None: for ever."""
    last = day(until)
    return last is None or last >= company.today()


def _applicant_words(found: Any, person: str) -> str:
    """The applicant before the person in the header; people who act for themselves are not named twice."""
    if found.legal_form is None:
        return ""
    name = applicant_name(
        found.legal_form,
        found.title,
        full_name(found.for_last_name, found.for_first_name, found.for_middle_name),
    )
    return "" if found.legal_form == "individual" and name == person else name


def is_over(age: timedelta, idle: timedelta, roles: frozenset[str], settings: Mapping[str, Any]) -> bool:
    """Whether a session has ended by itself: so old, unused for so long, by the limits of whose it is."""
    staff = bool(roles & WORKING)
    longest = timedelta(minutes=settings["session.idle_minutes_staff" if staff else "session.idle_minutes"])
    return idle > longest or age > timedelta(hours=settings["session.absolute_hours"])


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


def end_sessions_of(user_id: int, *, at: datetime, kept: int | None = None) -> None:
    """End every session of a user, but the one to be `kept`: after a new password and when the account is blocked."""
    require_transaction()
    open_ones = (
        UserSession.user_id == user_id,
        UserSession.ended_at.is_(None),
        UserSession.id != (kept or 0),
    )
    db.session.execute(update(UserSession).where(*open_ones).values(ended_at=at))


def owner_of(token: str) -> int | None:
    """Whose session a token is or was, also an ended one: typed fields are given back to the same user only."""
    return db.session.scalar(select(UserSession.user_id).where(UserSession.token_hash == token_hash(token)))
