"""What money does: it is counted for an invoice, pays it, makes the contract of mode A; a wrong mark is taken back.

Money entered by hand and money of a bank statement go through the same step. Every one needs an open transaction.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import update

from app import clock
from app.actor import Actor
from app.cases.letter_steps import tell_applicant, tell_supplier
from app.cases.models import Case
from app.cases.steps import move, touch
from app.company import queries as company
from app.company.wording import date_words
from app.connections.road import due_words
from app.contracts import contract_steps
from app.contracts.invoice_queries import came_for, paid_for
from app.contracts.invoice_rules import covered_on, left_of
from app.contracts.invoice_steps import date_parts, settle
from app.contracts.models import Contract, Invoice, Payment, PaymentClaim, StatementLine
from app.contracts.money import format_money
from app.contracts.payment_rules import (
    DAY,
    LONGEST_NOTE,
    OVER,
    RETURNED,
    Money,
    concludes,
    day_refusal,
    holds_contract,
    over_refusal,
    sum_words,
)
from app.errors import Conflict, InvalidForm
from app.extensions import db
from app.journal.steps import record
from app.transaction import require_transaction


@dataclass(frozen=True)
class Counted:
    """What became of money: in kopecks what is left of the invoice and what came too much; the contract's day if made."""

    payment: Payment
    left: int
    over: int
    concluded_on: date | None


def count_payment(
    case: Case,
    invoice: Invoice,
    money: Money,
    *,
    by: Actor,
    at: datetime,
    over: bool = False,
    payment: Payment | None = None,
) -> Counted:
    """Count money for an invoice of a held case; `payment` is the row when the money was noted before without one.

    `over` says that too much is known to be too much. Raises InvalidForm (`received_on`, `over`).
    """
    require_transaction()
    _refuse(invoice, money, over=over, today=_day(at))
    if payment is None:
        payment = noted(money, by=by, at=at)
    payment.state, payment.case_id, payment.invoice_id = "counted", case.id, invoice.id
    db.session.flush()
    paid = settle(invoice)
    left, too_much = left_of(invoice.total, paid), max(0, paid - invoice.total)
    _answer_claim(invoice, by=by, at=at)
    told = {"sum": money.total, "number": invoice.number, "left": left, "over": too_much}
    entry = record(
        "payment_received",
        party="company",
        actor_id=by.user_id,
        at=at,
        case_id=case.id,
        public=True,
        details={**told, "on": money.received_on.isoformat(), "document": money.document},
    )
    touch(case, at=at)
    day = _conclude(case, invoice, money, too_much, by=by, at=at)
    if day is None:
        _tell_received(case, invoice, money, left, too_much, key=str(entry.seq), at=at)
    return Counted(payment, left, too_much, day)


def noted(money: Money, *, by: Actor, at: datetime) -> Payment:
    """Money that came, of which nobody knows yet for what."""
    require_transaction()
    payment = Payment(
        total=money.total,
        received_on=money.received_on,
        document=money.document,
        payer=money.payer,
        source=money.source,
        note=money.note,
        state="misdirected",
        made_by=by.user_id,
        made_at=at,
    )
    db.session.add(payment)
    db.session.flush()
    return payment


def _refuse(invoice: Invoice, money: Money, *, over: bool, today: date) -> None:
    errors: dict[str, list[str]] = {}
    if why := day_refusal(money.received_on, today=today, issued_on=invoice.issued_on):
        errors[DAY] = [why]
    left = left_of(invoice.total, paid_for(invoice))
    if (why := over_refusal(money.total, left)) and not over:
        errors[OVER] = [why]
    if errors:
        raise InvalidForm(errors)


def _answer_claim(invoice: Invoice, *, by: Actor, at: datetime) -> None:
    """Money for the invoice is the answer to «Я оплатил»."""
    db.session.execute(
        update(PaymentClaim)
        .where(PaymentClaim.invoice_id == invoice.id, PaymentClaim.state == "open")
        .values(state="found", answered_by=by.user_id, answered_at=at)
        .execution_options(synchronize_session=False)
    )


def _conclude(
    case: Case, invoice: Invoice, money: Money, too_much: int, *, by: Actor, at: datetime
) -> date | None:
    """Make the contract of mode A when the first part has come whole, on the day of the money that made it whole."""
    day = covered_on(invoice.total, came_for(invoice))
    if day is None or not concludes(case.mode, case.status, invoice.part, covered=True):
        return None
    contract = db.session.get_one(Contract, invoice.contract_id)
    contract_steps.conclude(contract, on=day)
    date_parts(case, at=at)
    details = {"number": f"№ {contract.number} от {day:%d.%m.%Y}", "on": day.isoformat()}
    entry = move(case, "conclude", by=by, at=at, term_starts_on=day, details=details)
    told: dict[str, Any] = {"contract": contract.number, "concluded": f"{day:%d.%m.%Y}"}
    told["due"] = due_words(case, _day(at))
    paid: dict[str, Any] = {"sum": format_money(money.total), "invoice": invoice.number}
    paid["over"] = sum_words(too_much)
    tell_applicant(case, "contract-concluded", key=str(entry.seq), at=at, **told, **paid)
    # What was paid is between the applicant and the company.
    tell_supplier(case, "contract-concluded", key=str(entry.seq), at=at, **told)
    return day


