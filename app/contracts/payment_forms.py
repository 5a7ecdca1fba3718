"""The shape of what the pages of money send; what is acceptable the rules say."""

from collections.abc import Iterable, Mapping

from werkzeug.datastructures import MultiDict

from app.errors import DomainError, InvalidForm

#: Longer ids than these nobody has.
_LONGEST_ID = 18


def typed_in(form: MultiDict[str, str], names: Iterable[str]) -> dict[str, str]:
    """The named fields as they came, empty where there is none."""
    return {name: form.get(name, "") for name in names}


def whole_number(text: str) -> int:
    """The id that a choice carries; 0, which nothing has, for everything else."""
    bare = text.strip()
    return int(bare) if bare.isascii() and bare.isdecimal() and len(bare) <= _LONGEST_ID else 0


def errors_of(refused: DomainError | None) -> Mapping[str, list[str]]:
    """Sentences by field for the template."""
    return refused.errors if isinstance(refused, InvalidForm) else {}


def at_number(refused: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The same where the invoice's number is all that is typed: what is wrong with the day is said there."""
    errors = {name: list(sentences) for name, sentences in refused.items()}
    for other in ("received_on", "invoice"):
        if other in errors:
            errors.setdefault("number", []).extend(errors.pop(other))
    return errors
