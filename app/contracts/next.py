"""The buttons of the first panel that this subject brings, and the rare acts that stand apart from them."""

from collections.abc import Sequence
from typing import Any

from app.actor import Actor
from app.cases.models import Case
from app.cases.next_actions import NextAction
from app.cases.panels import Panel
from app.cases.policy import Party
from app.company import queries as company
from app.connections.contract_lifecycle import CONTRACT_SENT
from app.connections.queries import KIND
from app.connections.works_lifecycle import ACT_SENT
from app.contracts.act_queries import offered
from app.contracts.act_rules import Act
from app.contracts.paper_queries import lacking

_PAGE = "contracts.act_page"


def next_actions(case: Case, actor: Actor, side: Party) -> Sequence[NextAction]:
    """What carries the case on after its set of documents was called complete, the main thing first."""
    acts = [act for act in offered(case, actor, company.today()) if not act.rare]
    return [*map(lambda act: _button(case, act), acts), *_signature(case, side)]


def _button(case: Case, act: Act) -> NextAction:
    """While a paper lacks, making it is the main thing and not the act."""
    main = act.main and not lacking(case, act.move)
    return NextAction(act.title, _PAGE, primary=main, dialog=True, arguments={"act_name": act.name})


def _signature(case: Case, side: Party) -> Sequence[NextAction]:
    """Where the signatures are: the company marks them there, the applicant reads what to do."""
    if case.status not in (CONTRACT_SENT, ACT_SENT) or side == "supplier":
        return ()
    label = "Отметить подпись" if side == "company" else "Что подписать"
    return (NextAction(label, "cases.page", primary=True, anchor="documents"),)


def rare_acts(case: Case, actor: Actor) -> dict[str, Any] | None:
    """For the panel of rare and final acts; None while there is none."""
    if case.kind != KIND:
        return None
    acts = [act for act in offered(case, actor, company.today()) if act.rare]
    return {"acts": acts} if acts else None


PANELS = (Panel("acts", "contracts/_acts.html", rare_acts, column="aside", order=91, keeps_place=False),)
