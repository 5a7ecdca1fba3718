"""Signatures on paper as those who answer mark them: the signed scan, the day and who signed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from app import clock, gateways
from app.accounts.identity_papers import parse_date
from app.actor import Actor
from app.cases.document_steps import attach, left_over
from app.cases.held_case import held_for_answer, sender
from app.cases.kinds import stage_of
from app.cases.letter_steps import tell_applicant
from app.cases.message_text import clean_line
from app.cases.models import Case, CaseDocument
from app.cases.policy import Party
from app.cases.queries import require
from app.cases.steps import touch
from app.company import queries as company
from app.connections.refusals import collected
from app.documents.intake import Received, Upload, received
from app.documents.models import DocumentVersion
from app.errors import Conflict, InvalidForm
from app.extensions import db
from app.signing.models import SignatureSlot
from app.signing.slot_queries import held_slots, is_signed, slot_in
from app.signing.slot_rules import SIGNATURES, marks, refuse_day, second, why_not
from app.signing.slot_steps import LONGEST_SIGNER, sign_on_paper
from app.transaction import transaction

#: What the scan of a signed paper is called among the documents of the case.
SCAN = "signature_scan"
_LONGEST_TITLE = 200
_FIRST_DAY = date(2000, 1, 1)


@dataclass(frozen=True)
class Typed:
    """What stands in the form: the day as typed, who signed, and who signed second on the same paper (or empty)."""

    signed_on: str
    signer: str
    both: bool = False
    second_signer: str = ""


@dataclass(frozen=True)
class _Signature:
    slot: SignatureSlot
    signer: str


def mark_signed(
    case_id: int,
    slot_id: int,
    uploads: Sequence[Upload],
    typed: Typed,
    *,
    by: Actor,
    at: datetime,
    key: str = "",
    seen: str = "",
) -> None:
    """Mark a signature on paper; with `typed.both` the next one of the document too, which the same scan shows.

    The applicant gets a letter, unless the signature carries the case on: then the letter of that tells it. Raises
    NotFound, Forbidden, Conflict (not this one's turn), InvalidForm (`scan`, `signed_on`, `signer`, `second_signer`).
    """
    left: list[str] = []
    with received(uploads[:1], field="scan") as files, transaction():
        sent = (str(slot_id), typed.signed_on, typed.signer, *(one.stored.sha256 for one in files))
        case, side = held_for_answer(case_id, by=by, at=at, key=key, seen=seen, sent=sent)
        slot, document = slot_in(case, by, slot_id)
        slots = held_slots(document.id)
        require(marks(side, slot.party, document.side))
        if why := why_not(slot, slots):
            raise Conflict(why)
        if stage_of(case.kind, case.status).tab == "rejected":
            raise Conflict("Рассмотрение закончено: подпись под документом больше не нужна.")
        zone = company.profile().zone
        days = (clock.day_in(zone, case.sent_at or at), clock.day_in(zone, at))
        day, signatures = _read(typed, side, slot, slots, document, files, days)
        scan, left = _scan(case, side, document, files, by=by, at=at)
        stood = case.status
        for one in signatures:
            sign_on_paper(one.slot, scan=scan, signed_on=day, signer=one.signer, by=by, at=at)
        touch(case, at=at)
        if case.status == stood:
            _tell(case, side, document, signatures, day, at)
    for storage_key in left:
        gateways.current().files.delete(storage_key)


def _read(
    typed: Typed,
    side: Party,
    slot: SignatureSlot,
    slots: Sequence[SignatureSlot],
    document: CaseDocument,
    files: Sequence[Received],
    days: tuple[date, date],
) -> tuple[date, list[_Signature]]:
    """The day, which lies within `days`, and the signatures to mark; one InvalidForm with all that is wrong."""
    errors: dict[str, list[str]] = {} if files else {"scan": ["Выберите скан подписанного документа."]}
    day, signatures = _FIRST_DAY, []
    with collected(errors, "signed_on"):
        day = _day(typed.signed_on, *days)
    with collected(errors, "signer"):
        signatures.append(_Signature(slot, _name(typed.signer, "Кто подписал")))
    if typed.both:
        with collected(errors, "second_signer"):
            other = _second(side, slot, slots, document)
            name = _name(typed.second_signer, f"Кто подписал второй ({SIGNATURES[other.party]})")
            signatures.append(_Signature(other, name))
    if errors:
        raise InvalidForm(errors)
    return day, signatures


def _day(text: str, sent_on: date, today: date) -> date:
    latest = date(today.year + 100, 1, 1)
    day = parse_date(text, earliest=_FIRST_DAY, latest=latest, label="Дата подписи", example=today)
    refuse_day(day, today=today, sent_on=sent_on)
    return day


def _name(text: str, label: str) -> str:
    return clean_line(text, max_length=LONGEST_SIGNER, label=label)


def _second(
    side: Party, slot: SignatureSlot, slots: Sequence[SignatureSlot], document: CaseDocument
) -> SignatureSlot:
    other = second(slot, slots)
    if other is None or not marks(side, other.party, document.side):
        raise Conflict("Второй подписи под этим документом не ждут. Обновите страницу и проверьте.")
    return other


def _scan(
    case: Case, side: Party, document: CaseDocument, files: Sequence[Received], *, by: Actor, at: datetime
) -> tuple[CaseDocument, list[str]]:
    """The scan as a document of the case, and the keys of bytes that are there already: a second mark may show the same."""
    title = f"Подписанный документ: {document.title}"[:_LONGEST_TITLE]
    rows = attach(case, files, kind=SCAN, title=title, side=side, by=by, at=at, internal=document.internal)
    return (rows[0] if rows else _known(case, files[0])), left_over(files, rows)


def _known(case: Case, file: Received) -> CaseDocument:
    query = (
        select(CaseDocument)
        .join(DocumentVersion, DocumentVersion.id == CaseDocument.document_version_id)
        .where(CaseDocument.case_id == case.id, CaseDocument.kind == SCAN)
        .where(DocumentVersion.sha256 == file.stored.sha256)
    )
    return db.session.scalars(query.limit(1)).one()


def _tell(
    case: Case,
    side: Party,
    document: CaseDocument,
    signatures: Sequence[_Signature],
    day: date,
    at: datetime,
) -> None:
    if document.internal:
        return
    tell_applicant(
        case,
        "document-signed",
        key=f"slot-{signatures[-1].slot.id}",
        at=at,
        document=document.title,
        day=f"{day:%d.%m.%Y}",
        signatures=[(SIGNATURES[one.slot.party], one.signer) for one in signatures],
        waits=_waits(document),
        complete=is_signed(document),
        address=company.profile().address,
        **sender(case, side),
    )


def _waits(document: CaseDocument) -> bool:
    """Whether the applicant's signature is the one that is waited for now."""
    slots = held_slots(document.id)
    return any(one.party == "applicant" and not why_not(one, slots) for one in slots)
