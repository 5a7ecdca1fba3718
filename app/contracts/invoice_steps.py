"""Changes of invoices: drafted, issued, void, open again. Every one needs an open transaction.

A number is given once: a draft that is made anew keeps it, a void invoice never gives it back.
"""

from datetime import date, datetime

from sqlalchemy import select, update

from app import clock
from app.accounts.models import Applicant
from app.actor import Actor
from app.cases.models import Case
from app.company import queries as company
from app.contracts.invoice_queries import paid_for
from app.contracts.invoice_rules import instalment_day
from app.contracts.models import Contract, Invoice
from app.contracts.number_steps import next_number
from app.contracts.schedule_rules import schedule_in
from app.errors import Conflict
from app.extensions import db
from app.transaction import require_transaction


def draft_invoice(
    case: Case,
    contract: Contract,
    *,
    part: int,
    total: int,
    by: Actor,
    at: datetime,
    due_on: date | None = None,
) -> Invoice:
    """The invoice for one part of the fee (`total` in kopecks), being prepared; a draft of the part is redone.

    `due_on` is the last day to pay when the office has chosen one; else `issue` counts it. Raises Conflict when the
    part was invoiced already.
    """
    require_transaction()
    found = db.session.scalars(
        select(Invoice).where(Invoice.case_id == case.id, Invoice.part == part, Invoice.state != "void")
    ).one_or_none()
    if found is None:
        payer = db.session.get_one(Applicant, case.applicant_id)
        found = Invoice(
            case_id=case.id,
            contract_id=contract.id,
            number=next_number("invoice", at),
            part=part,
            total=total,
            due_on=due_on,
            payer_inn=payer.inn,
            made_by=by.user_id,
            made_at=at,
        )
        db.session.add(found)
        db.session.flush()
        return found
    if found.state != "draft":
        raise Conflict(
            f"Счет № {found.number} за эту часть уже выставлен. Выставите счет за следующую часть."
        )
    _write(found, total=total, due_on=due_on, made_by=by.user_id, made_at=at)
    return found


def issue(case: Case, *, by: Actor, at: datetime) -> list[Invoice]:
    """Issue what was drafted: the applicant sees and pays it from now on.

    The last day is the one the office has chosen, else that of the contract's schedule, else the term `payment`.
    """
    require_transaction()
    today = clock.day_in(company.profile().zone, at)
    drafts = _of(case, "draft")
    for invoice in drafts:
        due_on = invoice.due_on if invoice.due_on and invoice.due_on >= today else _due(invoice, today)
        _write(invoice, state="open", issued_on=today, due_on=due_on)
    return drafts


def _due(invoice: Invoice, today: date) -> date | None:
    """The first part of an offer is paid within the term of the stage; parts of a contract by its schedule.

    None for a later part of an offer: its days are counted from the contract's, which is not made yet.
    """
    contract = db.session.get_one(Contract, invoice.contract_id)
    if contract.concluded_on is None and invoice.part > 1:
        return None
    if contract.concluded_on is not None:
        found = instalment_day(schedule_in(contract.filled), invoice.part, contract.concluded_on)
        if found is not None and found >= today:
            return found
    return company.last_day("payment", today)


def date_parts(case: Case, *, at: datetime) -> None:
    """The contract was made: parts that were issued with the offer get their last days by its schedule."""
    require_transaction()
    today = clock.day_in(company.profile().zone, at)
    for invoice in _of(case, "open"):
        if invoice.due_on is None:
            _write(invoice, due_on=_due(invoice, today))


def void_open(case: Case) -> list[Invoice]:
    """Nobody has to pay any more: drafts and open invoices become void. Money that came for them stays noted."""
    require_transaction()
    waiting = _of(case, "draft", "open")
    for invoice in waiting:
        _write(invoice, state="void")
    return waiting


def reopen(case: Case, *, by: Actor, at: datetime) -> list[Invoice]:
    """What `void_open` made void waits for money again, the newest of each part, with a new last day."""
    require_transaction()
    today = clock.day_in(company.profile().zone, at)
    taken = {invoice.part for invoice in _of(case, "draft", "open", "paid")}
    again = []
    for invoice in reversed(_of(case, "void")):
        if invoice.part in taken:
            continue
        taken.add(invoice.part)
        again.append(invoice)
        if invoice.issued_on is None:
            _write(invoice, state="draft")
            continue
        late = invoice.due_on is None or invoice.due_on < today
        _write(invoice, state="open", due_on=_due(invoice, today) if late else invoice.due_on)
        settle(invoice)
    return again[::-1]


def settle(invoice: Invoice) -> int:
    """Set the state by the money that came: paid when the sum is covered, else open; returns what was paid."""
    require_transaction()
    paid = paid_for(invoice)
    state = "paid" if paid >= invoice.total else "open"
    if invoice.state in ("open", "paid") and invoice.state != state:
        _write(invoice, state=state)
    return paid


def held_invoice(case: Case, invoice_id: int) -> Invoice | None:
    """An issued invoice of the case, read afresh and held until the end of the action; None for anything else."""
    require_transaction()
    query = select(Invoice).where(
        Invoice.id == invoice_id, Invoice.case_id == case.id, Invoice.state.in_(("open", "paid"))
    )
    query = query.with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(query).one_or_none()


def _of(case: Case, *states: str) -> list[Invoice]:
    query = select(Invoice).where(Invoice.case_id == case.id, Invoice.state.in_(states))
    query = query.with_for_update().execution_options(populate_existing=True)
    return list(db.session.scalars(query.order_by(Invoice.part, Invoice.id)))


def _write(invoice: Invoice, **values: object) -> None:
    db.session.flush()
    db.session.execute(
        update(Invoice)
        .where(Invoice.id == invoice.id)
        .values(**values, version=Invoice.version + 1)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(invoice)
