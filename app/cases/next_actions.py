"""What can be done next in a case: the buttons of its first panel.

Subjects above add the ways they own (answering a request, accepting, refusing) by `register`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from app.actor import Actor
from app.cases.kinds import lifecycle_of, stage_of
from app.cases.models import Case
from app.cases.policy import DRAFT, Party, may_answer


@dataclass(frozen=True)
class NextAction:
    """A link to a page of the site: the endpoint takes the id of the case and the `arguments`; `anchor` is a place there.

    The page of a `dialog` opens over the case's page where htmx is there: it has a fragment for that.
    """

    label: str
    endpoint: str
    primary: bool = False
    anchor: str = ""
    dialog: bool = False
    arguments: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def id(self) -> str:
        """The id of the link, to which the focus returns from the dialog."""
        return "-".join(["act", self.endpoint, *self.arguments.values()]).replace(".", "-").replace("_", "-")


Provider = Callable[[Case, Actor, Party], Sequence[NextAction]]

#: Providers of a kind in the order of their registration; each stands there once.
_PROVIDERS: dict[str, dict[Provider, None]] = {}


def register(kind: str, provider: Provider) -> None:
    """Tell what can be done next in cases of a kind, after what those registered earlier tell."""
    _PROVIDERS.setdefault(kind, {})[provider] = None


def next_actions(case: Case, actor: Actor, party: Party) -> list[NextAction]:
    """What this side may do now, the main thing first."""
    theirs = [one for provider in _PROVIDERS.get(case.kind, {}) for one in provider(case, actor, party)]
    return [*theirs, *_of_case(case, party)]


def _of_case(case: Case, party: Party) -> list[NextAction]:
    if party == "applicant" and case.status == DRAFT:
        return [NextAction("Редактировать", "connections.hub", primary=case.incomplete)]
    if party == "supplier" and case.supplier_archived_at is not None and case.archived_at is None:
        return [NextAction("Вернуть из Архива", "cases.restore_page", dialog=True)]
    if not may_answer(party, case):
        return []
    return [
        *(_of_receiver(case, party) if party == case.recipient else _of_named_supplier(case)),
        NextAction("Добавить статус", "cases.status_line_page", dialog=True),
        NextAction("Разместить документ", "cases.post_documents_page", dialog=True),
        *(_of_term(case) if party == "company" else []),
    ]


def _of_term(case: Case) -> list[NextAction]:
    """The company stops a running term and lets a paused one run again."""
    if case.paused_on is not None:
        return [NextAction("Возобновить срок", "cases.resume_page", dialog=True)]
    return [NextAction("Приостановить срок", "cases.pause_page", dialog=True)] if case.due_on else []


def _of_receiver(case: Case, party: Party) -> list[NextAction]:
    """What moves the case for those whom it is addressed to."""
    found = []
    if any(move.name == "register" for move in lifecycle_of(case.kind).available(case.status, party)):
        found.append(NextAction("Присвоить номер", "cases.register_page", primary=True, dialog=True))
    if stage_of(case.kind, case.status).tab in ("done", "rejected"):
        found.append(NextAction("Переместить в Архив", "cases.archive_page", primary=True, dialog=True))
    return found


def _of_named_supplier(case: Case) -> list[NextAction]:
    """A supplier's own keeping of an application that the company answers."""
    found = []
    if case.supplier_number is None:
        found.append(NextAction("Присвоить свой номер", "cases.register_page", primary=True, dialog=True))
    ended = stage_of(case.kind, case.status).tab in ("done", "rejected")
    found.append(NextAction("Переместить в Архив", "cases.archive_page", primary=ended, dialog=True))
    return found
