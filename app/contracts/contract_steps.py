"""Changes of a contract: begun with its number, offered, concluded, ended. Every one needs an open transaction."""

from datetime import date, datetime

from sqlalchemy import select

from app.actor import Actor
from app.cases.models import Case
from app.contracts.models import Contract
from app.contracts.number_steps import next_number
from app.extensions import db
from app.transaction import require_transaction


def contract_of(case: Case) -> Contract | None:
    """The contract of a case; None before the office has begun one."""
    return db.session.scalars(select(Contract).where(Contract.case_id == case.id)).one_or_none()


def begun_contract(case: Case, *, by: Actor, at: datetime) -> Contract:
    """The contract of a case, begun with the next number when there is none yet."""
    require_transaction()
    found = contract_of(case)
    if found is None:
        number = next_number("contract", at)
        found = Contract(case_id=case.id, number=number, made_by=by.user_id, made_at=at, filled={})
        db.session.add(found)
        db.session.flush()
    return found


def offer(contract: Contract) -> None:
    """The contract lies before the applicant."""
    require_transaction()
    contract.state = "offered"


def conclude(contract: Contract, *, on: date) -> None:
    """The contract is made: in mode A on the day the money came, in mode B on the day of the last signature."""
    require_transaction()
    contract.state, contract.concluded_on = "concluded", on


def end(contract: Contract, state: str, *, on: date) -> None:
    """The contract was annulled before it was made, or terminated after."""
    require_transaction()
    contract.state, contract.ended_on = state, on
