"""«Документы к отправке» on the page of a case: what the next act of the office needs, for the company alone."""

from typing import Any

from app.actor import Actor
from app.cases.models import Case
from app.cases.panels import Panel
from app.cases.policy import may_manage, party_of
from app.connections.queries import KIND
from app.contracts.paper_queries import paper_rows


def papers(case: Case, actor: Actor) -> dict[str, Any] | None:
    """The papers that the office may make now, with what there is of each; None for everybody else."""
    if case.kind != KIND or not may_manage(party_of(actor, case), case):
        return None
    rows = paper_rows(case)
    return {"rows": rows} if rows else None


PANELS = (Panel("papers", "contracts/_papers.html", papers, column="top", order=24),)
