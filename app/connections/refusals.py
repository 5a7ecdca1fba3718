"""How actions of this subject tie a refused value to the field it was typed into."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.cases.message_text import clean_text
from app.errors import InvalidForm, InvalidValue

LONGEST_REASON = 1000


@contextmanager
def at_field(name: str) -> Iterator[None]:
    """Turn the refusal of one value into that of a form with the sentence at the field."""
    try:
        yield
    except InvalidValue as error:
        raise InvalidForm({name: [error.message]}) from error


@contextmanager
def collected(errors: dict[str, list[str]], name: str) -> Iterator[None]:
    """Put the refusal of one value into the errors of a form, so that all of them are told at once."""
    try:
        yield
    except InvalidValue as error:
        errors.setdefault(name, []).append(error.message)


def clean_reason(text: str, *, required: bool, blank: str) -> str:
    """A reason as people read it, at most 1000 characters; raises InvalidValue."""
    return clean_text(text, max_length=LONGEST_REASON, label="Причина", required=required, blank=blank)


def reason_in(text: str, *, required: bool, name: str = "reason", blank: str = "Напишите причину.") -> str:
    """The same where the reason is all that is typed; raises InvalidForm at the field `name`."""
    with at_field(name):
        return clean_reason(text, required=required, blank=blank)
