"""Tables of the application: the company's request for corrections, an object with items and a due date."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import BigId, Model, UtcDateTime


class CorrectionRequest(Model):
    """What the company asked to mend or to bring, once; answered as a whole by sending the corrections."""

    __tablename__ = "correction_requests"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    made_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_on: Mapped[date] = mapped_column(Date)
    text: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer: Mapped[str] = mapped_column(Text, default="")

    items: Mapped[list["CorrectionItem"]] = relationship(lazy="selectin", order_by="CorrectionItem.id")


class CorrectionItem(Model):
    """One thing asked for: a kind of document or a topic of the questionnaire, with the company's remark."""

    __tablename__ = "correction_items"
    __table_args__ = (CheckConstraint("subject IN ('document','topic')", name="subject_known"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("correction_requests.id"), index=True)
    subject: Mapped[str] = mapped_column(String(20))
    code: Mapped[str] = mapped_column(String(40))
    remark: Mapped[str] = mapped_column(String(1000), default="")
