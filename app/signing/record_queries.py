"""The check of the signatures: each against its own record, the journal, the slot and the file it signs."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.cases.models import CaseDocument
from app.documents.models import DocumentVersion
from app.extensions import db
from app.journal.models import JournalEntry
from app.signing.evidence_queries import is_stored_whole
from app.signing.models import Signature, SignatureSlot
from app.signing.signature_rules import record_hash
from app.signing.slot_rules import SIGNATURES, SIGNED

_AT_ONCE = 200


def broken_signatures() -> Iterator[str]:
    """One sentence for each signature whose evidence is not what was written; nothing when all of it is whole."""
    query = (
        select(Signature, JournalEntry, SignatureSlot, CaseDocument, DocumentVersion)
        .outerjoin(JournalEntry, JournalEntry.id == Signature.journal_entry_id)
        .outerjoin(SignatureSlot, SignatureSlot.id == Signature.slot_id)
        .outerjoin(CaseDocument, CaseDocument.id == Signature.case_document_id)
        .outerjoin(DocumentVersion, DocumentVersion.id == Signature.document_version_id)
        .order_by(Signature.id)
    )
    rows = db.session.execute(query.execution_options(yield_per=_AT_ONCE))
    for signature, entry, slot, document, version in rows:
        if why := _why(signature, entry, slot, document, version):
            yield f"подпись № {signature.number}, обращение № {signature.case_id}: {why}"
    yield from _without_signature()
    yield from _slots_alone()


def _why(
    signature: Signature,
    entry: JournalEntry | None,
    slot: SignatureSlot | None,
    document: CaseDocument | None,
    version: DocumentVersion | None,
) -> str:
    if record_hash(signature.record) != signature.record_sha256:
        return "запись о подписании изменена"
    if entry is None or not _fits_journal(signature, entry):
        return "не та, что записана в журнале"
    if not _fits_record(signature, signature.record):
        return "не та, что в ее записи о подписании"
    if document is None or slot is None or not _fits_slot(signature, slot):
        return "стоит не под тем документом"
    if version is None or (version.sha256, version.size) != (signature.sha256, signature.size):
        return "подписанный файл подменен"
    if not is_stored_whole(version):
        return "подписанный файл на сервере не тот, что был подписан, или его нет"
    return ""


def _fits_journal(signature: Signature, entry: JournalEntry) -> bool:
    told = {
        "signature": signature.party,
        "signer": signature.signer,
        "kind": signature.kind,
        "number": signature.number,
        "sha256": signature.sha256,
        "record_sha256": signature.record_sha256,
    }
    written = (entry.kind, entry.case_id, entry.actor_id, entry.at)
    if written != ("document_signed", signature.case_id, signature.user_id, _taken_at(signature)):
        return False
    # Details that were erased by an act tell nothing any more; the hash of the record stands in the row itself.
    return not entry.body or all(entry.body.get(name) == value for name, value in told.items())


def _fits_record(signature: Signature, record: dict[str, Any]) -> bool:
    what = {
        "document": signature.case_document_id,
        "version": signature.document_version_id,
        "title": signature.title,
        "file_name": signature.file_name,
        "size": signature.size,
        "sha256": signature.sha256,
        "package": signature.package,
    }
    told = (record.get("kind"), record.get("side"), record.get("signed_at"))
    at = signature.signed_at.isoformat(timespec="microseconds")
    same = record.get("what") == what and told == (signature.kind, signature.party, at)
    return same and _cms_hash(record) in ("", hashlib.sha256(signature.cms or b"").hexdigest())


def _taken_at(signature: Signature) -> datetime:
    """When the site took the signature; it was given earlier when it had to wait for a list or a power of attorney."""
    check = signature.record.get("check")
    at = str(check.get("at", "")) if isinstance(check, dict) else ""
    return datetime.fromisoformat(at) if at else signature.signed_at


def _cms_hash(record: dict[str, Any]) -> str:
    """What the record says of the file of the signature; nothing for a signature by a code."""
    check = record.get("check")
    return str(check.get("cms_sha256", "")) if isinstance(check, dict) else ""


def _fits_slot(signature: Signature, slot: SignatureSlot) -> bool:
    given = (slot.case_id, slot.case_document_id, slot.party, slot.state, slot.kind, slot.signer)
    return given == (
        signature.case_id,
        signature.case_document_id,
        signature.party,
        SIGNED,
        signature.kind,
        signature.signer,
    )


def _slots_alone() -> Iterator[str]:
    """Signatures that a page shows as given electronically and of which there is nothing."""
    query = (
        select(SignatureSlot)
        .outerjoin(Signature, Signature.slot_id == SignatureSlot.id)
        .where(SignatureSlot.state == SIGNED, SignatureSlot.kind != "paper", Signature.id.is_(None))
        .order_by(SignatureSlot.id)
    )
    for slot in db.session.scalars(query):
        yield f"обращение № {slot.case_id}: {SIGNATURES[slot.party]} отмечена электронной, а доказательств нет"


def _without_signature() -> Iterator[str]:
    """Acts of signing that the journal knows and whose evidence is gone."""
    query = (
        select(JournalEntry)
        .outerjoin(Signature, Signature.journal_entry_id == JournalEntry.id)
        .where(JournalEntry.kind == "document_signed", Signature.id.is_(None))
        .order_by(JournalEntry.id)
    )
    for entry in db.session.scalars(query):
        number = entry.body.get("number", "")
        yield f"подпись № {number}, обращение № {entry.case_id}: в журнале она есть, а доказательств нет"
