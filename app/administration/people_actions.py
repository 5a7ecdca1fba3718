"""People of the company and of suppliers as an administrator sets them up: added, given roles, blocked, let in again."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.accounts.models import User
from app.accounts.queries import roles_of
from app.accounts.registration import PersonName
from app.accounts.second_factor_steps import remove_factor
from app.accounts.staff_steps import (
    COMPANY_ROLES,
    STAFF_ROLES,
    add_account,
    hold_administrators,
    invite,
    put_password,
    refuse_last_administrator,
    set_roles,
    set_state,
)
from app.accounts.steps import claim_key
from app.actor import ADMINISTRATOR, SUPPLIER, Actor
from app.administration.policy import may_administer, may_change_person
from app.errors import Forbidden, InvalidForm, NotFound, Overtaken
from app.extensions import db
from app.transaction import transaction

_NOT_ONESELF = "Свои роли, вход и пароль меняет другой администратор."


@dataclass(frozen=True)
class NewPerson:
    """Whom to add: for the company with its roles, or for one supplier."""

    name: PersonName
    email: str
    phone: str
    password_hash: str
    roles: tuple[str, ...]
    supplier_id: int | None = None
    #: Whether a letter brings the person a link to set a password of their own.
    invited: bool = False


def add_person(person: NewPerson, *, by: Actor, at: datetime, url: str, press: str = "") -> int:
    """Make an account that can sign in at once; its id. `url` is where the page goes on.

    Raises Forbidden, AlreadyDone, EmailTaken and NotFound for a supplier that is not active.
    """
    with transaction():
        if not may_administer(by):
            raise Forbidden
        claim_key(by.user_id, press, url=url, at=at)
        made = add_account(
            person.name,
            email=person.email,
            password_hash=person.password_hash,
            roles=[SUPPLIER] if person.supplier_id is not None else person.roles,
            supplier_id=person.supplier_id,
            phone=person.phone,
            by=by.user_id,
            at=at,
        )
        if person.invited:
            invite(made, at=at)
        return made.id


def change_roles(
    user_id: int, roles: Collection[str], *, version: int, by: Actor, at: datetime, press: str = ""
) -> bool:
    """Give a person of the company these roles; what is not among them is taken away, from the next request on.

    Returns whether they had others. Raises Forbidden for oneself, NotFound for anybody who is not of the company,
    InvalidForm for no role at all, Conflict for the last administrator, Overtaken when the account is not at `version`
    any more, AlreadyDone.
    """
    with transaction():
        administrators = hold_administrators()
        user = _held(user_id, by)
        held = roles_of(user_id)
        if not held & set(COMPANY_ROLES):
            raise NotFound
        claim_key(by.user_id, press, url=f"/admin/people/{user_id}", at=at)
        if not roles or set(roles) - set(COMPANY_ROLES):
            raise InvalidForm(
                {"roles": ["Отметьте хотя бы одну роль. Чтобы закрыть доступ, заблокируйте вход."]}
            )
        if set(roles) == held & set(COMPANY_ROLES):
            return False
        if user.version != version:
            raise Overtaken
        if ADMINISTRATOR not in roles:
            refuse_last_administrator(user_id, administrators)
        set_roles(user, roles, by=by.user_id, at=at)
        return True


def block(user_id: int, *, by: Actor, at: datetime, press: str = "") -> None:
    """Let a person in no more; whatever they have open ends with the next request.

    Raises Forbidden for oneself, NotFound for anybody who is not staff, Conflict for the last administrator.
    """
    with transaction():
        administrators = hold_administrators()
        user = _held(user_id, by)
        claim_key(by.user_id, press, url=f"/admin/people/{user_id}", at=at)
        if user.state == "active":
            refuse_last_administrator(user_id, administrators)
            set_state(user, "blocked", by=by.user_id, at=at)


def unblock(user_id: int, *, by: Actor, at: datetime, press: str = "") -> None:
    """Let a blocked person sign in again, with the password they had. Raises Forbidden and NotFound."""
    with transaction():
        user = _held(user_id, by)
        claim_key(by.user_id, press, url=f"/admin/people/{user_id}", at=at)
        if user.state != "active":
            set_state(user, "active", by=by.user_id, at=at)


def set_first_password(user_id: int, password_hash: str, *, by: Actor, at: datetime, press: str = "") -> None:
    """Give a person who has forgotten theirs a new first password; their open sessions end. Raises Forbidden, NotFound."""
    with transaction():
        user = _held(user_id, by)
        claim_key(by.user_id, press, url=f"/admin/people/{user_id}", at=at)
        put_password(user, password_hash, by=by.user_id, at=at)


def remove_second_factor(user_id: int, *, by: Actor, at: datetime, press: str = "") -> None:
    """Let a person who has lost phone and recovery codes sign in by the password alone; their open sessions end.

    Raises Forbidden for oneself, NotFound when there is no second factor.
    """
    with transaction():
        user = _held(user_id, by)
        claim_key(by.user_id, press, url=f"/admin/people/{user_id}", at=at)
        remove_factor(user, by_id=by.user_id, at=at)


def _held(user_id: int, by: Actor) -> User:
    """The account of somebody else of the staff, read afresh and held."""
    if not may_administer(by):
        raise Forbidden
    query = select(User).where(User.id == user_id).with_for_update()
    user = db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if user is None or not roles_of(user_id) & set(STAFF_ROLES):
        raise NotFound
    if not may_change_person(by, user_id):
        raise Forbidden(_NOT_ONESELF)
    return user
