"""Forms of the set-up: the shape of what is typed; what it may be stands in the rules that the fields carry."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Form, SelectMultipleField
from wtforms.form import BaseForm

from app.accounts.contacts import parse_email, parse_mobile
from app.accounts.fields import Choice, Typed, refuse
from app.accounts.identifiers import parse_inn, parse_ogrn
from app.accounts.names import clean_name, clean_title
from app.accounts.passwords import check_password
from app.accounts.registration import PersonName
from app.administration.bank_rules import check_together
from app.administration.editable_rules import Editable
from app.administration.first_password import first_password
from app.administration.settings_rules import parse_number_between
from app.administration.text_rules import parse_body, parse_title
from app.administration.wording import ROLES
from app.cases.message_text import clean_line
from app.errors import InvalidForm, InvalidValue

FormData = MultiDict[str, str]


class RolesField(SelectMultipleField):
    """Roles of the company's people, as many as one likes; the form says which may not be."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        """The choices are those of the program."""
        super().__init__(label, validate_choice=False, **kwargs)
        self.choices = list(ROLES.items())


class SettingsForm(BaseForm):
    """The settings of one page: a field for each, named by its key."""

    def __init__(
        self, formdata: FormData | None, settings: Sequence[Editable], present: Mapping[str, Any]
    ) -> None:
        """`present` are the values as of today, by key."""
        self.settings = {setting.key: setting for setting in settings}
        kept = {key: setting.typed(present.get(key)) for key, setting in self.settings.items()}
        super().__init__({key: _field(setting, kept[key]) for key, setting in self.settings.items()})
        self.process(formdata, data=kept)

    def validate(self, extra_validators: Any = None) -> bool:
        """Every setting by its rule, then those that have to go together."""
        if not super().validate(extra_validators):
            return False
        try:
            check_together(self.values())
        except InvalidForm as refused:
            tell(self, refused)
            return False
        return True

    def values(self) -> dict[str, Any]:
        """What was typed, as the rules made it."""
        return {key: setting.read(self[key].data or "") for key, setting in self.settings.items()}


def _field(setting: Editable, kept: str) -> Any:
    if setting.choices is None:
        return Typed(
            setting.label,
            setting.read,
            hint=setting.hint,
            optional=setting.optional,
            inputmode=setting.inputmode,
        )
    choices = {**setting.choices, **({kept: kept} if kept not in setting.choices else {})}
    return Choice(setting.label, choices, ask=f"{setting.label}: выберите из списка.", hint=setting.hint)


class SupplierForm(Form):
    """A supplier."""

    name = Typed(
        "Наименование",
        partial(clean_title, label="Наименование"),
        hint="Так поставщик назван в анкете и на страницах обращений",
    )
    email = Typed(
        "E-mail поставщика",
        parse_email,
        hint="Общий адрес для писем о заявках; сотрудники поставщика получают свои письма сами",
        optional=True,
    )
    inn = Typed("ИНН", partial(parse_inn, length=10), hint="10 цифр", optional=True, inputmode="numeric")
    ogrn = Typed(
        "ОГРН",
        parse_ogrn,
        hint="13 цифр. По нему узнают сертификат поставщика: без ОГРН он не сможет подписывать документы",
        optional=True,
        inputmode="numeric",
    )
    active = BooleanField("Предлагать в новых заявках", default=True)

    def values(self) -> dict[str, Any]:
        """The columns of the row."""
        numbers = {"inn": self.inn.value, "ogrn": self.ogrn.value}
        return {
            "name": self.name.value,
            "email": self.email.value,
            **numbers,
            "active": bool(self.active.data),
        }


class TopicForm(Form):
    """A topic of appeals."""

    title = Typed("Тема", partial(clean_line, label="Тема"))
    position = Typed(
        "Место в списке",
        partial(parse_number_between, label="Место в списке", least=1, most=9999),
        hint="Темы с меньшим числом стоят выше",
        inputmode="numeric",
    )
    active = BooleanField("Предлагать в новых обращениях", default=True)

    def values(self) -> dict[str, Any]:
        """The columns of the row."""
        return {
            "title": self.title.value,
            "position": self.position.value,
            "active": bool(self.active.data),
        }


