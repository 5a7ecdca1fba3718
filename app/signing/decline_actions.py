"""A side declines to sign with a reason, and those whose document it is answer: then it waits for the signature again.

The applicant's no to a contract is a disagreement (`contracts.acts`, the procedure of two-sided contracts): it moves the
case and has a term. Everything else stays where it is until it is answered or a new edition takes its place.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from app.accounts.steps import claim_key
from app.actor import Actor
from app.cases.changes import refuse_changed
from app.cases.held_case import held_for_answer, sender
from app.cases.models import Case, CaseDocument
from app.cases.policy import Party
from app.cases.queries import locked_case, party, require
from app.cases.steps import touch
from app.connections.refusals import reason_in
from app.errors import Conflict, Forbidden
from app.journal.models import JournalEntry
from app.signing import slot_steps
from app.signing.letter_steps import tell_side
from app.signing.models import SignatureSlot
from app.signing.policy import why_may_not_decline
from app.signing.sign_queries import is_contract_to_sign, why_not_answered, why_not_now
from app.signing.slot_queries import held_slots, slot_in
from app.signing.slot_rules import SIGNATURES, marks
from app.transaction import transaction

DISAGREE = (
    "Если вы не согласны с договором, отправьте разногласия: сетевая организация обязана на них ответить."
)
_WHY = "Напишите причину: ее прочитают те, чей это документ."
_ANSWER = "Напишите ответ: его прочитает тот, кто отказался подписать."


def decline(
    case_id: int, slot_id: int, reason: str, *, by: Actor, at: datetime, key: str = "", seen: str = ""
) -> None:
    """Decline the signature of one's own side under one document; the other sides get a letter.

    Raises NotFound, Forbidden with a sentence, Conflict (not their turn, ended, a contract: see above), InvalidForm
    (`reason`), CaseChanged, AlreadyDone.
    """
    with transaction():
        case = locked_case(by, case_id)
        claim_key(by.user_id, key, url=f"/cases/{case_id}", at=at, sent=(str(slot_id), reason))
        refuse_changed(case, seen, by=by)
        slot, document = slot_in(case, by, slot_id)
        require_declinable(case, by, slot, document)
        slot = next(one for one in held_slots(document.id) if one.id == slot.id)
        told = reason_in(reason, required=True, blank=_WHY)
        entry = slot_steps.decline(slot, reason=told, by=by, at=at)
        touch(case, at=at)
        _tell(case, slot, document, entry, told, by=by, at=at)


def answer(
    case_id: int, slot_id: int, text: str, *, by: Actor, at: datetime, key: str = "", seen: str = ""
) -> None:
    """Answer to who has declined: the document waits for their signature again, and they get a letter.

    Raises NotFound, Forbidden (for anybody but those whose document it is), Conflict, InvalidForm (`reason`),
    CaseChanged, AlreadyDone.
    """
    with transaction():
        sent = (str(slot_id), text)
        case, side = held_for_answer(case_id, by=by, at=at, key=key, seen=seen, sent=sent)
        slot, document = slot_in(case, by, slot_id)
        slot = next(one for one in held_slots(document.id) if one.id == slot.id)
        require_answerable(case, side, slot, document)
        told = reason_in(text, required=True, blank=_ANSWER)
        entry = slot_steps.reopen(slot, answer=told, by=by, at=at)
        touch(case, at=at)
        if slot.party != side and not document.internal:
            context = {"document": document.title, "answer": told, "reader": slot.party, **sender(case, side)}
            tell_side(case, slot.party, "decline-answered", key=f"j{entry.id}", at=at, **context)


def require_declinable(case: Case, actor: Actor, slot: SignatureSlot, document: CaseDocument) -> None:
    """Raise what keeps this person from declining this signature now."""
    require(party(actor, case) == slot.party)
    if why := why_may_not_decline(actor, case, slot):
        raise Forbidden(why)
    if why := why_not_now(case, slot, document):
        raise Conflict(why)
    if slot.party == "applicant" and is_contract_to_sign(case, document):
        raise Conflict(DISAGREE)


def require_answerable(case: Case, side: Party, slot: SignatureSlot, document: CaseDocument) -> None:
    """Raise what keeps this side from answering to a declined signature."""
    require(marks(side, slot.party, document.side))
    if why := why_not_answered(case, slot):
        raise Conflict(why)


def _tell(
    case: Case,
    slot: SignatureSlot,
    document: CaseDocument,
    entry: JournalEntry,
    reason: str,
    *,
    by: Actor,
    at: datetime,
) -> None:
    side = party(by, case)
    told: dict[str, Any] = {
        "document": document.title,
        "whose": SIGNATURES[slot.party],
        "reason": reason,
        **sender(case, side),
    }
    for other in _others(side, document):
        answers = marks(other, slot.party, document.side)
        tell_side(
            case,
            other,
            "signature-declined",
            key=f"j{entry.id}-{other}",
            at=at,
            reader=other,
            answers=answers,
            **told,
        )


def _others(side: Party, document: CaseDocument) -> Iterator[Party]:
    """The sides that see the document, without the one that declined."""
    if side != "company":
        yield "company"
    if side != "applicant" and not document.internal:
        yield "applicant"
    if side != "supplier" and document.side == "supplier":
        yield "supplier"
