"""The form of a new version of a category; what may be typed stands in the rules that the fields carry."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial
from typing import Any

from wtforms import BooleanField
from wtforms.form import BaseForm

from app.accounts.fields import Choice, Typed
from app.administration.category_rules import (
    LIMIT,
    LIMITED,
    VALID_FROM,
    parse_category_title,
    parse_clause,
    parse_limit,
    parse_valid_from,
)
from app.administration.forms import FormData
from app.company.categories import ALWAYS, Category
from app.connections.power import format_kilowatts
from app.connections.wording import MODE_WORDS


class CategoryForm(BaseForm):
    """One version: from which day, the clause, whom it is for, limit, order of the contract, term of the works."""

    def __init__(
        self, formdata: FormData | None, shown: Category, works: Mapping[str, str], today: date
    ) -> None:
        """`shown` fills the fields at first; `works` are the terms to choose from: code → words."""
        self.shown = shown
        super().__init__(_fields(shown, works, today))
        limit = "" if shown.watts_most is None else format_kilowatts(shown.watts_most).removesuffix(" кВт")
        kept = {"clause": shown.clause, "title": shown.title, "limit": limit, "mode": shown.mode}
        self.process(formdata, data={**kept, "works_term": shown.works_term, "active": shown.active})

    def values(self) -> dict[str, Any]:
        """The columns of the version, once the form is valid."""
        typed: dict[str, Any] = dict(self._fields)
        limit = typed["limit"]
        return {
            "valid_from": typed["valid_from"].value,
            "clause": typed["clause"].value,
            "title": typed["title"].value,
            "watts_most": limit.value if (limit.data or "").strip() else None,
            "mode": self["mode"].data,
            "works_term": self["works_term"].data,
            "active": self.shown.code in ALWAYS or bool(self["active"].data),
        }


def _fields(shown: Category, works: Mapping[str, str], today: date) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "valid_from": Typed(
            VALID_FROM,
            partial(parse_valid_from, today=today),
            hint=f"Завтра ({today + timedelta(days=1):%d.%m.%Y}) или позже. "
            "Заявки, отправленные раньше этого дня, остаются по прежним правилам",
            inputmode="numeric",
        ),
        "clause": Typed("Пункт Правил", parse_clause, hint="Так он назван на страницах, например п. 14"),
        "title": Typed("Для кого", parse_category_title, hint="Стоит после пункта в заявке и в письме"),
        "limit": Typed(
            LIMIT,
            parse_limit,
            hint="В киловаттах, вместе с ранее присоединенной мощностью",
            optional=shown.code not in LIMITED,
            inputmode="decimal",
        ),
        "mode": Choice(
            "Порядок заключения договора", MODE_WORDS, ask="Выберите порядок заключения договора."
        ),
        "works_term": Choice(
            "Срок мероприятий",
            works,
            ask="Выберите срок мероприятий.",
            hint="Отсчитывается от дня договора; длина сроков — в разделе «Сроки»",
        ),
    }
    if shown.code not in ALWAYS:
        fields["active"] = BooleanField("Применять", default=True)
    return fields
