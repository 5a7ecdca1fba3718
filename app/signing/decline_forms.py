"""The shape of what the pages of a declined signature send; what is acceptable the action says."""

from wtforms import Form, TextAreaField


class ReasonForm(Form):
    """Why a side does not sign."""

    reason = TextAreaField(
        "Почему вы не подписываете", description="Что в документе не так и как исправить. До 1000 символов."
    )


class AnswerForm(Form):
    """What those whose document it is answer."""

    reason = TextAreaField(
        "Ответ", description="Что изменилось или почему документ остается прежним. До 1000 символов."
    )
