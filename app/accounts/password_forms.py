"""Forms of passwords and codes: asking for a link, a new password, the code of a second factor."""

from collections.abc import Iterable
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Form

from app.accounts.fields import Password, Typed, refuse
from app.accounts.login_ids import recognise
from app.accounts.passwords import SHORTEST, check_password
from app.accounts.second_factor import cleaned
from app.errors import InvalidForm, InvalidValue


class ForgottenForm(Form):
    """Whose password is forgotten."""

    login = Typed("СНИЛС / ОГРН / ОГРНИП / E-mail", recognise, autocomplete="username")


class NewPasswordForm(Form):
    """A new password, twice."""

    password = Password(
        "Новый пароль",
        autocomplete="new-password",
        hint=f"Не короче {SHORTEST} символов; подойдет фраза из нескольких слов",
    )
    password_again = Password("Подтвердите пароль", autocomplete="new-password")

    def __init__(self, formdata: MultiDict[str, str] | None, *, own: Iterable[str] = ()) -> None:
        """`own` is what strangers know of the owner and the password may not be made of."""
        super().__init__(formdata)
        self.own = list(own)

    def validate(self, extra_validators: Any = None) -> bool:
        """The rule of passwords, and both alike; all errors at once."""
        fine = super().validate(extra_validators)
        password = self.password.data or ""
        if not password:
            refuse(self.password, "Придумайте и введите новый пароль.")
            return False
        try:
            check_password(password, own=self.own)
        except InvalidValue as refused:
            refuse(self.password, refused.message)
        if (self.password_again.data or "") != password:
            refuse(self.password_again, "Пароли не совпадают: введите тот же пароль еще раз.")
        return fine and not (self.password.errors or self.password_again.errors)

    def take_errors(self, refused: InvalidForm) -> None:
        """Show at the fields what an action refused."""
        for name, sentences in refused.errors.items():
            for sentence in sentences:
                refuse(self[name], sentence)


class ChangePasswordForm(NewPasswordForm):
    """A new password by who knows the old one."""

    old_password = Password("Старый пароль", autocomplete="current-password")

    def validate(self, extra_validators: Any = None) -> bool:
        """The old one too is asked for, and is not the new one again."""
        fine = super().validate(extra_validators)
        old = self.old_password.data or ""
        if not old:
            refuse(self.old_password, "Введите старый пароль.")
        elif old == self.password.data:
            refuse(self.password, "Новый пароль такой же, как старый. Придумайте другой.")
        return fine and not (self.old_password.errors or self.password.errors)


class CodeForm(Form):
    """The code of a second factor."""

    code = Typed(
        "Код из приложения",
        cleaned,
        hint="6 цифр, которые приложение показывает сейчас",
        autocomplete="one-time-code",
        inputmode="numeric",
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Something has to be there; whether it is right only the action knows."""
        fine = super().validate(extra_validators)
        if fine and not self.code.value:
            refuse(self.code, "Введите код.")
        return fine and not self.code.errors

    def take_errors(self, refused: InvalidForm) -> None:
        """Show at the field what an action refused."""
        for sentences in refused.errors.values():
            for sentence in sentences:
                refuse(self.code, sentence)
