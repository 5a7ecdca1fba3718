"""The outbox and the leases of the programs that work on it.

A row of the outbox holds no secret: its text is frozen at writing, codes are derived when sending.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import BigId, Model, UtcDateTime

#: new → sending → sent; retry waits for its time; dead needs a person; expired came too late; muted had no address.
STATES = ("new", "sending", "retry", "sent", "dead", "expired", "muted")

#: Letters by which an administrator tries the mail: a handful among all, looked up without a case.
_TRIAL = text("kind = 'trial'")
#: SMS are counted by the day and asked after; letters are many more.
_SMS = text("channel = 'sms'")


class OutboxRow(Model):
    """One letter or one SMS to one person, with its whole story of delivery."""

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint(f"state IN ({','.join(map(repr, STATES))})", name="state_known"),
        CheckConstraint("channel IN ('email','sms')", name="channel_known"),
        Index("ix_outbox_due", "state", "next_at"),
        Index("ix_outbox_case_id", "case_id", "id"),
        Index("ix_outbox_trial", "id", sqlite_where=_TRIAL, postgresql_where=_TRIAL),
        Index("ix_outbox_sms", "created_at", sqlite_where=_SMS, postgresql_where=_SMS),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    channel: Mapped[str] = mapped_column(String(10), default="email")
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id", ondelete="SET NULL"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    address: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)
    dedupe_key: Mapped[str] = mapped_column(String(120), unique=True)
    message_id: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(10), default="new")
    tries: Mapped[int] = mapped_column(Integer, default=0)
    next_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lease_owner: Mapped[str | None] = mapped_column(String(100))
    last_error: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Of an SMS: from what the sender derives the code that stands at «{secret}»; which gateway took it, its own id of the
    #: message and what it tells of the delivery; from which address of the network it was asked for, which is limited.
    salt: Mapped[str] = mapped_column(String(64), default="")
    provider: Mapped[str] = mapped_column(String(20), default="")
    provider_id: Mapped[str] = mapped_column(String(80), default="", index=True)
    delivery: Mapped[str] = mapped_column(String(12), default="")
    delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    asked_from: Mapped[str] = mapped_column(String(60), default="")


class Lease(Model):
    """Who of several equal programs is the active one, until when, and when it last gave a sign of life."""

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    owner: Mapped[str] = mapped_column(String(100))
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    beat_at: Mapped[datetime] = mapped_column(UtcDateTime)
