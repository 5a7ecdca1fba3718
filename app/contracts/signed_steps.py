"""What the last signature of a document does: a signed contract is concluded, a signed act ends the connection."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from app import clock
from app.actor import Actor
from app.cases.letter_steps import tell_applicant, tell_supplier
from app.cases.models import Case, CaseDocument
from app.cases.steps import move
from app.company import queries as company
from app.connections.contract_lifecycle import CONTRACT_DISPUTED, CONTRACT_SENT
from app.connections.road import due_words
from app.connections.works_lifecycle import ACT_SENT
from app.contracts.act_letters import tell_connected
from app.contracts.contract_steps import begun_contract, conclude
from app.errors import Conflict
from app.extensions import db
from app.signing.models import SignatureSlot
from app.transaction import require_transaction


def on_document_signed(case: Case, *, document: CaseDocument, by: Actor, at: datetime) -> None:
    """Handler of `document_signed`. A paper that nothing waits for (a copy, technical conditions) moves nothing.

    Raises Conflict for a contract about which the applicant disagrees.
    """
    require_transaction()
    if document.kind == "contract" and case.status == CONTRACT_DISPUTED:
        raise Conflict("По договору есть разногласия: сначала ответьте на них.")
    if document.kind == "contract" and case.status == CONTRACT_SENT:
        _contract_signed(case, _last_day(document, at), by, at)
    elif document.kind == "connection_act" and case.status == ACT_SENT:
        on = _last_day(document, at)
        entry = move(case, "sign_act", by=by, at=at, details={"on": on.isoformat()})
        tell_connected(case, entry, on, at)


def _contract_signed(case: Case, on: date, by: Actor, at: datetime) -> None:
    """The contract's date is the day of the last signature; the works' term counts from it."""
    conclude(begun_contract(case, by=by, at=at), on=on)
    entry = move(case, "sign_contract", by=by, at=at, details={"on": on.isoformat()}, term_starts_on=on)
    today = clock.day_in(company.profile().zone, at)
    told: dict[str, Any] = {
        "key": str(entry.seq),
        "at": at,
        "on": f"{on:%d.%m.%Y}",
        "due": due_words(case, today),
    }
    tell_applicant(case, "contract-signed", **told, reader="applicant")
    tell_supplier(case, "contract-signed", **told, reader="supplier")


def _last_day(document: CaseDocument, at: datetime) -> date:
    query = select(func.max(SignatureSlot.signed_on)).where(SignatureSlot.case_document_id == document.id)
    return db.session.scalar(query) or clock.day_in(company.profile().zone, at)
