"""Flask-Login over sessions that are rows: the cookie carries a random token, the row decides.

Flask-Login calls what it keeps in the cookie a user id; here it is the token of the session.
"""

from dataclasses import dataclass

from flask import session
from flask_login import LoginManager, UserMixin, current_user, login_user

from app.actor import Actor

login_manager = LoginManager()
# The released Flask-Login believes a client's X-Forwarded-For here, and phones change networks.
login_manager.session_protection = None
# Nor is a digest of address and browser made with every request and kept in the cookie: nothing would read it.
login_manager._session_identifier_generator = str


@dataclass
class SignedIn(UserMixin):
    """The signed-in person of this request: rights, and what the header shows."""

    actor: Actor
    session_id: int
    token: str
    person: str
    applicant: str
    role_label: str
    #: What has to be done before anything else, '' for nothing; `web/policy.py` keeps everything else shut.
    owes: str = ""
    #: The e-mail for notices that the person has not confirmed yet, '' for none.
    unproved: str = ""

    def get_id(self) -> str:
        """What the cookie keeps: the token of the session."""
        return self.token


def current_actor() -> Actor:
    """Who acts in this request; only for endpoints that need a sign-in."""
    actor: Actor = current_user.actor
    return actor


def begin(signed_in: SignedIn) -> None:
    """Put a new session into the browser; nothing planted before the sign-in survives."""
    session.clear()
    login_user(signed_in)
