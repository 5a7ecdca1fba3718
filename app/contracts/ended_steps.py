"""What the end of an application and its restoration do to contract and invoices, whoever makes the move."""

from collections.abc import Mapping
from datetime import datetime

from app import clock
from app.actor import Actor
from app.cases.models import Case
from app.company import queries as company
from app.contracts.contract_steps import contract_of, end, offer
from app.contracts.invoice_steps import reopen, void_open
from app.transaction import require_transaction

#: Move → what becomes of the contract.
_ENDS: Mapping[str, str] = {
    "withdraw": "annulled",
    "reject": "annulled",
    "annul_unpaid": "annulled",
    "annul_unsigned": "annulled",
    "terminate": "terminated",
}
_RESTORES = frozenset({"restore_unpaid", "restore_unsigned"})


def on_case_moved(case: Case, *, name: str, by: Actor, at: datetime) -> None:
    """Handler of `case_moved`: an ended application has no living contract and nothing to pay; a restored one has."""
    require_transaction()
    contract = contract_of(case) if name in _ENDS or name in _RESTORES else None
    if contract is None:
        return
    if name in _ENDS:
        end(contract, _ENDS[name], on=clock.day_in(company.profile().zone, at))
        void_open(case)
        return
    offer(contract)
    contract.ended_on = None
    reopen(case, by=by, at=at)
