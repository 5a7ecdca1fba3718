"""Tables of the journal. Entries hold codes, ids and a hash; what is personal sits in `journal_details` and can be erased."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Date, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import BigId, Model, UtcDateTime


class JournalEntry(Model):
    """One thing that happened, past tense; rows are never changed or removed (triggers on both databases)."""

    __tablename__ = "journal_entries"
    __table_args__ = (UniqueConstraint("chain", "seq"), Index("ix_journal_entries_case_id", "case_id", "id"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    chain: Mapped[str] = mapped_column(String(40))
    seq: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[str] = mapped_column(String(40))
    party: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(BigId)
    case_id: Mapped[int | None] = mapped_column(BigId)
    public: Mapped[bool] = mapped_column(Boolean)
    details_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))

    details: Mapped["JournalDetails | None"] = relationship(lazy="joined", viewonly=True)

    @property
    def body(self) -> dict[str, Any]:
        """The details, or an empty mapping when they were erased by an act."""
        return dict(self.details.body or {}) if self.details else {}


class JournalDetails(Model):
    """Names, texts and addresses of one entry; may be erased with an act while the entry and its hash stay."""

    __tablename__ = "journal_details"

    entry_id: Mapped[int] = mapped_column(ForeignKey("journal_entries.id"), primary_key=True)
    body: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    erased_by_act: Mapped[str | None] = mapped_column(String(100))


class JournalHead(Model):
    """The last link of each chain; its row is the lock that keeps links in one order."""

    __tablename__ = "journal_heads"

    chain: Mapped[str] = mapped_column(String(40), primary_key=True)
    seq: Mapped[int] = mapped_column(Integer)
    hash: Mapped[str] = mapped_column(String(64))


class JournalAnchor(Model):
    """The heads of all chains on one day in one hash, which left the site by letter: a rewritten journal does not fit it.

    Rows are never changed or removed (triggers on both databases).
    """

    __tablename__ = "journal_anchors"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    day: Mapped[date] = mapped_column(Date, unique=True)
    chains: Mapped[int] = mapped_column(Integer)
    entries: Mapped[int] = mapped_column(Integer)
    #: SHA-256 (hex) over the anchor before and all the rest of this row (`chain.anchor_hash`).
    hash: Mapped[str] = mapped_column(String(64))
    #: Chain → [length, hash] of the chains that went on since the anchor before: what stands in none of them is older.
    heads: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
