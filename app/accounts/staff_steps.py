"""Accounts of the company's and the suppliers' people: made, given roles, blocked, given a new first password."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select

from app.accounts.contact_steps import tell_phone
from app.accounts.contacts import email_key
from app.accounts.letter_steps import mail_link
from app.accounts.link_steps import INVITATION_LASTS, end_links, make_link
from app.accounts.login_ids import LoginKind
from app.accounts.models import User, UserRole
from app.accounts.queries import taken
from app.accounts.registration import PersonName
from app.accounts.sessions import end_sessions_of
from app.accounts.steps import add_login_ids, add_user
from app.actor import ADMINISTRATOR, OPERATOR, SIGNATORY, SUPPLIER, Actor
from app.company.models import Supplier
from app.errors import Conflict, InvalidValue, NotFound
from app.extensions import db
from app.journal.steps import record
from app.transaction import require_transaction

#: Roles of the company's own people; one person may have several.
COMPANY_ROLES = (OPERATOR, SIGNATORY, ADMINISTRATOR)
#: Roles that an account of staff may have.
STAFF_ROLES = (*COMPANY_ROLES, SUPPLIER)


class EmailTaken(InvalidValue):
    """Somebody signs in by this address already."""


def add_account(
    name: PersonName,
    *,
    email: str,
    password_hash: str,
    roles: Collection[str],
    supplier_id: int | None = None,
    phone: str = "",
    by: int | None,
    at: datetime,
) -> User:
    """An account for somebody of the company or of a supplier; `by` is a user's id, None the operator's command line.

    Raises InvalidValue for a wrong set of roles, EmailTaken and NotFound for an unknown supplier.
    """
    require_transaction()
    check_roles(roles, supplier_id)
    supplier = db.session.get(Supplier, supplier_id) if supplier_id is not None else None
    if supplier_id is not None and (supplier is None or not supplier.active):
        raise NotFound("Действующего поставщика с таким номером нет.")
    login: tuple[LoginKind, str] = ("email", email_key(email))
    if taken([login]):
        raise EmailTaken(f"Учетная запись с логином {email} уже есть.")
    plain = [role for role in roles if role != SUPPLIER]
    user = add_user(name, phone=phone, email=email, password_hash=password_hash, roles=plain, at=at)
    user.password_temporary = by is not None
    if supplier_id is not None:
        db.session.add(UserRole(user_id=user.id, role=SUPPLIER, supplier_id=supplier_id))
    add_login_ids(user, [login])
    details = {"user": user.id, "roles": sorted(roles), "supplier": supplier_id}
    record("staff_added", party=_party(by), actor_id=by, at=at, details=details)
    return user


def invite(user: User, *, at: datetime) -> None:
    """Send somebody whose account was just made a link by which they set a password of their own."""
    require_transaction()
    link = make_link(user, "invitation", at=at, lasts=INVITATION_LASTS, address=user.notify_email)
    mail_link(user, link, "invitation", "/password/new/", told="invitation_sent", at=at)


def check_roles(roles: Collection[str], supplier_id: int | None) -> None:
    """Raise InvalidValue unless the roles go together and with the supplier."""
    wrong = set(roles) - set(STAFF_ROLES)
    if not roles or wrong:
        raise InvalidValue(f"Роли сотрудника: {', '.join(STAFF_ROLES)}.")
    if (SUPPLIER in roles) != (supplier_id is not None):
        raise InvalidValue("Для роли supplier нужен номер поставщика, для остальных ролей он не нужен.")
    if SUPPLIER in roles and len(set(roles)) > 1:
        raise InvalidValue("Сотрудник поставщика не может быть сотрудником сетевой организации.")


def hold_administrators() -> set[int]:
    """The active administrators; nobody else can make or unmake one until the action ends."""
    require_transaction()
    query = select(UserRole.user_id).join(User).where(UserRole.role == ADMINISTRATOR, User.state == "active")
    return set(db.session.scalars(query.order_by(UserRole.user_id).with_for_update()))


def refuse_last_administrator(user_id: int, administrators: Collection[int]) -> None:
    """Raise Conflict when this is the only active administrator: nobody could set the site up any more."""
    if set(administrators) == {user_id}:
        raise Conflict(
            "Это последний действующий администратор. Сначала назначьте администратором кого-то еще."
        )


def set_roles(user: User, roles: Collection[str], *, by: int, at: datetime) -> None:
    """Let a person of the company have these roles of it; a role as an applicant stays beside them."""
    require_transaction()
    held = select(UserRole.role).where(UserRole.user_id == user.id, UserRole.role.in_(COMPANY_ROLES))
    before, after = set(db.session.scalars(held)), set(roles)
    gone = UserRole.role.in_(before - after)
    db.session.execute(delete(UserRole).where(UserRole.user_id == user.id, gone))
    db.session.add_all(UserRole(user_id=user.id, role=role) for role in sorted(after - before))
    user.version += 1
    details = {"user": user.id, "roles": [sorted(before), sorted(after)]}
    record("roles_changed", party=_party(by), actor_id=by, at=at, details=details)


def set_state(user: User, state: str, *, by: int, at: datetime) -> None:
    """Block an account (every open session ends at once) or let the person in again; `state` is active or blocked."""
    require_transaction()
    details = {"user": user.id, "state": [user.state, state]}
    user.state = state
    if state == "blocked":
        end_sessions_of(user.id, at=at)
    kind = "account_blocked" if state == "blocked" else "account_unblocked"
    record(kind, party=_party(by), actor_id=by, at=at, details=details)


def put_password(user: User, password_hash: str, *, by: int | None, at: datetime) -> None:
    """A new password from somebody who has recognised the person; every open session of theirs ends.

    One that a colleague has chosen (`by`) is changed at the first sign-in; the operator's command line sets a last one.
    """
    require_transaction()
    user.password_hash = password_hash
    user.password_at = at
    user.password_temporary = by is not None
    end_sessions_of(user.id, at=at)
    end_links(user.id, "reset", "invitation", at=at)
    record("password_set", party=_party(by), actor_id=by, at=at, details={"user": user.id})


def _party(by: int | None) -> str:
    return "system" if by is None else "company"


def change_phone(user: User, phone: str, *, by: Actor, at: datetime) -> None:
    """Put in the mobile that the office has heard ringing, and tell the person: codes that sign go there from now on.

    A code that went to the number before signs nothing: whoever enters it is asked for the number anew.
    """
    require_transaction()
    before, user.phone = user.phone, phone
    user.phone_confirmed_at, user.phone_changed_at = at, None
    db.session.flush()
    tell_phone(user, before, by_id=by.user_id, at=at)
