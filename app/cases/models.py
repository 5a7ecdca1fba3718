"""Tables of a case. Card columns (title, facts, place, …) exist so that a list reads one table and nothing else."""

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
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.documents.models import DocumentVersion
from app.extensions import BigId, Model, UtcDateTime

DRAFT = "draft"

#: The row of `counters` that gives registration numbers.
REGISTRATION_COUNTER = "registration"


def _partial(name: str, columns: tuple[str, ...], condition: str, *, unique: bool = False) -> Index:
    """An index over the rows of one shelf alone."""
    where = text(condition)
    return Index(name, *columns, unique=unique, sqlite_where=where, postgresql_where=where)


class Case(Model):
    """One case. Its id is its own number (№ 31); the registration number is given by the company."""

    __tablename__ = "cases"
    __table_args__ = (
        CheckConstraint("kind IN ('application','message')", name="kind_known"),
        CheckConstraint("source IN ('cabinet','office','post','state_portal')", name="source_known"),
        CheckConstraint("mode IN ('','A','B')", name="mode_known"),
        CheckConstraint("mover IN ('applicant','company','supplier','nobody')", name="mover_known"),
        CheckConstraint("(status = 'draft') = (sent_at IS NULL)", name="sent_when_not_draft"),
        CheckConstraint("archived_at IS NULL OR status <> 'draft'", name="drafts_not_archived"),
        Index("ix_cases_applicant_updated", "applicant_id", "updated_at", "id"),
        Index("ix_cases_applicant_status", "applicant_id", "status", "archived_at"),
        Index("ix_cases_updated", "updated_at", "id"),
        Index("ix_cases_created", "created_at", "id"),
        CheckConstraint("recipient IN ('company','supplier')", name="recipient_known"),
        Index("ix_cases_supplier_updated", "supplier_id", "updated_at", "id"),
        _partial(
            "uq_cases_supplier_number",
            ("supplier_id", "supplier_number"),
            "supplier_number IS NOT NULL",
            unique=True,
        ),
        # The shelves of the staff's queue, each in its orders.
        _partial("ix_cases_open_due", ("status", "due_on", "id"), "archived_at IS NULL"),
        _partial("ix_cases_open_updated", ("status", "updated_at", "id"), "archived_at IS NULL"),
        _partial("ix_cases_open_created", ("status", "created_at", "id"), "archived_at IS NULL"),
        _partial("ix_cases_open_assignee", ("assignee_id", "status", "due_on", "id"), "archived_at IS NULL"),
        _partial("ix_cases_archived_updated", ("updated_at", "id"), "archived_at IS NOT NULL"),
        _partial("ix_cases_archived_created", ("created_at", "id"), "archived_at IS NOT NULL"),
        _partial("ix_cases_paused", ("paused_on", "id"), "paused_on IS NOT NULL"),
        _partial("ix_cases_asked_drafts", ("updated_at", "id"), "draft_opened_at IS NOT NULL"),
        # The number of a deleted draft stands in the journal: it is never given to another case.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(String(20), default="cabinet")
    number: Mapped[str | None] = mapped_column(String(40), unique=True)
    created_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    applicant_id: Mapped[int] = mapped_column(ForeignKey("applicants.id"))
    supplier_id: Mapped[int | None] = mapped_column(ForeignKey("suppliers.id"))
    #: Who answers the case: the company, or the supplier to whom an appeal is addressed.
    recipient: Mapped[str] = mapped_column(String(10), default="company", server_default="company")
    #: The supplier's own number of the case; unique among the cases of that supplier.
    supplier_number: Mapped[str | None] = mapped_column(String(40))
    #: Who of the company has taken the case.
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    status: Mapped[str] = mapped_column(String(40), default=DRAFT)
    mode: Mapped[str] = mapped_column(String(1), default="")
    #: The code of the category of applicants, as sending computed it or staff decided; empty before.
    category: Mapped[str] = mapped_column(String(40), default="", server_default="")
    mover: Mapped[str] = mapped_column(String(20), default="applicant")
    #: Empty while no term runs, and while the term is paused: a paused case is due on no day and can be late on none.
    due_on: Mapped[date | None] = mapped_column(Date)
    #: Since when the term is paused; why, and what is left of it, stands on the running clock.
    paused_on: Mapped[date | None] = mapped_column(Date)

    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    registered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: The supplier has put an application on their own archive's shelf; for the others it goes on.
    supplier_archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: A question was asked on the draft: staff see that conversation, the number and the applicant's name.
    draft_opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: The applicant ticked «Показать анкету сотруднику» on a draft.
    answers_shared: Mapped[bool] = mapped_column(Boolean, default=False)

    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    answers_schema: Mapped[int] = mapped_column(Integer, default=1)

    title: Mapped[str] = mapped_column(String(300), default="")
    #: What an appeal is about, in a few words.
    topic: Mapped[str] = mapped_column(String(200), default="", server_default="")
    facts: Mapped[str] = mapped_column(String(500), default="")
    place: Mapped[str] = mapped_column(String(500), default="")
    cadastral: Mapped[str] = mapped_column(String(400), default="")
    watts: Mapped[int | None] = mapped_column(BigInteger)
    applicant_name: Mapped[str] = mapped_column(String(320), default="")
    supplier_name: Mapped[str] = mapped_column(String(300), default="")
    incomplete: Mapped[bool] = mapped_column(Boolean, default=True)
    version: Mapped[int] = mapped_column(Integer, default=1)

    __mapper_args__ = {"version_id_col": version}


class CaseSnapshot(Model):
    """What stood in the application at the moment of a sending: applicant, answers and documents with their hashes."""

    __tablename__ = "case_snapshots"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime)
    move: Mapped[str] = mapped_column(String(40))
    applicant: Mapped[dict[str, Any]] = mapped_column(JSON)
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    answers_schema: Mapped[int] = mapped_column(Integer)
    documents: Mapped[list[dict[str, Any]]] = mapped_column(JSON)


