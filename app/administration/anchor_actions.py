"""The daily anchor of the journal: made once a day and sent by letter, so that it lies outside the site."""

from datetime import datetime

from app import clock
from app.actor import ADMINISTRATOR, SIGNATORY
from app.administration.queries import company_people
from app.company import queries as company
from app.company.wording import moment_words
from app.journal.anchor_steps import make_anchor
from app.notifications.steps import Recipient, notify
from app.transaction import transaction


def anchor_journal(*, at: datetime) -> bool:
    """Make the anchor of the company's day and write it to administrators and heads; False when there is nothing to anchor.

    The letter is written in the same transaction: no anchor without it. Safe to repeat.
    """
    profile = company.profile()
    with transaction():
        made = make_anchor(clock.day_in(profile.zone, at), at=at)
        if made is None:
            return False
        anchor, previous = made
        context = {
            "company": profile.name,
            "day": f"{anchor.day:%d.%m.%Y}",
            "hash": anchor.hash,
            "previous": previous,
            "entries": anchor.entries,
            "chains": anchor.chains,
            "path": "/",
            "sent": moment_words(at, profile.zone, profile.zone_label),
        }
        notify("journal-anchor", to=_kept_by(), context=context, key=f"anchor-{anchor.day}", at=at)
        return True


def _kept_by() -> list[Recipient]:
    """Administrators and heads: whoever could rewrite the journal must not be the only one with the letter."""
    roles = frozenset({ADMINISTRATOR, SIGNATORY})
    people = [one.user for one in company_people() if one.roles & roles and not one.blocked]
    return [Recipient(user.id, user.notify_email) for user in people]
