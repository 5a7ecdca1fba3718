"""Writing SMS into the outbox, in the transaction of the act that needs them; limits are looked at there as well."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text

from app import gateways
from app.company import queries as company
from app.errors import InvalidValue, TooManyTries, Unavailable
from app.extensions import db
from app.notifications import sms_queries, sms_rules
from app.notifications.models import OutboxRow
from app.notifications.signals import sms_running_out
from app.notifications.sms_rules import Limits
from app.transaction import require_transaction

NOT_SET_UP = "Сайт сейчас не отправляет СМС: оператор не настроен. Подпишите документ другим способом или обратитесь в офис."
NOT_MOBILE = (
    "СМС отправляются только на российские мобильные номера, они начинаются с +7 9. Укажите такой номер."
)
#: Any number that other locks of PostgreSQL do not use.
_LOCK = 5_020_701


@dataclass(frozen=True)
class Recipient:
    """Whom an SMS is for, and their number as it stands in the account: never one typed into the request."""

    user_id: int | None
    phone: str


def send_sms(
    kind: str,
    *,
    to: Recipient,
    context: Mapping[str, Any],
    key: str,
    at: datetime,
    case_id: int | None = None,
    salt: str = "",
    expires_at: datetime | None = None,
    asked_from: str = "",
) -> OutboxRow:
    """Write one SMS: `sms.txt` of a kind, where `{secret}` stands for the code that the sender derives from `salt`.

    After `expires_at` it is never sent. `asked_from` is the address of the network it is asked from. Raises
    Unavailable when no gateway is set up, InvalidValue for a number that is no Russian mobile one, TooManyTries (with
    the seconds to wait) when a limit of the number, the address or the site is used up: nothing is written then.
    """
    require_transaction()
    if not gateways.current().sms.ready:
        raise Unavailable(NOT_SET_UP)
    if not sms_rules.is_mobile(to.phone):
        raise InvalidValue(NOT_MOBILE)
    _one_at_a_time()
    if wait := sms_queries.wait(to.phone, asked_from, at=at):
        raise TooManyTries(wait.seconds, wait.sentence)
    texts = gateways.current().texts
    dedupe_key = f"{key}:sms:{to.user_id or to.phone}"[:120]
    row = OutboxRow(
        kind=kind,
        channel="sms",
        case_id=case_id,
        user_id=to.user_id,
        address=to.phone,
        subject="",
        body=texts.sms(kind, context),
        dedupe_key=dedupe_key,
        message_id=texts.message_id(dedupe_key),
        salt=salt,
        next_at=at,
        created_at=at,
        expires_at=expires_at or at + sms_rules.WORTH_SENDING,
        asked_from=asked_from[:60],
    )
    db.session.add(row)
    db.session.flush()
    _warn(at)
    return row


def _warn(at: datetime) -> None:
    """Tell the office when most of the day's SMS, and when all of them are written."""
    limits = Limits.of(company.profile().settings)
    count = sms_queries.written_since(sms_queries.day_of(at)[0])
    kind = sms_rules.warns_at(limits).get(count)
    if kind:
        sms_running_out.send(None, kind=kind, count=count, limit=limits.site_day, at=at)


def _one_at_a_time() -> None:
    """Two that count at the same moment would both be the last one: SQLite writes one by one, PostgreSQL has to be told."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
