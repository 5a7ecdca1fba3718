"""The form of a registration: an applicant, the ways to reach the person, a password, two accepted texts."""

from datetime import date
from functools import partial
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, HiddenField

from app.accounts.contacts import parse_email, parse_mobile, parse_personal_account
from app.accounts.fields import Accepted, Password, Typed, refuse
from app.accounts.forms import ApplicantForm
from app.accounts.passwords import SHORTEST, check_password
from app.accounts.registration import LegalForm, NewAccount, PersonName
from app.errors import InvalidForm, InvalidValue

_TAIL = ("phone", "personal_account", "password", "password_again", "consent", "agreement")
_HIDDEN = ("consent_version", "agreement_version", "by_email_only")


class RegistrationForm(ApplicantForm):
    """Everything a person tells to get an account."""

    email = Typed(
        "E-mail",
        parse_email,
        hint="По этому адресу можно входить, на него приходят уведомления",
        autocomplete="email",
        inputmode="email",
    )
    phone = Typed(
        "Сотовый телефон",
        parse_mobile,
        hint="Например, +7 950 400-00-01. На него приходят СМС с кодами",
        autocomplete="tel",
        inputmode="tel",
    )
    personal_account = Typed(
        "Лицевой счет",
        parse_personal_account,
        hint="Если вы уже являетесь клиентом сетевой компании",
        optional=True,
        inputmode="numeric",
    )
    password = Password(
        "Пароль",
        autocomplete="new-password",
        hint=f"Не короче {SHORTEST} символов; подойдет фраза из нескольких слов",
    )
    password_again = Password("Подтвердите пароль", autocomplete="new-password")
    consent = Accepted(
        "Согласие на обработку персональных данных",
        ask="Прочитайте согласие на обработку персональных данных и отметьте его: без него учетной записи не будет.",
    )
    agreement = Accepted(
        "Соглашение между участниками электронного взаимодействия",
        ask="Прочитайте соглашение об электронном взаимодействии и отметьте его: без него учетной записи не будет.",
    )
    consent_version = HiddenField()
    agreement_version = HiddenField()
    by_email_only = BooleanField("Это не моя учетная запись: зарегистрировать меня с входом только по E-mail")

    def __init__(
        self,
        formdata: MultiDict[str, str] | None,
        *,
        legal_form: LegalForm,
        today: date,
        account_pattern: str,
    ) -> None:
        """`account_pattern` is the company's shape of a personal account number."""
        super().__init__(formdata, legal_form=legal_form, today=today, own_name=True)
        self.personal_account.parse = partial(parse_personal_account, pattern=account_pattern)

    def applicant_fields(self) -> tuple[str, ...]:
        """The fields of the page in its order."""
        return ("email", *super().applicant_fields(), *_TAIL, *_HIDDEN)

    def validate(self, extra_validators: Any = None) -> bool:
        """Every field, then the password against everything else that was typed; all errors at once."""
        fine = super().validate(extra_validators)
        return self._password_fits() and fine

    def _password_fits(self) -> bool:
        password, again = self.password.data or "", self.password_again.data or ""
        if not password:
            refuse(self.password, "Пароль: придумайте и введите его.")
            return False
        try:
            check_password(password, own=self._typed())
        except InvalidValue as refused:
            refuse(self.password, refused.message)
        if again != password:
            refuse(self.password_again, "Пароли не совпадают: введите тот же пароль еще раз.")
        return not (self.password.errors or self.password_again.errors)

    def _typed(self) -> list[str]:
        """What strangers may know of the owner."""
        return [field.data or "" for field in self._fields.values() if isinstance(field, Typed)]

    def account(self) -> NewAccount:
        """The registration as the rules cleaned it."""
        applicant = self.applicant(self.personal_account.value)
        own = applicant.name
        if self.represents:
            own = PersonName(self.own_last_name.value, self.own_first_name.value, self.own_middle_name.value)
        return NewAccount(
            name=own,
            email=self.email.value,
            phone=self.phone.value,
            applicant=applicant,
            acting=self.acting(),
            versions={
                "consent": _number(self.consent_version.data),
                "agreement": _number(self.agreement_version.data),
            },
            by_email_only=bool(self.by_email_only.data),
        )

    def take_errors(self, refused: InvalidForm) -> None:
        """Show at the fields what an action refused; a legal text that was replaced has to be ticked anew."""
        for name, sentences in refused.errors.items():
            for sentence in sentences:
                refuse(self[name], sentence)
            if name in ("consent", "agreement"):
                self[name].data = False


def _number(text: str | None) -> int:
    """The version that came with the form; 0, which is none, for what is no number."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0
