"""The shape of what the pages of a case send; what is acceptable the rules say, through the actions."""

from collections.abc import Mapping, Sequence

from flask import request
from wtforms import BooleanField, FileField, Form, MultipleFileField, SelectField, StringField
from wtforms.validators import Optional

from app.documents.intake import Upload
from app.errors import InvalidForm


class NumberForm(Form):
    """A registration number; empty means the next one of the counter."""

    number = StringField("Регистрационный номер", [Optional()])


class StatusForm(Form):
    """A status in the company's own words."""

    status = StringField(
        "Статус", description="До 300 символов. Заявитель увидит его в статусах и получит письмо."
    )


class AssigneeForm(Form):
    """Who of the company works on the case; 0 stands for nobody."""

    assignee = SelectField("Исполнитель", coerce=str, validate_choice=False)


class DocumentForm(Form):
    """Documents of those who answer; a supplier has no internal ones."""

    kind = SelectField("Вид документа", validate_choice=False)
    title = StringField("Название", [Optional()], description="Если не заполнить, будет вид документа.")
    files = MultipleFileField("Файлы", description="Можно выбрать несколько, до 30 МБ каждый.")
    internal = BooleanField("Только для сотрудников, заявитель не увидит")


class PauseForm(Form):
    """Why a term is paused, and the paper that says so."""

    reason = StringField(
        "Причина", description="До 300 символов. Заявитель увидит ее на странице обращения и в письме."
    )
    files = FileField(
        "Документ-основание",
        [Optional()],
        description="Один файл до 30 МБ. Он появится среди документов обращения, заявитель его увидит.",
    )


def chosen_files(name: str) -> list[Upload]:
    """The files sent under a name; a field in which nothing was chosen sends an empty one."""
    sent = request.files.getlist(name)
    return [Upload(one.filename, one.stream) for one in sent if one.filename]  # type: ignore[arg-type]


def put_errors(
    form: Form, error: InvalidForm, *, names: Mapping[str, str] | None = None
) -> Sequence[tuple[str, str]]:
    """Put sentences at the fields they belong to; `names` says which field stands for which name of the error.

    Gives pairs (id of the control or nothing, sentence) for the summary over the page.
    """
    summary: list[tuple[str, str]] = []
    for told, sentences in error.errors.items():
        name = (names or {}).get(told, told)
        known = name in form
        if known:
            form[name].errors = list(sentences)
        summary += [(f"f-{name}" if known else "", one) for one in sentences]
    return summary
