"""A supplier's own shelf of an application: put away for them alone, while for the others the case goes on."""

from datetime import datetime

from sqlalchemy import update

from app.actor import Actor
from app.cases.models import Case
from app.cases.search_steps import index_case
from app.extensions import db
from app.journal.steps import record
from app.transaction import require_transaction


def put_away(case: Case, *, by: Actor, at: datetime) -> None:
    """Put the application into the supplier's archive; nobody else notices anything."""
    _shelve(case, at)
    record("supplier_archived", party="supplier", actor_id=by.user_id, at=at, case_id=case.id)


def take_back(case: Case, *, by: Actor, at: datetime) -> None:
    """Take the application out of the supplier's archive again."""
    _shelve(case, None)
    record("supplier_restored", party="supplier", actor_id=by.user_id, at=at, case_id=case.id)


def _shelve(case: Case, at: datetime | None) -> None:
    """Neither version nor date of the case change: those tell the others that something has happened."""
    require_transaction()
    query = update(Case).where(Case.id == case.id).values(supplier_archived_at=at)
    db.session.execute(query.execution_options(synchronize_session=False))
    db.session.refresh(case)
    index_case(case)
