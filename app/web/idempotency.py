"""The key of a button: printed into the form, sent with it, used up by the action, so that a double press is one act."""

import secrets

from flask import Flask, request
from markupsafe import Markup, escape

FIELD = "action_key"


def action_key() -> Markup:
    """A hidden field with a new key, for a form whose second sending must give the first one's result."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(
        escape(FIELD), secrets.token_urlsafe(16)
    )


def pressed_key() -> str:
    """The key that came with the form ('' when none did)."""
    return request.form.get(FIELD, "")[:64]


def init_app(app: Flask) -> None:
    """Give templates the field."""
    app.add_template_global(action_key)
