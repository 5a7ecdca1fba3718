"""Finding people for the office: by name, title, number, phone or e-mail. The same hits on both databases."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.accounts.models import Applicant, LoginId, User, UserApplicant, UserRole
from app.accounts.people_search import PeopleQuery, patterns, phone_digits
from app.accounts.queries import applicants_by_user
from app.actor import APPLICANT
from app.extensions import db

#: So many people on one page; more means that the question has to be narrower.
MOST = 50
_WAITING = 20

Text = InstrumentedAttribute[str]


@dataclass(frozen=True)
class FoundPerson:
    """One line of the list."""

    user: User
    acts_for: list[UserApplicant]


def find_people(query: PeopleQuery) -> tuple[list[FoundPerson], bool]:
    """Accounts of applicants that fit, by name, at most fifty; and whether there are more."""
    found = list(
        db.session.scalars(
            _applicants_accounts()
            .where(*_conditions(query))
            .order_by(User.last_name, User.first_name, User.id)
            .limit(MOST + 1)
        )
    )
    return _with_applicants(found[:MOST]), len(found) > MOST


def waiting_people() -> list[FoundPerson]:
    """The newest accounts that nobody has confirmed yet."""
    query = _applicants_accounts().where(User.confirmed_at.is_(None)).order_by(User.id.desc()).limit(_WAITING)
    return _with_applicants(list(db.session.scalars(query)))


def _applicants_accounts() -> Select[User]:
    return select(User).join(UserRole).where(UserRole.role == APPLICANT)


def _with_applicants(users: list[User]) -> list[FoundPerson]:
    acts_for = applicants_by_user([user.id for user in users])
    return [FoundPerson(user, acts_for[user.id]) for user in users]


def _conditions(query: PeopleQuery) -> Iterable[ColumnElement[bool]]:
    if query.digits:
        yield _by_digits(query.digits)
    elif query.address:
        yield _by_address(query.address)
    else:
        yield from map(_by_word, query.words)


def _by_digits(digits: str) -> ColumnElement[bool]:
    numbers = (Applicant.snils, Applicant.inn, Applicant.ogrn, Applicant.personal_account)
    return or_(
        User.phone.contains(phone_digits(digits)),
        User.id.in_(_acting_where(or_(*(number.startswith(digits) for number in numbers)))),
    )


def _by_address(address: str) -> ColumnElement[bool]:
    logins = select(LoginId.user_id).where(
        LoginId.kind == "email", LoginId.value.startswith(address, autoescape=True)
    )
    return or_(
        User.notify_email.istartswith(address, autoescape=True),
        User.id.in_(logins),
    )


def _by_word(word: str) -> ColumnElement[bool]:
    writings = patterns(word)
    return or_(
        _begins(User.last_name, writings),
        _begins(User.first_name, writings),
        _begins(User.middle_name, writings),
        User.id.in_(
            _acting_where(
                or_(
                    _begins(Applicant.last_name, writings),
                    _begins(Applicant.first_name, writings),
                    _begins(Applicant.middle_name, writings),
                    *(Applicant.title.ilike(f"%{one}%", escape="\\") for one in writings),
                )
            )
        ),
    )


def _begins(column: Text, writings: list[str]) -> ColumnElement[bool]:
    return or_(*(column.ilike(f"{one}%", escape="\\") for one in writings))


def _acting_where(condition: ColumnElement[bool]) -> Select[int]:
    return select(UserApplicant.user_id).join(Applicant).where(condition)
