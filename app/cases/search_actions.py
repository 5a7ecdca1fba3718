"""Making the index of the search for cases that have none, or for all of them anew."""

from sqlalchemy import select

from app.cases.models import Case
from app.cases.search_models import CaseSearch
from app.cases.search_steps import index_cases, rebuild_words
from app.extensions import db
from app.transaction import transaction

#: Cases in one transaction: nobody who writes waits for long.
_BATCH = 200


def reindex(*, only_missing: bool = False) -> int:
    """Make the words of all cases anew, or of those without; returns of how many. May be run while the site works."""
    last, done = 0, 0
    while True:
        ids = _next(last, only_missing)
        if not ids:
            break
        with transaction():
            index_cases(ids)
        last, done = ids[-1], done + len(ids)
    if not only_missing:
        with transaction():
            rebuild_words()
    return done


def _next(after: int, only_missing: bool) -> list[int]:
    query = select(Case.id).where(Case.id > after)
    if only_missing:
        query = query.where(~select(CaseSearch.case_id).where(CaseSearch.case_id == Case.id).exists())
    return list(db.session.scalars(query.order_by(Case.id).limit(_BATCH)))
