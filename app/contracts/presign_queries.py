"""Which papers wait for their act and can be signed by the company in the cabinet before they go out."""

from app.cases.models import Case, CaseDocument
from app.contracts.paper_kinds import papers_for, signers_of
from app.contracts.paper_queries import paper_rows, ready
from app.signing.slot_queries import slots_in, slots_of


def unsigned(case: Case) -> list[CaseDocument]:
    """The papers that are ready, that the company signs, and that nobody was asked to sign yet."""
    rows = [row for row in paper_rows(case) if row.ready and signers_of(row.paper, case.mode)]
    if not rows:
        return []
    asked = slots_in(case).keys()
    return [row.document for row in rows if row.document is not None and row.document.id not in asked]


def signed_by_company(document: CaseDocument) -> bool:
    """Whether the company's signature under a paper is there already."""
    return any(one.party == "company" and one.state == "signed" for one in slots_of(document.id))


def is_signed_here(case: Case, move: str) -> bool:
    """Whether everything that the company signs for an act is signed in the cabinet: no scan has to show it."""
    papers = [
        paper for paper in papers_for(move, case.mode) if paper.required and signers_of(paper, case.mode)
    ]
    found = [ready(case, paper.code) for paper in papers]
    return bool(found) and all(document is not None and signed_by_company(document) for document in found)
