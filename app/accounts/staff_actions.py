"""The verbs of the office and of the operator: confirm an account, make accounts of staff, set a forgotten password."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.accounts.confirmation import DOCUMENT_KINDS
from app.accounts.login_ids import LoginKind
from app.accounts.models import OfficeConfirmation, User
from app.accounts.policy import may_confirm
from app.accounts.queries import applicants_account, clashes, holder, roles_of
from app.accounts.registration import PersonName
from app.accounts.second_factor_steps import remove_factor
from app.accounts.staff_steps import STAFF_ROLES, add_account, change_phone, put_password
from app.accounts.steps import claim_key, move_login_id
from app.actor import Actor
from app.errors import Conflict, Forbidden, InvalidValue, NotFound
from app.extensions import db
from app.journal.steps import record
from app.transaction import transaction

__all__ = ["STAFF_ROLES", "Shown", "add_staff", "confirm_account", "set_password"]


@dataclass(frozen=True)
class Shown:
    """What the person showed in the office, already checked by `confirmation.py`."""

    kind: str
    note: str
    remark: str = ""


def confirm_account(
    user_id: int,
    shown: Shown,
    *,
    moved: Collection[int] = (),
    phone: str = "",
    by: Actor,
    at: datetime,
    press: str = "",
) -> None:
    """Write down who confirmed an account, when and by which document; further papers may follow later.

    `moved` are ids of login identifiers that unconfirmed strangers hold and that go to this account. `phone` is the
    person's mobile from now on, empty to leave it: codes that sign go there. Raises NotFound for
    anybody who files no applications, Forbidden for oneself, InvalidValue for an unknown kind of document and Conflict
    for an identifier that may not be moved.
    """
    with transaction():
        user = _locked(by, user_id, with_holders=bool(moved))
        if not may_confirm(by, user.id):
            raise Forbidden("Свою учетную запись подтверждает другой сотрудник.")
        if shown.kind not in DOCUMENT_KINDS:
            raise InvalidValue("Выберите, какой документ показан.")
        claim_key(by.user_id, press, url=f"/people/{user.id}", at=at)
        db.session.add(
            OfficeConfirmation(
                user_id=user.id,
                confirmed_by=by.user_id,
                confirmed_at=at,
                document_kind=shown.kind,
                document_note=shown.note,
                remark=shown.remark,
            )
        )
        if user.confirmed_at is None:
            user.confirmed_at = at
        details = {"user": user.id, "document": shown.kind}
        record("account_confirmed", party="company", actor_id=by.user_id, at=at, details=details)
        _move(user, moved, by=by, at=at)
        if phone and phone != user.phone:
            change_phone(user, phone, by=by, at=at)
        elif user.phone and user.phone_confirmed_at is None:
            user.phone_confirmed_at = at  # the office has heard it ringing


def _locked(by: Actor, user_id: int, *, with_holders: bool) -> User:
    """The account read afresh and held; raises NotFound when it files no applications.

    `with_holders` holds those too who have its numbers: a colleague may be confirming one of them at this moment, or
    giving the same login to somebody else.
    """
    user = applicants_account(by, user_id)
    holders = [clash.holder.id for clash in clashes(user.id)] if with_holders else []
    query = select(User).where(User.id.in_([user.id, *holders])).order_by(User.id).with_for_update()
    db.session.scalars(query.execution_options(populate_existing=True)).all()
    return user


def _move(user: User, moved: Collection[int], *, by: Actor, at: datetime) -> None:
    """Only identifiers that really clash, and only of accounts that nobody has confirmed."""
    movable = {clash.held.id: clash.held for clash in clashes(user.id) if clash.can_move}
    for login_id in dict.fromkeys(moved):
        if login_id not in movable:
            raise Conflict("Этот логин уже нельзя передать. Обновите страницу и проверьте.")
        move_login_id(movable[login_id], user, by_id=by.user_id, at=at)


def remove_second_factor(user_id: int, *, by: Actor, at: datetime, press: str = "") -> None:
    """Let an applicant who came to the office without phone and recovery codes sign in by the password alone.

    Raises NotFound for anybody who files no applications or has no second factor, Forbidden for oneself and for
    whoever also works here: that is the administrator's to do.
    """
    with transaction():
        user = _locked(by, user_id, with_holders=False)
        if not may_confirm(by, user.id) or roles_of(user.id) & set(STAFF_ROLES):
            raise Forbidden("Сотруднику двухэтапный вход отключает администратор.")
        claim_key(by.user_id, press, url=f"/people/{user.id}", at=at)
        remove_factor(user, by_id=by.user_id, at=at)


def remove_lost_factor(login: tuple[LoginKind, str], *, at: datetime) -> None:
    """Take somebody's second factor away as the operator of the site. Raises NotFound for nobody and without one."""
    with transaction():
        remove_factor(_owner(login), by_id=None, at=at)


def add_staff(
    name: PersonName,
    *,
    email: str,
    password_hash: str,
    roles: Collection[str],
    supplier_id: int | None = None,
    phone: str = "",
    at: datetime,
) -> int:
    """An account for somebody of the company or of a supplier, made by the operator of the site; its id comes back.

    Raises InvalidValue for a wrong set of roles, EmailTaken and NotFound for an unknown supplier.
    """
    with transaction():
        user = add_account(
            name,
            email=email,
            password_hash=password_hash,
            roles=roles,
            supplier_id=supplier_id,
            phone=phone,
            by=None,
            at=at,
        )
        return user.id


def set_password(login: tuple[LoginKind, str], password_hash: str, *, at: datetime) -> None:
    """A new password set by the operator after the person was recognised; every open session of theirs ends.

    Raises NotFound when nobody signs in by this login.
    """
    with transaction():
        put_password(_owner(login), password_hash, by=None, at=at)


def _owner(login: tuple[LoginKind, str]) -> User:
    user = holder(*login)
    if user is None:
        raise NotFound("Учетной записи с таким логином нет.")
    return user
