"""Changes of contacts inside an action: an address or a number takes effect, whoever had the former one is told."""

import logging
from datetime import datetime

from app.accounts.contact_queries import open_code
from app.accounts.contact_rules import CODE_LASTS, LINK_LASTS, is_proved
from app.accounts.letter_steps import letter_words, mail_link
from app.accounts.link_steps import end_links, make_link
from app.accounts.models import User, UserSession
from app.accounts.policy import side_of
from app.accounts.queries import account_address, roles_of
from app.accounts.secret_models import SentSecret
from app.accounts.sessions import Visit
from app.accounts.throttle import network
from app.errors import Conflict, InvalidForm, TooManyTries
from app.extensions import db
from app.gateways import current
from app.journal.steps import record
from app.notifications.codes import derive, same_code
from app.notifications.sms_rules import is_mobile, masked
from app.notifications.sms_steps import Recipient as SmsRecipient
from app.notifications.sms_steps import send_sms
from app.notifications.steps import Recipient, notify
from app.transaction import require_transaction

log = logging.getLogger(__name__)

WRONG_CODE = "Код не подходит. Проверьте цифры в СМС или запросите новый код."
CODE_OVER = "Код уже не действует. Запросите новый."
STALE = "Пароль введен больше 10 минут назад. Введите его еще раз."


def refuse_stale_password(session_id: int, at: datetime) -> None:
    """Raise Conflict unless the password was typed a moment ago in this session."""
    session = db.session.get_one(UserSession, session_id, populate_existing=True)
    if not is_proved(session.password_at, at):
        raise Conflict(STALE)


def send_link(user: User, address: str, *, at: datetime) -> None:
    """Write to an address and ask its owner to press a link: so it is shown to be theirs."""
    require_transaction()
    link = make_link(user, "email", at=at, lasts=LINK_LASTS, address=address)
    mail_link(user, link, "email-confirm", "/profile/email/", told="email_link_sent", at=at)


def confirm_email(user: User, address: str, *, at: datetime) -> None:
    """Letters go to this address from now on; the former one is told when it is another."""
    require_transaction()
    before, user.notify_email, user.email_confirmed_at = user.notify_email, address, at
    if before == address:
        _record(user, "email_confirmed", at)
    else:
        tell_email(user, before, at=at)


def tell_email(user: User, before: str, *, at: datetime) -> None:
    """Write the change of the address into the journal and to those who had to know: the former one and the login."""
    require_transaction()
    entry = _record(user, "email_changed", at)
    context = {**letter_words(at), "stopped": not user.notify_email, "path": "/profile"}
    for number, address in enumerate(dict.fromkeys([before, account_address(user)])):
        if address and address != user.notify_email:
            notify(
                "email-changed",
                to=[Recipient(user.id, address)],
                context=context,
                key=f"email-changed-{entry}-{number}",
                at=at,
            )


def send_code(user: User, phone: str, *, by_id: int, visit: Visit, at: datetime) -> None:
    """Send a code to a number, which is not the person's before it is entered; the code before is put out.

    Raises what `send_sms` does.
    """
    require_transaction()
    end_links(user.id, "phone", at=at)
    code = make_link(user, "phone", at=at, lasts=CODE_LASTS, address=phone)
    party, details = side_of(roles_of(by_id)), {"user": user.id, "code": code.id}
    record("phone_code_asked", party=party, actor_id=by_id, at=at, details=details)
    send_sms(
        "phone-code",
        to=SmsRecipient(user.id, phone),
        context={},
        key=f"phone-code-{code.id}",
        at=at,
        salt=code.salt,
        expires_at=code.expires_at,
        asked_from=network(visit.address),
    )


def use_code(user: User, code: str, *, at: datetime) -> SentSecret:
    """Use the newest code of a number up; raises InvalidForm at `code` for a wrong one, Conflict when it is over."""
    require_transaction()
    sent = open_code(user.id, at=at)
    if sent is None:
        raise Conflict(CODE_OVER)
    if not any([same_code(code, derive(one, sent.salt)) for one in current().keys]):
        log.warning("code of a number refused: user %s", user.id)
        raise InvalidForm({"code": [WRONG_CODE]})
    sent.ended_at = at
    return sent


def confirm_phone(user: User, phone: str, *, at: datetime) -> None:
    """The number is the person's: SMS go there from now on.

    One that takes the place of a confirmed number signs nothing for a day, and the former one is told.
    """
    require_transaction()
    before, was = user.phone, user.phone_confirmed_at
    user.phone, user.phone_confirmed_at = phone, at
    if before == phone:
        _record(user, "phone_confirmed", at, {"phone": masked(phone)})
        return
    if was is not None:
        user.phone_changed_at = at
    tell_phone(user, before, by_id=user.id, at=at)


def tell_phone(user: User, before: str, *, by_id: int, at: datetime) -> None:
    """Write another number into the journal, to the person's e-mail and to the number that was there before."""
    require_transaction()
    told = {"user": user.id, "before": masked(before), "phone": masked(user.phone)}
    entry = record("phone_changed", party=side_of(roles_of(by_id)), actor_id=by_id, at=at, details=told)
    context = {
        **letter_words(at),
        "by_office": by_id != user.id,
        "phone": masked(user.phone),
        "before": masked(before),
        "path": "/profile",
    }
    person = Recipient(user.id, account_address(user))
    notify("phone-changed", to=[person], context=context, key=f"phone-{user.id}-{entry.seq}", at=at)
    if is_mobile(before) and current().sms.ready:
        _tell_former_number(user, before, f"phone-changed-{entry.seq}", at)


def _tell_former_number(user: User, before: str, key: str, at: datetime) -> None:
    words = {"company_phone": letter_words(at)["company_phone"]}
    try:
        send_sms("phone-left", to=SmsRecipient(user.id, before), context=words, key=key, at=at)
    except TooManyTries:
        return  # the day's SMS are used up: the letter has told already


def _record(user: User, kind: str, at: datetime, details: dict[str, str] | None = None) -> int:
    told = {"user": user.id, **(details or {})}
    return record(kind, party=side_of(roles_of(user.id)), actor_id=user.id, at=at, details=told).seq
