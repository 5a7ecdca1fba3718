"""The signatures under each document of a case, as one reader sees them."""

from collections.abc import Collection, Mapping, Sequence

from flask import url_for

from app.actor import Actor
from app.cases.document_lines import DocumentLine, LineAct
from app.cases.kinds import stage_of
from app.cases.models import Case, CaseDocument
from app.cases.policy import Party, may_answer, party_of
from app.company import queries as company
from app.connections.contract_lifecycle import CONTRACT_DISPUTED
from app.signing.models import SignatureSlot
from app.signing.slot_queries import slots_in
from app.signing.slot_rules import DECLINED, PENDING, SIGNATURES, SIGNED, awaited, marks, why_not

_AWAITED: Mapping[str, str] = {
    "company": "сетевая организация",
    "supplier": "гарантирующий поставщик",
    "applicant": "заявитель",
}


def signature_lines(
    case: Case, actor: Actor, documents: Sequence[CaseDocument]
) -> dict[int, list[DocumentLine]]:
    """A line for each slot of the documents; one query for all of them, none when there is nothing to sign."""
    side = party_of(actor, case)
    slots, shown = slots_in(case), {one.id: one for one in documents}
    return {
        document_id: [_line(slot, found, shown[document_id], case, side, shown.keys()) for slot in found]
        for document_id, found in slots.items()
        if document_id in shown
    }


def _line(
    slot: SignatureSlot,
    slots: Sequence[SignatureSlot],
    document: CaseDocument,
    case: Case,
    side: Party | None,
    shown: Collection[int],
) -> DocumentLine:
    label = SIGNATURES[slot.party]
    if slot.state == SIGNED:
        scan = slot.scan_id if slot.scan_id in shown else None
        words = f"подписан: {slot.signed_on:%d.%m.%Y} на бумаге, {slot.signer}"
        return DocumentLine(label, words, "ok", file_id=scan, file_words="скан")
    if slot.state != PENDING:
        words = "отклонена" if slot.state == DECLINED else "не нужна: размещена новая редакция"
        return DocumentLine(label, words, "bad" if slot.state == DECLINED else "")
    if stage_of(case.kind, case.status).tab == "rejected":
        return DocumentLine(label, "не понадобилась: рассмотрение закончено")
    first = awaited(slot, slots)
    if first:
        return DocumentLine(label, f"ждем: сначала подписывает {_AWAITED[first]}")
    if _disputed(slot, document, case):
        return DocumentLine(label, "ждем: сначала ответ на разногласия")
    mine = side == slot.party
    return DocumentLine(
        label,
        "ждем вашу подпись" if mine else "ждем",
        "you" if mine else "",
        hint=_hint(document, case) if mine and side == "applicant" else "",
        act=_act(slot, slots, document, case, side),
    )


def _disputed(slot: SignatureSlot, document: CaseDocument, case: Case) -> bool:
    """Whether the applicant disagrees with this contract: until the answer nobody asks them to sign it."""
    contract = document.kind == "contract" and document.side == "company"
    return contract and slot.party == "applicant" and case.status == CONTRACT_DISPUTED


def _act(
    slot: SignatureSlot,
    slots: Sequence[SignatureSlot],
    document: CaseDocument,
    case: Case,
    side: Party | None,
) -> LineAct | None:
    if not may_answer(side, case) or not marks(side, slot.party, document.side) or why_not(slot, slots):
        return None
    url = url_for("signing.mark_page", case_id=case.id, slot_id=slot.id)
    return LineAct(f"sign-{slot.id}", "Отметить подпись на бумаге", url)


def _hint(document: CaseDocument, case: Case) -> str:
    """What an applicant does about a paper that waits for them: today it is signed on paper alone."""
    if document.side == "supplier":
        return (
            f"Распечатайте документ, подпишите и передайте поставщику ({case.supplier_name}). "
            "Куда его принести, спросите у него в сообщениях."
        )
    address = company.profile().address
    where = (
        f"принесите в офис сетевой организации: {address}"
        if address
        else "принесите в офис сетевой организации"
    )
    return f"Распечатайте документ, подпишите и {where}. Сотрудник отметит здесь вашу подпись."
