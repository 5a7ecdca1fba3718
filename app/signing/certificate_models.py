"""Signatures by certificate that are still being decided, and powers of attorney of those who sign for a company."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import BigId, Model, UtcDateTime

ATTEMPT_STATES = ("waits_list", "waits_authority", "accepted", "refused")


class CertificateAttempt(Model):
    """A file of a signature as it came in for one slot, and what became of it.

    «waits_list»: everything is right but no fresh revocation list is there («отложено: нет списка отзыва»).
    «waits_authority»: the certificate is of a person without the company's number; the office reads the power of
    attorney. «refused» keeps the code of the reason (`app/gateways/cms.py`).
    """

    __tablename__ = "certificate_attempts"
    __table_args__ = (
        CheckConstraint(f"state IN ({','.join(map(repr, ATTEMPT_STATES))})", name="state_known"),
        CheckConstraint("(state = 'refused') = (reason <> '')", name="refused_has_reason"),
        Index(
            "uq_certificate_attempts_waiting",
            "slot_id",
            unique=True,
            sqlite_where=text("state IN ('waits_list','waits_authority')"),
            postgresql_where=text("state IN ('waits_list','waits_authority')"),
        ),
        Index("ix_certificate_attempts_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("signature_slots.id", ondelete="CASCADE"), index=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    #: How it came: «plugin» from the browser's plug-in, «file» uploaded.
    road: Mapped[str] = mapped_column(String(10))
    cms: Mapped[bytes] = mapped_column(LargeBinary)
    cms_sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(40), default="")
    #: What the check has found: owner, chain, lists used (JSON of `cms.Verdict`).
    verdict: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    #: Who, from where: what the evidence tells later.
    record: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    authority_id: Mapped[int | None] = mapped_column(ForeignKey("machine_authorities.id"))
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class MachineAuthority(Model):
    """A machine-readable power of attorney (МЧД): the XML file with the principal's signature, and the office's decision."""

    __tablename__ = "machine_authorities"
    __table_args__ = (
        CheckConstraint("state IN ('waiting','accepted','refused')", name="state_known"),
        CheckConstraint("state <> 'refused' OR remark <> ''", name="refused_has_remark"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    party: Mapped[str] = mapped_column(String(20))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    number: Mapped[str] = mapped_column(String(100))
    #: ОГРН or ОГРНИП of who gave it; СНИЛС and ИНН of who may sign.
    principal_ogrn: Mapped[str] = mapped_column(String(15))
    representative_snils: Mapped[str] = mapped_column(String(11), default="")
    representative_inn: Mapped[str] = mapped_column(String(12), default="")
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_until: Mapped[date] = mapped_column(Date)
    document_version_id: Mapped[int] = mapped_column(ForeignKey("document_versions.id"))
    cms: Mapped[bytes] = mapped_column(LargeBinary)
    #: What the check of the principal's signature has found.
    verdict: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    remark: Mapped[str] = mapped_column(String(1000), default="")
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
