"""Invoices of a contract that is signed: the office issues one part after the other."""

from datetime import date, datetime

from app.actor import Actor
from app.cases.held_case import held_for_answer
from app.cases.letter_steps import tell_applicant
from app.cases.models import Case
from app.cases.queries import require
from app.cases.steps import touch
from app.company import queries as company
from app.contracts.contract_steps import contract_of
from app.contracts.invoice_queries import invoices_of, payee_gaps
from app.contracts.invoice_steps import draft_invoice, issue
from app.contracts.models import Contract, Invoice
from app.contracts.money import format_money
from app.contracts.paper_queries import ready
from app.contracts.paper_steps import publish_kinds
from app.contracts.payment_steps import due_of
from app.contracts.schedule_rules import MOST_PARTS
from app.errors import Conflict, InvalidForm
from app.journal.steps import record
from app.transaction import transaction

#: The paper of the invoice, a kind of document.
PAPER = "invoice"
NO_CONTRACT = "Счет выставляют по заключенному договору, а его еще нет."


def issue_invoice(
    case_id: int,
    *,
    part: int,
    total: int,
    due_on: date | None,
    by: Actor,
    at: datetime,
    key: str = "",
    seen: str = "",
) -> list[Invoice]:
    """Issue the invoice for one part of the fee (`total` in kopecks), and what else was drafted; the applicant is told.

    Without `due_on` the last day is that of the contract's schedule or of the term. Raises Conflict without a contract
    or requisites; InvalidForm (`part`, `due_on`).
    """
    with transaction():
        case, side = held_for_answer(case_id, by=by, at=at, key=key, seen=seen)
        require(side == "company")
        contract = _contract_to_invoice(case, part, due_on)
        _refuse_another_paper(case, part, total, due_on)
        draft_invoice(case, contract, part=part, total=total, by=by, at=at, due_on=due_on)
        publish_kinds(case, [PAPER])
        issued = issue(case, by=by, at=at)
        for invoice in issued:
            _tell(case, invoice, by=by, at=at)
        touch(case, at=at)
        return issued


def _contract_to_invoice(case: Case, part: int, due_on: date | None) -> Contract:
    contract = contract_of(case)
    if contract is None or contract.state != "concluded":
        raise Conflict(NO_CONTRACT)
    if gaps := payee_gaps():
        raise Conflict(f"В реквизитах компании не заполнено: {', '.join(gaps)}. Их вносит администратор.")
    if not 1 <= part <= MOST_PARTS:
        raise InvalidForm({"part": [f"Номер части: от 1 до {MOST_PARTS}."]})
    if due_on is not None and due_on < company.today():
        raise InvalidForm({"due_on": ["Этот день уже прошел. Укажите день не раньше сегодняшнего."]})
    return contract


def _refuse_another_paper(case: Case, part: int, total: int, due_on: date | None) -> None:
    """The file that was prepared goes out with the invoice: it must not tell another part, sum or last day."""
    if ready(case, PAPER) is None:
        return
    draft = next((one for one in invoices_of(case, drafts=True) if one.state == "draft"), None)
    if draft is None:
        return
    if (draft.part, draft.total) != (part, total):
        sentence = (
            f"Файл счета подготовлен на часть {draft.part} и сумму {format_money(draft.total)}. "
            "Подготовьте файл заново или верните эти часть и сумму."
        )
        raise InvalidForm({"total": [sentence]})
    if draft.due_on and draft.due_on != due_on:
        sentence = f"В файле счета стоит «до {draft.due_on:%d.%m.%Y}». Подготовьте файл заново или верните этот день."
        raise InvalidForm({"due_on": [sentence]})


def _tell(case: Case, invoice: Invoice, *, by: Actor, at: datetime) -> None:
    entry = record(
        "invoice_issued",
        party="company",
        actor_id=by.user_id,
        at=at,
        case_id=case.id,
        public=True,
        details={"sum": invoice.total, "number": invoice.number},
    )
    tell_applicant(
        case,
        "invoice-issued",
        key=str(entry.seq),
        at=at,
        invoice=invoice.number,
        sum=format_money(invoice.total),
        due=due_of(invoice, company.today()),
    )
