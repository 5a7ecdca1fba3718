"""Signature slots, one line under a document for each party that signs it, and the signatures that fill them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import BigId, Model, UtcDateTime

STATES = ("pending", "signed", "declined", "superseded")
#: How a slot was filled: a scan of the paper that staff attached, a code from an SMS, a certificate.
KINDS = ("", "paper", "code", "certificate")


class SignatureSlot(Model):
    """That one party has to sign one document of a case, and what became of it.

    `place` is the order: a slot waits until every required one of the document with a smaller place is signed.
    """

    __tablename__ = "signature_slots"
    __table_args__ = (
        UniqueConstraint("case_document_id", "party", "place"),
        CheckConstraint("party IN ('applicant','company','supplier')", name="party_known"),
        CheckConstraint(f"state IN ({','.join(map(repr, STATES))})", name="state_known"),
        CheckConstraint(f"kind IN ({','.join(map(repr, KINDS))})", name="kind_known"),
        CheckConstraint("(state = 'signed') = (signed_on IS NOT NULL)", name="signed_has_day"),
        CheckConstraint("(state = 'signed') = (kind <> '')", name="signed_has_kind"),
        # What waits for a side: few rows among many.
        Index(
            "ix_signature_slots_open",
            "party",
            "case_id",
            sqlite_where=text("state IN ('pending','declined')"),
            postgresql_where=text("state IN ('pending','declined')"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    case_document_id: Mapped[int] = mapped_column(ForeignKey("case_documents.id", ondelete="CASCADE"))
    party: Mapped[str] = mapped_column(String(20))
    place: Mapped[int] = mapped_column(Integer)
    required: Mapped[bool] = mapped_column(Boolean, default=True)
    state: Mapped[str] = mapped_column(String(12), default="pending")
    kind: Mapped[str] = mapped_column(String(12), default="")
    #: The day that stands under the signature on the paper.
    signed_on: Mapped[date | None] = mapped_column(Date)
    #: Who signed, as the paper says: «Иванов П. Г.»
    signer: Mapped[str] = mapped_column(String(200), default="")
    #: The scan with the signature.
    scan_id: Mapped[int | None] = mapped_column(ForeignKey("case_documents.id", ondelete="SET NULL"))
    marked_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    marked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Signature(Model):
    """The evidence of one electronic signature; a row is never changed or removed (triggers on both databases).

    `record` is what the record of a signing act holds (63-ФЗ, articles 6, 9, 11), in canonical JSON; its SHA-256 stands in
    the journal. The exact bytes that were signed are those of `document_version_id`.
    """

    __tablename__ = "signatures"
    __table_args__ = (
        CheckConstraint("kind IN ('code','certificate')", name="kind_known"),
        CheckConstraint("party IN ('applicant','company','supplier')", name="party_known"),
        CheckConstraint("(kind = 'certificate') = (cms IS NOT NULL)", name="certificate_has_cms"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    #: What a person types to check it: «7K3M-92QX-4TFD»; not to be guessed, says nothing of the case.
    number: Mapped[str] = mapped_column(String(20), unique=True)
    #: The same for all documents that were signed by one act.
    package: Mapped[str] = mapped_column(String(20), index=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("signature_slots.id"), unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    case_document_id: Mapped[int] = mapped_column(ForeignKey("case_documents.id"))
    document_version_id: Mapped[int] = mapped_column(ForeignKey("document_versions.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    party: Mapped[str] = mapped_column(String(20))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    #: Full name as it was then.
    signer: Mapped[str] = mapped_column(String(200))
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Of the signed bytes: hex, bytes.
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int] = mapped_column(BigInteger)
    file_name: Mapped[str] = mapped_column(String(200))
    title: Mapped[str] = mapped_column(String(300))
    record: Mapped[dict[str, Any]] = mapped_column(JSON)
    record_sha256: Mapped[str] = mapped_column(String(64))
    #: The detached CAdES signature in DER without embedded revocation lists.
    cms: Mapped[bytes | None] = mapped_column(LargeBinary)
    journal_entry_id: Mapped[int] = mapped_column(ForeignKey("journal_entries.id"))
