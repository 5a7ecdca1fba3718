"""Reminders of instalments: open invoices whose last day is near, for `cases.reminder_queries`."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from sqlalchemy import exists, select

from app.cases.kinds import codes_in
from app.cases.models import Case
from app.cases.reminder_queries import Reminder
from app.cases.reminder_rules import HORIZON_DAYS, REMINDINGS, threshold
from app.company.calendar import WorkingCalendar
from app.connections.contract_lifecycle import AWAITING_PAYMENT
from app.contracts.invoice_queries import paid_for
from app.contracts.invoice_rules import left_of
from app.contracts.models import Invoice, PaymentClaim
from app.contracts.money import format_money
from app.extensions import db


def due_invoices(today: date, calendar: WorkingCalendar, case_id: int | None) -> Sequence[Reminder]:
    """One reminder for each open invoice that ends soon, as long before as for the payment that makes a contract.

    While that payment is awaited its own term reminds of it. Nobody is reminded of what they say they have paid.
    """
    claimed = exists().where(PaymentClaim.invoice_id == Invoice.id, PaymentClaim.state == "open")
    query = (
        select(Invoice)
        .join(Case, Case.id == Invoice.case_id)
        .where(
            Invoice.state == "open",
            Invoice.due_on.between(today, today + timedelta(days=HORIZON_DAYS)),
            Invoice.issued_on < today,
            Case.status.in_(codes_in("active")),
            Case.status != AWAITING_PAYMENT,
            Case.archived_at.is_(None),
            Case.paused_on.is_(None),
            ~claimed,
        )
        .order_by(Invoice.due_on, Invoice.id)
    )
    if case_id is not None:
        query = query.where(Invoice.case_id == case_id)
    found = [_reminder(invoice, today, calendar) for invoice in db.session.scalars(query)]
    return [one for one in found if one is not None]


def payment_claimed(case_ids: Collection[int]) -> set[int]:
    """Those of the cases whose applicant says that they have paid: the office has to look for the money first."""
    query = select(PaymentClaim.case_id).where(
        PaymentClaim.case_id.in_(case_ids), PaymentClaim.state == "open"
    )
    return set(db.session.scalars(query))


def _reminder(invoice: Invoice, today: date, calendar: WorkingCalendar) -> Reminder | None:
    if invoice.due_on is None:
        return None
    left = calendar.working_days_left(today, invoice.due_on)
    reached = threshold(REMINDINGS["payment"].before, left)
    if reached is None:
        return None
    return Reminder(
        case_id=invoice.case_id,
        key=f"invoice-{invoice.id}-{invoice.due_on}-{reached}",
        kind="invoice-reminder",
        to="applicant",
        context={
            "invoice": invoice.number,
            "sum": format_money(left_of(invoice.total, paid_for(invoice))),
            "due": calendar.due_words(today, invoice.due_on),
        },
    )
