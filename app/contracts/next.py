"""The buttons of the first panel that this subject brings, and the rare acts that stand apart from them."""

from collections.abc import Sequence
from typing import Any

from app.actor import SIGNATORY, Actor
from app.cases.models import Case
from app.cases.next_actions import NextAction
from app.cases.panels import Panel
from app.cases.policy import Party, may_answer
from app.company import queries as company
from app.connections.contract_lifecycle import CONTRACT_SENT
from app.connections.queries import KIND
from app.connections.works_lifecycle import ACT_SENT
from app.contracts.act_queries import offered
from app.contracts.act_rules import Act
from app.contracts.paper_queries import lacking
from app.contracts.presign_queries import unsigned

_PAGE = "contracts.act_page"


def next_actions(case: Case, actor: Actor, side: Party) -> Sequence[NextAction]:
    """What carries the case on after its set of documents was called complete, the main thing first."""
    acts = [act for act in offered(case, actor, company.today()) if not act.rare]
    return [*map(lambda act: _button(case, act), acts), *_before(case, actor, side), *_signature(case, side)]


def _before(case: Case, actor: Actor, side: Party) -> Sequence[NextAction]:
    """Who signs for the company may do it in the cabinet before the papers go out."""
    if side != "company" or SIGNATORY not in actor.roles or not may_answer(side, case) or not unsigned(case):
        return ()
    return (NextAction("Подписать до отправки", "contracts.presign_page", dialog=True),)


def _button(case: Case, act: Act) -> NextAction:
    """While a paper lacks, making it is the main thing and not the act."""
    main = act.main and not lacking(case, act.move)
    return NextAction(act.title, _PAGE, primary=main, dialog=True, arguments={"act_name": act.name})


def _signature(case: Case, side: Party) -> Sequence[NextAction]:
    """Where the company marks the applicant's signature on paper; to sign in the cabinet `signing.next` offers."""
    if case.status not in (CONTRACT_SENT, ACT_SENT) or side != "company":
        return ()
    return (NextAction("Отметить подпись", "cases.page", primary=True, anchor="documents"),)


def rare_acts(case: Case, actor: Actor) -> dict[str, Any] | None:
    """For the panel of rare and final acts; None while there is none."""
    if case.kind != KIND:
        return None
    acts = [act for act in offered(case, actor, company.today()) if act.rare]
    return {"acts": acts} if acts else None


PANELS = (Panel("acts", "contracts/_acts.html", rare_acts, column="aside", order=91, keeps_place=False),)
