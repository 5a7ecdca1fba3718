"""An electronic signature fills a slot: evidence, journal, the word to whoever waits. Needs an open transaction."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app import clock
from app.actor import Actor
from app.cases.models import CaseDocument
from app.company import queries as company
from app.documents.models import DocumentVersion
from app.extensions import db
from app.signing.models import Signature, SignatureSlot
from app.signing.signals import document_signed
from app.signing.signature_rules import NUMBER_BYTES, Kind, canonical, record_hash, signature_number
from app.signing.slot_rules import SIGNED, is_complete
from app.signing.slot_steps import around, recorded, refuse
from app.signing.viewing_actions import viewed_at
from app.signing.who_queries import instant
from app.transaction import require_transaction


@dataclass(frozen=True)
class Evidence:
    """What is known of one act of signing; the same for all documents that it signs.

    `record` holds the groups of a record of a signing act: who, agreement, key, delivery, when, where, certificate.
    `cms` is the signature of this very document, by certificate alone; `came_at` is when it came in, if it had to wait.
    """

    kind: Kind
    signer: str
    record: Mapping[str, Any]
    package: str
    cms: bytes | None = None
    came_at: datetime | None = None


def new_number() -> str:
    """A number that nobody can guess, for a signature or a package of them."""
    return signature_number(secrets.token_bytes(NUMBER_BYTES))


def sign(slot: SignatureSlot, evidence: Evidence, *, by: Actor, at: datetime) -> Signature:
    """Sign the document of a slot; tells `document_signed` when it was the last signature needed.

    The caller has checked the code or the certificate and the bytes of the file. Raises Conflict when the slot is not
    open or an earlier party has not signed. Not for what a job accepts without a person: then `by` is who sent it in.
    """
    require_transaction()
    case, document, slots = around(slot)
    refuse(slot, slots)
    version, given_at = document.version, evidence.came_at or at
    viewed = viewed_at(case.id, document, by.user_id)
    record = {**_record(evidence, slot, document, version, given_at), "viewed_at": instant(viewed)}
    number, digest = new_number(), record_hash(record)
    slot.state, slot.kind, slot.signer = SIGNED, evidence.kind, evidence.signer
    slot.signed_on = clock.day_in(company.profile().zone, given_at)
    slot.marked_by, slot.marked_at = by.user_id, at
    details = {
        "signature": slot.party,
        "signer": evidence.signer,
        "kind": evidence.kind,
        "number": number,
        "sha256": version.sha256,
        "record_sha256": digest,
    }
    entry = recorded("document_signed", case, document, details, by=by, at=at)
    signature = _row(evidence, slot, version, record, by=by, at=given_at)
    signature.number, signature.record_sha256, signature.journal_entry_id = number, digest, entry.id
    signature.title = document.title
    db.session.add(signature)
    db.session.flush()
    if slot.required and is_complete(slots):
        document_signed.send(case, document=document, by=by, at=at)
    return signature


def _row(
    evidence: Evidence,
    slot: SignatureSlot,
    version: DocumentVersion,
    record: dict[str, Any],
    *,
    by: Actor,
    at: datetime,
) -> Signature:
    return Signature(
        package=evidence.package,
        slot_id=slot.id,
        case_id=slot.case_id,
        case_document_id=slot.case_document_id,
        document_version_id=version.id,
        kind=evidence.kind,
        party=slot.party,
        user_id=by.user_id,
        signer=evidence.signer,
        signed_at=at,
        sha256=version.sha256,
        size=version.size,
        file_name=version.file_name,
        record=record,
        cms=evidence.cms,
    )


def _record(
    evidence: Evidence, slot: SignatureSlot, document: CaseDocument, version: DocumentVersion, at: datetime
) -> dict[str, Any]:
    """The whole record, in plain JSON values alone, so that what is read back hashes the same."""
    what = {
        "document": document.id,
        "version": version.id,
        "title": document.title,
        "file_name": version.file_name,
        "size": version.size,
        "sha256": version.sha256,
        "package": evidence.package,
    }
    record = {
        **evidence.record,
        "kind": evidence.kind,
        "what": what,
        "side": slot.party,
        "signed_at": at.isoformat(timespec="microseconds"),
    }
    canonical(record)  # raises TypeError for what JSON does not hold
    return record
