"""The form of the next version of a paper's text."""

from functools import partial
from typing import Any

from wtforms.form import BaseForm

from app.accounts.fields import Typed
from app.administration.forms import FormData
from app.administration.template_rules import parse_template

_HINT = (
    "Абзацы разделяйте пустой строкой. «## » — заголовок, **жирный**, строки с «- » или «1. » — списки, "
    "строки с «|» — таблица. {{ имя }} — подстановка, {%\u00a0if имя %}…{%\u00a0endif %} — если значение есть, "
    "{%\u00a0for строка in список %}…{%\u00a0endfor %} — для каждой строки списка."
)


class TemplateForm(BaseForm):
    """The text of one kind of paper."""

    def __init__(self, formdata: FormData | None, kind: str, present: str) -> None:
        """`present` is the text in force."""
        body: Any = Typed("Текст", partial(parse_template, kind=kind), hint=_HINT)
        super().__init__({"body": body})
        self.process(formdata, data={"body": present})

    @property
    def text(self) -> str:
        """What was typed, as the rules made it."""
        body: Any = self["body"]
        return str(body.value)
