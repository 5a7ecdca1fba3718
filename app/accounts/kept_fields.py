"""What was typed into a form whose session had ended, kept through the sign-in page for the same person.

It travels in the page itself, signed and bound to the user of the ended session; the server stores nothing. Files,
passwords and codes are never in it. Knows no request.
"""

from dataclasses import dataclass
from typing import Any

from itsdangerous import BadData, URLSafeTimedSerializer

#: How long a person may take to sign in again, in seconds.
LIFETIME = 12 * 3600
#: Beyond this many characters the sign-in form would be refused itself.
LONGEST = 180_000


@dataclass(frozen=True)
class KeptFields:
    """A form that was sent too late: where to, its fields, and whether files were with it."""

    target: str
    fields: list[tuple[str, str]]
    had_files: bool


class WrongPerson(Exception):
    """Somebody else signed in: the fields are not theirs to see."""


def _serializer(secret: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret, salt="kept fields")


def keep(kept: KeptFields, *, user_id: int, secret: str) -> str:
    """The signed text for a hidden field; empty when there is too much to carry."""
    packed = _serializer(secret).dumps([user_id, kept.target, kept.fields, kept.had_files])
    text = packed if isinstance(packed, str) else packed.decode()
    return text if len(text) <= LONGEST else ""


def give_back(text: str, *, user_id: int, secret: str) -> KeptFields | None:
    """The fields for the person they belong to, None when there are none, or they are forged or too old.

    Raises WrongPerson when they belong to somebody else.
    """
    try:
        owner, target, fields, had_files = _loaded(text, secret)
    except (BadData, ValueError, TypeError):
        return None
    if owner != user_id:
        raise WrongPerson
    return KeptFields(target, [(name, value) for name, value in fields], had_files)


def _loaded(text: str, secret: str) -> Any:
    return _serializer(secret).loads(text, max_age=LIFETIME)
