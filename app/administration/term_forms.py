"""The form of the next version of a term."""

from datetime import date
from functools import partial
from typing import Any

from wtforms import Form

from app.accounts.fields import Choice, Typed, refuse
from app.administration.settings_rules import parse_number_between
from app.administration.term_rules import LONGEST, UNITS, check_length, parse_first_day
from app.cases.message_text import clean_line
from app.errors import InvalidValue


class TermForm(Form):
    """How long a term is, by which clause, from which day on."""

    length = Typed(
        "Сколько",
        partial(parse_number_between, label="Сколько", least=1, most=LONGEST),
        hint="Например: 10",
        inputmode="numeric",
    )
    unit = Choice("В чем считать", UNITS, ask="Выберите, в чем считать срок.")
    clause = Typed(
        "Откуда этот срок",
        partial(clean_line, label="Откуда этот срок"),
        hint="Например: п. 15 Правил. Заявитель увидит это рядом со сроком",
        optional=True,
    )
    valid_from = Typed("Действует с", str, hint="Сегодня или позже, например 01.03.2027", inputmode="numeric")

    def __init__(self, formdata: Any, *, today: date, **kwargs: Any) -> None:
        """`today` is the first day that may be chosen."""
        super().__init__(formdata, **kwargs)
        self.valid_from.parse = partial(parse_first_day, today=today)

    def validate(self, extra_validators: Any = None) -> bool:
        """Every field by its rule, then the length in its unit."""
        if not super().validate(extra_validators):
            return False
        try:
            check_length(self.length.value, self.unit.data)
        except InvalidValue as refused:
            refuse(self.length, refused.message)
            return False
        return True

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        return {
            "length": self.length.value,
            "unit": self.unit.data,
            "clause": self.clause.value,
            "valid_from": self.valid_from.value,
        }
