"""A password forgotten and set anew by the link of a letter; a password changed by who knows the old one.

Hashes are computed by the caller or between two transactions: nobody waits for the database meanwhile.
"""

from datetime import datetime

from sqlalchemy import select

from app.accounts.attempt_steps import Counted, count, refuse_impatience, take_back
from app.accounts.letter_steps import mail_link
from app.accounts.link_steps import RESET_LASTS, SETS_PASSWORD, LinkEnded, living_link, make_link
from app.accounts.login_ids import LoginKind
from app.accounts.models import User
from app.accounts.old_password import count_old, refuse_wrong_old
from app.accounts.password_steps import take_password
from app.accounts.queries import account_address, holder
from app.accounts.sessions import Visit
from app.accounts.throttle import RESET_ADDRESS, RESET_LOGIN, key, network
from app.actor import Actor
from app.errors import Conflict
from app.extensions import db
from app.transaction import transaction


def ask_for_reset(login: tuple[LoginKind, str], *, visit: Visit, at: datetime) -> None:
    """Send the owner of a login a letter with a link that sets a new password, if there is such a person and an address.

    The caller learns nothing of that. Raises TooManyTries, for logins that nobody has as well.
    """
    with transaction():
        counted = (
            Counted(RESET_LOGIN, key(*login)),
            Counted(RESET_ADDRESS, key(network(visit.address))),
        )
        refuse_impatience(counted, at=at)
        count(counted, at=at)
        user = holder(*login)
        if user is not None and user.state == "active":
            _send_link(user, at)


def _send_link(user: User, at: datetime) -> None:
    address = account_address(user)
    if not address:
        return
    link = make_link(user, "reset", at=at, lasts=RESET_LASTS, address=address)
    mail_link(user, link, "password-reset", "/password/new/", told="password_asked", at=at)


def reset_password(token: str, password_hash: str, *, at: datetime) -> None:
    """Set a new password by the link of a letter, which is then used up; every open session ends. Raises LinkEnded."""
    with transaction():
        link = living_link(token, *SETS_PASSWORD, at=at, held=True)
        user = _held(link.user_id)
        if user.state != "active":
            raise LinkEnded
        if link.address == user.notify_email and user.email_confirmed_at is None:
            user.email_confirmed_at = at  # whoever has the link reads the letters of this address
        take_password(user, password_hash, kind="password_reset", kept=None, at=at)


def change_password(old: str, new_hash: str, *, by: Actor, session_id: int, at: datetime) -> None:
    """Set a new password for oneself; every other open session ends.

    Raises InvalidForm at `old_password` for a wrong one, TooManyTries after several, Conflict when another window was first.
    """
    stored, counted, tries = count_old(by, at)
    refuse_wrong_old(stored, old, by)
    with transaction():
        user = _held(by.user_id)
        if user.password_hash != stored:
            raise Conflict("Пароль уже изменен в другом окне. Войдите заново.")
        take_back(tries, counted, at=at)
        take_password(user, new_hash, kind="password_changed", kept=session_id, at=at)


def _held(user_id: int) -> User:
    query = select(User).where(User.id == user_id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()
