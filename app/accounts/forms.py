"""The form of an applicant and of whoever acts for it.

One form for the three legal forms: each keeps its own fields, in the order of the page, because the summary of errors
follows it. The shape of the answers is here; what they may be is in the rules that the fields carry.
"""

from collections.abc import Iterable
from datetime import date
from functools import partial
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Form

from app.accounts.fields import Choice, Typed, refuse
from app.accounts.identifiers import parse_inn, parse_kpp, parse_ogrn, parse_ogrnip, parse_snils
from app.accounts.identity_papers import parse_date
from app.accounts.names import clean_name, clean_title
from app.accounts.registration import CAPACITIES, Acting, Authority, LegalForm, NewApplicant, PersonName
from app.characters import composed, is_blank, one_line, refuse_control, refuse_longer
from app.errors import InvalidValue

_EARLIEST = date(1990, 1, 1)
_LATEST = date(2099, 12, 31)
_LONGEST_NUMBER = 100

NAME = ("last_name", "first_name", "middle_name", "no_middle_name")
OWN_NAME = ("own_last_name", "own_first_name", "own_middle_name", "own_no_middle_name")
AUTHORITY = ("authority_number", "authority_date", "authority_until")
NUMBERS = {
    "individual": ("snils",),
    "sole_trader": ("inn", "ogrnip"),
    "legal_entity": ("title", "inn", "ogrn", "kpp"),
}


def _name(label: str, autocomplete: str = "", *, optional: bool = False) -> Typed:
    parse = partial(clean_name, label=label)
    return Typed(label, parse, autocomplete=autocomplete, optional=optional)


def authority_number(text: str) -> str:
    """The number of a power of attorney as written; «без номера» is an answer. Raises InvalidValue."""
    label = "Номер доверенности"
    number = one_line(composed(text, label=label, max_length=_LONGEST_NUMBER))
    refuse_control(number, label=label)
    refuse_longer(number, label=label, max_length=_LONGEST_NUMBER)
    if is_blank(number):
        raise InvalidValue(f"{label}: заполните это поле. Если номера нет, напишите «без номера».")
    return number


