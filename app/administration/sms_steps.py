"""Telling the administrators that the day's SMS come to an end, in the transaction of the SMS that used them up."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.administration.sms_queries import administrators
from app.company import queries as company
from app.company.wording import moment_words
from app.extensions import db
from app.notifications.models import OutboxRow
from app.notifications.steps import notify
from app.transaction import require_transaction


def on_sms_running_out(_sender: Any, *, kind: str, count: int, limit: int, at: datetime) -> None:
    """One letter to each administrator, once in a day of the company for each of both warnings and each limit."""
    require_transaction()
    key = f"sms-{kind}-{limit}-{company.today().isoformat()}"
    told = select(OutboxRow.id).where(OutboxRow.dedupe_key.startswith(f"{key}:", autoescape=True))
    if db.session.scalar(told.limit(1)) is not None:
        return
    profile = company.profile()
    context = {
        "full": kind == "full",
        "count": count,
        "limit": limit,
        "path": "/admin/sms",
        "sent": moment_words(at, profile.zone, profile.zone_label),
    }
    notify("sms-running-out", to=administrators(), context=context, key=key, at=at)
