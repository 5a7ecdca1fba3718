"""How the journal entries of this subject are told in the timeline of a case."""

from collections.abc import Callable, Mapping
from typing import Any

Sentence = Callable[[Mapping[str, Any]], str]

TIMELINE: Mapping[str, Sentence] = {
    "paper_posted": lambda details: f"Приложен свой файл: {details.get('title', '')}",
}
