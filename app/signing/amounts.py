"""What a document to be signed costs: who signs sees the sum beside its name (security.md, G3).

The subjects above know sums; each registers what tells them.
"""

from collections.abc import Callable, Mapping

from app.cases.models import Case

#: The sums of a case in words, by the id of the document in the case.
Amounts = Callable[[Case], Mapping[int, str]]

_known: list[Amounts] = []


def register(amounts: Amounts) -> None:
    """Let a subject above tell sums of its documents."""
    if amounts not in _known:
        _known.append(amounts)


def amounts_of(case: Case) -> Mapping[int, str]:
    """The sums of a case's documents that have one."""
    return {document: words for one in _known for document, words in one(case).items()}
