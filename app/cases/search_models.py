"""The table of what can be searched in a case; the indexes over it are each database's own (migration 0005)."""

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import BigId, Model


class CaseSearch(Model):
    """The words of one case, a text for each audience: nobody finds a case by what they may not read in it.

    Beside it stands `case_words`: on SQLite a full-text table over these rows, kept by `search_steps`; on PostgreSQL
    computed columns of this table.
    """

    __tablename__ = "case_search"

    case_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    applicant_text: Mapped[str] = mapped_column(Text)
    company_text: Mapped[str] = mapped_column(Text)
    supplier_text: Mapped[str] = mapped_column(Text)
