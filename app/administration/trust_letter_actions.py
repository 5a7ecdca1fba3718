"""Telling the administrators by letter of lists that only they can bring: nobody looks at the page of trust every day."""

import hashlib
from datetime import datetime

from sqlalchemy import select

from app.administration.sms_queries import administrators
from app.company import queries as company
from app.company.wording import moment_words
from app.extensions import db
from app.notifications.models import OutboxRow
from app.notifications.steps import notify
from app.signing.trust_health_queries import list_gaps
from app.transaction import transaction


def warn_of_lists(*, at: datetime) -> int:
    """One letter to each administrator for each matter, once: a list that ends, has ended, or that signatures wait for.

    Safe to repeat; how many matters were told.
    """
    profile = company.profile()
    fresh = {_key(matter): sentence for matter, sentence in list_gaps(at).items() if not _told(_key(matter))}
    if not fresh:
        return 0
    with transaction():
        for key, sentence in fresh.items():
            context = {
                "sentence": sentence,
                "path": "/admin/trust",
                "sent": moment_words(at, profile.zone, profile.zone_label),
            }
            notify("trust-list", to=administrators(), context=context, key=key, at=at)
    return len(fresh)


def _key(matter: str) -> str:
    return f"trust-list-{hashlib.sha256(matter.encode()).hexdigest()[:32]}"


def _told(key: str) -> bool:
    query = select(OutboxRow.id).where(OutboxRow.dedupe_key.startswith(f"{key}:", autoescape=True))
    return db.session.scalar(query.limit(1)) is not None
