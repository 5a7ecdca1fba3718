"""A new password takes effect: everything that stood open with the old one ends, and the person is told."""

from datetime import datetime

from app.accounts.letter_steps import letter_words
from app.accounts.link_steps import end_links
from app.accounts.models import User
from app.accounts.policy import side_of
from app.accounts.queries import account_address, roles_of
from app.accounts.sessions import end_sessions_of
from app.journal.steps import record
from app.notifications.steps import Recipient, notify
from app.transaction import require_transaction


def take_password(user: User, password_hash: str, *, kind: str, kept: int | None, at: datetime) -> None:
    """Let this hash be the person's own password; `kind` names the entry of the journal.

    Ends all their sessions but `kept` and all links that set a password, and writes them a letter.
    """
    require_transaction()
    user.password_hash = password_hash
    user.password_at = at
    user.password_temporary = False
    end_sessions_of(user.id, at=at, kept=kept)
    end_links(user.id, "reset", "invitation", at=at)
    entry = record(kind, party=side_of(roles_of(user.id)), actor_id=user.id, at=at, details={"user": user.id})
    context = {**letter_words(at), "path": "/password/forgot"}
    notify(
        "password-changed",
        to=[Recipient(user.id, account_address(user))],
        context=context,
        key=f"password-{user.id}-{entry.seq}",
        at=at,
    )
