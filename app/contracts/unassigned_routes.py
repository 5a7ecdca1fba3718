"""«Неразнесенные платежи»: money that came and belongs to no invoice known."""

from collections.abc import Mapping
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from app.actor import STAFF
from app.company import queries as company
from app.contracts import payment_actions, payment_queries
from app.contracts.blueprint import bp
from app.contracts.models import Payment
from app.contracts.money_pages import Show, decided, for_an_invoice, with_a_note
from app.contracts.payment_queries import unassigned_payment
from app.contracts.payment_rules import read_money
from app.web.login import current_actor
from app.web.policy import Rule

_LIST = "contracts.unassigned_page"
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

    def note(typed: Mapping[str, str], press: Mapping[str, Any]) -> str:
        payment_actions.note_money(read_money(typed, today=company.today(), note_needed=True), **press)
        return "Платеж записан."

    return decided(("total", "received_on", "document", "payer", "note"), note, _unassigned_page, to=_LIST)


@bp.get("/payments/unassigned/<id:payment_id>")
def money_page(payment: Payment) -> ResponseReturnValue:
    """One payment: for which invoice it is, or that it was sent back."""
    return _money_page(payment, {}, {})


def _money_page(
    payment: Payment, typed: Mapping[str, str], errors: Mapping[str, list[str]]
) -> ResponseReturnValue:
    page = render_template("contracts/money.html", payment=payment, typed=typed, errors=errors)
    return (page, 422) if errors else page


def _again(payment_id: int) -> Show:
    """The page of the money after its form was refused: read afresh, with what was typed."""
    return lambda typed, errors: _money_page(unassigned_payment(current_actor(), payment_id), typed, errors)


@bp.post("/payments/unassigned/<id:payment_id>/assign")
def assign(payment: Payment) -> ResponseReturnValue:
    """Count it for an invoice."""
    return for_an_invoice(payment_actions.assign, payment.id, _again(payment.id), to=_LIST)


@bp.post("/payments/unassigned/<id:payment_id>/returned")
def mark_returned(payment: Payment) -> ResponseReturnValue:
    """It was sent back to its payer."""
    words, again = "Возврат записан.", _again(payment.id)
    return with_a_note(payment_actions.mark_returned, payment.id, words, again, to=_LIST)
