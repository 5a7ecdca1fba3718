"""Documents and their immutable versions. The bytes lie in the file store under a random key."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import BigId, Model, UtcDateTime


class Document(Model):
    """A document through all its versions; it belongs to an applicant for reuse, or to nobody (company, supplier)."""

    __tablename__ = "documents"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    owner_applicant_id: Mapped[int | None] = mapped_column(ForeignKey("applicants.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DocumentVersion(Model):
    """One file exactly as it came; a changed file is a new version (triggers refuse updates)."""

    __tablename__ = "document_versions"
    __table_args__ = (UniqueConstraint("document_id", "number"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    number: Mapped[int] = mapped_column(Integer)
    file_name: Mapped[str] = mapped_column(String(200))
    type_code: Mapped[str] = mapped_column(String(20))
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    storage_key: Mapped[str] = mapped_column(String(100), unique=True)
    uploaded_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    document: Mapped[Document] = relationship(lazy="joined")
