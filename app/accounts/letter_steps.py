"""Letters about an account: what all of them say, and those that bring a link which does one thing once."""

from datetime import datetime

from app.accounts.models import User
from app.accounts.policy import side_of
from app.accounts.queries import roles_of
from app.accounts.secret_models import SentSecret
from app.company import queries as company
from app.company.wording import moment_words
from app.journal.steps import record
from app.notifications.codes import PLACE
from app.notifications.steps import Recipient, notify
from app.transaction import require_transaction


def mail_link(user: User, link: SentSecret, kind: str, path: str, *, told: str, at: datetime) -> None:
    """Send a link to the address that stands in it; `path` is where it leads, `told` the kind of the journal's entry."""
    require_transaction()
    party = side_of(roles_of(user.id))
    record(told, party=party, actor_id=user.id, at=at, details={"link": link.id})
    notify(
        kind,
        to=[Recipient(user.id, link.address)],
        context={**letter_words(at), "path": f"{path}{link.id}-{PLACE}"},
        key=f"{link.purpose}-{link.id}",
        at=at,
        salt=link.salt,
        expires_at=link.expires_at,
    )


def letter_words(at: datetime) -> dict[str, str]:
    """What letters about an account say of the company and of the moment."""
    profile = company.profile()
    return {
        "company": profile.name,
        "company_phone": profile.phone,
        "sent": moment_words(at, profile.zone, profile.zone_label),
    }
