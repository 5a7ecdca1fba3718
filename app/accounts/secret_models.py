"""What an account is entered and changed by, apart from its password: links of letters and codes of SMS, the second factor.

None of these rows holds a secret: links and codes are worked out anew from the server's key and the salt of a row.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import BigId, Model, UtcDateTime


class SentSecret(Model):
    """One secret that was sent to one person, by a letter (a link) or an SMS (a code); it works once, until `expires_at`."""

    __tablename__ = "sent_secrets"
    __table_args__ = (
        CheckConstraint("purpose IN ('reset','email','invitation','phone')", name="purpose_known"),
        Index("ix_sent_secrets_user_id", "user_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    purpose: Mapped[str] = mapped_column(String(12))
    salt: Mapped[str] = mapped_column(String(64), unique=True)
    #: The e-mail or the number that the secret proves to be the person's.
    address: Mapped[str] = mapped_column(String(254), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: When it did its work, or lost it to another one.
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SecondFactor(Model):
    """The code generator (TOTP, RFC 6238) of a user; it counts from `confirmed_at`, when its first code was right."""

    __tablename__ = "second_factors"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    salt: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: The newest step of thirty seconds whose code was used: that code and all before it are worth nothing.
    last_step: Mapped[int] = mapped_column(Integer, default=0)
    #: The salt of the recovery codes and when they were made.
    recovery_salt: Mapped[str] = mapped_column(String(64), default="")
    recovery_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class UsedRecoveryCode(Model):
    """That a recovery code, named by its number among those of the same salt, is used up."""

    __tablename__ = "used_recovery_codes"

    user_id: Mapped[int] = mapped_column(ForeignKey("second_factors.user_id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    used_at: Mapped[datetime] = mapped_column(UtcDateTime)
