"""Codes from an SMS that sign documents: one row for each code that was asked for. The code itself is never stored."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import BigId, Model, UtcDateTime

STATES = ("open", "used", "replaced", "spent", "expired")


class SigningCode(Model):
    """One code: whose it is, which documents it signs, until when, how often it was guessed.

    The code is derived from the server's key and `salt` by the sender of the SMS and by the check alike
    (`code_rules.derive`). `documents` holds for each slot what was shown: slot, document, version, title, size, sha256.
    """

    __tablename__ = "signing_codes"
    __table_args__ = (
        CheckConstraint(f"state IN ({','.join(map(repr, STATES))})", name="state_known"),
        CheckConstraint("tries >= 0", name="tries_counted"),
        Index("ix_signing_codes_user_id_made_at", "user_id", "made_at"),
        Index("ix_signing_codes_phone_made_at", "phone", "made_at"),
        Index("ix_signing_codes_address_made_at", "address", "made_at"),
        # One code is open for a person at a time: a new one puts the old one out.
        Index(
            "uq_signing_codes_open",
            "user_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    session_id: Mapped[int] = mapped_column(ForeignKey("sessions.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    documents: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    #: SHA-256 of `documents` in canonical JSON.
    digest: Mapped[str] = mapped_column(String(64))
    #: The accepted version of the agreement by which a code is a signature (63-ФЗ, article 9).
    consent_id: Mapped[int] = mapped_column(ForeignKey("consents.id"))
    #: «+79500000001»; frozen, a new number needs a new code.
    phone: Mapped[str] = mapped_column(String(12))
    salt: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(10), default="open")
    tries: Mapped[int] = mapped_column(Integer, default=0)
    outbox_id: Mapped[int | None] = mapped_column(ForeignKey("outbox.id", ondelete="SET NULL"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    address: Mapped[str] = mapped_column(String(60), default="")
    agent: Mapped[str] = mapped_column(String(300), default="")