class ApplicantForm(Form):
    """An applicant of one legal form, and as whom the person acts."""

    last_name = _name("Фамилия", "family-name")
    first_name = _name("Имя", "given-name")
    middle_name = _name("Отчество", "additional-name", optional=True)
    no_middle_name = BooleanField("Нет отчества")
    snils = Typed("СНИЛС", parse_snils, hint="11 цифр", inputmode="numeric")
    title = Typed("Наименование", partial(clean_title, label="Наименование"), autocomplete="organization")
    inn = Typed("ИНН", partial(parse_inn, length=12), hint="12 цифр", inputmode="numeric")
    ogrnip = Typed("ОГРНИП", parse_ogrnip, hint="15 цифр", inputmode="numeric")
    ogrn = Typed("ОГРН", parse_ogrn, hint="13 цифр", inputmode="numeric")
    kpp = Typed("КПП", parse_kpp, hint="9 знаков", inputmode="numeric")
    capacity = Choice("Кто вы", {}, ask="Выберите, кто вы.")
    own_last_name = _name("Ваша фамилия", "family-name")
    own_first_name = _name("Ваше имя", "given-name")
    own_middle_name = _name("Ваше отчество", "additional-name", optional=True)
    own_no_middle_name = BooleanField("Нет отчества")
    authority_number = Typed("Номер доверенности", authority_number, hint="Если номера нет: «без номера»")
    authority_date = Typed("Дата доверенности", str, hint="Например, 20.11.2024", inputmode="numeric")
    authority_until = Typed(
        "Доверенность действует до",
        str,
        hint="Если срок в доверенности не назван, оставьте пустым",
        optional=True,
        inputmode="numeric",
    )

    def __init__(
        self,
        formdata: MultiDict[str, str] | None,
        *,
        legal_form: LegalForm,
        today: date,
        own_name: bool = False,
    ) -> None:
        """`own_name`: a representative also tells the own name, because the account is not there yet."""
        super().__init__(formdata)
        self.legal_form = legal_form
        self.own_name = own_name
        self.capacity.choices = list(CAPACITIES[legal_form].items())
        if legal_form == "legal_entity":
            self._name_the_head()
            self.inn.parse, self.inn.description = partial(parse_inn, length=10), "10 цифр"
        a_day = partial(parse_date, example=today)
        self.authority_date.parse = partial(
            a_day, earliest=_EARLIEST, latest=today, label=self.authority_date.label.text
        )
        self.authority_until.parse = partial(
            a_day, earliest=today, latest=_LATEST, label=self.authority_until.label.text
        )
        for name in (*OWN_NAME, *AUTHORITY):
            field = self[name]
            if isinstance(field, Typed):
                field.ignored = not self.represents
        self.keep(self.applicant_fields())

    def applicant_fields(self) -> tuple[str, ...]:
        """Names of the fields of this legal form in the order of the page."""
        if self.legal_form == "individual":
            return (*NAME, *NUMBERS["individual"])
        own = OWN_NAME if self.own_name else ()
        tail = ("capacity", *own, *AUTHORITY)
        if self.legal_form == "legal_entity":
            return (*NUMBERS["legal_entity"], *NAME, *tail)
        return (*NAME, *NUMBERS["sole_trader"], *tail)

    def keep(self, names: Iterable[str]) -> None:
        """Have these fields only, in this order: the others are neither read nor checked."""
        self._fields: dict[str, Any] = {name: self._fields[name] for name in names}

    def _name_the_head(self) -> None:
        for field in (self.last_name, self.first_name, self.middle_name):
            field.label.text = f"{field.label.text} руководителя"
            field.parse = partial(clean_name, label=field.label.text)
            field.render_kw = {}

    @property
    def represents(self) -> bool:
        """Whether «Представитель по доверенности» is chosen."""
        return self.legal_form != "individual" and self.capacity.data == "representative"

    def validate(self, extra_validators: Any = None) -> bool:
        """Every field by its rule, then what they say together; all errors at once."""
        alone = super().validate(extra_validators)
        together = _middle_fits(self.middle_name, self.no_middle_name)
        if self.represents and self.own_name:
            together &= _middle_fits(self.own_middle_name, self.own_no_middle_name)
        return alone and together

    def applicant(self, personal_account: str = "") -> NewApplicant:
        """The applicant as the rules cleaned it."""
        kept = {name: field.value for name, field in self._fields.items() if isinstance(field, Typed)}
        return NewApplicant(
            legal_form=self.legal_form,
            name=PersonName(kept["last_name"], kept["first_name"], kept["middle_name"]),
            title=kept.get("title", ""),
            snils=kept.get("snils", ""),
            inn=kept.get("inn", ""),
            ogrn=kept.get("ogrn") or kept.get("ogrnip", ""),
            kpp=kept.get("kpp", ""),
            personal_account=personal_account,
        )

    def acting(self) -> Acting:
        """As whom the person acts, with the power of attorney of a representative."""
        if self.legal_form == "individual":
            return Acting("self")
        if not self.represents:
            return Acting("head")
        until = self.authority_until.value or None
        return Acting(
            "representative", Authority(self.authority_number.value, self.authority_date.value, until)
        )


def _middle_fits(middle: Typed, none: BooleanField) -> bool:
    """Whether an empty patronymic and the box «Нет отчества» go together; tells it at the field when not."""
    typed = bool((middle.data or "").strip())
    if typed and none.data:
        refuse(middle, "Уберите отметку «Нет отчества» или очистите это поле.")
    elif not typed and not none.data:
        refuse(middle, f"{middle.label.text}: заполните это поле или отметьте «Нет отчества».")
    return typed != bool(none.data)
