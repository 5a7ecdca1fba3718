"""Whom certificates are believed from: roots, intermediates, lists of revoked certificates."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import BigId, Model, UtcDateTime


class TrustedCertificate(Model):
    """A certificate of an authority: a root that the office has put in, or an intermediate on the way to one.

    A row stays when it is not believed any more (`removed_at`): old signatures name it by its hash.
    """

    __tablename__ = "trusted_certificates"
    __table_args__ = (
        CheckConstraint("kind IN ('root','intermediate')", name="kind_known"),
        CheckConstraint("source IN ('office','signature')", name="source_known"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    #: «office»: put in by hand; «signature»: came inside a signature whose chain was right.
    source: Mapped[str] = mapped_column(String(10))
    subject: Mapped[str] = mapped_column(String(500))
    issuer: Mapped[str] = mapped_column(String(500))
    #: Of the DER bytes, hex; the office compares it with what the authority has published.
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    not_before: Mapped[datetime] = mapped_column(UtcDateTime)
    not_after: Mapped[datetime] = mapped_column(UtcDateTime)
    pem: Mapped[str] = mapped_column(Text)
    #: Addresses of revocation lists that the certificates *issued by this one* name, as far as seen; http(s) only.
    list_urls: Mapped[list[str]] = mapped_column(JSON, default=list)
    added_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RevocationList(Model):
    """A list of revoked certificates exactly as it was fetched; kept as long as a signature names it by its hash."""

    __tablename__ = "revocation_lists"
    __table_args__ = (Index("ix_revocation_lists_issuer_sha256_next_update", "issuer_sha256", "next_update"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    #: The certificate of the authority that signed the list.
    issuer_sha256: Mapped[str] = mapped_column(String(64))
    url: Mapped[str] = mapped_column(String(500))
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    der: Mapped[bytes] = mapped_column(LargeBinary)
    this_update: Mapped[datetime] = mapped_column(UtcDateTime)
    next_update: Mapped[datetime] = mapped_column(UtcDateTime)
    fetched_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RevocationSource(Model):
    """One address from which a trusted authority's list is fetched, and how that went last."""

    __tablename__ = "revocation_sources"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    url: Mapped[str] = mapped_column(String(500), unique=True)
    issuer_sha256: Mapped[str] = mapped_column(String(64), index=True)
    next_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(Integer, default=0)
    last_error: Mapped[str] = mapped_column(String(300), default="")
    fetched_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
