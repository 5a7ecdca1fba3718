"""The forms of the conversations: each channel has names of its own, so that no text can go astray."""

from collections.abc import Mapping
from dataclasses import dataclass

from wtforms import Form, MultipleFileField, TextAreaField
from wtforms.validators import Optional

from app.cases.policy import INTERNAL

_FILES_HINT = "До 30 МБ каждый."


class MessageForm(Form):
    """A message in the conversation with the company."""

    text = TextAreaField("Сообщение")
    files = MultipleFileField("Файлы", [Optional()], description=_FILES_HINT)


class SupplierMessageForm(Form):
    """A message in the conversation with the supplier."""

    supplier_text = TextAreaField("Сообщение")
    supplier_files = MultipleFileField("Файлы", [Optional()], description=_FILES_HINT)


class NoteForm(Form):
    """An internal note of the company."""

    note = TextAreaField("Внутренняя заметка, заявитель не видит")
    note_files = MultipleFileField("Файлы к заметке", [Optional()], description=_FILES_HINT)


@dataclass(frozen=True)
class Shape:
    """How the form of a channel is called: its class and the names of its fields."""

    form: type[Form]
    text: str
    files: str

    @property
    def names(self) -> Mapping[str, str]:
        """Which field of the form a name of the action's errors means."""
        return {"text": self.text, "files": self.files}


SHAPES: Mapping[str, Shape] = {
    "company": Shape(MessageForm, "text", "files"),
    "supplier": Shape(SupplierMessageForm, "supplier_text", "supplier_files"),
    INTERNAL: Shape(NoteForm, "note", "note_files"),
}
