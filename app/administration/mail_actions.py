"""A trial letter: the way to see that letters leave, and what the mail server says when they do not."""

from datetime import datetime

from app.accounts.steps import claim_key
from app.actor import Actor
from app.administration.policy import may_administer
from app.company import queries as company
from app.company.wording import moment_words
from app.errors import Forbidden
from app.journal.steps import record
from app.notifications.steps import Recipient, notify
from app.transaction import transaction


def send_trial(address: str, *, by: Actor, at: datetime, press: str = "") -> int:
    """Put a trial letter into the outbox; its number there. Raises Forbidden and AlreadyDone."""
    with transaction():
        if not may_administer(by):
            raise Forbidden
        claim_key(by.user_id, press, url="/admin/mail", at=at)
        profile = company.profile()
        context = {
            "company": profile.name,
            "path": "/",
            "sent": moment_words(at, profile.zone, profile.zone_label),
        }
        key = f"trial-{by.user_id}-{at.isoformat()}"
        (row,) = notify("trial", to=[Recipient(None, address)], context=context, key=key, at=at)
        details = {"letter": row.id}
        record("trial_letter_written", party="company", actor_id=by.user_id, at=at, details=details)
        return row.id


def note_server(before: str, after: str, *, at: datetime) -> None:
    """Write down that the operator has set another mail server: both without passwords, '' for none."""
    with transaction():
        details = {"server": [before, after]}
        record("mail_server_changed", party="system", actor_id=None, at=at, details=details)
