"""Reading accounts: who acts for whom, who works here, who has to be told."""

from datetime import date

from sqlalchemy import or_, select

from app.accounts.models import Applicant, User, UserApplicant, UserRole
from app.actor import STAFF, Actor
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
