"""Payments: the office's page, and what staff do about the money of one case."""

from collections.abc import Mapping
from typing import Any

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from app import clock
from app.actor import APPLICANT, STAFF
from app.cases.act_pages import act_done, act_page, seen_by_reader
from app.cases.changes import CaseChanged
from app.cases.held_case import require_open
from app.cases.models import Case
from app.cases.policy import party_of
from app.cases.queries import require
from app.company import queries as company
from app.company.wording import date_words
from app.connections.queries import application, received_application
from app.contracts import invoice_queries, payment_actions, payment_queries, statement_queries
from app.contracts import models as _models  # noqa: F401  (the tables of the subject)
from app.contracts.blueprint import bp
from app.contracts.claim_queries import open_claim, waiting_claims
from app.contracts.models import Invoice, Payment
from app.contracts.money import format_money, format_sum
from app.contracts.payment_forms import errors_of, typed_in, whole_number
from app.contracts.payment_qr import qr_svg
from app.contracts.payment_rules import RETURNED, Money, read_money, read_return
from app.contracts.payment_steps import Counted
from app.errors import Conflict, DomainError, InvalidForm, InvalidValue, NotFound
from app.web.idempotency import pressed_key
from app.web.login import current_actor
from app.web.policy import Rule

_MARKS = Rule(roles=STAFF, load={"case_id": ("case", received_application)})

POLICY: dict[str, Rule] = {
    "contracts.payments_page": Rule(roles=STAFF),
    "contracts.payment_page": _MARKS,
    "contracts.payment": _MARKS,
    "contracts.take_back_page": _MARKS,
    "contracts.take_back": _MARKS,
    "contracts.give_back_page": _MARKS,
    "contracts.give_back": _MARKS,
    "contracts.invoice_qr": Rule(roles=STAFF | {APPLICANT}, load={"case_id": ("case", application)}),
}

_FIELDS = ("invoice", "total", "received_on", "document", "over")


@bp.app_template_filter("money")
def money(kopecks: int) -> str:
    """«12 345,00 ₽»."""
    return format_money(kopecks)


@bp.get("/payments")
def payments_page() -> str:
    """What waits for money, what applicants say they have paid, what came and is not assigned."""
    actor, today = current_actor(), company.today()
    debts, owed = invoice_queries.debts(actor)
    claims, claimed = waiting_claims(actor)
    return render_template(
        "contracts/payments.html",
        debts=debts,
        owed=owed,
        claims=claims,
        claimed=claimed,
        lines=statement_queries.waiting_count(),
        unassigned=payment_queries.unassigned()[1],
        gaps=invoice_queries.payee_gaps(),
        today=today,
        due=lambda day: company.calendar().due_words(today, day) if day else "",
        errors={},
    )


def _may_mark(case: Case) -> None:
    require_open(case, "company")
    if not any(bill.invoice.state in ("open", "paid") for bill in invoice_queries.bills_of(case)):
        raise Conflict("По этой заявке нет счета, который можно оплатить.")


@bp.get("/cases/<id:case_id>/payments")
def payment_page(case: Case) -> ResponseReturnValue:
    """The form for money that came: the first open invoice and what is left of it stand there already."""
    waiting = [bill for bill in invoice_queries.bills_of(case) if bill.left and bill.invoice.state == "open"]
    claim = open_claim(case)
    first = next((bill for bill in waiting if claim and bill.invoice.id == claim.invoice_id), None)
    first = first or next(iter(waiting), None)
    typed = {"invoice": str(first.invoice.id), "total": format_sum(first.left)} if first else {}
    return _payment_page(case, typed)


def _payment_page(
    case: Case, typed: Mapping[str, Any], refused: DomainError | None = None
) -> ResponseReturnValue:
    if refused is None:
        _may_mark(case)
    bills = [bill for bill in invoice_queries.bills_of(case) if bill.invoice.state in ("open", "paid")]
    claim = open_claim(case)
    return act_page(
        "contracts/payment",
        case,
        refused=refused,
        check=_may_mark,
        choices=[(bill.invoice.id, _choice(bill)) for bill in bills],
        claim=claim,
        today=company.today(),
        concludes=case.mode == "A" and case.status == "awaiting_payment",
        typed=typed,
        errors=errors_of(refused),
    )


def _choice(bill: invoice_queries.Bill) -> str:
    left = f"осталось {format_money(bill.left)}" if bill.left else "оплачен"
    return f"№ {bill.invoice.number}, {format_money(bill.invoice.total)}, {left}"


@bp.post("/cases/<id:case_id>/payments")
def payment(case: Case) -> ResponseReturnValue:
    """Mark the money."""
    case_id, typed = case.id, typed_in(request.form, _FIELDS)
    try:
        invoice_id, money_read = _read(case, typed)
        counted = payment_actions.record_payment(
            case_id,
            invoice_id,
            money_read,
            by=current_actor(),
            at=clock.now(),
            over=typed["over"] == "1",
            key=pressed_key(),
            seen=seen_by_reader(),
        )
    except (InvalidForm, CaseChanged) as error:
        return _payment_page(case, typed, error)
    return act_done(case_id, counted_words(counted))


