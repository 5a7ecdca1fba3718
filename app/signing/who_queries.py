"""The groups of a signature's record that every kind of signature has: who acted, from where."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.accounts import queries as accounts
from app.accounts.models import Applicant, User, UserApplicant
from app.accounts.sessions import Visit
from app.actor import Actor
from app.cases.models import Case
from app.cases.queries import party
from app.company import queries as company
from app.extensions import db


def who_acts(case: Case, by: Actor) -> dict[str, Any]:
    """Who signs, for which side, on which ground, and who has seen them in the office with which document."""
    user, side = db.session.get_one(User, by.user_id), party(by, case)
    return {
        "user_id": user.id,
        "name": user.name,
        "side": side,
        **(_for_applicant(case, user) if side == "applicant" else {"for": _organisation(case, side)}),
        "confirmed": _confirmed(user.id),
    }


def where_from(visit: Visit, session_id: int) -> dict[str, Any]:
    """From which address, browser and session it was done."""
    return {"address": visit.address, "agent": visit.agent, "session": session_id}


def when_given(at: datetime) -> dict[str, Any]:
    """When it was confirmed: the instant, and the company's own time at it."""
    zone = company.profile().zone
    local = at.astimezone(ZoneInfo(zone)).isoformat(timespec="seconds")
    return {"confirmed_at": instant(at), "local": local, "zone": zone}


def instant(at: datetime | None) -> str:
    """An instant as records hold it; empty for none."""
    return at.isoformat(timespec="microseconds") if at else ""


def _for_applicant(case: Case, user: User) -> dict[str, Any]:
    applicant = db.session.get_one(Applicant, case.applicant_id)
    query = select(UserApplicant).where(
        UserApplicant.user_id == user.id, UserApplicant.applicant_id == applicant.id
    )
    link = db.session.scalars(query).one_or_none()
    return {
        "for": applicant.name,
        "legal_form": applicant.legal_form,
        "snils": applicant.snils,
        "inn": applicant.inn,
        "ogrn": applicant.ogrn,
        "capacity": link.capacity if link else "",
        "authority_number": link.authority_number if link else "",
        "authority_day": link.authority_day.isoformat() if link and link.authority_day else "",
    }


def _organisation(case: Case, side: str) -> str:
    return case.supplier_name if side == "supplier" else company.profile().name


def _confirmed(user_id: int) -> dict[str, Any] | None:
    """The newest confirmation in the office; staff and a supplier's people need none."""
    for one in accounts.confirmations_of(user_id):
        if one.row.revoked_at is not None:
            continue
        return {
            "at": instant(one.row.confirmed_at),
            "by": one.by,
            "document": one.row.document_kind,
        }
    return None
