"""«Доступ к ЛК»: by which of their own identifiers a person may sign in, and by which they do."""

from dataclasses import dataclass
from typing import cast

from app.accounts.contacts import email_key
from app.accounts.login_ids import LOGIN_KINDS, LoginKind
from app.accounts.models import User
from app.accounts.queries import login_ids_of, own_numbers


@dataclass(frozen=True)
class Access:
    """One identifier of a person; `is_on` says whether it signs in now."""

    kind: LoginKind
    value: str
    is_on: bool

    @property
    def key(self) -> str:
        """How a form names it."""
        return f"{self.kind}:{self.value}"


def access_of(user: User) -> list[Access]:
    """The identifiers in the order of the sign-in page: those that sign in, the person's own numbers, the proved e-mail."""
    on = {(cast(LoginKind, one.kind), one.value) for one in login_ids_of(user.id)}
    possible = {*on, *own_numbers(user.id)}
    if user.notify_email and user.email_confirmed_at is not None:
        possible.add(("email", email_key(user.notify_email)))
    order = list(LOGIN_KINDS)
    found = sorted(possible, key=lambda one: (order.index(one[0]), one[1]))
    return [Access(kind, value, (kind, value) in on) for kind, value in found]
