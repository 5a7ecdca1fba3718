"""Reading what the pages of the set-up show: people with their roles, rows of dictionaries, histories, versions."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import Select, select

from app.accounts.models import User, UserRole
from app.accounts.staff_steps import COMPANY_ROLES, STAFF_ROLES
from app.actor import Actor
from app.company.models import AppealTopic, DocumentKind, LegalText, Setting, Supplier, Term
from app.errors import NotFound
from app.extensions import db

Row = TypeVar("Row", Supplier, AppealTopic, DocumentKind)

#: So many former values of the settings of one page are shown.
HISTORY_LENGTH = 50


@dataclass(frozen=True)
class StaffPerson:
    """An account with its roles; `supplier_id` for people of a supplier."""

    user: User
    roles: frozenset[str]
    supplier_id: int | None

    @property
    def id(self) -> int:
        """The account's id."""
        return self.user.id

    @property
    def blocked(self) -> bool:
        """Whether the person cannot sign in."""
        return self.user.state != "active"


@dataclass(frozen=True)
class Was:
    """One former or present value of a setting, from which day, set when and by whom ('' for the program)."""

    key: str
    value: Any
    valid_from: date
    set_at: datetime
    by: str


def company_people() -> list[StaffPerson]:
    """Everybody with a role of the company, those who may sign in first, by name."""
    return _people(UserRole.role.in_(COMPANY_ROLES))


def supplier_people(supplier_id: int) -> list[StaffPerson]:
    """The people of one supplier."""
    return _people(UserRole.supplier_id == supplier_id)


def person(actor: Actor, user_id: int) -> StaffPerson:
    """One account of staff; raises NotFound for applicants and for nobody."""
    found = _people(UserRole.role.in_(STAFF_ROLES), User.id == user_id)
    if not found:
        raise NotFound
    return found[0]


def _people(*conditions: Any) -> list[StaffPerson]:
    ids = select(UserRole.user_id).join(User).where(*conditions)
    rows = db.session.execute(
        select(User, UserRole.role, UserRole.supplier_id)
        .join(UserRole)
        .where(User.id.in_(ids))
        .order_by(User.state, User.last_name, User.first_name, User.id)
    )
    roles: dict[int, set[str]] = defaultdict(set)
    suppliers: dict[int, int] = {}
    users: dict[int, User] = {}
    for user, role, supplier_id in rows:
        users[user.id] = user
        roles[user.id].add(role)
        if supplier_id is not None:
            suppliers[user.id] = supplier_id
    return [StaffPerson(user, frozenset(roles[key]), suppliers.get(key)) for key, user in users.items()]


def suppliers() -> list[Supplier]:
    """All suppliers, the active ones first, by name."""
    return sorted(_all(select(Supplier)), key=lambda row: (not row.active, row.name.casefold()))


def topics() -> list[AppealTopic]:
    """All topics of appeals in the order in which they are offered."""
    return _all(select(AppealTopic).order_by(AppealTopic.position, AppealTopic.id))


def document_kinds() -> list[DocumentKind]:
    """All kinds of documents that the company has added."""
    return sorted(_all(select(DocumentKind)), key=lambda row: (not row.active, row.title.casefold()))


def _all(query: Select[Any]) -> list[Any]:
    return list(db.session.scalars(query))


def supplier(actor: Actor, supplier_id: int) -> Supplier:
    """One supplier; raises NotFound."""
    return _one(Supplier, supplier_id)


def topic(actor: Actor, topic_id: int) -> AppealTopic:
    """One topic; raises NotFound."""
    return _one(AppealTopic, topic_id)


def document_kind(actor: Actor, kind_id: int) -> DocumentKind:
    """One own kind of documents; raises NotFound."""
    return _one(DocumentKind, kind_id)


def _one(table: type[Row], row_id: int) -> Row:
    found = db.session.get(table, row_id)
    if found is None:
        raise NotFound
    return found


def text_versions(code: str) -> list[LegalText]:
    """All versions of a legal text, the newest first."""
    return _all(select(LegalText).where(LegalText.code == code).order_by(LegalText.version.desc()))


def text_version(code: str, version: int) -> LegalText:
    """One version of a legal text; raises NotFound."""
    found = db.session.scalar(select(LegalText).where(LegalText.code == code, LegalText.version == version))
    if found is None:
        raise NotFound
    return found


def history(keys: Collection[str]) -> list[Was]:
    """Values of settings that were changed at least once, the newest first, with whose change each was."""
    rows = _all(
        select(Setting)
        .where(Setting.key.in_(keys))
        .order_by(Setting.valid_from.desc(), Setting.id.desc())
        .limit(HISTORY_LENGTH)
    )
    changed = {row.key for row in rows if [other.key for other in rows].count(row.key) > 1}
    names = _names({row.set_by for row in rows if row.set_by is not None})
    return [
        Was(row.key, row.value, row.valid_from, row.set_at, names.get(row.set_by, ""))
        for row in rows
        if row.key in changed
    ]


def _names(user_ids: Collection[int]) -> Mapping[int | None, str]:
    users = db.session.scalars(select(User).where(User.id.in_(user_ids))) if user_ids else ()
    return {user.id: user.short for user in users}


def terms(on: date) -> list[Term]:
    """The deadlines as valid on a day, by code."""
    rows = _all(select(Term).where(Term.valid_from <= on).order_by(Term.code, Term.valid_from))
    return list({row.code: row for row in rows}.values())
