"""Rows of documents, inside an action's transaction."""

from datetime import datetime

from app.documents.intake import Received
from app.documents.models import Document, DocumentVersion
from app.extensions import db
from app.transaction import require_transaction


def add_document(
    received: Received, *, owner_applicant_id: int | None, by: int, at: datetime
) -> DocumentVersion:
    """A new document with its first version, from a file that was taken in; `by` is the user's id."""
    require_transaction()
    document = Document(owner_applicant_id=owner_applicant_id, created_at=at)
    db.session.add(document)
    db.session.flush()
    version = DocumentVersion(
        document_id=document.id,
        number=1,
        file_name=received.name,
        type_code=received.type.code,
        size=received.stored.size,
        sha256=received.stored.sha256,
        storage_key=received.stored.key,
        uploaded_by=by,
        uploaded_at=at,
    )
    db.session.add(version)
    db.session.flush()
    return version


def remove_version(version: DocumentVersion) -> str:
    """Forget a version that nothing refers to any more and return its storage key, whose bytes the action deletes
    after its commit."""
    require_transaction()
    key, document = version.storage_key, version.document
    db.session.delete(version)
    db.session.flush()
    db.session.delete(document)
    db.session.flush()
    return key
