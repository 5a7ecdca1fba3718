"""Which documents of a case wait for the signature of one person, and whether those chosen can be signed now."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app import clock
from app.accounts.models import Applicant
from app.actor import Actor
from app.cases.kinds import stage_of
from app.cases.models import Case, CaseDocument
from app.cases.queries import documents_of, party
from app.connections.contract_lifecycle import CONTRACT_DISPUTED, CONTRACT_SENT
from app.errors import Conflict, Forbidden, NotFound
from app.extensions import db
from app.journal.models import JournalEntry
from app.signing.certificate_queries import waiting_in
from app.signing.certificate_rules import NO_ROOTS, WAITS
from app.signing.models import SignatureSlot
from app.signing.policy import DISPUTED, ENDED, why_may_not
from app.signing.signature_rules import Kind, roads
from app.signing.slot_queries import held_slots, slots_in, slots_of
from app.signing.slot_rules import DECLINED, PENDING, why_not
from app.signing.trust_queries import has_root


@dataclass(frozen=True)
class Awaited:
    """One document that a person may sign, and why they cannot just now (empty when they can).

    `sent`: what a signature that has come in waits for; another one may take its place, but nobody is asked for it.
    """

    slot: SignatureSlot
    document: CaseDocument
    why_not: str = ""
    sent: str = ""

    @property
    def ready(self) -> bool:
        """Whether the person is asked to sign it now."""
        return not self.why_not and not self.sent


def roads_of(case: Case, actor: Actor) -> tuple[Kind, ...]:
    """How the actor's side may sign in this case, the usual way first."""
    applicant = db.session.get_one(Applicant, case.applicant_id)
    return roads(party(actor, case), applicant.legal_form)


def why_no_certificate(case: Case, actor: Actor) -> str:
    """Why nobody can sign by a certificate on this site, for whom that road is open; an empty text when they can."""
    return "" if "certificate" not in roads_of(case, actor) or has_root(clock.now()) else NO_ROOTS


def awaited_of(case: Case, actor: Actor) -> list[Awaited]:
    """The open slots of the actor's own side under the documents they may see, in the order of the documents."""
    side, slots = party(actor, case), slots_in(case)
    sent = {one.slot_id: WAITS[one.state] for one in waiting_in(case.id)} if slots else {}
    return [
        Awaited(
            slot, document, _why_not(case, actor, slot, slots[document.id], document), sent.get(slot.id, "")
        )
        for document in documents_of(case, actor)
        for slot in slots.get(document.id, ())
        if slot.party == side and slot.state == PENDING
    ]


def chosen(
    case: Case, actor: Actor, slot_ids: Sequence[int], *, held: bool = False
) -> list[tuple[SignatureSlot, CaseDocument]]:
    """The named slots with their documents, in the order named; `held` reads and keeps the slots for an action.

    Raises NotFound for a slot that is not there, not under a document of this actor or of another side; Conflict for one
    that is signed, declined or not their turn; Forbidden for who may not sign, with the sentence of the policy.
    """
    side, seen = party(actor, case), {one.id: one for one in documents_of(case, actor)}
    slots = slots_in(case)
    found: list[tuple[SignatureSlot, CaseDocument]] = []
    for slot_id in dict.fromkeys(slot_ids):
        slot = db.session.get(SignatureSlot, slot_id)
        if slot is None or slot.case_id != case.id or slot.party != side or slot.case_document_id not in seen:
            raise NotFound
        document = seen[slot.case_document_id]
        around = held_slots(document.id) if held else slots[document.id]
        if why := why_may_not(actor, case, slot):
            raise Forbidden(why)
        if why := _why_not(case, actor, slot, around, document):
            raise Conflict(why)
        found.append((slot, document))
    if not found:
        raise Conflict("Отметьте документы, которые подписываете.")
    return found


def disputed(case: Case, document: CaseDocument, party_of_slot: str) -> bool:
    """Whether the applicant disagrees with this contract: until the answer nobody asks them to sign it."""
    contract = document.kind == "contract" and document.side == "company"
    return contract and party_of_slot == "applicant" and case.status == CONTRACT_DISPUTED


def is_contract_to_sign(case: Case, document: CaseDocument) -> bool:
    """Whether it is the contract that the applicant may disagree with now: their no is a disagreement."""
    return document.kind == "contract" and document.side == "company" and case.status == CONTRACT_SENT


def why_not_now(case: Case, slot: SignatureSlot, document: CaseDocument) -> str:
    """What stands against this signature whoever gives it; an empty text when nothing does."""
    return _stands_against(case, slot, slots_of(document.id), document)


def why_not_answered(case: Case, slot: SignatureSlot) -> str:
    """Why nothing can be answered to who declined this signature; an empty text when it can."""
    if slot.state != DECLINED:
        return "От этой подписи не отказывались, или на отказ уже ответили. Обновите страницу."
    return ENDED if stage_of(case.kind, case.status).tab == "rejected" else ""


def declined_with(case: Case, slot: SignatureSlot) -> str:
    """The reason with which the signature of a slot was declined last; an empty text when it was not."""
    query = select(JournalEntry).where(
        JournalEntry.case_id == case.id, JournalEntry.kind == "signature_declined"
    )
    document = db.session.get_one(CaseDocument, slot.case_document_id)
    for entry in db.session.scalars(query.order_by(JournalEntry.id.desc())):
        if (entry.body.get("signature"), entry.body.get("document")) == (slot.party, document.title):
            return str(entry.body.get("reason", ""))
    return ""


def _why_not(
    case: Case, actor: Actor, slot: SignatureSlot, slots: Sequence[SignatureSlot], document: CaseDocument
) -> str:
    return why_may_not(actor, case, slot) or _stands_against(case, slot, slots, document)


def _stands_against(
    case: Case, slot: SignatureSlot, slots: Sequence[SignatureSlot], document: CaseDocument
) -> str:
    if stage_of(case.kind, case.status).tab == "rejected":
        return ENDED
    return DISPUTED if disputed(case, document, slot.party) else why_not(slot, slots)
