"""«Выставить счет»: the office asks for the next part of the fee of a concluded contract."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from app import clock
from app.accounts.identity_papers import parse_date
from app.actor import STAFF
from app.cases.act_pages import act_done, act_page, seen_by_reader
from app.cases.changes import CaseChanged
from app.cases.held_case import require_open
from app.cases.models import Case
from app.company import queries as company
from app.connections.queries import received_application
from app.connections.refusals import collected
from app.contracts import invoice_actions
from app.contracts.blueprint import bp
from app.contracts.contract_steps import contract_of
from app.contracts.invoice_queries import invoices_of, payee_gaps
from app.contracts.models import Contract, Invoice
from app.contracts.money import format_sum, parse_money
from app.contracts.paper_kinds import PAPERS
from app.contracts.paper_queries import ready
from app.contracts.paper_rules import papers_now
from app.contracts.payment_forms import errors_of, typed_in, whole_number
from app.contracts.schedule_rules import MOST_PARTS, schedule_in
from app.errors import Conflict, DomainError, InvalidForm
from app.web.idempotency import pressed_key
from app.web.login import current_actor
from app.web.policy import Rule

_ISSUES = Rule(roles=STAFF, load={"case_id": ("case", received_application)})

POLICY: dict[str, Rule] = {"contracts.invoice_page": _ISSUES, "contracts.invoice": _ISSUES}

#: An invoice is not asked for later than so many years ahead.
_YEARS = 3


def _may_issue(case: Case) -> None:
    require_open(case, "company")
    contract = contract_of(case)
    if contract is None or contract.state != "concluded":
        raise Conflict(invoice_actions.NO_CONTRACT)


@bp.get("/cases/<id:case_id>/invoices")
def invoice_page(case: Case) -> ResponseReturnValue:
    """The form for the next part: its sum stands there already, as the contract says."""
    contract = contract_of(case)
    return _invoice_page(case, _proposed(case, contract) if contract else {})


def _proposed(case: Case, contract: Contract) -> dict[str, str]:
    """The first part that was not issued, with the sum of the draft or of the contract's schedule."""
    known = {invoice.part: invoice for invoice in invoices_of(case, drafts=True)}
    draft = next((one for one in known.values() if one.state == "draft"), None)
    if draft is not None:
        return _typed(draft.part, draft.total, draft.due_on)
    part = next(number for number in range(1, len(known) + 2) if number not in known)
    planned = next((one for one in schedule_in(contract.filled) if one.part == part), None)
    left = (contract.fee or 0) - sum(one.total for one in known.values())
    return _typed(part, planned.total if planned else max(0, left), None)


def _typed(part: int, total: int, due_on: date | None) -> dict[str, str]:
    return {
        "part": str(part),
        "total": format_sum(total) if total else "",
        "due_on": f"{due_on:%d.%m.%Y}" if due_on else "",
    }


def _invoice_page(
    case: Case, typed: Mapping[str, Any], refused: DomainError | None = None
) -> ResponseReturnValue:
    if refused is None:
        _may_issue(case)
    return act_page(
        "contracts/invoice",
        case,
        refused=refused,
        check=_may_issue,
        contract=contract_of(case),
        issued=[one for one in invoices_of(case) if one.state in ("open", "paid")],
        gaps=payee_gaps(),
        paper=ready(case, invoice_actions.PAPER),
        may_prepare=PAPERS[invoice_actions.PAPER] in papers_now(case.status, case.mode),
        today=company.today(),
        typed=typed,
        errors=errors_of(refused),
    )


@bp.post("/cases/<id:case_id>/invoices")
def invoice(case: Case) -> ResponseReturnValue:
    """Issue the invoice."""
    case_id, typed = case.id, typed_in(request.form, ("part", "total", "due_on"))
    press = {"key": pressed_key(), "seen": seen_by_reader()}
    try:
        part, total, due_on = _read(typed)
        issued = invoice_actions.issue_invoice(
            case_id,
            part=part,
            total=total,
            due_on=due_on,
            by=current_actor(),
            at=clock.now(),
            **press,
        )
    except (InvalidForm, CaseChanged) as error:
        return _invoice_page(case, typed, error)
    return act_done(case_id, f"Счет {_numbers(issued)} выставлен, заявитель получит письмо.")


def _numbers(issued: list[Invoice]) -> str:
    return ", ".join(f"№ {one.number}" for one in issued)


def _read(typed: Mapping[str, str]) -> tuple[int, int, date | None]:
    """Part, kopecks and the last day as typed; raises one InvalidForm with all that is wrong in them."""
    errors: dict[str, list[str]] = {}
    part, total, due_on, today = whole_number(typed["part"]), 0, None, company.today()
    if not 1 <= part <= MOST_PARTS:
        errors["part"] = [f"Номер части: от 1 до {MOST_PARTS}."]
    with collected(errors, "total"):
        total = parse_money(typed["total"])
    with collected(errors, "due_on"):
        if typed["due_on"].strip():
            latest = date(today.year + _YEARS, 12, 31)
            due_on = parse_date(
                typed["due_on"], earliest=today, latest=latest, label="Оплатить до", example=today
            )
    if errors:
        raise InvalidForm(errors)
    return part, total, due_on
