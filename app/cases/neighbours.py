"""The way back to the queue from a case, and to the cases beside it there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.actor import Actor
from app.cases.list_filters import ListFilter
from app.cases.list_queries import find_neighbours
from app.cases.list_views import view_in, view_text
from app.cases.models import Case
from app.cases.search_queries import find_hits
from app.company import queries as company


@dataclass(frozen=True)
class Neighbours:
    """What `cases/_neighbours.html` shows: the parameters of the queue's address, the cases beside, the view as a text."""

    words: str
    parameters: Mapping[str, str]
    previous: int | None
    next: int | None
    view: str


def neighbours(view: ListFilter, case_id: int, actor: Actor, today: date) -> tuple[int | None, int | None]:
    """The cases just before and just after one in a view."""
    return find_neighbours(view, case_id, actor, today, find_hits(view.search, actor))


def beside(case: Case, actor: Actor, asked: str) -> Neighbours | None:
    """For the page of a case that was opened from the view `asked`; None for whoever has no queue or came another way."""
    view = view_in(actor, asked)
    if not asked or not view.works_here:
        return None
    before, after = neighbours(view, case.id, actor, company.today())
    return Neighbours(view.tab_words, view.page_parameters(), before, after, view_text(view))
