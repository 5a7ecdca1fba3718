"""Signature slots: one line under a document for each party that signs it."""

from datetime import date, datetime

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import BigId, Model, UtcDateTime

STATES = ("pending", "signed", "declined", "superseded")
#: How a slot was filled: a scan of the paper that staff attached; codes and certificates come beside it.
KINDS = ("", "paper")


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
