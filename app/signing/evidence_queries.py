"""Reading the evidence of electronic signatures: of a case, of one document, by a number or by the file itself."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app import gateways
from app.actor import Actor
from app.cases.models import Case, CaseDocument
from app.cases.queries import document_in, documents_of
from app.documents.models import DocumentVersion
from app.errors import NotFound
from app.extensions import db
from app.journal.models import JournalEntry
from app.signing.models import Signature
from app.signing.signature_rules import record_hash
from app.signing.trust_models import RevocationList

#: More signatures of one file nobody has to see on the page where anybody checks a file.
MOST_SHOWN = 50


@dataclass(frozen=True)
class SignedDocument:
    """A document of a case with its electronic signatures, the oldest first, and the file that they sign."""

    document: CaseDocument
    version: DocumentVersion
    signatures: Sequence[Signature]


def signatures_of(case: Case) -> list[Signature]:
    """Every electronic signature of a case, the oldest first."""
    query = select(Signature).where(Signature.case_id == case.id).order_by(Signature.id)
    return list(db.session.scalars(query))


def signed_documents(case: Case, actor: Actor) -> list[SignedDocument]:
    """The documents with electronic signatures that the actor may see, in the order of the documents."""
    found: dict[int, list[Signature]] = {}
    for signature in signatures_of(case):
        found.setdefault(signature.case_document_id, []).append(signature)
    if not found:
        return []
    return [
        SignedDocument(document, document.version, found[document.id])
        for document in documents_of(case, actor)
        if document.id in found
    ]


def signed_document(case: Case, actor: Actor, document_id: int) -> SignedDocument:
    """One document with its electronic signatures; NotFound when it has none or is not for this actor."""
    document = document_in(case, actor, document_id)
    query = select(Signature).where(Signature.case_document_id == document.id).order_by(Signature.id)
    signatures = list(db.session.scalars(query))
    if not signatures:
        raise NotFound
    return SignedDocument(document, document.version, signatures)


def signature_in(case: Case, actor: Actor, document_id: int, signature_id: int) -> Signature:
    """One signature by certificate under a document that the actor may see; NotFound otherwise."""
    document, found = document_in(case, actor, document_id), db.session.get(Signature, signature_id)
    if found is None or found.case_document_id != document.id or found.cms is None:
        raise NotFound
    return found


def with_hash(sha256: str) -> list[Signature]:
    """The signatures of a file, by the hash of its bytes (hex, small letters)."""
    query = select(Signature).where(Signature.sha256 == sha256)
    return list(db.session.scalars(query.order_by(Signature.id).limit(MOST_SHOWN)))


def with_number(number: str) -> Signature | None:
    """The signature of a number in its one form, see `signature_rules.typed_number`."""
    return db.session.scalars(select(Signature).where(Signature.number == number)).one_or_none()


def is_stored_whole(version: DocumentVersion) -> bool:
    """Whether the file on the disk is the one that was taken in."""
    return gateways.current().files.holds(version.storage_key, version.sha256)


def is_whole(signature: Signature) -> bool:
    """Whether the evidence is what was written when it was signed: row, record, file of the signature, journal agree."""
    record = signature.record
    what, check = record.get("what", {}), record.get("check", {})
    entry = db.session.get(JournalEntry, signature.journal_entry_id)
    if entry is None or (entry.kind, entry.case_id) != ("document_signed", signature.case_id):
        return False
    # Details that were erased by an act tell nothing any more; the hash of the record stands in the row itself.
    if entry.body and entry.body.get("record_sha256") != signature.record_sha256:
        return False
    cms_kept = hashlib.sha256(signature.cms).hexdigest() if signature.cms else ""
    return (
        record_hash(record) == signature.record_sha256
        and (what.get("sha256"), what.get("size")) == (signature.sha256, signature.size)
        and record.get("signed_at") == signature.signed_at.isoformat(timespec="microseconds")
        and check.get("cms_sha256", "") in ("", cms_kept)
    )


def lists_by_hash(hashes: Iterable[str]) -> dict[str, RevocationList]:
    """The revocation lists of these hashes (of their DER bytes) that are kept."""
    wanted = set(hashes)
    if not wanted:
        return {}
    query = select(RevocationList).where(RevocationList.sha256.in_(wanted))
    return {found.sha256: found for found in db.session.scalars(query)}
