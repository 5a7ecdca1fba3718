"""Letters about electronic signatures: whoever waits for one learns of it, once for all documents of one act."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from app.actor import Actor
from app.cases.held_case import sender
from app.cases.letter_steps import tell_applicant, tell_company, tell_supplier
from app.cases.models import Case, CaseDocument
from app.cases.policy import Party
from app.cases.queries import party
from app.company import queries as company
from app.company.wording import moment_words
from app.extensions import db
from app.signing.models import Signature
from app.signing.slot_queries import slots_of
from app.signing.slot_rules import SIGNATURES, is_complete, why_not

_HOW = {"code": "кодом из СМС", "certificate": "сертификатом"}


def tell_signed(
    case: Case,
    signed: Sequence[Signature],
    *,
    status_before: str,
    by: Actor,
    at: datetime,
    to_sender: bool = False,
) -> None:
    """One letter about the documents that one act has signed, to those on the other sides.

    The applicant gets none when the signature carried the case on: the letter of that tells it. `to_sender`: the
    signature was decided later than it was sent, so that the sender's own side learns of it too. A paper that the company
    alone sees is told to the company alone.
    """
    if not signed:
        return
    side = party(by, case)
    documents = [db.session.get_one(CaseDocument, one.case_document_id) for one in signed]
    shown = [pair for pair in zip(signed, documents, strict=True) if not pair[1].internal]
    if shown and case.status == status_before:
        _tell(case, "applicant", side, shown, at, mark=side != "applicant")
    if side != "company":
        _tell(case, "company", side, shown, at)
    elif to_sender:
        _tell(case, "company", side, list(zip(signed, documents, strict=True)), at, mark=False)
    theirs = [pair for pair in shown if pair[1].side == "supplier"]
    if theirs and (side != "supplier" or to_sender):
        _tell(case, "supplier", side, theirs, at, mark=side != "supplier")


def tell_side(case: Case, to: str, kind: str, *, key: str, at: datetime, **told: Any) -> None:
    """A letter to the people of one side; their own act marks nothing as new to them."""
    tell = {"applicant": tell_applicant, "company": tell_company, "supplier": tell_supplier}[to]
    tell(case, kind, key=key, at=at, mark=None, **told)


def _tell(
    case: Case,
    to: Party,
    side: Party,
    signed: Sequence[tuple[Signature, CaseDocument]],
    at: datetime,
    *,
    mark: bool = True,
) -> None:
    if not signed:
        return
    profile, first = company.profile(), signed[0][0]
    tell = {"applicant": tell_applicant, "company": tell_company, "supplier": tell_supplier}[to]
    told = {
        **sender(case, side),
        "whose": SIGNATURES[side],
        "signer": first.signer,
        "how": _HOW[first.kind],
        "moment": moment_words(first.signed_at, profile.zone, profile.zone_label),
        "documents": [_facts(one, document) for one, document in signed],
        "waits": any(_waits(document, to) for _one, document in signed),
        "reader": to,
    }
    tell(
        case,
        "signed-electronically",
        key=f"signature-{first.id}-{to}",
        at=at,
        mark="status" if mark else None,
        **told,
    )


def _facts(signature: Signature, document: CaseDocument) -> dict[str, Any]:
    return {
        "title": signature.title,
        "number": signature.number,
        "complete": is_complete(slots_of(document.id)),
    }


def _waits(document: CaseDocument, to: Party) -> bool:
    """Whether the reader's own signature is the one that is waited for now."""
    slots = slots_of(document.id)
    return any(one.party == to and not why_not(one, slots) for one in slots)
