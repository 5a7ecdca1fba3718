"""Links of letters: made for one person and one purpose, found by what stands in the address, used up once."""

import hmac
import re
import secrets
from datetime import datetime, timedelta

from sqlalchemy import select, update

from app import gateways
from app.accounts.models import User
from app.accounts.secret_models import SentSecret
from app.errors import NotFound
from app.extensions import db
from app.notifications.codes import link_token
from app.transaction import require_transaction

#: For how long a link that sets a password works (OWASP: short; a letter may take minutes).
RESET_LASTS = timedelta(hours=1)
#: For how long an invitation works: people have days off.
INVITATION_LASTS = timedelta(days=7)
#: Either link sets a password.
SETS_PASSWORD = ("reset", "invitation")

_SALT_BYTES = 32
#: The number of the link, a dash, 43 characters of base64url.
_TOKEN = re.compile(r"([1-9][0-9]{0,17})-([A-Za-z0-9_-]{43})")


class LinkEnded(NotFound):
    """No such link, or it did its work, or its time is over: the three are never told apart."""

    sentence = "Ссылка уже не действует: ею воспользовались, вышел срок или вместо нее отправлена другая."


def make_link(user: User, purpose: str, *, at: datetime, lasts: timedelta, address: str = "") -> SentSecret:
    """A new link for a letter; earlier ones of the same purpose go on working, so that nobody can take them away."""
    require_transaction()
    link = SentSecret(
        user_id=user.id,
        purpose=purpose,
        salt=secrets.token_hex(_SALT_BYTES),
        address=address,
        created_at=at,
        expires_at=at + lasts,
    )
    db.session.add(link)
    db.session.flush()
    return link


def living_link(token: str, *purposes: str, at: datetime, held: bool = False) -> SentSecret:
    """The link of an address that may still do its work; raises LinkEnded. `held` keeps everybody else from using it."""
    match = _TOKEN.fullmatch(token)
    if match is None:
        raise LinkEnded
    query = select(SentSecret).where(SentSecret.id == int(match[1]), SentSecret.purpose.in_(purposes))
    if held:
        require_transaction()
        query = query.with_for_update().execution_options(populate_existing=True)
    link = db.session.scalars(query).one_or_none()
    # Compared also with a salt that nobody has: the time does not tell whether there is such a number.
    salt = link.salt if link else "nobody"
    # A letter that left before the server's key was changed has a link of the former key.
    known = [link_token(key, salt) for key in gateways.current().keys]
    right = any([hmac.compare_digest(one, match[2]) for one in known])
    if link is None or not right or link.ended_at is not None or not link.created_at <= at < link.expires_at:
        raise LinkEnded
    return link


def end_links(user_id: int, *purposes: str, at: datetime) -> None:
    """End all links of these purposes that a person has been sent."""
    require_transaction()
    living = (
        SentSecret.user_id == user_id,
        SentSecret.purpose.in_(purposes),
        SentSecret.ended_at.is_(None),
    )
    db.session.execute(update(SentSecret).where(*living).values(ended_at=at))
