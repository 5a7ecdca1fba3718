"""Which papers wait for their act and can be signed by the company in the cabinet before they go out."""

from app.cases.models import Case, CaseDocument
from app.contracts.paper_kinds import signers_of
from app.contracts.paper_queries import paper_rows
from app.signing.slot_queries import slots_in


def unsigned(case: Case) -> list[CaseDocument]:
    """The papers that are ready, that the company signs, and that nobody was asked to sign yet."""
    rows = [row for row in paper_rows(case) if row.ready and signers_of(row.paper, case.mode)]
    if not rows:
        return []
    asked = slots_in(case).keys()
    return [row.document for row in rows if row.document is not None and row.document.id not in asked]
