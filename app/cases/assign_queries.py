"""Who of the company may take a case, and who has it."""

from sqlalchemy import select

from app.accounts.models import User, UserApplicant, UserRole
from app.accounts.names import short_name
from app.actor import STAFF
from app.cases.models import Case
from app.cases.queries import people
from app.extensions import db


def assignable(case: Case) -> dict[int, str]:
    """People who work with cases: id → «Петрова А. И.», in alphabetical order.

    Whoever acts for the applicant is not among them: nobody answers their own application.
    """
    own = select(UserApplicant.user_id).where(UserApplicant.applicant_id == case.applicant_id)
    query = (
        select(User.id, User.last_name, User.first_name, User.middle_name)
        .join(UserRole, UserRole.user_id == User.id)
        .where(UserRole.role.in_(STAFF), User.state == "active", User.id.not_in(own))
        .distinct()
    )
    rows = db.session.execute(query)
    named = ((row.id, short_name(row.last_name, row.first_name, row.middle_name)) for row in rows)
    return dict(sorted(named, key=lambda pair: (pair[1].casefold(), pair[0])))


def name_of(user_id: int | None) -> str:
    """«Петрова А. И.»; an empty text when nobody has the case."""
    return people([user_id]).get(user_id, "") if user_id is not None else ""
