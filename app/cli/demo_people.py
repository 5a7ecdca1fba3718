"""The accounts of the demo world, and its applicants as they register themselves."""

from dataclasses import dataclass
from datetime import datetime

from app.accounts.actions import register
from app.accounts.contact_steps import confirm_email
from app.accounts.models import User
from app.accounts.registration import Acting, NewAccount, NewApplicant, PersonName
from app.accounts.sessions import Visit
from app.company import queries as company
from app.extensions import db
from app.transaction import transaction

#: Everybody of the demo world has the same password: it protects nothing.
PASSWORD = "svet-v-dome-31"  # noqa: S105


@dataclass(frozen=True)
class Account:
    """One account of the demo world, as `flask demo accounts` prints it."""

    role: str
    login: str
    email: str
    person: str
    password: str = PASSWORD


IVANOV = Account("applicant", "918-663-420 37", "ivanov@example.org", "Иванов Петр Григорьевич")
ENERGIA = Account(
    "applicant_firm", "1168702456933", "energia@example.org", "ООО «Энергия», Сергеев Петр Сергеевич"
)
OPERATOR = Account(
    "operator", "operator@example.org", "operator@example.org", "Сотрудник сетевой организации"
)
ADMINISTRATOR = Account("administrator", "admin@example.org", "admin@example.org", "Администратор кабинета")
SUPPLIER = Account(
    "supplier", "supplier@example.org", "supplier@example.org", "Сотрудник гарантирующего поставщика"
)
ACCOUNTS = (IVANOV, ENERGIA, OPERATOR, ADMINISTRATOR, SUPPLIER)

_HERE = Visit("127.0.0.1", "demo")


def _versions() -> dict[str, int]:
    return {code: company.current_text(code).version for code in ("consent", "agreement")}


def ivanov(hashed: str, at: datetime) -> int:
    """The person of the manuals; the user's id."""
    name = PersonName("Иванов", "Петр", "Григорьевич")
    applicant = NewApplicant("individual", name, snils="91866342037")
    account = NewAccount(name, IVANOV.email, "+79504000001", applicant, Acting("self"), _versions())
    return _registered(account, hashed, at)


def energia(hashed: str, at: datetime) -> int:
    """The head of the firm of the manuals; the user's id."""
    name = PersonName("Сергеев", "Петр", "Сергеевич")
    applicant = NewApplicant(
        "legal_entity", name, title="ООО «Энергия»", inn="4174873890", ogrn="1168702456933", kpp="419901495"
    )
    account = NewAccount(name, ENERGIA.email, "+79504000002", applicant, Acting("head"), _versions())
    return _registered(account, hashed, at)


def _registered(account: NewAccount, hashed: str, at: datetime) -> int:
    """Somebody who has registered and confirmed the address."""
    user_id = register(account, hashed, visit=_HERE, at=at).user_id
    with transaction():
        confirm_email(db.session.get_one(User, user_id), account.email, at=at)
    return user_id
