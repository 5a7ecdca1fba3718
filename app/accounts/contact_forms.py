"""Forms of one's own contacts: the e-mail for notices, the mobile, the code of an SMS."""

from collections.abc import Sequence
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Form, SelectMultipleField

from app.accounts.contacts import parse_email, parse_mobile
from app.accounts.fields import Password, Typed, refuse
from app.errors import InvalidForm
from app.notifications.codes import read_code

#: The sentence of the second manual, B631.
EMAIL_HINT = (
    "На данный адрес электронной почты будут направляться уведомления. "
    "Оставьте поле E-mail пустым, чтобы не получать уведомления."
)


class ProvedForm(Form):
    """A change for which the password is asked when it was typed long ago."""

    old_password = Password("Ваш пароль", autocomplete="current-password")

    def __init__(self, formdata: MultiDict[str, str] | None, *, proved: bool, **kwargs: Any) -> None:
        """`proved`: the password was typed a moment ago and is not asked for."""
        super().__init__(formdata, **kwargs)
        self.proved = proved

    def validate(self, extra_validators: Any = None) -> bool:
        """The password too has to be there, when it is asked for."""
        fine = super().validate(extra_validators)
        if not self.proved and not self.old_password.data:
            refuse(self.old_password, "Введите ваш пароль: без него эти данные не изменить.")
        return fine and not self.old_password.errors

    def take_errors(self, refused: InvalidForm) -> None:
        """Show at the fields what an action refused."""
        for name, sentences in refused.errors.items():
            for sentence in sentences:
                refuse(self[name], sentence)


class EmailForm(ProvedForm):
    """Where letters with notices go; empty for none."""

    email = Typed(
        "Электронная почта (для уведомлений)",
        parse_email,
        optional=True,
        hint=EMAIL_HINT,
        autocomplete="email",
        inputmode="email",
    )


class PhoneForm(ProvedForm):
    """The number to which codes go."""

    phone = Typed("Телефон", parse_mobile, autocomplete="tel", inputmode="tel")


class PhoneCodeForm(Form):
    """The code that has come to the number."""

    code = Typed("Код из СМС", read_code, hint="6 цифр", autocomplete="one-time-code", inputmode="numeric")

    def take_errors(self, refused: InvalidForm) -> None:
        """Show at the field what the action refused."""
        for sentences in refused.errors.values():
            for sentence in sentences:
                refuse(self.code, sentence)


class AccessForm(ProvedForm):
    """By which of one's own identifiers one signs in."""

    logins = SelectMultipleField("Доступ к ЛК", coerce=str, validate_choice=False)

    def __init__(
        self,
        formdata: MultiDict[str, str] | None,
        *,
        proved: bool,
        choices: Sequence[tuple[str, str]],
        chosen: Sequence[str],
    ) -> None:
        """`choices`: identifiers with words; `chosen` those that sign in now."""
        super().__init__(formdata, proved=proved, data={"logins": list(chosen)})
        self.logins.choices = list(choices)
