"""The forms of the calendar: one day, and a day off that moves."""

from datetime import date
from functools import partial
from typing import Any

from wtforms import Form

from app.accounts.fields import Choice, Typed, refuse
from app.accounts.identity_papers import parse_date
from app.cases.message_text import clean_line

#: What a day may become.
KINDS = {"off": "Выходной", "working": "Рабочий"}


class _OfYear(Form):
    """Days of one year alone."""

    def __init__(self, formdata: Any, *, year: int) -> None:
        """Every field of a day takes the days of the year."""
        super().__init__(formdata)
        for name in self.days:
            field: Any = self[name]
            first, last = date(year, 1, 1), date(year, 12, 31)
            field.parse = partial(
                parse_date, earliest=first, latest=last, label=field.label.text, example=last
            )

    #: Names of the fields that are days.
    days: tuple[str, ...] = ()


class DayForm(_OfYear):
    """A day made working or off."""

    days = ("day",)
    day = Typed("День", str, hint="Например 31.12.2027", inputmode="numeric")
    kind = Choice("Какой это день", KINDS, ask="Выберите: выходной или рабочий.")
    title = Typed(
        "Почему",
        partial(clean_line, label="Почему"),
        hint="Например: перенос с 3 января по постановлению Правительства",
        optional=True,
    )


class TransferForm(_OfYear):
    """A day off that moves to another day."""

    days = ("worked", "rested")
    worked = Typed("Станет рабочим", str, hint="Суббота, воскресенье или праздник", inputmode="numeric")
    rested = Typed("Станет выходным", str, hint="Рабочий день того же года", inputmode="numeric")

    def validate(self, extra_validators: Any = None) -> bool:
        """Both days by their rule; they are two."""
        if not super().validate(extra_validators):
            return False
        if self.worked.value == self.rested.value:
            refuse(self.rested, "Укажите другой день: это тот же самый.")
            return False
        return True
