"""The e-mail for notices and the mobile of an account: asked for, proved by a link or a code, changed, emptied.

A new address or number takes effect when it is proved and not before; the former one is told of it.
"""

import logging
from datetime import datetime

from sqlalchemy import select

from app.accounts.attempt_steps import Counted, count, refuse_impatience, take_back
from app.accounts.contact_steps import (
    confirm_email,
    confirm_phone,
    refuse_stale_password,
    send_code,
    send_link,
    tell_email,
    use_code,
)
from app.accounts.link_steps import LinkEnded, end_links, living_link
from app.accounts.models import User, UserSession
from app.accounts.old_password import count_old, refuse_wrong_old
from app.accounts.sessions import Visit
from app.accounts.throttle import CONTACT, CONTACT_CODE, key
from app.actor import Actor
from app.extensions import db
from app.notifications.codes import read_code
from app.transaction import transaction

log = logging.getLogger(__name__)


def ask_email(address: str, *, by: Actor, session_id: int, at: datetime) -> None:
    """Send a link to an address; letters go there once it is pressed. The present address may be asked again.

    Raises TooManyTries, and Conflict when the password was not typed a moment ago and the address is another one.
    """
    with transaction():
        user = _held(by.user_id)
        if address == user.notify_email and user.email_confirmed_at is not None:
            return
        if address != user.notify_email:
            refuse_stale_password(session_id, at)
        _count_asking("email", user, at)
        end_links(user.id, "email", at=at)
        send_link(user, address, at=at)


def drop_email(*, by: Actor, session_id: int, at: datetime) -> None:
    """Have no more letters with notices; always works (decision 25). Raises Conflict for a password typed long ago."""
    with transaction():
        user = _held(by.user_id)
        end_links(user.id, "email", at=at)
        if not user.notify_email:
            return
        refuse_stale_password(session_id, at)
        before, user.notify_email, user.email_confirmed_at = user.notify_email, "", None
        tell_email(user, before, at=at)


def press_link(token: str, *, at: datetime) -> str:
    """The owner of the letter presses its button: the address takes effect and comes back. Raises LinkEnded."""
    with transaction():
        link = living_link(token, "email", at=at, held=True)
        user = _held(link.user_id)
        if user.state != "active":
            raise LinkEnded
        link.ended_at = at
        confirm_email(user, link.address, at=at)
        return link.address


def ask_phone(phone: str, *, by: Actor, session_id: int, visit: Visit, at: datetime) -> None:
    """Send a code to a number; the one before is put out.

    Raises TooManyTries, Unavailable without a gateway for SMS, InvalidValue for a number that gets none, Conflict when the
    password was not typed a moment ago and the number is another one.
    """
    with transaction():
        user = _held(by.user_id)
        if phone != user.phone:
            refuse_stale_password(session_id, at)
        _count_asking("phone", user, at)
        send_code(user, phone, by_id=user.id, visit=visit, at=at)


def enter_code(typed: str, *, by: Actor, at: datetime) -> str:
    """Check the code of the newest SMS: the number takes effect and comes back.

    Raises InvalidForm at `code` for a wrong one (counted), TooManyTries, Conflict when the code is over.
    """
    code = read_code(typed)
    counted = Counted(CONTACT_CODE, key(str(by.user_id)))
    with transaction():
        refuse_impatience([counted], at=at)
        tries = count([counted], at=at)
    with transaction():
        user = _held(by.user_id)
        sent = use_code(user, code, at=at)
        take_back(tries, counted, at=at)
        confirm_phone(user, sent.address, at=at)
        return sent.address


def prove_password(password: str, *, by: Actor, session_id: int, at: datetime) -> None:
    """Note that the password was typed now in this session; raises InvalidForm at `old_password`, TooManyTries."""
    stored, counted, tries = count_old(by, at)
    refuse_wrong_old(stored, password, by)
    with transaction():
        take_back(tries, counted, at=at)
        db.session.get_one(UserSession, session_id).password_at = at


def _count_asking(what: str, user: User, at: datetime) -> None:
    counted = Counted(CONTACT, key(what, str(user.id)))
    refuse_impatience([counted], at=at)
    count([counted], at=at)


def _held(user_id: int) -> User:
    query = select(User).where(User.id == user_id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()
