"""Fields of this subject's forms: what is typed stays as typed, a rule of the subject turns it into a value.

Knows WTForms; knows no request and no database.
"""

from collections.abc import Callable, Mapping
from typing import Any

from wtforms import BooleanField, RadioField, StringField
from wtforms.validators import StopValidation
from wtforms.widgets import PasswordInput

from app.errors import InvalidValue

Parse = Callable[[str], Any]


class Typed(StringField):
    """A text with its rule: `data` is what was typed, `value` what the rule made of it ('' for an empty optional one)."""

    def __init__(
        self,
        label: str,
        parse: Parse,
        *,
        hint: str = "",
        optional: bool = False,
        autocomplete: str = "",
        inputmode: str = "",
        **kwargs: Any,
    ) -> None:
        """`parse` raises InvalidValue with the sentence that stands at the field."""
        render = {"autocomplete": autocomplete, "inputmode": inputmode}
        super().__init__(label, description=hint, render_kw=render, **kwargs)
        self.parse = parse
        self.optional = optional
        self.flags.optional = optional
        #: A field that the other answers make needless: what was typed into it stays, but does not count.
        self.ignored = False
        self.value: Any = ""

    def pre_validate(self, form: Any) -> None:
        """Apply the rule, unless the field may be empty and is."""
        text = self.data or ""
        if self.ignored or (self.optional and not text.strip()):
            return
        try:
            self.value = self.parse(text)
        except InvalidValue as refused:
            raise StopValidation(refused.message) from None


class Password(StringField):
    """A password counts exactly as typed and is never printed back."""

    widget = PasswordInput()

    def __init__(self, label: str, *, autocomplete: str, hint: str = "", **kwargs: Any) -> None:
        """`autocomplete` tells a password manager whether it is a new or the present one."""
        super().__init__(label, description=hint, render_kw={"autocomplete": autocomplete}, **kwargs)


class Choice(RadioField):
    """One of a few; what is not among them, and nothing at all, is told in Russian."""

    def __init__(
        self, label: str, choices: Mapping[str, str], *, ask: str, hint: str = "", **kwargs: Any
    ) -> None:
        """`ask` is the sentence for a missing or unknown choice."""
        super().__init__(label, description=hint, validate_choice=False, **kwargs)
        self.choices = list(choices.items())
        self.ask = ask

    def pre_validate(self, form: Any) -> None:
        """Refuse what is not among the choices."""
        if self.data not in [choice[0] for choice in self.choices or ()]:
            raise StopValidation(self.ask)


class Accepted(BooleanField):
    """A box that has to be ticked."""

    def __init__(self, label: str, *, ask: str, **kwargs: Any) -> None:
        """`ask` is the sentence when it is not ticked."""
        super().__init__(label, **kwargs)
        self.ask = ask

    def pre_validate(self, form: Any) -> None:
        """Refuse an empty box."""
        if not self.data:
            raise StopValidation(self.ask)


def refuse(field: Any, sentence: str) -> None:
    """Put one more sentence at a field after its own rule has passed."""
    field.errors = [*field.errors, sentence]
