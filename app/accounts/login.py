"""From the cookie of a request to the signed-in person, and from a person to a cookie."""

from app import clock
from app.accounts import sessions
from app.actor import ADMINISTRATOR, SUPPLIER, Actor
from app.web.login import SignedIn, login_manager
from app.web.reading import is_activity

_ROLE_LABELS = ((SUPPLIER, "Гарантирующий поставщик"), (ADMINISTRATOR, "Администратор"))


@login_manager.user_loader
def load(token: str) -> SignedIn | None:
    """The person of a living session; Flask-Login asks once a request."""
    now = clock.now()
    found = sessions.find_session(token, at=now)
    if found is None:
        return None
    if is_activity():
        sessions.saw(found, at=now)
    return SignedIn(
        actor=found.actor,
        session_id=found.session_id,
        token=token,
        person=found.person,
        applicant=found.applicant,
        role_label=role_label(found.actor),
        owes=found.owes,
        unproved=found.unproved,
    )


def role_label(actor: Actor) -> str:
    """What the header says of a person who is more than an applicant."""
    if actor.is_staff:
        return "Сотрудник сетевой"
    return next((label for role, label in _ROLE_LABELS if role in actor.roles), "")
