"""What the first panel of a case says when the table of stages alone would mislead.

«Оплатите счет» to somebody who has just said that they paid is such a case: the stage is the same, the turn is not. The
subjects above know why and register it; the status and its mover stay what they are.
"""

from collections.abc import Callable
from dataclasses import dataclass

from app.cases.models import Case
from app.cases.policy import Party


@dataclass(frozen=True)
class Words:
    """What the panel says: its tone (you, co, ok, bad or none), the bar, the heading, a paragraph below it.

    `due` takes the place of the stage's own day, when there is another one that counts.
    """

    tone: str
    bar: str
    heading: str
    text: str = ""
    due: str = ""


Provider = Callable[[Case, Party], Words | None]

_PROVIDERS: dict[str, dict[Provider, None]] = {}


def register(kind: str, provider: Provider) -> None:
    """Tell what cases of a kind say instead of their stage's own words; None leaves these."""
    _PROVIDERS.setdefault(kind, {})[provider] = None


def instead(case: Case, side: Party) -> Words | None:
    """The words that hold now instead of the stage's own."""
    for provider in _PROVIDERS.get(case.kind, {}):
        if words := provider(case, side):
            return words
    return None