def _read(case: Case, typed: Mapping[str, str]) -> tuple[int, Money]:
    """Invoice and money as typed; raises one InvalidForm with all that is wrong in them."""
    invoice_id = whole_number(typed["invoice"])
    errors: dict[str, list[str]] = {}
    if invoice_queries.invoice_in(case, invoice_id) is None:
        errors["invoice"] = [payment_actions.NO_INVOICE]
    try:
        found = read_money(typed, today=company.today())
    except InvalidForm as error:
        raise InvalidForm({**errors, **error.errors}) from error
    if errors:
        raise InvalidForm(errors)
    return invoice_id, found


def counted_words(counted: Counted) -> str:
    """What became of money, for the one who has marked it."""
    words = f"Оплата отмечена: {format_money(counted.payment.total)}."
    if counted.concluded_on:
        words += f" Договор заключен {date_words(counted.concluded_on, company.today())}, заявитель получит письмо."
    elif counted.left:
        words += f" По счету осталось {format_money(counted.left)}."
    if counted.over:
        words += f" Переплата: {format_money(counted.over)}."
    return words


@bp.get("/cases/<id:case_id>/payments/<id:payment_id>/take-back")
def take_back_page(case: Case, payment_id: int) -> ResponseReturnValue:
    """Before a mark is taken back."""
    return _take_back_page(case, payment_queries.payment_in(case, payment_id)[0], {})


def _take_back_page(
    case: Case, found: Payment, typed: Mapping[str, Any], refused: DomainError | None = None
) -> ResponseReturnValue:
    if refused is None:
        require_open(case, "company")
    return act_page(
        "contracts/take_back",
        case,
        refused=refused,
        check=lambda one: require_open(one, "company"),
        payment=found,
        typed=typed,
        errors=errors_of(refused),
    )


@bp.post("/cases/<id:case_id>/payments/<id:payment_id>/take-back")
def take_back(case: Case, payment_id: int) -> ResponseReturnValue:
    """Take the mark back."""
    case_id, typed = case.id, typed_in(request.form, ("reason",))
    found = payment_queries.payment_in(case, payment_id)[0]
    press = {"key": pressed_key(), "seen": seen_by_reader()}
    try:
        payment_actions.take_payment_back(
            case_id, payment_id, typed["reason"], by=current_actor(), at=clock.now(), **press
        )
    except (InvalidForm, CaseChanged) as error:
        return _take_back_page(case, found, typed, error)
    return act_done(case_id, "Отметка отменена, заявитель получит письмо.")


def _may_give_back(case: Case, invoice: Invoice) -> None:
    require_open(case, "company")
    if invoice.state != "void":
        raise Conflict("Счет действует. Если оплату отметили по ошибке, отмените отметку.")


@bp.get("/cases/<id:case_id>/payments/<id:payment_id>/give-back")
def give_back_page(case: Case, payment_id: int) -> ResponseReturnValue:
    """Before money of an invoice that asks for none any more is noted as sent back."""
    return _give_back_page(case, payment_queries.payment_in(case, payment_id), {})


def _give_back_page(
    case: Case,
    found: tuple[Payment, Invoice],
    typed: Mapping[str, Any],
    refused: DomainError | None = None,
) -> ResponseReturnValue:
    payment, invoice = found
    if refused is None:
        _may_give_back(case, invoice)
    return act_page(
        "contracts/give_back",
        case,
        refused=refused,
        check=lambda one: _may_give_back(one, invoice),
        payment=payment,
        number=invoice.number,
        typed=typed,
        errors=errors_of(refused),
    )


@bp.post("/cases/<id:case_id>/payments/<id:payment_id>/give-back")
def give_back(case: Case, payment_id: int) -> ResponseReturnValue:
    """Note it."""
    case_id, typed = case.id, typed_in(request.form, (RETURNED, "document"))
    found = payment_queries.payment_in(case, payment_id)
    press = {"key": pressed_key(), "seen": seen_by_reader()}
    try:
        day, document = read_return(typed, today=company.today())
        payment_actions.give_back(
            case_id, payment_id, day, document, by=current_actor(), at=clock.now(), **press
        )
    except (InvalidForm, CaseChanged) as error:
        return _give_back_page(case, found, typed, error)
    return act_done(case_id, "Возврат записан, заявитель получит письмо.")


@bp.get("/cases/<id:case_id>/invoices/<id:invoice_id>/qr")
def invoice_qr(case: Case, invoice_id: int) -> Response:
    """The payment code of an open invoice as a picture.

    A picture of its own and not a part of the page: it is asked for when it comes into sight, and the page's style of
    icons does not touch it.
    """
    require(party_of(current_actor(), case) in ("applicant", "company"))
    bills = invoice_queries.bills_of(case)
    bill = next((one for one in bills if one.invoice.id == invoice_id), None)
    if bill is None or bill.invoice.state != "open" or invoice_queries.payee_gaps():
        raise NotFound
    try:
        svg = qr_svg(invoice_queries.qr_of(bill.invoice, kopecks=bill.left))
    except InvalidValue as error:
        raise NotFound from error
    # White under it: in the dark theme a code on nothing cannot be read.
    head = '<svg xmlns="http://www.w3.org/2000/svg" '
    inside = svg.removeprefix("<svg ").replace(">", '><rect width="100%" height="100%" fill="#fff"/>', 1)
    return Response(head + inside, mimetype="image/svg+xml")
