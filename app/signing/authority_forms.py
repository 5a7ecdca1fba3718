"""The shape of what the pages of powers of attorney send."""

from wtforms import FileField, Form, TextAreaField
from wtforms.validators import Optional


class AuthorityForm(Form):
    """The file of a power of attorney and the principal's signature of it."""

    xml = FileField(
        "Файл доверенности (XML)", description="До 1 МБ. Выгрузите его там, где доверенность оформили."
    )
    signature = FileField(
        "Подпись доверенности (.sig)",
        description="Отсоединенная подпись руководителя, которая лежит рядом с файлом доверенности.",
    )


class JudgeForm(Form):
    """The office's decision; a reason is needed to refuse alone."""

    remark = TextAreaField(
        "Причина отказа",
        [Optional()],
        description="До 1000 символов, нужна только для отказа: ее прочитает отправитель.",
    )


class StopForm(Form):
    """Why one that was accepted is accepted no more."""

    remark = TextAreaField(
        "Почему больше не принимаете",
        description="До 1000 символов, например «отозвана 12.10.2026»: причину прочитает отправитель.",
    )
