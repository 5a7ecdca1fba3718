"""Letters that several acts and signatures write alike. Every one needs an open transaction."""

from datetime import date, datetime
from typing import Any

from app.cases.kinds import stage_of
from app.cases.letter_steps import tell_applicant, tell_supplier
from app.cases.models import Case
from app.connections.road import due_words, status_words
from app.contracts.invoice_queries import owed
from app.contracts.money import format_money
from app.contracts.package_queries import package_of
from app.journal.models import JournalEntry


def tell_next(case: Case, entry: JournalEntry, at: datetime, today: date) -> None:
    """The new status with what follows and until when, to the applicant."""
    tell_applicant(
        case,
        "status-added",
        key=str(entry.seq),
        at=at,
        status=status_words(case),
        due=due_words(case, today),
        next_words=stage_of(case.kind, case.status).next_words,
    )


def tell_the_end(case: Case, entry: JournalEntry, reason: str, at: datetime) -> None:
    """The end with its reason and what can be done now: to the applicant and to the supplier."""
    told: dict[str, Any] = {"key": str(entry.seq), "at": at, "status": status_words(case), "reason": reason}
    tell_applicant(case, "refused", **told, next_words=stage_of(case.kind, case.status).next_words)
    tell_supplier(case, "refused", **told, next_words="")


def tell_connected(case: Case, entry: JournalEntry, on: date, at: datetime) -> None:
    """That the connection is done, and from which day the supplier fulfils the supply contract: to both."""
    package = package_of(case) if case.supplier_id is not None else None
    told: dict[str, Any] = {
        "key": str(entry.seq),
        "at": at,
        "on": f"{on:%d.%m.%Y}",
        "supplier": case.supplier_name,
        "placed": package is not None and package.state != "preparing",
    }
    left = owed(case)
    tell_applicant(case, "connected", **told, reader="applicant", owed=format_money(left) if left else "")
    tell_supplier(case, "connected", **told, reader="supplier", owed="")
