"""Choosing by which of one's own identifiers one signs in."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from app.accounts.access_queries import access_of
from app.accounts.attempt_steps import Counted, count, refuse_impatience
from app.accounts.contact_steps import refuse_stale_password
from app.accounts.letter_steps import letter_words
from app.accounts.login_ids import LOGIN_KINDS
from app.accounts.models import LoginId, User
from app.accounts.policy import side_of
from app.accounts.queries import account_address, taken
from app.accounts.registration import taken_sentence
from app.accounts.steps import add_login_ids
from app.accounts.throttle import TAKEN, key
from app.actor import Actor
from app.errors import InvalidForm
from app.extensions import db
from app.journal.steps import record
from app.notifications.steps import Recipient, notify
from app.transaction import transaction


def choose_access(chosen: Collection[str], *, by: Actor, session_id: int, at: datetime) -> None:
    """Sign in by these identifiers (`Access.key`) and by no other one from now on; open sessions stay.

    Raises InvalidForm (`logins`) for none, for one that is not the person's and for one that signs in somebody else
    (counted), Conflict for a password typed long ago, TooManyTries.
    """
    try:
        _choose(chosen, by=by, session_id=session_id, at=at)
    except IntegrityError:
        raise InvalidForm({"logins": ["Этим логином только что стал входить другой человек."]}) from None
    except _Taken as refused:
        with transaction():
            count([_counted(by)], at=at)
        raise InvalidForm({"logins": [refused.message]}) from None


class _Taken(InvalidForm):
    pass


def _choose(chosen: Collection[str], *, by: Actor, session_id: int, at: datetime) -> None:
    with transaction():
        query = select(User).where(User.id == by.user_id).with_for_update()
        user = db.session.scalars(query.execution_options(populate_existing=True)).one()
        possible = {one.key: one for one in access_of(user)}
        wanted = [possible[one] for one in dict.fromkeys(chosen) if one in possible]
        if not wanted or len(wanted) < len(set(chosen)):
            raise InvalidForm({"logins": ["Отметьте хотя бы один способ входа из списка."]})
        new = [(one.kind, one.value) for one in wanted if not one.is_on]
        gone = [one for one in possible.values() if one.is_on and one not in wanted]
        if not new and not gone:
            return
        refuse_stale_password(session_id, at)
        refuse_impatience([_counted(by)], at=at)
        if new and (known := taken(new)):
            raise _Taken({}, taken_sentence(known[0]))
        before = account_address(user)
        for one in gone:
            held = (LoginId.user_id == user.id, LoginId.kind == one.kind, LoginId.value == one.value)
            db.session.execute(delete(LoginId).where(*held))
        add_login_ids(user, new)
        details = {"user": user.id, "logins": [one.kind for one in wanted]}
        party = side_of(by.roles)
        entry = record("logins_changed", party=party, actor_id=user.id, at=at, details=details)
        ways = ", ".join(dict.fromkeys(LOGIN_KINDS[one.kind].field for one in wanted))
        context = {**letter_words(at), "ways": ways, "path": "/profile"}
        for number, address in enumerate(dict.fromkeys([before, account_address(user)])):
            told = [Recipient(user.id, address)]
            notify("logins-changed", to=told, context=context, key=f"logins-{entry.seq}-{number}", at=at)


def _counted(by: Actor) -> Counted:
    return Counted(TAKEN, key("logins", str(by.user_id)))
