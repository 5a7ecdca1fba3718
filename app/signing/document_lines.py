"""The signatures under each document of a case, as one reader sees them, in the words of the manual (section 4)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import url_for
from sqlalchemy import select

from app.actor import Actor
from app.cases.document_lines import DocumentLine, LineAct
from app.cases.kinds import stage_of
from app.cases.models import Case, CaseDocument
from app.cases.policy import Party, is_closed, may_answer, party_of
from app.company import queries as company
from app.extensions import db
from app.signing.certificate_queries import attempt_words
from app.signing.evidence_lines import evidence_line
from app.signing.models import Signature, SignatureSlot
from app.signing.policy import NOT_CONFIRMED, why_may_not, why_may_not_decline
from app.signing.sign_queries import disputed, is_contract_to_sign
from app.signing.slot_queries import slots_in
from app.signing.slot_rules import DECLINED, PENDING, SIGNATURES, SIGNED, awaited, marks, why_not

_AWAITED: Mapping[str, str] = {
    "company": "сетевая организация",
    "supplier": "гарантирующий поставщик",
    "applicant": "заявитель",
}
_HOW: Mapping[str, str] = {"code": "кодом из СМС", "certificate": "сертификатом"}


@dataclass(frozen=True)
class _Page:
    """What all lines of one page share."""

    case: Case
    actor: Actor
    side: Party | None
    #: Ids of the documents that the reader sees.
    shown: Collection[int]
    #: Electronic signatures and those that came in and wait, by slot.
    signatures: Mapping[int, Signature]
    waiting: Mapping[int, str]


def signature_lines(
    case: Case, actor: Actor, documents: Sequence[CaseDocument]
) -> dict[int, list[DocumentLine]]:
    """A line for each slot of the documents; a few queries for all of them, one when there is nothing to sign."""
    slots, shown = slots_in(case), {one.id: one for one in documents}
    found = [one for group in slots.values() for one in group]
    page = _Page(
        case,
        actor,
        party_of(actor, case),
        shown.keys(),
        _signatures(case) if any(one.kind in _HOW for one in found) else {},
        attempt_words(case) if any(one.state == PENDING for one in found) else {},
    )
    return {
        document_id: _lines(page, group, shown[document_id])
        for document_id, group in slots.items()
        if document_id in shown
    }


def _lines(page: _Page, slots: Sequence[SignatureSlot], document: CaseDocument) -> list[DocumentLine]:
    """The line of each slot, and the way to the evidence when some were signed electronically."""
    lines = [_line(page, slot, slots, document) for slot in slots]
    electronic = sum(one.kind in _HOW for one in slots)
    return [*lines, evidence_line(page.case.id, document.id, electronic)] if electronic else lines


def _signatures(case: Case) -> dict[int, Signature]:
    query = select(Signature).where(Signature.case_id == case.id)
    return {one.slot_id: one for one in db.session.scalars(query)}


def _line(
    page: _Page, slot: SignatureSlot, slots: Sequence[SignatureSlot], document: CaseDocument
) -> DocumentLine:
    label = SIGNATURES[slot.party]
    if slot.state == SIGNED:
        scan = slot.scan_id if slot.scan_id in page.shown else None
        words = _signed(slot, page.signatures.get(slot.id))
        return DocumentLine(label, words, "ok", file_id=scan, file_words="скан")
    if slot.state == DECLINED:
        return DocumentLine(label, "отказ от подписи", "bad", acts=_answer(page, slot, document))
    if slot.state != PENDING:
        return DocumentLine(label, "не нужна: размещена новая редакция")
    if stage_of(page.case.kind, page.case.status).tab == "rejected":
        return DocumentLine(label, "не понадобилась: рассмотрение закончено")
    if first := awaited(slot, slots):
        return DocumentLine(label, f"ждем: сначала подписывает {_AWAITED[first]}")
    if disputed(page.case, document, slot.party):
        return DocumentLine(label, "ждем: сначала ответ на разногласия")
    mine = page.side == slot.party and not is_closed(page.side, page.case)
    if sent := page.waiting.get(slot.id):
        # Who has sent it is not asked again; the office may still mark a paper that came meanwhile.
        others = [one for one in _acts(page, slot, slots, document) if not mine]
        return DocumentLine(label, f"подпись прислана, {sent}", acts=others)
    return DocumentLine(
        label,
        "ждем вашу подпись" if mine else "ждем",
        "you" if mine else "",
        hint=_hint(page, slot, document) if mine and page.side == "applicant" else "",
        acts=_acts(page, slot, slots, document),
    )


def _signed(slot: SignatureSlot, signature: Signature | None) -> str:
    """«подписан: 03.08.2020, 14:06 кодом из СМС, Иванов П. Г., № подписи 7K3M-92QX-4TFD»; «добавлен» for who answers."""
    verb = "подписан" if slot.party == "applicant" else "добавлен"
    if signature is None:
        return f"{verb}: {slot.signed_on:%d.%m.%Y} на бумаге, {slot.signer}"
    moment = signature.signed_at.astimezone(ZoneInfo(company.profile().zone))
    told = f"{verb}: {moment:%d.%m.%Y, %H:%M} {_HOW[signature.kind]}, {signature.signer}"
    return f"{told}, № подписи {signature.number}"


def _acts(
    page: _Page, slot: SignatureSlot, slots: Sequence[SignatureSlot], document: CaseDocument
) -> list[LineAct]:
    """«Подписать!» for who may, the paper for who marks it, and the no."""
    if why_not(slot, slots):
        return []
    case, found = page.case, []
    if page.side == slot.party and not why_may_not(page.actor, case, slot):
        url = url_for("signing.sign_page", case_id=case.id, slot=slot.id)
        found.append(LineAct(f"sign-{slot.id}", "Подписать!", url, primary=True))
    if may_answer(page.side, case) and marks(page.side, slot.party, document.side):
        url = url_for("signing.mark_page", case_id=case.id, slot_id=slot.id)
        found.append(LineAct(f"mark-{slot.id}", "Отметить подпись на бумаге", url))
    return [*found, *_decline(page, slot, document)]


def _decline(page: _Page, slot: SignatureSlot, document: CaseDocument) -> list[LineAct]:
    case = page.case
    if page.side != slot.party or why_may_not_decline(page.actor, case, slot):
        return []
    if page.side == "applicant" and is_contract_to_sign(case, document):
        return []  # the first panel offers disagreements
    url = url_for("signing.decline_page", case_id=case.id, slot_id=slot.id)
    return [LineAct(f"decline-{slot.id}", "Отказаться от подписи", url)]


def _answer(page: _Page, slot: SignatureSlot, document: CaseDocument) -> list[LineAct]:
    case = page.case
    ended = stage_of(case.kind, case.status).tab == "rejected"
    if ended or not may_answer(page.side, case) or not marks(page.side, slot.party, document.side):
        return []
    url = url_for("signing.answer_page", case_id=case.id, slot_id=slot.id)
    return [LineAct(f"answer-{slot.id}", "Ответить на отказ", url)]


def _hint(page: _Page, slot: SignatureSlot, document: CaseDocument) -> str:
    """How else an applicant may sign: on paper, which is the only way until the office has confirmed the account."""
    case = page.case
    unconfirmed = why_may_not(page.actor, case, slot) == NOT_CONFIRMED
    first = f"{NOT_CONFIRMED} Или подпишите на бумаге" if unconfirmed else "Можно и на бумаге"
    if document.side == "supplier":
        return (
            f"{first}: распечатайте документ, подпишите и передайте поставщику ({case.supplier_name}). "
            "Куда его принести, спросите у него в сообщениях."
        )
    address = company.profile().address
    where = f"в офис сетевой организации: {address}" if address else "в офис сетевой организации"
    return f"{first}: распечатайте документ, подпишите и принесите {where}. Сотрудник отметит здесь вашу подпись."
