"""Who of the company works on a case: taken by oneself, given to a colleague, given back to the common queue.

The applicant is told nothing: for them the whole company answers.
"""

from datetime import datetime

from app.accounts.steps import claim_key
from app.actor import Actor
from app.cases.assign_queries import assignable, name_of
from app.cases.captions import BY_HAND
from app.cases.changes import refuse_changed
from app.cases.mark_steps import mark_unread
from app.cases.models import DRAFT, Case
from app.cases.policy import may_manage
from app.cases.queries import locked_case, party, refuse_archived, require
from app.errors import Conflict, InvalidForm
from app.extensions import db
from app.journal.steps import record
from app.transaction import transaction


def take(case_id: int, *, by: Actor, at: datetime, key: str = "") -> None:
    """Take a case that nobody has; one's own stays one's own. Raises Conflict when a colleague was faster."""
    with transaction():
        case = _held(case_id, by, at, key)
        if case.assignee_id == by.user_id:
            return
        if case.assignee_id is not None:
            raise Conflict(f"Обращение уже взял другой сотрудник: {name_of(case.assignee_id)}.")
        _give(case, by.user_id, by=by, at=at)


def assign(
    case_id: int, user_id: int | None, *, by: Actor, at: datetime, key: str = "", seen: str = ""
) -> str:
    """Give the case to somebody of the company, or to nobody (None); returns the name, empty for nobody.

    A colleague who is given a case has it unread. Raises InvalidForm (`assignee`) for somebody who cannot have it.
    """
    with transaction():
        case = _held(case_id, by, at, key)
        refuse_changed(case, seen, by=by)
        if user_id is not None and user_id not in assignable(case):
            raise InvalidForm({"assignee": ["Выберите сотрудника из списка."]})
        if user_id != case.assignee_id:
            _give(case, user_id, by=by, at=at)
            if user_id is not None and user_id != by.user_id:
                mark_unread(case, "status", users=[user_id], side=BY_HAND, at=at)
        return name_of(user_id)


def _give(case: Case, user_id: int | None, *, by: Actor, at: datetime) -> None:
    """The date of the case stays: lists of the applicant sort by it."""
    former, case.assignee_id = case.assignee_id, user_id
    db.session.flush()
    details = {"from": former, "to": user_id, "name": name_of(user_id if user_id is not None else former)}
    record("assigned", party="company", actor_id=by.user_id, at=at, case_id=case.id, details=details)


def _held(case_id: int, by: Actor, at: datetime, key: str) -> Case:
    case = locked_case(by, case_id)
    side = party(by, case)
    require(side == "company")
    claim_key(by.user_id, key, url=f"/cases/{case_id}", at=at)
    refuse_archived(case)
    if case.status == DRAFT:
        raise Conflict("Это черновик заявителя: дождитесь, пока он отправит заявку.")
    require(may_manage(side, case))
    return case
