"""Reminders of signatures that no term minds: the company's own ones, and the applicant's under a supplier's document."""

from collections.abc import Sequence
from datetime import date
from typing import Literal

from sqlalchemy import ColumnElement, and_, select

from app import clock
from app.cases.kinds import codes_in
from app.cases.models import Case, CaseDocument
from app.cases.reminder_queries import Reminder
from app.company import queries as company
from app.company.calendar import WorkingCalendar
from app.extensions import db
from app.signing.models import SignatureSlot
from app.signing.turn_queries import waits_for

#: So many working days after a signature was asked for it is spoken of again, and nobody is nagged after that.
AFTER = (3, 10)
#: A reminder that could not be written on its day still comes for so many working days.
GRACE = 5


def waiting_signatures(today: date, calendar: WorkingCalendar, case_id: int | None) -> Sequence[Reminder]:
    """One reminder for each case and side whose oldest unsigned document has waited long enough."""
    of_supplier = CaseDocument.side == "supplier"
    return [
        *_of(
            "company", "signature-reminder-office", CaseDocument.side == "company", today, calendar, case_id
        ),
        *_of("applicant", "signature-reminder", of_supplier, today, calendar, case_id),
    ]


def _of(
    side: Literal["company", "applicant"],
    kind: str,
    theirs: ColumnElement[bool],
    today: date,
    calendar: WorkingCalendar,
    case_id: int | None,
) -> list[Reminder]:
    query = (
        select(SignatureSlot, CaseDocument)
        .join(CaseDocument, CaseDocument.id == SignatureSlot.case_document_id)
        .join(Case, Case.id == SignatureSlot.case_id)
        .where(
            and_(waits_for(side), theirs),
            Case.status.in_(codes_in("active")),
            Case.archived_at.is_(None),
            Case.paused_on.is_(None),
        )
        .order_by(SignatureSlot.case_id, SignatureSlot.opened_at, SignatureSlot.id)
    )
    if case_id is not None:
        query = query.where(Case.id == case_id)
    waiting: dict[int, list[tuple[SignatureSlot, str]]] = {}
    for slot, document in db.session.execute(query):
        waiting.setdefault(slot.case_id, []).append((slot, document.title))
    found = [_reminder(rows, side, kind, today, calendar) for rows in waiting.values()]
    return [one for one in found if one is not None]


def _reminder(
    rows: Sequence[tuple[SignatureSlot, str]],
    side: Literal["company", "applicant"],
    kind: str,
    today: date,
    calendar: WorkingCalendar,
) -> Reminder | None:
    oldest = rows[0][0]
    asked = clock.day_in(company.profile().zone, oldest.opened_at)
    waited = calendar.working_days_left(asked, today)
    reached = next((days for days in reversed(AFTER) if days <= waited <= days + GRACE), None)
    if reached is None:
        return None
    titles = list(dict.fromkeys(title for _slot, title in rows))
    return Reminder(
        case_id=oldest.case_id,
        key=f"slot-{oldest.id}-{reached}",
        kind=kind,
        to=side,
        context={"documents": titles, "asked": f"{asked:%d.%m.%Y}"},
    )
