"""A trial SMS: the way to see that SMS leave, and what the operator says when they do not."""

from datetime import datetime

from app.accounts.steps import claim_key
from app.actor import Actor
from app.administration.policy import may_administer
from app.administration.sms_queries import own_phone
from app.errors import Forbidden, InvalidForm, InvalidValue, TooManyTries, Unavailable
from app.journal.steps import record
from app.notifications.sms_steps import Recipient, send_sms
from app.transaction import transaction

NO_NUMBER = (
    "В вашей учетной записи нет мобильного номера, а пробное СМС уходит только на собственный. "
    "Добавьте администратора с номером на странице «Сотрудники и роли» и отправьте СМС от его имени."
)


def send_trial(*, by: Actor, at: datetime, asked_from: str = "", press: str = "") -> int:
    """Put a trial SMS to the own number into the outbox; its number there.

    Raises Forbidden, AlreadyDone, InvalidForm (with a sentence for the whole form) when there is no number, no operator
    or a limit is used up.
    """
    with transaction():
        if not may_administer(by):
            raise Forbidden
        claim_key(by.user_id, press, url="/admin/sms", at=at)
        phone = own_phone(by)
        if not phone:
            raise InvalidForm({"": [NO_NUMBER]})
        try:
            row = send_sms(
                "trial-sms",
                to=Recipient(by.user_id, phone),
                context={},
                key=f"trial-sms-{by.user_id}-{at.isoformat()}",
                at=at,
                asked_from=asked_from,
            )
        except (InvalidValue, TooManyTries, Unavailable) as refused:
            raise InvalidForm({"": [refused.message]}) from refused
        record("trial_sms_written", party="company", actor_id=by.user_id, at=at, details={"sms": row.id})
        return row.id


def note_operators(words: str, *, at: datetime) -> None:
    """Write down which operators of SMS whoever serves the site has set, without passwords; '' for none."""
    with transaction():
        record("sms_operators_changed", party="system", actor_id=None, at=at, details={"operators": words})
