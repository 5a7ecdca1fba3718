"""What the office does with money: marks it, takes a mark back, notes money that belongs to nobody known."""

from datetime import date, datetime

from app import clock
from app.accounts.steps import claim_key
from app.actor import Actor
from app.cases.held_case import held_for_answer, require_open
from app.cases.message_text import clean_text
from app.cases.queries import locked_case, party, require
from app.company import queries as company
from app.connections.refusals import at_field
from app.contracts import payment_queries
from app.contracts import payment_steps as steps
from app.contracts.invoice_steps import held_invoice
from app.contracts.models import Payment
from app.contracts.payment_rules import (
    DAY,
    LONGEST_NOTE,
    Money,
    bare_invoice_number,
    day_refusal,
    no_such,
    read_note,
)
from app.contracts.payment_steps import Counted, count_payment, mark_line, noted, take_back
from app.errors import Conflict, InvalidForm
from app.extensions import db
from app.journal.steps import record
from app.transaction import transaction

NO_INVOICE = "Выберите счет из списка: этого счета нет или он больше не действует."
DECIDED = "С этими деньгами уже решили иначе. Обновите страницу и проверьте."


def record_payment(
    case_id: int,
    invoice_id: int,
    money: Money,
    *,
    by: Actor,
    at: datetime,
    over: bool = False,
    key: str = "",
    seen: str = "",
) -> Counted:
    """Mark money that came for an invoice of the case; in mode A the first part makes the contract.

    `over`: the reader knows that it is more than the rest. Raises InvalidForm (`invoice`, `received_on`, `over`).
    """
    with transaction():
        sent = (str(invoice_id), str(money.total), money.received_on.isoformat(), money.document)
        case, side = held_for_answer(case_id, by=by, at=at, key=key, seen=seen, sent=sent)
        require(side == "company")
        invoice = held_invoice(case, invoice_id)
        if invoice is None:
            raise InvalidForm({"invoice": [NO_INVOICE]})
        return count_payment(case, invoice, money, by=by, at=at, over=over)


def take_payment_back(
    case_id: int, payment_id: int, reason: str, *, by: Actor, at: datetime, key: str = "", seen: str = ""
) -> None:
    """A mark was a mistake. Raises NotFound, InvalidForm (`reason`), Conflict when a contract stands on it."""
    with transaction():
        case, side = held_for_answer(case_id, by=by, at=at, key=key, seen=seen)
        require(side == "company")
        payment, invoice = payment_queries.payment_in(case, payment_id)
        with at_field("reason"):
            why = clean_text(
                reason, max_length=LONGEST_NOTE, label="Причина", blank="Напишите, в чем была ошибка."
            )
        held = held_invoice(case, invoice.id)
        if held is None:
            raise Conflict("Этот счет больше не действует, отметку по нему отменить нельзя.")
        take_back(case, payment, held, why, by=by, at=at)


def give_back(
    case_id: int,
    payment_id: int,
    on: date,
    document: str,
    *,
    by: Actor,
    at: datetime,
    key: str = "",
    seen: str = "",
) -> None:
    """Money of a void invoice was sent back on a day by a document of the bank, both as `read_return` gives them.

    Raises NotFound, InvalidForm (`returned_on`), Conflict while the invoice takes money.
    """
    with transaction():
        sent = (on.isoformat(), document)
        case, side = held_for_answer(case_id, by=by, at=at, key=key, seen=seen, sent=sent)
        require(side == "company")
        payment, invoice = payment_queries.payment_in(case, payment_id)
        steps.give_back(case, payment, invoice, on, document, by=by, at=at)


def note_money(money: Money, *, by: Actor, at: datetime, key: str = "") -> Payment:
    """Money that came and belongs to no invoice known, with a note. Raises InvalidForm (`received_on`)."""
    with transaction():
        sent = (str(money.total), money.received_on.isoformat(), money.document, money.note)
        claim_key(by.user_id, key, url="/payments/unassigned", at=at, sent=sent)
        require(by.is_staff)
        if why := day_refusal(money.received_on, today=clock.day_in(company.profile().zone, at)):
            raise InvalidForm({DAY: [why]})
        payment = noted(money, by=by, at=at)
        _told("money_noted", payment, by=by, at=at)
        return payment


def assign(
    payment_id: int, number: str, *, by: Actor, at: datetime, over: bool = False, key: str = ""
) -> Counted:
    """Count noted money for the invoice with a number. Raises NotFound, InvalidForm (`number`, `over`), Conflict."""
    with transaction():
        claim_key(by.user_id, key, url="/payments/unassigned", at=at, sent=(number,))
        payment = payment_queries.unassigned_payment(by, payment_id)
        money = Money(payment.total, payment.received_on, payment.document, payment.payer, payment.source)
        found = payment_queries.invoice_by_number(by, bare_invoice_number(number))
        if found is None:
            raise InvalidForm({"number": [no_such(number)]})
        case = locked_case(by, found[0].case_id)
        require_open(case, party(by, case))
        invoice = held_invoice(case, found[0].id)
        _still_misdirected(payment)
        if invoice is None:
            raise InvalidForm({"number": [no_such(number)]})
        counted = count_payment(case, invoice, money, by=by, at=at, over=over, payment=payment)
        mark_line(payment, "counted")
        return counted


def mark_returned(payment_id: int, note: str, *, by: Actor, at: datetime, key: str = "") -> None:
    """The company has sent noted money back to its payer. Raises NotFound, InvalidForm (`note`), Conflict."""
    with transaction():
        claim_key(by.user_id, key, url="/payments/unassigned", at=at, sent=(note,))
        require(by.is_staff)
        payment = payment_queries.unassigned_payment(by, payment_id)
        _still_misdirected(payment)
        with at_field("note"):
            words = read_note(note)
        payment.state = "returned"
        payment.note = f"{payment.note}\n{words}".strip()[:LONGEST_NOTE]
        _told("money_returned", payment, by=by, at=at)


def _still_misdirected(payment: Payment) -> None:
    """Of two who decide about the same money the second is told."""
    db.session.refresh(payment, with_for_update=True)
    if payment.state != "misdirected":
        raise Conflict(DECIDED)


def _told(kind: str, payment: Payment, *, by: Actor, at: datetime) -> None:
    record(
        kind,
        party="company",
        actor_id=by.user_id,
        at=at,
        details={"payment": payment.id, "sum": payment.total, "note": payment.note},
    )
