"""Answers of the operator: from an option or asked for, checked, and asked for again when they will not do."""

from collections.abc import Callable
from typing import TypeVar

import click

from app.errors import InvalidValue

Value = TypeVar("Value")

#: What is typed for «nothing»: an empty answer keeps the present value.
NOTHING = "-"


class Answers:
    """Where answers come from: a person at the terminal, or options alone."""

    def __init__(self, *, asks: bool) -> None:
        """`asks`: whether there is a person to ask; otherwise a wrong option stops the command."""
        self.asks = asks

    def take(
        self,
        words: str,
        parse: Callable[[str], Value],
        *,
        given: str | None,
        present: str = "",
        shown: str = "",
    ) -> Value | None:
        """The checked value, None to leave things as they are.

        An empty answer gives `present`; `shown` stands for a present value that is not to be printed, and then an empty
        answer gives None. Raises ClickException for a wrong option when nobody can be asked.
        """
        text = given
        while True:
            if text is None:
                if not self.asks:
                    return None
                text = self._asked(words, shown or present)
            if text == "" and shown:
                return None
            try:
                return parse("" if text == NOTHING else text or present)
            except InvalidValue as refused:
                if not self.asks:
                    raise click.ClickException(f"{words}: {refused.message}") from None
                click.echo(refused.message)
                text = None

    def must(self, words: str, parse: Callable[[str], Value], *, given: str | None, option: str) -> Value:
        """A value that nothing stands for; raises ClickException that names the option when nobody can be asked."""
        value = self.take(words, parse, given=given)
        if value is None:
            raise click.ClickException(f"{words}: назовите {option}.")
        return value

    def confirm(self, words: str) -> bool:
        """A yes, from a person only."""
        return self.asks and click.confirm(words, default=False)

    def _asked(self, words: str, kept: str) -> str:
        told = f"{words} [{kept}]" if kept else words
        return str(click.prompt(told, default="", show_default=False)).strip()
