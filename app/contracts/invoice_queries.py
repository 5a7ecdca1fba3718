"""Reading invoices and the money that came for them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select

from app.accounts.models import Applicant
from app.actor import Actor
from app.cases.models import Case
from app.cases.queries import visible_to
from app.company import queries as company
from app.contracts.invoice_rules import left_of, purpose_of
from app.contracts.matching import OpenInvoice
from app.contracts.models import Contract, Invoice, Payment
from app.contracts.payment_qr import PaymentQr
from app.extensions import db

#: How many open invoices the page of the office shows.
SHOWN = 50

#: Settings without which nobody can pay the company, as people call them.
_PAYEE = {
    "company.bank": "банк",
    "company.bik": "БИК",
    "company.account": "расчетный счет",
    "company.inn": "ИНН",
}


@dataclass(frozen=True)
class Bill:
    """One invoice with the money that came for it, in kopecks."""

    invoice: Invoice
    paid: int

    @property
    def left(self) -> int:
        """What is still to be paid."""
        return left_of(self.invoice.total, self.paid)

    @property
    def over(self) -> int:
        """What was paid too much."""
        return max(0, self.paid - self.invoice.total)


@dataclass(frozen=True)
class Debt:
    """An open invoice as the office's list shows it."""

    bill: Bill
    case_id: int
    applicant: str


def invoices_of(case: Case, *, drafts: bool = False) -> list[Invoice]:
    """Invoices of a case that the applicant may see, first part first; with `drafts` those being prepared too."""
    hidden = ("void",) if drafts else ("void", "draft")
    query = select(Invoice).where(Invoice.case_id == case.id, Invoice.state.not_in(hidden))
    return list(db.session.scalars(query.order_by(Invoice.part, Invoice.id)))


def all_invoiced(contract: Contract | None, issued: Iterable[Invoice]) -> bool:
    """Whether what was issued asks for the whole fee of a contract; False while the fee is not known."""
    if contract is None or not contract.fee:
        return False
    return sum(one.total for one in issued if one.state != "void") >= contract.fee


def owed(case: Case) -> int:
    """Kopecks of the fee of a made contract that have not come yet, invoiced or not; 0 when there is no such contract."""
    query = select(Contract.fee).where(Contract.case_id == case.id, Contract.state == "concluded")
    fee = db.session.scalar(query)
    return max(0, fee - sum(bill.paid for bill in bills_of(case))) if fee else 0


def bills_of(case: Case) -> list[Bill]:
    """The issued invoices of a case with what was paid, first part first; void ones only when money came for them."""
    query = select(Invoice).where(Invoice.case_id == case.id, Invoice.state != "draft")
    invoices = list(db.session.scalars(query.order_by(Invoice.part, Invoice.id)))
    paid = _paid([invoice.id for invoice in invoices])
    bills = [Bill(invoice, paid.get(invoice.id, 0)) for invoice in invoices]
    return [bill for bill in bills if bill.invoice.state != "void" or bill.paid]


def _paid(invoice_ids: Sequence[int]) -> dict[int, int]:
    query = (
        select(Payment.invoice_id, func.sum(Payment.total))
        .where(Payment.invoice_id.in_(invoice_ids), Payment.state == "counted")
        .group_by(Payment.invoice_id)
    )
    return {key: int(total) for key, total in db.session.execute(query) if key is not None}


def paid_for(invoice: Invoice) -> int:
    """Kopecks that came for an invoice and were not taken back."""
    return _paid([invoice.id]).get(invoice.id, 0)


def came_for(invoice: Invoice) -> list[tuple[date, int]]:
    """The days and sums of what came for an invoice."""
    query = select(Payment.received_on, Payment.total).where(
        Payment.invoice_id == invoice.id, Payment.state == "counted"
    )
    return [(day, total) for day, total in db.session.execute(query)]


def invoice_in(case: Case, invoice_id: int) -> Invoice | None:
    """One issued invoice of a case; None for what is not one."""
    query = select(Invoice).where(
        Invoice.id == invoice_id, Invoice.case_id == case.id, Invoice.state.in_(("open", "paid"))
    )
    return db.session.scalars(query).one_or_none()


def _open(actor: Actor) -> Select[Any]:
    """Open invoices of cases that the actor's company answers, with the sum paid."""
    paid = (
        select(func.coalesce(func.sum(Payment.total), 0))
        .where(Payment.invoice_id == Invoice.id, Payment.state == "counted")
        .correlate(Invoice)
        .scalar_subquery()
    )
    query = select(Invoice, paid).join(Case, Case.id == Invoice.case_id)
    return query.where(Invoice.state == "open", visible_to(actor))


def debts(actor: Actor) -> tuple[list[Debt], int]:
    """Open invoices, the longest overdue first, at most `SHOWN` of them; and how many there are."""
    query = _open(actor).add_columns(Case.id, Case.applicant_name)
    rows = db.session.execute(query.order_by(Invoice.due_on, Invoice.id).limit(SHOWN)).all()
    count = select(func.count()).select_from(_open(actor).subquery())
    found = [Debt(Bill(invoice, int(paid)), case_id, name) for invoice, paid, case_id, name in rows]
    return found, db.session.scalar(count) or 0


def waiting_invoices(actor: Actor) -> list[OpenInvoice]:
    """All open invoices as `matching.propose` wants them; a year of a grid company is a few thousand."""
    rows = db.session.execute(_open(actor).order_by(Invoice.id)).all()
    return [
        OpenInvoice(
            invoice.id,
            invoice.number,
            invoice.payer_inn,
            left_of(invoice.total, int(paid)),
            invoice.issued_on,
        )
        for invoice, paid in rows
    ]


def payee_gaps() -> list[str]:
    """What lacks among the company's requisites before anybody can pay it, in words."""
    settings = company.profile().settings
    return [words for key, words in _PAYEE.items() if not str(settings.get(key) or "").strip()]


def qr_of(invoice: Invoice, *, kopecks: int) -> PaymentQr:
    """What the payment code of an invoice tells: whom, how much, for what; the payer's name for a person."""
    settings = company.profile().settings
    payer = db.session.get_one(Applicant, db.session.get_one(Case, invoice.case_id).applicant_id)
    person = payer.legal_form != "legal_entity"
    return PaymentQr(
        name=company.profile().name,
        account=str(settings["company.account"]),
        bank=str(settings["company.bank"]),
        bik=str(settings["company.bik"]),
        correspondent=str(settings["company.correspondent"]),
        inn=str(settings["company.inn"]),
        kpp=str(settings["company.kpp"]),
        kopecks=kopecks,
        purpose=purpose_in(invoice),
        last_name=payer.last_name if person else "",
        first_name=payer.first_name if person else "",
        middle_name=payer.middle_name if person else "",
    )


def purpose_in(invoice: Invoice) -> str:
    """What the payer of an invoice writes as the purpose.

    Without a day: the paper is printed before the invoice is issued, and page, code and paper tell the same words.
    """
    number = db.session.scalar(select(Contract.number).where(Contract.id == invoice.contract_id)) or ""
    return purpose_of(invoice.number, number)
