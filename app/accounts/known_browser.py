"""The cookie that says in which browser a person has signed in before.

It opens nothing and names nobody in clear: it only lets this browser count wrong passwords apart from strangers, who
could otherwise keep the person out by trying passwords from everywhere.
"""

import secrets

from flask import Response, current_app, request
from itsdangerous import BadData, URLSafeSerializer

from app.accounts.sign_in_actions import KnownBrowser

YEAR_SECONDS = 31_536_000


def _name() -> str:
    return "__Host-browser" if current_app.config["SESSION_COOKIE_SECURE"] else "browser"


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="known browser")


def known_browser() -> KnownBrowser | None:
    """Who signed in with this browser last, None for a new browser or a forged cookie."""
    try:
        user_id, mark = _serializer().loads(request.cookies.get(_name(), ""))
        return KnownBrowser(int(user_id), str(mark))
    except (BadData, ValueError, TypeError):
        return None


def remember_browser(response: Response, user_id: int) -> None:
    """Mark the browser of a person who has just signed in; a mark that is there already stays."""
    known = known_browser()
    if known is not None and known.user_id == user_id:
        return
    response.set_cookie(
        _name(),
        str(_serializer().dumps([user_id, secrets.token_urlsafe(12)])),
        max_age=YEAR_SECONDS,
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        httponly=True,
        samesite="Lax",
    )
