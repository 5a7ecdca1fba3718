"""A document that is made from data: asked for in an act, made by a worker outside any transaction.

The row is the truth, as the outbox is for letters: the data is frozen when it is asked for, so the same row gives the
same bytes however often it is tried.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, CheckConstraint, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import BigId, Model, UtcDateTime

#: new → making → done; retry waits for its time; failed needs a person; dropped was overtaken by a newer one.
STATES = ("new", "making", "retry", "done", "failed", "dropped")


class Rendering(Model):
    """One document being made for a case, with its whole story."""

    __tablename__ = "renderings"
    __table_args__ = (
        CheckConstraint(f"state IN ({','.join(map(repr, STATES))})", name="state_known"),
        CheckConstraint("(state = 'done') = (case_document_id IS NOT NULL)", name="done_has_document"),
        CheckConstraint("side IN ('applicant','company','supplier')", name="side_known"),
        Index("ix_renderings_due", "state", "next_at"),
        Index("ix_renderings_case_id", "case_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    #: What it becomes in the case: a code of a kind of document.
    kind: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(200))
    file_name: Mapped[str] = mapped_column(String(200))
    side: Mapped[str] = mapped_column(String(20), default="company")
    #: Seen by the company alone until it is published.
    internal: Mapped[bool] = mapped_column(Boolean, default=True)
    #: Never shown to a supplier: it names identity papers or tells what stands in them.
    sensitive: Mapped[bool] = mapped_column(Boolean, default=False)
    #: `templates/pdf/<layout>.html`.
    layout: Mapped[str] = mapped_column(String(40))
    #: The version of the company's text of that kind; None for a layout without one.
    template_version: Mapped[int | None] = mapped_column(Integer)
    data: Mapped[dict[str, Any]] = mapped_column(JSON)

    state: Mapped[str] = mapped_column(String(10), default="new")
    tries: Mapped[int] = mapped_column(Integer, default=0)
    next_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lease_owner: Mapped[str | None] = mapped_column(String(100))
    #: For staff, in words; empty while nothing went wrong.
    error: Mapped[str] = mapped_column(String(500), default="")
    case_document_id: Mapped[int | None] = mapped_column(ForeignKey("case_documents.id", ondelete="CASCADE"))
    asked_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
