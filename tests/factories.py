"""People for tests, made by the real actions. Every call makes new numbers, so that nobody is in anybody's way.

Subjects append their own makers below.
"""

from collections.abc import Sequence
from functools import cache
from itertools import count

from app import clock
from app.accounts import actions, staff_actions
from app.accounts.hashing import hash_password
from app.accounts.models import User
from app.accounts.queries import acted_for, roles_of, supplier_of
from app.accounts.registration import Acting, NewAccount, NewApplicant, PersonName
from app.accounts.sessions import Visit
from app.accounts.staff_actions import Shown
from app.actor import Actor
from app.company import queries as company
from app.company.models import Supplier
from app.extensions import db
from app.transaction import transaction
from tests import appeal_world, application_world
from tests.browser import Browser, Page
from tests.case_world import Person
from tests.valid_numbers import inn10, inn12, ogrn, ogrnip, snils

PASSWORD = "электричество в каждый дом"
HERE = Visit("203.0.113.7", "tests")
_serial = count(1)


@cache
def password_hash(password: str = PASSWORD) -> str:
    """One hash for all: making it is slow on purpose."""
    return hash_password(password)


def new_applicant(form: str = "individual", **changes: object) -> NewApplicant:
    """Valid data of an applicant of one legal form."""
    n = 2_000_000 + next(_serial)
    numbers: dict[str, dict[str, str]] = {
        "individual": {"snils": snils(n)},
        "sole_trader": {"inn": inn12(n), "ogrn": ogrnip(n)},
        "legal_entity": {"inn": inn10(n), "ogrn": ogrn(n), "kpp": "419901495", "title": "ООО «Энергия»"},
    }
    name = PersonName("Иванов", "Петр", "Григорьевич")
    return NewApplicant(**{"legal_form": form, "name": name, **numbers[form], **changes})


def new_account(
    form: str = "individual", *, applicant: NewApplicant | None = None, **changes: object
) -> NewAccount:
    """A valid registration."""
    found = applicant or new_applicant(form)
    n = next(_serial)
    values = {
        "name": found.name,
        "email": f"person{n}@example.org",
        "phone": f"+7950{n:07d}",
        "applicant": found,
        "acting": Acting("self" if form == "individual" else "head"),
        "versions": {code: company.current_text(code).version for code in actions.ACCEPTED},
    }
    return NewAccount(**{**values, **changes})


def make_applicant_user(form: str = "individual", *, confirmed: bool = False, **changes: object) -> int:
    """A registered person with an applicant of the legal form; the user's id."""
    account = new_account(form, **changes)
    user_id = actions.register(account, password_hash(), visit=HERE, at=clock.now()).user_id
    if confirmed:
        confirm(user_id)
    return user_id


make_user = make_applicant_user


def confirm(user_id: int) -> None:
    """The office has seen the person."""
    operator = actor_of(make_operator())
    staff_actions.confirm_account(user_id, Shown("passport", "паспорт"), by=operator, at=clock.now())


def make_staff(*roles: str, supplier_id: int | None = None) -> int:
    """An account of the company's or a supplier's people."""
    return staff_actions.add_staff(
        PersonName("Сергеев", "Петр", "Сергеевич"),
        email=f"staff{next(_serial)}@example.org",
        password_hash=password_hash(),
        roles=roles,
        supplier_id=supplier_id,
        at=clock.now(),
    )


def make_operator() -> int:
    return make_staff("operator", "signatory")


def make_administrator() -> int:
    return make_staff("administrator")


def make_supplier(name: str = "") -> int:
    with transaction():
        supplier = Supplier(name=name or f"ООО «Энергосбыт {next(_serial)}»")
        db.session.add(supplier)
        db.session.flush()
        return supplier.id


def make_supplier_user(supplier_id: int | None = None) -> int:
    return make_staff("supplier", supplier_id=supplier_id or make_supplier())


def actor_of(user_id: int) -> Actor:
    """The rights of a user as a request would have them."""
    user = db.session.get_one(User, user_id)
    return Actor(
        user_id,
        user.name,
        roles_of(user_id),
        frozenset(link.applicant_id for link in acted_for(user_id)),
        supplier_of(user_id),
        user.confirmed_at is not None,
    )


def login_of(user_id: int) -> str:
    """The e-mail with which a user signs in."""
    return db.session.get_one(User, user_id).notify_email


def sign_in(browser: Browser, login: str, password: str = PASSWORD) -> Page:
    """Sign in by the real page."""
    return browser.send(browser.open("/login"), "/login", login=login, password=password)


def person_of(user_id: int) -> Person:
    """The user as makers of applications know them, with the first applicant they act for."""
    actor = actor_of(user_id)
    return Person(actor, min(actor.applicant_ids))


def make_draft(user_id: int) -> int:
    """An empty draft; the number of the case."""
    return application_world.make_draft(person_of(user_id))


def complete_draft(user_id: int, **changes: Sequence[str] | None) -> int:
    """A draft of an individual in which nothing lacks: all topics filled, required files attached."""
    return application_world.complete_draft(person_of(user_id), **changes)


def submit_draft(user_id: int, **changes: Sequence[str] | None) -> int:
    """A complete application that was sent just now."""
    return application_world.submit_draft(person_of(user_id), **changes)


def make_appeal(user_id: int, **changes: str) -> int:
    """An appeal that was sent just now, to the company unless the changes say otherwise."""
    return appeal_world.make_appeal(person_of(user_id), **changes)
