"""Reading accounts: who acts for whom, who works here, who has to be told, one person with all they have."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from sqlalchemy import and_, func, or_, select

from app.accounts.contact_rules import is_proved
from app.accounts.contacts import email_key
from app.accounts.login_ids import LoginKind
from app.accounts.models import (
    ActionKey,
    Applicant,
    LoginId,
    OfficeConfirmation,
    User,
    UserApplicant,
    UserRole,
    UserSession,
)
from app.accounts.registration import number_of
from app.accounts.second_factor import RECOVERY_CODES
from app.accounts.secret_models import SecondFactor, UsedRecoveryCode
from app.actor import APPLICANT, STAFF, SUPPLIER, Actor
from app.company import queries as company
from app.errors import NotFound
from app.extensions import db
from app.notifications.steps import Recipient


def applicant_of(actor: Actor, applicant_id: int) -> Applicant:
    """An applicant that the actor acts for; raises NotFound for any other."""
    found = db.session.get(Applicant, applicant_id)
    if found is None or applicant_id not in actor.applicant_ids:
        raise NotFound
    return found


def acting_for(applicant_id: int, on: date) -> list[Recipient]:
    """The people who act for an applicant on a day, with the address for their letters ('' = wants none)."""
    query = (
        select(User.id, User.notify_email)
        .join(UserApplicant, UserApplicant.user_id == User.id)
        .where(
            UserApplicant.applicant_id == applicant_id,
            User.state == "active",
            or_(UserApplicant.valid_until.is_(None), UserApplicant.valid_until >= on),
        )
        .order_by(User.id)
    )
    return [Recipient(user_id, address) for user_id, address in db.session.execute(query)]


def staff_people() -> list[Recipient]:
    """The company's people who work with cases."""
    query = (
        select(User.id, User.notify_email)
        .join(UserRole, UserRole.user_id == User.id)
        .where(UserRole.role.in_(STAFF), User.state == "active")
        .distinct()
        .order_by(User.id)
    )
    return [Recipient(user_id, address) for user_id, address in db.session.execute(query)]


def supplier_people(supplier_id: int) -> list[Recipient]:
    """The people of one supplier."""
    query = (
        select(User.id, User.notify_email)
        .join(UserRole, UserRole.user_id == User.id)
        .where(UserRole.supplier_id == supplier_id, User.state == "active")
        .order_by(User.id)
    )
    return [Recipient(user_id, address) for user_id, address in db.session.execute(query)]


def account_of(actor: Actor) -> User:
    """The actor's own account."""
    return db.session.get_one(User, actor.user_id)


def acted_for(user_id: int) -> list[UserApplicant]:
    """For whom a user acts, in the order they were added; authority that has run out is among them."""
    query = select(UserApplicant).where(UserApplicant.user_id == user_id).order_by(UserApplicant.applicant_id)
    return list(db.session.scalars(query))


def login_ids_of(user_id: int) -> list[LoginId]:
    """The ways in which a user signs in."""
    return list(db.session.scalars(select(LoginId).where(LoginId.user_id == user_id).order_by(LoginId.id)))


def account_address(user: User) -> str:
    """Where letters about the account itself go, also when the person wants no others: the e-mail that signs in.

    As it was typed, where it is also the address for notices; '' when there is neither.
    """
    logins = [one.value for one in login_ids_of(user.id) if one.kind == "email"]
    if not logins or email_key(user.notify_email) in logins:
        return user.notify_email
    return logins[0]


def holder(kind: LoginKind, value: str) -> User | None:
    """The user whom a login identifier signs in."""
    query = select(User).join(LoginId).where(LoginId.kind == kind, LoginId.value == value)
    return db.session.scalars(query).one_or_none()


def taken(identifiers: Collection[tuple[LoginKind, str]]) -> list[LoginKind]:
    """Which of the login identifiers belong to somebody, in the given order."""
    pairs = [and_(LoginId.kind == kind, LoginId.value == value) for kind, value in identifiers]
    rows = db.session.execute(select(LoginId.kind, LoginId.value).where(or_(*pairs)))
    found = {(kind, value) for kind, value in rows}
    return [kind for kind, value in identifiers if (kind, value) in found]


def pressed_before(user_id: int, key: str) -> bool:
    """Whether the button with this unguessable key has done its work for this user already."""
    return key.isprintable() and db.session.get(ActionKey, (user_id, key)) is not None


def applicants_account(actor: Actor, user_id: int) -> User:
    """The account of somebody who files applications; raises NotFound for any other user."""
    query = select(User).join(UserRole).where(User.id == user_id, UserRole.role == APPLICANT)
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True)
class Confirmed:
    """One confirmation in the office with the name of who made it."""

    row: OfficeConfirmation
    by: str


