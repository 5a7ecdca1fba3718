"""What the office does for a visitor beside confirming them: a code to their phone, a confirmation taken back."""

from datetime import datetime

from sqlalchemy import select, update

from app.accounts.attempt_steps import Counted, count, refuse_impatience, take_back
from app.accounts.contact_steps import send_code, use_code
from app.accounts.letter_steps import letter_words
from app.accounts.models import OfficeConfirmation, User
from app.accounts.policy import may_confirm
from app.accounts.queries import account_address, applicants_account
from app.accounts.sessions import Visit
from app.accounts.steps import claim_key
from app.accounts.throttle import CONTACT_CODE, key
from app.actor import Actor
from app.errors import Conflict, Forbidden
from app.extensions import db
from app.journal.steps import record
from app.notifications.codes import read_code
from app.notifications.steps import Recipient, notify
from app.transaction import transaction

_OWN = "Своей учетной записью занимается другой сотрудник."


def send_visitor_code(user_id: int, *, by: Actor, visit: Visit, at: datetime, press: str = "") -> None:
    """Send a code to the number of the account, whose owner stands in the office and reads it out.

    Raises NotFound, Forbidden for oneself, Conflict without a number, and what `send_sms` does.
    """
    with transaction():
        user = _held(user_id, by)
        claim_key(by.user_id, press, url=f"/people/{user_id}", at=at)
        if not user.phone:
            raise Conflict("В учетной записи нет номера. Впишите его при подтверждении.")
        send_code(user, user.phone, by_id=by.user_id, visit=visit, at=at)


def enter_visitor_code(user_id: int, typed: str, *, by: Actor, at: datetime) -> None:
    """The number is the visitor's: they have read the code out. Codes that sign go there at once.

    Raises InvalidValue, InvalidForm at `code` for a wrong one (counted), TooManyTries, Conflict when the code is over or
    was sent to another number.
    """
    code, counted = read_code(typed), Counted(CONTACT_CODE, key(str(user_id)))
    with transaction():
        refuse_impatience([counted], at=at)
        tries = count([counted], at=at)
    with transaction():
        user = _held(user_id, by)
        sent = use_code(user, code, at=at)
        if sent.address != user.phone:
            raise Conflict("Код отправлен на другой номер. Отправьте новый.")
        take_back(tries, counted, at=at)
        user.phone_confirmed_at, user.phone_changed_at = at, None
        details = {"user": user.id}
        record("phone_confirmed", party="company", actor_id=by.user_id, at=at, details=details)


def revoke_confirmation(user_id: int, reason: str, *, by: Actor, at: datetime, press: str = "") -> None:
    """Take the confirmation of an account back: nothing is signed by code any more, what was signed stays.

    The person is told with the reason. Raises NotFound, Forbidden for oneself, Conflict when it is not confirmed.
    """
    with transaction():
        user = _held(user_id, by)
        claim_key(by.user_id, press, url=f"/people/{user_id}", at=at)
        if user.confirmed_at is None:
            raise Conflict("Эта учетная запись не подтверждена.")
        user.confirmed_at = None
        standing = (OfficeConfirmation.user_id == user.id, OfficeConfirmation.revoked_at.is_(None))
        values = {"revoked_at": at, "revoked_by": by.user_id, "revoke_reason": reason}
        db.session.execute(update(OfficeConfirmation).where(*standing).values(**values))
        details = {"user": user.id, "reason": reason}
        entry = record("confirmation_revoked", party="company", actor_id=by.user_id, at=at, details=details)
        notify(
            "confirmation-revoked",
            to=[Recipient(user.id, account_address(user))],
            context={**letter_words(at), "reason": reason, "path": "/profile"},
            key=f"revoked-{user.id}-{entry.seq}",
            at=at,
        )


def _held(user_id: int, by: Actor) -> User:
    user = applicants_account(by, user_id)
    if not may_confirm(by, user.id):
        raise Forbidden(_OWN)
    query = select(User).where(User.id == user.id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()
