"""«Неразнесенные платежи»: money that came and belongs to no invoice known."""

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.actor import STAFF
from app.company import queries as company
from app.contracts import payment_actions, payment_queries
from app.contracts.blueprint import bp
from app.contracts.models import Payment
from app.contracts.payment_forms import at_number, typed_in
from app.contracts.payment_queries import unassigned_payment
from app.contracts.payment_routes import counted_words
from app.contracts.payment_rules import read_money
from app.errors import InvalidForm
from app.web.idempotency import pressed_key
from app.web.login import current_actor
from app.web.policy import Rule

_OFFICE = Rule(roles=STAFF)
_MONEY = Rule(roles=STAFF, load={"payment_id": ("payment", unassigned_payment)})

POLICY: dict[str, Rule] = {
    "contracts.unassigned_page": _OFFICE,
    "contracts.note_money": _OFFICE,
    "contracts.money_page": _MONEY,
    "contracts.assign": _MONEY,
    "contracts.mark_returned": _MONEY,
}


@bp.get("/payments/unassigned")
def unassigned_page() -> ResponseReturnValue:
    """The list, and the form for money that staff have seen in the bank."""
    return _unassigned_page({}, {})


def _unassigned_page(typed: Mapping[str, str], errors: Mapping[str, list[str]]) -> ResponseReturnValue:
    found, count = payment_queries.unassigned()
    page = render_template(
        "contracts/unassigned.html", payments=found, count=count, typed=typed, errors=errors
    )
    return (page, 422) if errors else page


@bp.post("/payments/unassigned")
def note_money() -> ResponseReturnValue:
    """Note money that belongs to nobody known."""
    typed = typed_in(request.form, ("total", "received_on", "document", "payer", "note"))
    try:
        money = read_money(typed, today=company.today(), note_needed=True)
        payment_actions.note_money(money, by=current_actor(), at=clock.now(), key=pressed_key())
    except InvalidForm as error:
        return _unassigned_page(typed, error.errors)
    return _done("Платеж записан.")


@bp.get("/payments/unassigned/<id:payment_id>")
def money_page(payment: Payment) -> ResponseReturnValue:
    """One payment: for which invoice it is, or that it was sent back."""
    return _money_page(payment, {}, {})


def _money_page(
    payment: Payment, typed: Mapping[str, str], errors: Mapping[str, list[str]]
) -> ResponseReturnValue:
    page = render_template("contracts/money.html", payment=payment, typed=typed, errors=errors)
    return (page, 422) if errors else page


@bp.post("/payments/unassigned/<id:payment_id>/assign")
def assign(payment: Payment) -> ResponseReturnValue:
    """Count it for an invoice."""
    payment_id, typed = payment.id, typed_in(request.form, ("number", "over"))
    try:
        counted = payment_actions.assign(
            payment_id,
            typed["number"],
            by=current_actor(),
            at=clock.now(),
            over=typed["over"] == "1",
            key=pressed_key(),
        )
    except InvalidForm as error:
        return _money_page(unassigned_payment(current_actor(), payment_id), typed, at_number(error))
    return _done(counted_words(counted))


@bp.post("/payments/unassigned/<id:payment_id>/returned")
def mark_returned(payment: Payment) -> ResponseReturnValue:
    """It was sent back to its payer."""
    payment_id, typed = payment.id, typed_in(request.form, ("note",))
    try:
        payment_actions.mark_returned(
            payment_id, typed["note"], by=current_actor(), at=clock.now(), key=pressed_key()
        )
    except InvalidForm as error:
        return _money_page(unassigned_payment(current_actor(), payment_id), typed, error.errors)
    return _done("Возврат записан.")


def _done(words: str) -> ResponseReturnValue:
    flash(words, "success")
    return redirect(url_for("contracts.unassigned_page"), 303)
