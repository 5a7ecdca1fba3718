"""Which answers of an application the search finds. Pure; the numbers of identity papers are never among them."""

from collections.abc import Mapping
from typing import Any

from app.cases.search_texts import Told


def searched_answers(answers: Mapping[str, Any]) -> Told:
    """The name of the object for everybody who sees the answers; the comment is written to the company alone."""
    return Told(
        to_all=(str(answers.get("object_name") or ""),),
        not_to_suppliers=(str(answers.get("comment") or ""),),
    )
