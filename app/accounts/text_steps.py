"""Accepting the texts that a page has shown, each by a box of its own."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from app.accounts.models import User
from app.accounts.sessions import Visit
from app.accounts.steps import accept_text
from app.company.models import LegalText
from app.errors import InvalidForm
from app.extensions import db
from app.transaction import require_transaction


def accept_shown(
    user_id: int,
    texts: Sequence[LegalText],
    accepted: Mapping[str, str],
    *,
    otherwise: str,
    visit: Visit,
    at: datetime,
) -> None:
    """Write down that each text is accepted; `accepted` maps its code to the version whose box was ticked.

    Raises InvalidForm at `accept-<code>` for an empty box and for a version that was replaced meanwhile; `otherwise`
    ends the sentence «без …».
    """
    require_transaction()
    refused = [text for text in texts if accepted.get(text.code) != str(text.version)]
    if refused:
        raise InvalidForm(
            {f"accept-{text.code}": [f"Отметьте «{text.title}»: без {otherwise}."] for text in refused}
        )
    user = db.session.get_one(User, user_id)
    for text in texts:
        accept_text(user, text, visit=visit, at=at)
