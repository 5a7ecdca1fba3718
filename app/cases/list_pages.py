"""The list and the queue as answers: the whole page, or the part that every chip, page and word of a search changes."""

from collections.abc import Sequence
from typing import Any

from flask import request

from app.cases.list_cards import cards
from app.cases.list_figures import CAP, figures
from app.cases.list_filters import KINDS, READS, SIZES, ListFilter
from app.cases.list_queries import find_page
from app.cases.list_views import view_text
from app.cases.list_words import bounded_words, empty_words, found_words, title_words
from app.cases.search_queries import MOST_HITS, find_hits
from app.company import queries as company
from app.web.htmx import answer
from app.web.login import current_actor

#: Links of the filters, as htmx names the source of a request.
_FILTERS = ("a#read-", "a#kind-", "a#sort-")


def list_answer(view: ListFilter, *, near: Sequence[str] = ()) -> str:
    """The page of a view, or its fragment with what else of the page changes with it.

    `near` are numbers of cases: the first that stands in it takes the focus when the button that had it is gone.
    """
    where = "queue" if view.works_here else "list"
    return answer(f"cases/{where}.html", f"cases/_{where}.html", **_context(view, near))


def _context(view: ListFilter, near: Sequence[str]) -> dict[str, Any]:
    actor, today = current_actor(), company.today()
    hits = find_hits(view.search, actor)
    found = find_page(view, actor, today, hits)
    counted = figures(view, actor, today, hits)
    cap = CAP if view.works_here else None
    shown = cards(found.rows, actor, today)
    here = {str(card.id) for card in shown}
    return {
        "view": view,
        "here": view_text(view),
        "found": found,
        "figures": counted,
        "cards": shown,
        "near": next((case_id for case_id in near if case_id in here), ""),
        "kinds": KINDS,
        "reads": READS,
        "sizes": SIZES,
        "cap": CAP,
        # Whoever chooses among the filters chooses again: they stay open.
        "filters_open": request.headers.get("HX-Source", "").startswith(_FILTERS),
        "title_words": title_words(view),
        "found_words": found_words(view, counted.total(view), cap),
        "empty_words": empty_words(view),
        "bounded_words": bounded_words(MOST_HITS) if hits and hits.bounded else "",
        "elsewhere": _elsewhere(view, counted.tabs) if hits and not found.rows else (),
    }


def _elsewhere(view: ListFilter, tabs: Any) -> list[tuple[str, str, int]]:
    """In which other tabs the words were found: code, name, how many."""
    return [(code, words, tabs[code]) for code, words in view.tabs.items() if tabs[code]]
