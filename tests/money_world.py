"""Applications whose invoices wait for money: mode A before the contract, mode B after it."""

from datetime import date, datetime

from app.actor import Actor
from app.cases.models import Case
from app.cases.queries import locked_case
from app.cases.steps import move
from app.company import queries as company
from app.company.models import Setting
from app.contracts import contract_steps, invoice_steps
from app.contracts.models import Invoice, Payment
from app.contracts.payment_rules import Money
from app.extensions import db
from app.transaction import transaction
from tests.case_world import Person, applicant, make_move, moment, operator, register_case, sent

#: The account of the example in docs: its keys are right.
REQUISITES = {
    "company.bank": "ПАО СБЕРБАНК",
    "company.bik": "044525225",
    "company.account": "40702810938000000001",
    "company.correspondent": "30101810400000000225",
    "company.inn": "4174873890",
    "company.kpp": "419901495",
}

#: What the first part costs in these worlds, in kopecks.
FEE = 5_000_00
#: A Monday, noon by UTC: the invoice is issued then, the money comes later.
ISSUED = moment(12, day=3)


def fill_requisites() -> None:
    """The company's bank details, as an administrator would have filled them in."""
    with transaction():
        for key, value in REQUISITES.items():
            for one in db.session.query(Setting).filter_by(key=key):
                one.value = value
    company.forget_profile()


def awaiting(
    person: Person,
    staff: Person,
    *,
    totals: tuple[int, ...] = (FEE,),
    at: datetime = ISSUED,
    **card: object,
) -> int:
    """An application of mode A to which the offer was sent: an open invoice for each of the totals."""
    case_id = sent(person, at=at, mode="A", **card)
    register_case(case_id, staff, at=at)
    for name in ("accept", "complete"):
        make_move(case_id, name, staff, at=at)
    with transaction():
        case = locked_case(staff.actor, case_id)
        contract = contract_steps.begun_contract(case, by=staff.actor, at=at)
        contract.fee, contract.parts = sum(totals), len(totals)
        _draft(case, contract, totals, staff.actor, at)
        move(case, "publish_offer", by=staff.actor, at=at)
        contract_steps.offer(contract)
        invoice_steps.issue(case, by=staff.actor, at=at)
    return case_id


def signed_contract(person: Person, staff: Person, *, at: datetime = ISSUED, on: date | None = None) -> int:
    """An application of mode B whose contract both sides have signed; nothing is invoiced yet."""
    case_id = sent(person, at=at, mode="B")
    register_case(case_id, staff, at=at)
    for name in ("accept", "complete", "publish_contract"):
        make_move(case_id, name, staff, at=at)
    with transaction():
        case = locked_case(staff.actor, case_id)
        contract = contract_steps.begun_contract(case, by=staff.actor, at=at)
        contract.fee = FEE
        contract_steps.conclude(contract, on=on or at.date())
        move(case, "sign_contract", by=staff.actor, at=at)
    return case_id


def _draft(case: Case, contract: object, totals: tuple[int, ...], by: Actor, at: datetime) -> None:
    for part, total in enumerate(totals, start=1):
        invoice_steps.draft_invoice(case, contract, part=part, total=total, by=by, at=at)  # type: ignore[arg-type]


def people() -> tuple[Person, Person]:
    """An applicant and somebody of the office."""
    return applicant(), operator()


def invoices(case_id: int) -> list[Invoice]:
    """All invoices of a case, read afresh."""
    db.session.expire_all()
    return db.session.query(Invoice).filter_by(case_id=case_id).order_by(Invoice.id).all()


def payments() -> list[Payment]:
    db.session.expire_all()
    return db.session.query(Payment).order_by(Payment.id).all()


def case_of(case_id: int) -> Case:
    db.session.expire_all()
    return db.session.get_one(Case, case_id)


def money(total: int = FEE, day: date = date(2026, 8, 5), **rest: str) -> Money:
    return Money(total, day, **rest)