def confirmations_of(user_id: int) -> list[Confirmed]:
    """All confirmations of an account, newest first."""
    query = (
        select(OfficeConfirmation, User)
        .join(User, User.id == OfficeConfirmation.confirmed_by)
        .where(OfficeConfirmation.user_id == user_id)
        .order_by(OfficeConfirmation.id.desc())
    )
    return [Confirmed(row, staff.short) for row, staff in db.session.execute(query)]


@dataclass(frozen=True)
class Clash:
    """A number of one's own that signs in another account; only an unconfirmed one gives it up."""

    held: LoginId
    holder: User

    @property
    def kind(self) -> LoginKind:
        """The kind of the identifier."""
        return cast(LoginKind, self.held.kind)

    @property
    def can_move(self) -> bool:
        """Whether the office may give the number to whom it belongs by the papers."""
        return self.holder.confirmed_at is None


def own_numbers(user_id: int) -> list[tuple[LoginKind, str]]:
    """The numbers by which a person may sign in: those of applicants for whom they act now, but for other people's firms."""
    today = company.today()
    numbers = [
        _number(link) for link in acted_for(user_id) if link.valid_until is None or link.valid_until >= today
    ]
    return [number for number in numbers if number is not None]


def clashes(user_id: int) -> list[Clash]:
    """Own numbers (СНИЛС, ОГРНИП, ОГРН of a firm one heads) with which somebody else signs in."""
    pairs = [and_(LoginId.kind == kind, LoginId.value == value) for kind, value in own_numbers(user_id)]
    if not pairs:
        return []
    query = select(LoginId, User).join(User).where(or_(*pairs), LoginId.user_id != user_id)
    return [Clash(held, other) for held, other in db.session.execute(query.order_by(LoginId.id))]


def _number(link: UserApplicant) -> tuple[LoginKind, str] | None:
    found = link.applicant
    return number_of(legal_form=found.legal_form, capacity=link.capacity, snils=found.snils, ogrn=found.ogrn)


def applicants_by_user(user_ids: Sequence[int]) -> dict[int, list[UserApplicant]]:
    """For whom each of several users acts, in one query."""
    query = (
        select(UserApplicant).where(UserApplicant.user_id.in_(user_ids)).order_by(UserApplicant.applicant_id)
    )
    grouped: dict[int, list[UserApplicant]] = {user_id: [] for user_id in user_ids}
    for link in db.session.scalars(query):
        grouped[link.user_id].append(link)
    return grouped


def roles_of(user_id: int) -> frozenset[str]:
    """The roles of a user."""
    return frozenset(db.session.scalars(select(UserRole.role).where(UserRole.user_id == user_id)))


def supplier_of(user_id: int) -> int | None:
    """The supplier whose people a user belongs to."""
    query = select(UserRole.supplier_id).where(UserRole.user_id == user_id, UserRole.role == SUPPLIER)
    return db.session.scalar(query)


def is_active(user_id: int) -> bool:
    """Whether an account is neither blocked nor closed."""
    return db.session.scalar(select(User.state).where(User.id == user_id)) == "active"


def actor_of(user_id: int) -> Actor:
    """A user as somebody who acts, outside a session: for what the site does on their behalf, such as a list of the day."""
    user, today = db.session.get_one(User, user_id), company.today()
    acted = [one for one in acted_for(user_id) if one.valid_until is None or one.valid_until >= today]
    return Actor(
        user_id=user_id,
        name=user.name,
        roles=roles_of(user_id),
        applicant_ids=frozenset(one.applicant_id for one in acted),
        supplier_id=supplier_of(user_id),
        confirmed=user.confirmed_at is not None,
    )


def own_words(user_id: int) -> list[str]:
    """What strangers may know of a person and a password may not be made of: names, contacts, logins, applicants."""
    user = db.session.get_one(User, user_id)
    applicants = [link.applicant for link in acted_for(user_id)]
    own = [user.last_name, user.first_name, user.middle_name, user.phone, user.notify_email]
    own += [one.value for one in login_ids_of(user_id)]
    return own + [word for one in applicants for word in (one.title, one.inn, one.ogrn, one.snils)]


def second_factor_of(user_id: int) -> SecondFactor | None:
    """The code generator of a user, also one that is not confirmed yet."""
    return db.session.get(SecondFactor, user_id)


def recovery_codes_left(user_id: int) -> int:
    """How many of the ten recovery codes are not used up."""
    used = select(func.count()).where(UsedRecoveryCode.user_id == user_id)
    return RECOVERY_CODES - (db.session.scalar(used) or 0)


def proved_lately(session_id: int, *, at: datetime) -> bool:
    """Whether the password was typed in this session a moment ago."""
    return is_proved(db.session.get_one(UserSession, session_id).password_at, at)
