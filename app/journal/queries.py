"""Reading the journal: the timeline of a case, the check of the chains (`check_queries`)."""

from sqlalchemy import select

from app.extensions import db
from app.journal.check_queries import broken_links
from app.journal.models import JournalEntry

__all__ = ["broken_links", "timeline"]


def timeline(case_id: int, *, public_only: bool) -> list[JournalEntry]:
    """Entries of one case in the order they happened."""
    query = select(JournalEntry).where(JournalEntry.case_id == case_id).order_by(JournalEntry.id)
    if public_only:
        query = query.where(JournalEntry.public)
    return list(db.session.scalars(query))