def _tell_received(
    case: Case, invoice: Invoice, money: Money, left: int, too_much: int, *, key: str, at: datetime
) -> None:
    today = _day(at)
    tell_applicant(
        case,
        "payment-received",
        key=key,
        at=at,
        received=date_words(money.received_on, today),
        sum=format_money(money.total),
        invoice=invoice.number,
        left=sum_words(left),
        over=sum_words(too_much),
        due=due_of(invoice, today) if left else "",
    )


def take_back(
    case: Case, payment: Payment, invoice: Invoice, reason: str, *, by: Actor, at: datetime
) -> None:
    """A mark was a mistake: it stays in the books as returned, with the reason; a line of a statement waits again.

    Money that was noted before anybody knew for what it is stands again among the money without an invoice.
    Raises Conflict when the contract stands on this money.
    """
    require_transaction()
    _refuse_if_it_holds(case, payment, invoice)
    _uncount(payment, reason)
    left = left_of(invoice.total, settle(invoice))
    entry = record(
        "payment_taken_back",
        party="company",
        actor_id=by.user_id,
        at=at,
        case_id=case.id,
        public=True,
        details={"sum": payment.total, "number": invoice.number, "reason": reason},
    )
    touch(case, at=at)
    tell_applicant(
        case,
        "payment-taken-back",
        key=str(entry.seq),
        at=at,
        sum=format_money(payment.total),
        invoice=invoice.number,
        reason=reason,
        left=sum_words(left),
        due=due_of(invoice, _day(at)) if left else "",
    )


def give_back(
    case: Case, payment: Payment, invoice: Invoice, on: date, document: str, *, by: Actor, at: datetime
) -> None:
    """Money of a void invoice was sent back to its payer on a day; the applicant is told.

    Raises InvalidForm (`returned_on`) for a day before the money came, Conflict while the invoice takes money.
    """
    require_transaction()
    db.session.refresh(invoice, with_for_update=True)
    db.session.refresh(payment, with_for_update=True)
    if invoice.state != "void":
        raise Conflict("Счет действует. Если оплату отметили по ошибке, отмените отметку.")
    if on < payment.received_on:
        words = f"Деньги пришли {payment.received_on:%d.%m.%Y}: вернуть их раньше нельзя. Проверьте день."
        raise InvalidForm({RETURNED: [words]})
    payment.state = "returned"
    payment.note = f"{payment.note}\nВернули {on:%d.%m.%Y}: {document}".strip()[:LONGEST_NOTE]
    entry = record(
        "payment_returned",
        party="company",
        actor_id=by.user_id,
        at=at,
        case_id=case.id,
        public=True,
        details={"sum": payment.total, "number": invoice.number, "on": on.isoformat(), "document": document},
    )
    touch(case, at=at)
    tell_applicant(
        case,
        "payment-returned",
        key=str(entry.seq),
        at=at,
        sum=format_money(payment.total),
        invoice=invoice.number,
        returned=date_words(on, _day(at)),
        document=document,
    )


def _uncount(payment: Payment, reason: str) -> None:
    db.session.refresh(payment, with_for_update=True)
    if free_line(payment) or not payment.note:
        payment.state, payment.note = "returned", reason
    else:
        payment.state, payment.case_id, payment.invoice_id = "misdirected", None, None
        payment.note = f"{payment.note}\n{reason}"[:LONGEST_NOTE]
    db.session.flush()


def _refuse_if_it_holds(case: Case, payment: Payment, invoice: Invoice) -> None:
    contract = db.session.get_one(Contract, invoice.contract_id)
    others = came_for(invoice)
    others.remove((payment.received_on, payment.total))
    if holds_contract(contract.concluded_on, case.mode, invoice.part, invoice.total, others):
        raise Conflict(
            f"По этой оплате договор заключен {contract.concluded_on:%d.%m.%Y}, отменить отметку нельзя. "
            "Если договор нужно прекратить, его расторгает подписант."
        )


def free_line(payment: Payment) -> bool:
    """The line of a statement that a payment was made from, if any, waits for a decision again; whether there is one."""
    require_transaction()
    return _set_line(payment, state="new", payment_id=None)


def mark_line(payment: Payment, state: str) -> None:
    """The line of a statement that a payment was made from, if any, gets the payment's state: counted | put_aside."""
    require_transaction()
    _set_line(payment, state=state)


def _set_line(payment: Payment, **values: object) -> bool:
    changed = db.session.scalars(
        update(StatementLine)
        .where(StatementLine.payment_id == payment.id)
        .values(**values, version=StatementLine.version + 1)
        .returning(StatementLine.id)
        .execution_options(synchronize_session=False)
    )
    return bool(changed.all())


def due_of(invoice: Invoice, today: date) -> str:
    """Until when an invoice is to be paid, in words; nothing when it has no last day."""
    return company.calendar().due_words(today, invoice.due_on) if invoice.due_on else ""


def _day(at: datetime) -> date:
    return clock.day_in(company.profile().zone, at)
