"""Signing in and out.

Signing in is two transactions with the slow comparison of the password between them: nobody may wait for the database
while a hash is computed. The try is counted in the first one, so that many tries at once are no way around the limit.
"""

import logging
from dataclasses import dataclass
from datetime import datetime

from app.accounts import hashing
from app.accounts.attempt_steps import Counted, count, refuse_impatience, take_back
from app.accounts.login_ids import LoginKind
from app.accounts.models import User
from app.accounts.policy import side_of
from app.accounts.queries import holder, roles_of
from app.accounts.secret_models import SecondFactor
from app.accounts.sessions import HALF, Entered, Visit, end_session, open_session
from app.accounts.throttle import ADDRESS, KNOWN_BROWSER, LOGIN_ANYWHERE, LOGIN_AT_ADDRESS, key, network
from app.actor import Actor
from app.extensions import db
from app.journal.steps import record
from app.transaction import transaction

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class KnownBrowser:
    """A browser in which a user has signed in before; `mark` is random. It opens nothing, it only counts tries."""

    user_id: int
    mark: str


@dataclass(frozen=True)
class _Try:
    user_id: int | None
    password_hash: str
    counted: tuple[Counted, ...]
    attempt_ids: list[int]


def sign_in(
    login: tuple[LoginKind, str],
    password: str,
    *,
    visit: Visit,
    at: datetime,
    browser: KnownBrowser | None = None,
    leaving: int | None = None,
) -> Entered | None:
    """A new session, or None for an unknown login, a wrong password and a blocked account alike, in equal time.

    `leaving` is the session that this browser gives up. Raises TooManyTries, also for a right password and for a login
    that nobody has.
    """
    tried = _count_try(login, visit, browser, at)
    if not hashing.verify(tried.password_hash, password) or tried.user_id is None:
        log.warning("sign-in refused: kind %s, user %s", login[0], tried.user_id or "unknown")
        return None
    return _enter(tried, hashing.renewed(tried.password_hash, password), visit, at, leaving)


def _count_try(
    login: tuple[LoginKind, str], visit: Visit, browser: KnownBrowser | None, at: datetime
) -> _Try:
    with transaction():
        user = holder(*login)
        counted = _limits(login, user, visit, browser)
        refuse_impatience(counted, at=at)
        attempt_ids = count(counted, at=at)
        if user is None or user.state != "active":
            return _Try(None, hashing.NOBODY, counted, attempt_ids)
        return _Try(user.id, user.password_hash, counted, attempt_ids)


def _limits(
    login: tuple[LoginKind, str], user: User | None, visit: Visit, browser: KnownBrowser | None
) -> tuple[Counted, ...]:
    """Strangers meet three limits; the person's own browser counts apart, so that strangers cannot lock it out."""
    if browser is not None and user is not None and browser.user_id == user.id:
        return (Counted(KNOWN_BROWSER, key(browser.mark)),)
    return (
        Counted(LOGIN_AT_ADDRESS, key(*login, network(visit.address))),
        Counted(LOGIN_ANYWHERE, key(*login)),
        Counted(ADDRESS, key(network(visit.address))),
    )


def _enter(
    tried: _Try, new_hash: str | None, visit: Visit, at: datetime, leaving: int | None
) -> Entered | None:
    with transaction():
        # Held: a password set anew in this moment would otherwise not find the session that it has to end.
        held = {"key_share": True}
        user = db.session.get(User, tried.user_id, with_for_update=held, populate_existing=True)
        if user is None or user.state != "active" or user.password_hash != tried.password_hash:
            return None  # blocked, or the password was changed, while the hash was computed
        if new_hash is not None:
            user.password_hash = new_hash
        take_back(tried.attempt_ids, tried.counted[0], at=at)
        if leaving is not None:
            end_session(leaving, at=at)
        if _has_factor(user.id):
            return Entered(user.id, open_session(user, at=at, visit=visit, level=HALF), half=True)
        record("signed_in", party=side_of(roles_of(user.id)), actor_id=user.id, at=at)
        return Entered(user.id, open_session(user, at=at, visit=visit))


def _has_factor(user_id: int) -> bool:
    factor = db.session.get(SecondFactor, user_id)
    return factor is not None and factor.confirmed_at is not None


def sign_out(session_id: int, *, by: Actor, at: datetime) -> None:
    """End the session of this browser; its cookie is worth nothing from now on."""
    with transaction():
        end_session(session_id, at=at)
        record("signed_out", party=side_of(by.roles), actor_id=by.user_id, at=at)
