"""How the journal entries of this subject are told in the timeline of a case; moves are told by the lifecycle."""

from collections.abc import Callable, Mapping
from typing import Any

from app.connections.checklist import KINDS
from app.connections.corrections import item_title
from app.connections.wording import MODE_WORDS

Sentence = Callable[[Mapping[str, Any]], str]


def _mode_changed(details: Mapping[str, Any]) -> str:
    words = MODE_WORDS.get(str(details.get("to")), "")
    name, reason = details.get("name"), details.get("reason")
    told = f"Изменена категория заявки: {name}. Порядок заключения договора" if name else "Изменен порядок"
    return f"{told}: {words}" + (f". Причина: {reason}" if reason else "")


def _topic_changed(details: Mapping[str, Any]) -> str:
    return f"Изменены ответы. {item_title('topic', str(details.get('topic')))}"


def _document(details: Mapping[str, Any]) -> str:
    kind = KINDS.get(str(details.get("document")))
    return kind.short if kind else "документ"


TIMELINE: Mapping[str, Sentence] = {
    "mode_changed": _mode_changed,
    "answers_changed": _topic_changed,
    "facts_entered": lambda _details: "Сетевая внесла сведения из формы заявки",
    "answers_shared": lambda _details: "Заявитель показал анкету сотруднику",
    "answers_hidden": lambda _details: "Заявитель больше не показывает анкету",
    "files_added": lambda details: f"Добавлены файлы: {_document(details)}",
    "file_removed": lambda details: f"Удален файл: {_document(details)}",
}
