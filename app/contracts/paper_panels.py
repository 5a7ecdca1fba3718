"""«Документы к отправке» on the page of a case: what the next act of the office needs, for the company alone."""

from typing import Any

from app.actor import Actor
from app.cases.models import Case
from app.cases.panels import Panel
from app.cases.policy import may_manage, party_of
from app.connections.contract_lifecycle import CONTRACT_DISPUTED
from app.connections.queries import KIND
from app.contracts.contract_steps import contract_of
from app.contracts.invoice_queries import all_invoiced, invoices_of
from app.contracts.paper_kinds import INVOICE, papers_for
from app.contracts.paper_queries import PaperRow, paper_rows
from app.contracts.paper_rules import next_act

_OF_AN_ACT = "Заявитель увидит их, когда вы разместите весь комплект."
_INVOICE = "Заявитель увидит файл счета, когда вы выставите счет."
_INTRO = {
    CONTRACT_DISPUTED: "Новая редакция, если она нужна. Заявитель увидит ее вместе с ответом на разногласия."
}


def papers(case: Case, actor: Actor) -> dict[str, Any] | None:
    """The papers that the office may make now, with what there is of each; None for everybody else."""
    if case.kind != KIND or not may_manage(party_of(actor, case), case):
        return None
    rows = paper_rows(case)
    act = next_act(case.status, case.mode)
    rows = [
        row for row in rows if row.paper.code != INVOICE or act in row.paper.moves or _may_go_out(case, row)
    ]
    if not rows:
        return None
    asked = () if case.status == CONTRACT_DISPUTED else papers_for(act, case.mode)
    needed = {paper.code for paper in asked if paper.required}
    return {"rows": rows, "needed": needed, "intro": _INTRO.get(case.status, _OF_AN_ACT if act else _INVOICE)}


def _may_go_out(case: Case, row: PaperRow) -> bool:
    """The next invoice of a contract: until the whole fee was asked for, and while one is prepared."""
    if row.document is not None or row.unfinished or row.failed:
        return True
    contract = contract_of(case)
    return contract is not None and not all_invoiced(contract, invoices_of(case))


PANELS = (Panel("papers", "contracts/_papers.html", papers, column="top", order=24),)