class Message(Model):
    """One message of one channel; internal ones never leave the company."""

    __tablename__ = "messages"
    __table_args__ = (
        CheckConstraint("channel IN ('company','supplier','internal')", name="channel_known"),
        CheckConstraint("author_party IN ('applicant','company','supplier')", name="party_known"),
        Index("ix_messages_case_id", "case_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    channel: Mapped[str] = mapped_column(String(20))
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    author_party: Mapped[str] = mapped_column(String(20))
    author_name: Mapped[str] = mapped_column(String(320))
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: With which supplier the conversation of the channel `supplier` is: another one named later does not read it.
    supplier_id: Mapped[int | None] = mapped_column(ForeignKey("suppliers.id"))
    #: The author took the message back; its text and files are gone.
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CaseDocument(Model):
    """That a file stands in a case: as which kind, from which side, with which message."""

    __tablename__ = "case_documents"
    __table_args__ = (
        CheckConstraint("side IN ('applicant','company','supplier')", name="side_known"),
        UniqueConstraint("case_id", "document_version_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    document_version_id: Mapped[int] = mapped_column(ForeignKey("document_versions.id"))
    kind: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(200))
    side: Mapped[str] = mapped_column(String(20))
    sensitive: Mapped[bool] = mapped_column(Boolean, default=False)
    shared_with_supplier: Mapped[bool] = mapped_column(Boolean, default=False)
    internal: Mapped[bool] = mapped_column(Boolean, default=False)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"), index=True)
    #: Empty for a document of the case itself, else the channel of the message it came with.
    channel: Mapped[str] = mapped_column(String(20), default="", server_default="")
    #: Of which supplier the file or its conversation is.
    supplier_id: Mapped[int | None] = mapped_column(ForeignKey("suppliers.id"))
    added_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)

    version: Mapped[DocumentVersion] = relationship(lazy="joined")


class CaseMark(Model):
    """That one user has something unread in a case from one side; the row goes when it is read."""

    __tablename__ = "case_marks"
    __table_args__ = (CheckConstraint("kind IN ('message','status')", name="kind_known"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    side: Mapped[str] = mapped_column(String(20), primary_key=True)
    first_unseen: Mapped[datetime] = mapped_column(UtcDateTime)


class CaseRead(Model):
    """Up to which message one person has read a channel of a case: the other side sees «прочитано» by it."""

    __tablename__ = "case_reads"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)
    channel: Mapped[str] = mapped_column(String(20), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    #: On which side the person stood.
    party: Mapped[str] = mapped_column(String(20))
    upto: Mapped[int] = mapped_column(BigId)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class CaseViewer(Model):
    """Who of the company has a case on the screen, and when that was last known."""

    __tablename__ = "case_viewers"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CaseClock(Model):
    """One running or ended deadline of a case, with its pause and the reason for it."""

    __tablename__ = "case_clock"
    __table_args__ = (CheckConstraint("(paused_on IS NULL) = (reason = '')", name="pause_has_reason"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    term_code: Mapped[str] = mapped_column(String(40))
    started_on: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date] = mapped_column(Date)
    ended_on: Mapped[date | None] = mapped_column(Date)
    paused_on: Mapped[date | None] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(String(300), default="")
    document_version_id: Mapped[int | None] = mapped_column(ForeignKey("document_versions.id"))
    #: As the table of terms had it when the term began: an edit of the table changes no term that runs.
    length: Mapped[int | None] = mapped_column(Integer)
    unit: Mapped[str | None] = mapped_column(String(20))
    #: By how much ended pauses have put off the last day, in the unit of the term (days for one in months).
    paused_days: Mapped[int] = mapped_column(Integer, default=0, server_default="0")


class Counter(Model):
    """The last number given; the row is the lock that makes numbers unique under parallel use."""

    __tablename__ = "counters"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger)
