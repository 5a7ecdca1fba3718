"""What one setting is made of: its name, the rule for what is typed, how it is chosen and explained. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from app.cases.message_text import clean_line
from app.errors import InvalidValue


@dataclass(frozen=True)
class Editable:
    """One setting: its name, the rule for what is typed (raises InvalidValue), how it is chosen and explained.

    `choices` make it one of a few; `optional` lets it be empty.
    """

    key: str
    label: str
    parse: Callable[[str], Any]
    hint: str = ""
    optional: bool = False
    choices: Mapping[str, str] | None = None
    width: str = ""
    inputmode: str = ""

    def typed(self, value: Any) -> str:
        """A kept value as a form holds it."""
        return (
            ("yes" if value else "no") if isinstance(value, bool) else str(value if value is not None else "")
        )

    def shown(self, value: Any) -> str:
        """A kept value in words; «не задано» for an empty one."""
        typed = self.typed(value)
        return (self.choices or {}).get(typed, typed) or "не задано"

    def read(self, text: str) -> Any:
        """The value of what was typed: '' for an empty optional one; raises InvalidValue."""
        return "" if self.optional and not text.strip() else self.parse(text)


def line(label: str, max_length: int = 300) -> Callable[[str], str]:
    """The rule of one line of text that names itself in its refusals."""
    return partial(clean_line, label=label, max_length=max_length)


def parse_number_between(text: str, *, label: str, least: int, most: int) -> int:
    """A whole number within bounds; raises InvalidValue that names them."""
    digits = text.strip()
    whole = digits.isascii() and digits.isdigit() and len(digits) < 10
    if not whole or not least <= int(digits) <= most:
        raise InvalidValue(f"{label}: целое число от {least} до {most}.")
    return int(digits)
