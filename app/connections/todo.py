"""How a connection application asks for the next deed on the home page."""

from typing import Any

from sqlalchemy import func, select

from app.cases.models import Case
from app.cases.policy import Party
from app.cases.todo import stage_task
from app.cases.turns import Task
from app.company.wording import plural
from app.connections.lifecycle import NEEDS_FIX
from app.connections.models import CorrectionItem, CorrectionRequest

#: How many things the open request for corrections of a case names.
ASKED = (
    select(func.count(CorrectionItem.id))
    .join(CorrectionRequest, CorrectionRequest.id == CorrectionItem.request_id)
    .where(CorrectionRequest.case_id == Case.id, CorrectionRequest.answered_at.is_(None))
    .correlate(Case)
    .scalar_subquery()
)


def application_task(row: Any, party: Party) -> Task:
    """What this side has to do with a sent application; `row.amount` is `ASKED`."""
    if party == "supplier" and row.mover != "supplier":
        return Task("Присвойте заявке свой номер")
    if row.status != NEEDS_FIX:
        return stage_task(row, party)
    if party == "company":
        return Task("Замечания не исправлены в срок: решите, что делать с заявкой")
    remarks = plural(row.amount, "замечание", "замечания", "замечаний")
    return Task(
        f"Исправьте {row.amount}\u00a0{remarks}" if row.amount else "Исправьте замечания", "corrections"
    )
