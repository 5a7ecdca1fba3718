"""What can be done next in a case: the buttons of its first panel.

Subjects above add the ways they own (answering a request, accepting, refusing) by `register`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.actor import Actor
from app.cases.kinds import lifecycle_of, stage_of
from app.cases.models import Case
from app.cases.policy import DRAFT, Party, may_manage


@dataclass(frozen=True)
class NextAction:
    """A link to a page of the site: the endpoint takes the id of the case; `anchor` leads to a place of that page."""

    label: str
    endpoint: str
    primary: bool = False
    anchor: str = ""


Provider = Callable[[Case, Actor, Party], Sequence[NextAction]]

_PROVIDERS: dict[str, Provider] = {}


def register(kind: str, provider: Provider) -> None:
    """Tell what can be done next in cases of a kind; a second provider of the kind replaces the first."""
    _PROVIDERS[kind] = provider


def next_actions(case: Case, actor: Actor, party: Party) -> list[NextAction]:
    """What this side may do now, the main thing first."""
    provider = _PROVIDERS.get(case.kind)
    theirs = provider(case, actor, party) if provider else ()
    return [*theirs, *_of_case(case, party)]


def _of_case(case: Case, party: Party) -> list[NextAction]:
    if party == "applicant" and case.status == DRAFT:
        return [NextAction("Редактировать", "connections.hub", primary=case.incomplete)]
    if not may_manage(party, case):
        return []
    moves = {move.name for move in lifecycle_of(case.kind).available(case.status, "company")}
    found = []
    if "register" in moves:
        found.append(NextAction("Присвоить номер", "cases.register_page", primary=True))
    if stage_of(case.kind, case.status).tab in ("done", "rejected"):
        found.append(NextAction("Переместить в Архив", "cases.archive_page", primary=True))
    return [
        *found,
        NextAction("Добавить статус", "cases.status_line_page"),
        NextAction("Разместить документ", "cases.post_documents_page"),
    ]
