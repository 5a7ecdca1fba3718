"""Reading money that came: for an invoice, or for nobody known."""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select

from app.actor import Actor
from app.cases.models import Case
from app.cases.queries import visible_to
from app.contracts.invoice_rules import left_of
from app.contracts.models import Invoice, Payment
from app.errors import NotFound
from app.extensions import db

#: How many payments without an invoice the page shows.
SHOWN = 50


def payments_of(case: Case) -> Mapping[int, Sequence[Payment]]:
    """What came for each invoice of a case (id of the invoice → payments in the order of their days), mistakes left out."""
    query = (
        select(Payment)
        .join(Invoice, Invoice.id == Payment.invoice_id)
        .where(Invoice.case_id == case.id, Payment.state == "counted")
        .order_by(Payment.received_on, Payment.id)
    )
    found: dict[int, list[Payment]] = {}
    for payment in db.session.scalars(query):
        found.setdefault(payment.invoice_id or 0, []).append(payment)
    return found


def payment_in(case: Case, payment_id: int) -> tuple[Payment, Invoice]:
    """A counted payment of a case with its invoice; raises NotFound."""
    query = (
        select(Payment, Invoice)
        .join(Invoice, Invoice.id == Payment.invoice_id)
        .where(Payment.id == payment_id, Invoice.case_id == case.id, Payment.state == "counted")
    )
    found = db.session.execute(query).one_or_none()
    if found is None:
        raise NotFound
    return found[0], found[1]


def unassigned() -> tuple[list[Payment], int]:
    """Money without an invoice, the oldest first, at most `SHOWN` payments; and how many there are."""
    waiting = Payment.state == "misdirected"
    query = select(Payment).where(waiting).order_by(Payment.received_on, Payment.id).limit(SHOWN)
    count = select(func.count()).select_from(Payment).where(waiting)
    return list(db.session.scalars(query)), db.session.scalar(count) or 0


def unassigned_payment(_actor: Actor, payment_id: int) -> Payment:
    """Money that has or had no invoice; raises NotFound for any other payment."""
    found = db.session.get(Payment, payment_id)
    if found is None or (found.invoice_id is not None and found.state == "counted"):
        raise NotFound
    return found


def invoice_by_number(actor: Actor, number: str) -> tuple[Invoice, int] | None:
    """The issued invoice with a number, of a case that the actor's company answers, and what is left of it.

    None when there is none: a draft or a void one takes no money.
    """
    query = (
        select(Invoice)
        .join(Case, Case.id == Invoice.case_id)
        .where(Invoice.number == number, Invoice.state.in_(("open", "paid")), visible_to(actor))
    )
    invoice = db.session.scalars(query).one_or_none()
    if invoice is None:
        return None
    paid = select(func.coalesce(func.sum(Payment.total), 0)).where(
        Payment.invoice_id == invoice.id, Payment.state == "counted"
    )
    return invoice, left_of(invoice.total, int(db.session.scalar(paid) or 0))
