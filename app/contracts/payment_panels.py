"""«Счета и оплата» on the page of a case: for the applicant what to pay and how, for staff what came."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.actor import Actor
from app.cases.models import Case
from app.cases.panels import Panel
from app.cases.policy import is_closed, party_of
from app.company import queries as company
from app.connections.lifecycle import CHECKING, DRAFT, NEEDS_FIX, REGISTERED, SUBMITTED
from app.contracts import invoice_queries
from app.contracts.claim_queries import last_claim
from app.contracts.contract_steps import contract_of
from app.contracts.models import Contract, Invoice, Payment, PaymentClaim
from app.contracts.payment_queries import payments_of
from app.contracts.payment_rules import holds_contract
from app.contracts.payment_steps import due_of

#: Nothing is invoiced before the set of documents is complete: there the panel asks the database nothing.
_BEFORE = frozenset({DRAFT, SUBMITTED, REGISTERED, CHECKING, NEEDS_FIX})


@dataclass(frozen=True)
class Line:
    """One invoice as the panel shows it; `purpose` and `payable` are for the one who pays.

    `holding` are ids of payments on which the contract stands: their mark is not taken back.
    """

    bill: invoice_queries.Bill
    invoice: Invoice
    due: str
    overdue: bool
    payments: Sequence[Payment]
    purpose: str
    payable: bool
    holding: frozenset[int]


def payments(case: Case, actor: Actor) -> dict[str, Any] | None:
    """What the template of the panel needs; None for a supplier and before there is anything to pay."""
    side = party_of(actor, case)
    if side not in ("applicant", "company") or case.kind != "application" or case.status in _BEFORE:
        return None
    bills = invoice_queries.bills_of(case)
    contract = contract_of(case) if side == "company" else None
    closed = is_closed(side, case)
    may_issue = contract is not None and contract.state == "concluded" and not closed
    may_issue = may_issue and not invoice_queries.all_invoiced(contract, [bill.invoice for bill in bills])
    if not bills and not may_issue:
        return None
    claim = last_claim(case)
    settings, gaps = company.profile().settings, invoice_queries.payee_gaps()
    lines = _lines(case, bills, contract, payable=not gaps and not closed)
    waits = claim is not None and claim.state == "open"
    return {
        "side": side,
        "lines": lines,
        "claim": claim,
        "claimed": waits,
        "not_found": claim is not None and _not_found(claim, lines),
        "claim_due": company.calendar().due_words(company.today(), claim.due_on) if claim and waits else "",
        "claim_number": _number(bills, claim.invoice_id) if claim else "",
        "may_claim": not waits and not closed and any(line.invoice.state == "open" for line in lines),
        "may_mark": bool(_takes_money(lines)) and not closed,
        "may_return": side == "company" and not closed,
        "may_issue": may_issue,
        "settings": settings,
        "company_name": company.profile().name,
        "gaps": gaps,
    }


def _not_found(claim: PaymentClaim, lines: Sequence[Line]) -> bool:
    """Whether «не нашли» is still the last word: money that was marked later has answered it."""
    came = [one for line in lines if line.invoice.id == claim.invoice_id for one in line.payments]
    answered = claim.answered_at
    return claim.state == "not_found" and not any(answered and one.made_at >= answered for one in came)


def _takes_money(lines: Sequence[Line]) -> list[Line]:
    return [line for line in lines if line.invoice.state in ("open", "paid")]


def _number(bills: Sequence[invoice_queries.Bill], invoice_id: int) -> str:
    return next((bill.invoice.number for bill in bills if bill.invoice.id == invoice_id), "")


def _lines(
    case: Case, bills: Sequence[invoice_queries.Bill], contract: Contract | None, *, payable: bool
) -> list[Line]:
    today = company.today()
    came = payments_of(case) if bills else {}
    lines = []
    for bill in bills:
        invoice = bill.invoice
        waits = invoice.state == "open"
        lines.append(
            Line(
                bill=bill,
                invoice=invoice,
                due=due_of(invoice, today) if waits else "",
                overdue=waits and invoice.due_on is not None and invoice.due_on < today,
                payments=came.get(invoice.id, ()),
                purpose=invoice_queries.purpose_in(invoice) if waits and payable else "",
                payable=waits and payable,
                holding=_holding(case, invoice, contract, came.get(invoice.id, ())),
            )
        )
    return lines


def _holding(
    case: Case, invoice: Invoice, contract: Contract | None, came: Sequence[Payment]
) -> frozenset[int]:
    """Payments without which the contract would have another day or none."""
    if contract is None:
        return frozenset()
    others = {one.id: [(it.received_on, it.total) for it in came if it is not one] for one in came}
    stands = (contract.concluded_on, case.mode, invoice.part, invoice.total)
    return frozenset(key for key, rest in others.items() if holds_contract(*stands, rest))


PANELS: tuple[Panel, ...] = (
    Panel("payments", "contracts/_payments.html", payments, column="main", order=15),
)
