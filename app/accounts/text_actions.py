"""The legal texts of an account: a new version accepted at the sign-in, an accepted one taken back."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select, update

from app.accounts.letter_steps import letter_words
from app.accounts.models import Consent, User, UserSession
from app.accounts.queries import account_address, staff_people
from app.accounts.sessions import Visit, end_sessions_of
from app.accounts.text_queries import owed_texts, text_line
from app.accounts.text_steps import accept_shown
from app.actor import Actor
from app.company.models import LegalText
from app.extensions import db
from app.journal.steps import record
from app.notifications.steps import Recipient, notify
from app.transaction import transaction


def accept_owed(
    accepted: Mapping[str, str], *, by: Actor, session_id: int, visit: Visit, at: datetime
) -> None:
    """Accept what is asked at the sign-in: from then on the cabinet is open. Raises InvalidForm at `accept-<code>`."""
    with transaction():
        texts = owed_texts(by.user_id)
        accept_shown(by.user_id, texts, accepted, otherwise="этого кабинет не откроется", visit=visit, at=at)
        db.session.execute(
            update(UserSession).where(UserSession.user_id == by.user_id).values(owes_texts=False)
        )


def withdraw(code: str, *, by: Actor, at: datetime) -> None:
    """Take an accepted text back (152-ФЗ, article 9, part 2); the person and the office are told.

    Without the consent every session ends: whoever signs in again is asked for it. Raises NotFound for a text that is
    not accepted.
    """
    with transaction():
        user = db.session.scalars(select(User).where(User.id == by.user_id).with_for_update()).one()
        line = text_line(by.user_id, code)
        versions = select(LegalText.id).where(LegalText.code == code)
        living = (
            Consent.user_id == user.id,
            Consent.legal_text_id.in_(versions),
            Consent.withdrawn_at.is_(None),
        )
        db.session.execute(update(Consent).where(*living).values(withdrawn_at=at))
        details = {"user": user.id, "text": code, "version": line.version}
        entry = record("text_withdrawn", party="applicant", actor_id=user.id, at=at, details=details)
        if code == "consent":
            end_sessions_of(user.id, at=at)
        words = {**letter_words(at), "title": line.text.title, "consent": code == "consent"}
        own = [Recipient(user.id, account_address(user))]
        key = f"text-withdrawn-{entry.seq}"
        notify("text-withdrawn", to=own, context={**words, "path": "/profile/texts"}, key=key, at=at)
        office = {**words, "person": user.name, "path": f"/people/{user.id}"}
        notify("text-withdrawn-office", to=staff_people(), context=office, key=key, at=at)
