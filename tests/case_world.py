"""People and cases for tests of cases: made by the steps of the site, without its questionnaire and registration."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any

from flask import Flask

from app import clock
from app.accounts.models import Applicant, User, UserApplicant, UserRole, UserSession
from app.accounts.sessions import TOKEN_BYTES, token_hash
from app.actor import APPLICANT, OPERATOR, SUPPLIER, Actor
from app.cases import staff_actions
from app.cases.models import Case
from app.cases.policy import APPEAL
from app.cases.steps import create_draft, move, set_card
from app.company.models import Supplier
from app.extensions import db
from app.transaction import transaction
from tests.browser import Browser

TITLE = "Заявка на технологическое присоединение (в том числе временное)"
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"

_tokens = count(1)


@dataclass(frozen=True)
class Person:
    """A user of the tests: who they are for actions, and how their browser is known."""

    actor: Actor
    applicant_id: int | None = None

    @property
    def id(self) -> int:
        return self.actor.user_id


def add_person(
    last: str = "Иванов",
    first: str = "Петр",
    middle: str = "Григорьевич",
    *,
    roles: Iterable[str] = (APPLICANT,),
    email: str = "ivanov@example.org",
    supplier_id: int | None = None,
    at: datetime | None = None,
) -> User:
    """A user with roles; inside an open transaction."""
    at = at or clock.now()
    user = User(
        last_name=last,
        first_name=first,
        middle_name=middle,
        phone="+79504000001",
        notify_email=email,
        password_hash="x",
        password_at=at,
        created_at=at,
    )
    db.session.add(user)
    db.session.flush()
    for role in roles:
        db.session.add(
            UserRole(user_id=user.id, role=role, supplier_id=supplier_id if role == SUPPLIER else None)
        )
    return user


def applicant(last: str = "Иванов", *, snils: str = "91866342037", **names: Any) -> Person:
    """Somebody who files applications for themselves."""
    with transaction():
        user = add_person(last, **names)
        found = Applicant(
            legal_form="individual",
            last_name=user.last_name,
            first_name=user.first_name,
            middle_name=user.middle_name,
            snils=snils,
            created_at=user.created_at,
        )
        db.session.add(found)
        db.session.flush()
        db.session.add(UserApplicant(user_id=user.id, applicant_id=found.id, capacity="self"))
        user.default_applicant_id = found.id
        user_id, name, applicant_id = user.id, user.name, found.id
    return Person(Actor(user_id, name, frozenset({APPLICANT}), frozenset({applicant_id})), applicant_id)


def operator(last: str = "Петрова", first: str = "Анна", middle: str = "Ивановна", **rest: Any) -> Person:
    """Somebody of the company who works with cases."""
    rest.setdefault("email", "office@example.org")
    with transaction():
        user_id = add_person(last, first, middle, roles=(OPERATOR,), **rest).id
    return Person(Actor(user_id, f"{last} {first} {middle}", frozenset({OPERATOR})))


def supplier_person(name: str = "АО «Энергосбыт»", *, email: str = "sbyt@example.org") -> Person:
    """A supplier and one of its people."""
    with transaction():
        found = Supplier(name=name)
        db.session.add(found)
        db.session.flush()
        user = add_person("Сбытов", roles=(SUPPLIER,), email=email, supplier_id=found.id)
        user_id, supplier_id = user.id, found.id
    return Person(Actor(user_id, "Сбытов Петр Григорьевич", frozenset({SUPPLIER}), supplier_id=supplier_id))


def draft(person: Person, *, at: datetime | None = None, **card: Any) -> int:
    """A draft of an application; `card` are its columns (title, facts, place, …)."""
    at = at or clock.now()
    with transaction():
        found = db.session.get_one(Applicant, person.applicant_id)
        case = create_draft("application", found, by=person.actor, at=at)
        plain = {
            "title": TITLE,
            "facts": "≤15 кВт · постоянная схема",
            "place": "п. Калиново, ул. Лесная, 12",
        }
        set_card(case, at=at, **(plain | card))
        return case.id


def sent(person: Person, *, at: datetime | None = None, **card: Any) -> int:
    """A sent application that waits for its number."""
    at = at or clock.now()
    case_id = draft(person, at=at, **card)
    make_move(case_id, "submit", person, at=at)
    return case_id


def named(supplier: Person, *, name: str = "АО «Энергосбыт»") -> dict[str, Any]:
    """Card columns of an application that names a supplier."""
    return {"supplier_id": supplier.actor.supplier_id, "supplier_name": name}


def appeal(person: Person, to: Person | None = None, *, at: datetime | None = None) -> int:
    """A sent appeal to the company, or to the supplier of a person; without its first message."""
    at = at or clock.now()
    with transaction():
        found = db.session.get_one(Applicant, person.applicant_id)
        case = create_draft(APPEAL, found, by=person.actor, at=at)
        receiver = {"recipient": "supplier", **named(to)} if to else {}
        title = "Сообщение к АО «Энергосбыт»" if to else "Сообщение к ООО «Калиновские Электрические Сети»"
        set_card(case, at=at, title=title, topic="Изменение условий текущего договора на ТП", **receiver)
        move(case, "send", by=person.actor, at=at)
        return case.id


def register_case(case_id: int, staff: Person, *, number: str = "", at: datetime | None = None) -> str:
    """Give a sent application its registration number."""
    return staff_actions.register(case_id, number, by=staff.actor, at=at or clock.now())


def make_move(case_id: int, name: str, person: Person, *, at: datetime | None = None, **details: Any) -> None:
    """One move of the lifecycle, without the letters that its action writes."""
    with transaction():
        case = db.session.get_one(Case, case_id)
        move(case, name, by=person.actor, at=at or clock.now(), details=details)


def ended(person: Person, *, at: datetime | None = None, **card: Any) -> int:
    """A withdrawn application."""
    case_id = sent(person, at=at, **card)
    make_move(case_id, "withdraw", person, at=at)
    return case_id


def signed_in(app: Flask, person: Person) -> Browser:
    """The browser of a person who is signed in already."""
    token = f"{next(_tokens):0{TOKEN_BYTES}}"
    at = clock.now()
    with app.app_context(), transaction():
        db.session.add(
            UserSession(
                token_hash=token_hash(token), user_id=person.id, created_at=at, seen_at=at, password_at=at
            )
        )
    browser = Browser(app)
    with browser.client.session_transaction(base_url="https://lk.example.org") as session:
        session["_user_id"], session["_fresh"] = token, True
    return browser


def moment(hour: int, minute: int = 0, *, day: int = 3, month: int = 8) -> datetime:
    """An instant of 2026 in UTC."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)
