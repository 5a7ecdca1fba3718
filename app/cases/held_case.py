"""How an act of those who answer begins: the case held, the right to act, what the act and its letter carry."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from app.accounts.steps import claim_key
from app.actor import Actor
from app.cases.changes import refuse_changed
from app.cases.models import DRAFT, Case
from app.cases.policy import APPEAL, Party, may_answer
from app.cases.queries import locked_case, party, refuse_archived, require
from app.errors import Conflict


def held_for_answer(
    case_id: int, *, by: Actor, at: datetime, key: str, seen: str, sent: Sequence[str] = ()
) -> tuple[Case, Party]:
    """The case for an act of the company or of the supplier, and whose act it is; the button's key is used up.

    `seen` is what the form carried, `sent` what was written in it. Raises NotFound; Forbidden for one's own case;
    AlreadyDone; Conflict for a draft and for the archive; CaseChanged when the form was shown before something happened.
    """
    case = locked_case(by, case_id)
    side = party(by, case)
    require(side != "applicant")
    claim_key(by.user_id, key, url=f"/cases/{case_id}", at=at, sent=sent)
    refuse_changed(case, seen, by=by)
    require_open(case, side)
    return case, side


def require_open(case: Case, side: Party) -> None:
    """Whether those who answer can act on the case now: raises Conflict for a draft and the archive, Forbidden."""
    require(side != "applicant")
    refuse_archived(case, side)
    if case.status == DRAFT:
        raise Conflict("Это черновик заявителя: дождитесь, пока он отправит заявку.")
    require(may_answer(side, case))


def signed(case: Case, side: Party, details: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Details of an entry of the journal; a supplier's act carries the supplier's name, another may be named later."""
    return {**(details or {}), **({"supplier": case.supplier_name} if side == "supplier" else {})}


def sender(case: Case, side: Party) -> dict[str, Any]:
    """What a letter about an act says of who acted; `supplier` is the name of the supplier who did, or empty.

    An appeal to a supplier has no other number than the supplier's own.
    """
    told = {
        "side": side,
        "supplier": case.supplier_name if side == "supplier" else "",
        "appeal": case.kind == APPEAL,
        "topic": case.topic,
    }
    return told | ({"number": case.supplier_number} if case.recipient == "supplier" else {})
