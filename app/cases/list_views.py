"""Which view of the list an address asks for, for one reader: the same text in the address, in forms and in links of cases."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

from app.actor import STAFF, SUPPLIER, Actor
from app.cases.list_filters import ListFilter, parse_filter

#: A view with the longest query in it.
LONGEST = 2000


def view_for(actor: Actor, asked: Mapping[str, str]) -> ListFilter:
    """The view that the parameters of an address ask for."""
    works_here = bool(actor.roles & (STAFF | {SUPPLIER}))
    return parse_filter(asked, works_here=works_here, supplier=works_here and not actor.is_staff)


def view_in(actor: Actor, text: str) -> ListFilter:
    """The view that a text of `view_text` names; any other text gives the first page of the plain list."""
    asked: dict[str, str] = {}
    for name, value in parse_qsl(text[:LONGEST]):
        asked.setdefault(name, value)
    return view_for(actor, asked)


def view_text(view: ListFilter) -> str:
    """The view, with its page, as one text for a link or a hidden field; never empty."""
    return urlencode(view.page_parameters() or {"tab": view.tab})
