"""Writing letters into the outbox, in the transaction of the act they tell of.

So there is no act without its letter and no letter without its act.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete

from app import gateways
from app.extensions import db
from app.notifications.models import OutboxRow
from app.transaction import require_transaction


@dataclass(frozen=True)
class Recipient:
    """A person to tell; an empty address means that they want no letters."""

    user_id: int | None
    address: str


def notify(
    kind: str,
    *,
    to: Iterable[Recipient],
    context: Mapping[str, Any],
    key: str,
    at: datetime,
    case_id: int | None = None,
    send_at: datetime | None = None,
    salt: str = "",
    expires_at: datetime | None = None,
) -> list[OutboxRow]:
    """Write one row per person; text and address are frozen now, `send_at` lets the letter wait until then.

    With a `salt` the sender puts the secret that belongs to it where the text says `{secret}`; from `expires_at` on that
    would be in vain, and the letter is not sent any more.

    `kind` is a folder of templates, `key` names the act, so that the same act is never told twice to one person. Who
    has no address gets a row in the state `muted`: the ledger shows that nothing was sent and why.
    """
    require_transaction()
    texts = gateways.current().texts
    subject, body = texts.subject(kind, context), texts.email(kind, context)
    rows = [_row(kind, person, subject, body, key=key, at=at, case_id=case_id) for person in to]
    for row in rows:
        row.next_at, row.salt, row.expires_at = send_at or at, salt, expires_at
    db.session.add_all(rows)
    db.session.flush()
    return rows


def withdraw(key: str, *, case_id: int) -> None:
    """Take the letters of an act back, text and all, as far as nobody has begun to send them."""
    require_transaction()
    db.session.execute(
        delete(OutboxRow).where(
            OutboxRow.case_id == case_id,
            OutboxRow.dedupe_key.startswith(f"{key}:", autoescape=True),
            OutboxRow.state.in_(("new", "muted")),
        )
    )


def _row(
    kind: str, person: Recipient, subject: str, body: str, *, key: str, at: datetime, case_id: int | None
) -> OutboxRow:
    dedupe_key = f"{key}:{person.user_id or person.address}"[:120]
    return OutboxRow(
        kind=kind,
        channel="email",
        case_id=case_id,
        user_id=person.user_id,
        address=person.address,
        subject=subject[:300],
        body=body,
        dedupe_key=dedupe_key,
        message_id=gateways.current().texts.message_id(dedupe_key),
        state="new" if person.address else "muted",
        next_at=at,
        created_at=at,
    )
