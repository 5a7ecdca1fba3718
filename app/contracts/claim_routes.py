"""«Я оплатил»: the applicant's page, and the office's answer that the money was not found."""

from collections.abc import Mapping
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from app import clock
from app.actor import APPLICANT, STAFF
from app.cases.act_pages import act_done, act_page, seen_by_reader
from app.cases.changes import CaseChanged
from app.cases.forms import chosen_files
from app.cases.held_case import require_open
from app.cases.models import Case
from app.cases.queries import refuse_archived
from app.cases.routes import UPLOAD_LIMIT
from app.company import queries as company
from app.connections.queries import own_application, received_application
from app.connections.refusals import at_field
from app.contracts import claim_actions, invoice_routes
from app.contracts import models as _models  # noqa: F401  (the tables of the subject)
from app.contracts.blueprint import bp
from app.contracts.claim_queries import open_claim
from app.contracts.invoice_queries import bills_of
from app.contracts.models import Invoice
from app.contracts.money import format_money
from app.contracts.payment_forms import errors_of, typed_in, whole_number
from app.contracts.payment_rules import read_day
from app.documents.file_types import ACCEPT
from app.errors import Conflict, DomainError, InvalidForm
from app.extensions import db
from app.web.idempotency import pressed_key
from app.web.login import current_actor
from app.web.policy import Rule

_OWN = {"case_id": ("case", own_application)}
_RECEIVED = Rule(roles=STAFF, load={"case_id": ("case", received_application)})

POLICY: dict[str, Rule] = {
    "contracts.paid_page": Rule(roles=frozenset({APPLICANT}), load=_OWN),
    "contracts.paid": Rule(roles=frozenset({APPLICANT}), load=_OWN, body_limit=UPLOAD_LIMIT),
    "contracts.not_found_page": _RECEIVED,
    "contracts.not_found": _RECEIVED,
    **invoice_routes.POLICY,
}


def _open_choices(case: Case) -> list[tuple[int, str]]:
    return [
        (bill.invoice.id, f"№ {bill.invoice.number}, осталось оплатить {format_money(bill.left)}")
        for bill in bills_of(case)
        if bill.invoice.state == "open"
    ]


def _require_offered(case: Case, invoice_id: int) -> None:
    """Of several invoices one has to be chosen; a single one stands there already."""
    offered = dict(_open_choices(case))
    if len(offered) > 1 and invoice_id not in offered:
        raise InvalidForm({"invoice": ["Выберите счет, который вы оплатили."]})


def _may_claim(case: Case) -> None:
    refuse_archived(case, "applicant")
    if open_claim(case) is not None:
        raise Conflict(claim_actions.ALREADY)
    if not _open_choices(case):
        raise Conflict(claim_actions.NOT_OPEN)


@bp.get("/cases/<id:case_id>/paid")
def paid_page(case: Case) -> ResponseReturnValue:
    """Which invoice was paid, when, and the receipt."""
    return _paid_page(case, {"invoice": request.args.get("invoice", "")})


def _paid_page(
    case: Case, typed: Mapping[str, Any], refused: DomainError | None = None
) -> ResponseReturnValue:
    if refused is None:
        _may_claim(case)
    today = company.today()
    due = company.last_day(claim_actions.TERM, today)
    errors = dict(errors_of(refused))
    about_files = errors.pop("files", []) + list(errors.get(claim_actions.RECEIPT, []))
    if refused is not None and chosen_files(claim_actions.RECEIPT):
        about_files.append("Выберите файл заново: браузер не хранит его после отправки.")
    if about_files:
        errors[claim_actions.RECEIPT] = about_files
    return act_page(
        "contracts/paid",
        case,
        refused=refused,
        check=_may_claim,
        choices=_open_choices(case),
        due=company.calendar().due_words(today, due),
        today=today,
        accept=ACCEPT,
        typed=typed,
        errors=errors,
    )


@bp.post("/cases/<id:case_id>/paid")
def paid(case: Case) -> ResponseReturnValue:
    """Say that it was paid."""
    case_id, typed = case.id, typed_in(request.form, ("invoice", "paid_on"))
    try:
        _require_offered(case, whole_number(typed["invoice"]))
        with at_field("paid_on"):
            day = read_day(typed["paid_on"], today=company.today(), label="День оплаты")
        claim_actions.claim_paid(
            case_id,
            whole_number(typed["invoice"]),
            day,
            chosen_files(claim_actions.RECEIPT),
            by=current_actor(),
            at=clock.now(),
            key=pressed_key(),
        )
    except InvalidForm as error:
        return _paid_page(case, typed, error)
    return act_done(case_id, "Спасибо, мы проверим оплату и ответим вам.")


def _may_answer(case: Case) -> None:
    require_open(case, "company")
    if open_claim(case) is None:
        raise Conflict("На сообщение об оплате уже ответили.")


@bp.get("/cases/<id:case_id>/paid/answer")
def not_found_page(case: Case) -> ResponseReturnValue:
    """Before the applicant is told that the money was not found."""
    return _not_found_page(case, {})


def _not_found_page(
    case: Case, typed: Mapping[str, Any], refused: DomainError | None = None
) -> ResponseReturnValue:
    if refused is None:
        _may_answer(case)
    claim = open_claim(case)
    return act_page(
        "contracts/not_found",
        case,
        refused=refused,
        check=_may_answer,
        claim=claim,
        number=db.session.get_one(Invoice, claim.invoice_id).number if claim else "",
        typed=typed,
        errors=errors_of(refused),
    )


@bp.post("/cases/<id:case_id>/paid/answer")
def not_found(case: Case) -> ResponseReturnValue:
    """Answer that the money was not found."""
    case_id, typed = case.id, typed_in(request.form, ("text",))
    press = {"key": pressed_key(), "seen": seen_by_reader()}
    try:
        claim_actions.not_found(case_id, typed["text"], by=current_actor(), at=clock.now(), **press)
    except (InvalidForm, CaseChanged) as error:
        return _not_found_page(case, typed, error)
    return act_done(case_id, "Ответ отправлен, заявитель получит письмо.")
