"""Lines under the documents of a case: what subjects above know of a document, for example who has signed it.

A subject registers a provider, which is asked once for all documents of a page.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.actor import Actor
from app.cases.models import Case, CaseDocument


@dataclass(frozen=True)
class LineAct:
    """What can be done about a line: the address of a page that opens as a dialog, too; the `primary` one is a button."""

    id: str
    label: str
    url: str
    primary: bool = False


@dataclass(frozen=True)
class DocumentLine:
    """One line under a document: «Подпись Сетевой», how it stands in words with its tone, and what to do.

    `file_id` is another document of the case that the words speak of, called `file_words`.
    """

    label: str
    words: str
    tone: str = ""
    file_id: int | None = None
    file_words: str = ""
    hint: str = ""
    acts: Sequence[LineAct] = ()


Provider = Callable[[Case, Actor, Sequence[CaseDocument]], Mapping[int, Sequence[DocumentLine]]]

_PROVIDERS: dict[Provider, None] = {}


def register(provider: Provider) -> None:
    """Have a provider asked for lines by the ids of the documents; each stands there once."""
    _PROVIDERS[provider] = None


def lines_under(case: Case, actor: Actor, documents: Sequence[CaseDocument]) -> dict[int, list[DocumentLine]]:
    """The lines of every document that has some, in the order of the providers."""
    found: dict[int, list[DocumentLine]] = {}
    for provider in _PROVIDERS:
        for document_id, lines in provider(case, actor, documents).items():
            found.setdefault(document_id, []).extend(lines)
    return found