class DocumentKindForm(Form):
    """An own kind of documents."""

    title = Typed(
        "Название",
        partial(clean_line, label="Название", max_length=100),
        hint="Например: Акт осмотра приборов учета",
    )
    active = BooleanField("Предлагать при добавлении документов", default=True)

    def values(self) -> dict[str, Any]:
        """The columns of the row."""
        return {"title": self.title.value, "active": bool(self.active.data)}


class TextForm(Form):
    """The next version of a legal text."""

    title = Typed("Название", parse_title)
    body = Typed(
        "Текст",
        parse_body,
        hint="Абзацы разделяйте пустой строкой. **жирный**, *курсив*, строки с «- » или «1. » — списки",
    )


class TrialForm(Form):
    """Where to send a trial letter."""

    address = Typed("Кому", parse_email, hint="Например, ваш собственный адрес", autocomplete="email")


class RolesForm(Form):
    """Which roles of the company a person has."""

    roles = RolesField("Роли", description="Можно несколько")

    def chosen(self) -> list[str]:
        """The ticked roles."""
        return list(dict.fromkeys(self.roles.data or []))


class PasswordForm(Form):
    """A first password, suggested anew each time the form is shown."""

    password = Typed(
        "Первый пароль",
        str,
        hint="Запишите его сейчас и передайте человеку лично: после сохранения он больше не показывается",
        autocomplete="off",
    )
    #: What strangers know of the person and the password may not be made of.
    own: tuple[str, ...] = ()

    def validate(self, extra_validators: Any = None) -> bool:
        """Every field by its rule, then the password against what is known of the person."""
        fine = super().validate(extra_validators)
        try:
            check_password(self.password.data or "", own=self.known())
        except InvalidValue as refused:
            refuse(self.password, refused.message)
            return False
        return fine

    def known(self) -> tuple[str, ...]:
        """Names and addresses of the person."""
        return self.own

    def suggest(self) -> None:
        """Put a fresh password into the field: what was typed there is never printed back."""
        self.password.data = first_password()


class PersonForm(PasswordForm):
    """A new account of the company's people, or of a supplier's (without roles)."""

    last_name = Typed("Фамилия", partial(clean_name, label="Фамилия"), autocomplete="off")
    first_name = Typed("Имя", partial(clean_name, label="Имя"), autocomplete="off")
    middle_name = Typed(
        "Отчество", partial(clean_name, label="Отчество"), hint="Если есть", optional=True, autocomplete="off"
    )
    email = Typed("E-mail", parse_email, hint="Логин и адрес для писем", autocomplete="off")
    phone = Typed("Сотовый телефон", parse_mobile, optional=True, inputmode="tel", autocomplete="off")
    roles = RolesField("Роли")
    by_letter = BooleanField(
        "Отправить приглашение письмом: человек придумает пароль сам, первый пароль не понадобится"
    )

    def __init__(self, formdata: FormData | None, *, of_supplier: bool) -> None:
        """Who belongs to a supplier is asked for no role."""
        super().__init__(formdata)
        own = ("last_name", "first_name", "middle_name", "email", "phone")
        names = own if of_supplier else (*own, "roles")
        self._fields: dict[str, Any] = {
            name: self._fields[name] for name in (*names, "password", "by_letter")
        }
        self.of_supplier = of_supplier

    def validate(self, extra_validators: Any = None) -> bool:
        """Every field by its rule; somebody of the company has a role; who is invited needs no first password."""
        if self.by_letter.data:
            self.password.data = first_password()  # known to nobody, and replaced by their own
        fine = super().validate(extra_validators)
        if not self.of_supplier and (not self.chosen() or set(self.chosen()) - set(ROLES)):
            refuse(self.roles, "Отметьте хотя бы одну роль.")
            return False
        return fine

    def known(self) -> tuple[str, ...]:
        """What was typed of the person."""
        names = ("last_name", "first_name", "middle_name", "email", "phone")
        return tuple(str(self[name].data or "") for name in names)

    def chosen(self) -> tuple[str, ...]:
        """The ticked roles."""
        return () if self.of_supplier else tuple(dict.fromkeys(self.roles.data or ()))

    def name(self) -> PersonName:
        """The name as the rules cleaned it."""
        return PersonName(self.last_name.value, self.first_name.value, self.middle_name.value)


def tell(form: BaseForm, refused: InvalidForm) -> None:
    """Put what an action refused at its fields."""
    for name, sentences in refused.errors.items():
        for sentence in sentences:
            refuse(form[name], sentence)
