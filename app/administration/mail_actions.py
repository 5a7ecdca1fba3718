"""A trial letter: the way to see that letters leave, and what the mail server says when they do not."""

from datetime import datetime, timedelta

from app.accounts.steps import claim_key
from app.actor import Actor
from app.administration.policy import may_administer
from app.company import queries as company
from app.company.wording import moment_words
from app.errors import Forbidden, InvalidForm
from app.journal.steps import record
from app.notifications.queries import trial_letters_since
from app.notifications.steps import Recipient, notify
from app.transaction import transaction

#: A trial letter goes to any address: so many leave the site within a day, whoever sends them.
MOST_A_DAY = 20
TOO_MANY = (
    f"За сутки можно отправить {MOST_A_DAY} пробных писем. Посмотрите в таблице, что стало с отправленными."
)


def send_trial(address: str, *, by: Actor, at: datetime, press: str = "") -> int:
    """Put a trial letter into the outbox; its number there. Raises Forbidden, AlreadyDone, InvalidForm (`address`)."""
    with transaction():
        if not may_administer(by):
            raise Forbidden
        claim_key(by.user_id, press, url="/admin/mail", at=at)
        if trial_letters_since(at - timedelta(days=1)) >= MOST_A_DAY:
            raise InvalidForm({"address": [TOO_MANY]})
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
