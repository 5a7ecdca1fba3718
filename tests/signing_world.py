"""Papers that wait for signatures, made by the steps that the acts of contracts use."""

from collections.abc import Sequence
from datetime import datetime

from app import clock
from app.cases.document_steps import attach
from app.cases.models import Case, CaseDocument
from app.cases.queries import locked_case
from app.company import queries as company
from app.documents.intake import Upload, received
from app.extensions import db
from app.signing.actions import Typed, mark_signed
from app.signing.models import SignatureSlot
from app.signing.slot_rules import Side
from app.signing.slot_steps import open_slots
from app.transaction import transaction
from tests.application_world import pdf
from tests.case_world import Person


def paper_to_sign(
    case_id: int,
    by: Person,
    parties: Sequence[Side],
    *,
    side: str = "company",
    title: str = "Договор",
    at: datetime | None = None,
    internal: bool = False,
    file: Upload | None = None,
) -> list[int]:
    """A document of a case with its slots; gives the ids of the slots in order."""
    at = at or clock.now()
    with received([file or pdf(f"{title}-{case_id}")]) as files, transaction():
        case = locked_case(by.actor, case_id)
        told = {"kind": "contract", "title": title, "side": side, "internal": internal}
        (document,) = attach(case, files, **told, by=by.actor, at=at)  # type: ignore[arg-type]
        return [slot.id for slot in open_slots(case, document, parties, at=at)]


def today_words(at: datetime | None = None) -> str:
    """The day of an instant, or today, as it is typed."""
    return f"{clock.day_in(company.profile().zone, at or clock.now()):%d.%m.%Y}"


def mark(
    case_id: int,
    slot_id: int,
    by: Person,
    *,
    scan: Upload | None = None,
    day: str = "",
    signer: str = "Сидоров А. П.",
    second: str = "",
    at: datetime | None = None,
) -> None:
    """Mark a signature as the page does; with `second` the next one of the same scan too."""
    typed = Typed(day or today_words(at), signer, bool(second), second)
    upload = scan or pdf(f"scan-{slot_id}")
    mark_signed(case_id, slot_id, [upload], typed, by=by.actor, at=at or clock.now())


def slot(slot_id: int) -> SignatureSlot:
    """The slot as it stands now."""
    return db.session.get_one(SignatureSlot, slot_id, populate_existing=True)


def in_mode(case_id: int, mode: str) -> None:
    """The way the contract comes about, as staff set it before the preparation."""
    with transaction():
        db.session.get_one(Case, case_id).mode = mode


def document_of(slot_id: int) -> CaseDocument:
    return db.session.get_one(CaseDocument, slot(slot_id).case_document_id)
