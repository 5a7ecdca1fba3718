"""What the list of cases may be asked for by its address, read so that no garbage ever harms.

Pure: every parameter that is unknown, repeated or out of bounds gives its default. Knows no database.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from app.cases.search_words import Search, parse_query

TABS = {
    "active": "Активные",
    "drafts": "Черновики",
    "done": "Выполнены",
    "rejected": "Отклонены",
    "archive": "Архив",
}
#: The saved views of those who answer; suppliers have no assignees.
VIEWS = {
    "ours": "Ждут нас",
    "mine": "Мои",
    "nobody": "Без исполнителя",
    "overdue": "Просрочены",
    "theirs": "Ждем заявителя",
    "unread": "Непрочитанные",
}
_SUPPLIER_TABS = {code: words for code, words in TABS.items() if code != "drafts"}
_SUPPLIER_VIEWS = {code: words for code, words in VIEWS.items() if code not in ("mine", "nobody")}
_NOTHING: Mapping[str, str] = {}
KINDS = {"all": "Все", "application": "Заявки ТП", "message": "Сообщения"}
READS = {"all": "Все", "unread": "Непрочитанные", "read": "Прочитанные"}

#: code: (words, column, newest or latest first). The arrows are the manual's: down is ascending.
SORTS: dict[str, tuple[str, str, bool]] = {
    "created": ("↓ Дата создания, сначала старые", "created_at", False),
    "-created": ("↑ Дата создания, сначала новые", "created_at", True),
    "updated": ("↓ Дата обновления, сначала старые", "updated_at", False),
    "-updated": ("↑ Дата обновления, сначала новые", "updated_at", True),
    "due": ("↓ Срок, сначала ближайший", "due_on", False),
}
SIZES = (10, 20, 50)

#: Where those who answer see what is due first.
_BY_TERM = frozenset({"active", *VIEWS}) - {"unread"}
#: Days of `datetime.date` as ordinals.
_LAST_DAY = 3_652_059
#: Microseconds since 1970 in at most 17 digits: until the year 5138, so that every such instant exists.
_PLACE = re.compile(r"(n|[0-9]{1,17})-([1-9][0-9]{0,17})")


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the sorted list: the key of a row that stands just before (or after) the page.

    `value` is in microseconds since 1970 or, for terms, the ordinal of the day; None = a case without a term.
    """

    value: int | None
    id: int
    backwards: bool = False

    def __str__(self) -> str:
        """As it stands in the address."""
        return f"{'n' if self.value is None else self.value}-{self.id}"


_NO_SEARCH = Search()


@dataclass(frozen=True, slots=True)
class ListFilter:
    """One view of the list; `place` is where its page begins or ends, None for the first page.

    `works_here` = the reader answers cases (company, supplier); `supplier` = for a supplier.
    """

    works_here: bool
    tab: str
    kind: str = "all"
    read: str = "all"
    sort: str = "-updated"
    size: int = 10
    place: Place | None = None
    supplier: bool = False
    search: Search = _NO_SEARCH

    @property
    def tabs(self) -> Mapping[str, str]:
        """The tabs of this reader."""
        return _SUPPLIER_TABS if self.supplier else TABS

    @property
    def views(self) -> Mapping[str, str]:
        """The saved views of this reader; an applicant has none."""
        return views_for(works_here=self.works_here, supplier=self.supplier)

    @property
    def tab_words(self) -> str:
        """The name of the present tab or view."""
        return (TABS | VIEWS)[self.tab]

    @property
    def column(self) -> str:
        """The column of the case by which the list is sorted."""
        return SORTS[self.sort][1]

    @property
    def descending(self) -> bool:
        """Whether the greatest comes first."""
        return SORTS[self.sort][2]

    @property
    def order_words(self) -> str:
        """The present order in words."""
        return SORTS[self.sort][0]

    @property
    def sorts(self) -> dict[str, str]:
        """The orders offered: codes and words."""
        return {code: row[0] for code, row in SORTS.items() if self.works_here or code != "due"}

    def parameters(self, **changes: str | int) -> dict[str, str]:
        """What the address of this view, or of one changed in some points, has to say; defaults are left out.

        Every change begins with the first page.
        """
        tab = str(changes.get("tab", self.tab))
        asked = {
            "tab": tab,
            "kind": changes.get("kind", self.kind),
            "read": changes.get("read", self.read),
            "sort": changes.get(
                "sort", default_sort(tab, self.works_here) if "tab" in changes else self.sort
            ),
            "size": changes.get("size", self.size),
            "q": changes.get("q", self.search.text),
        }
        plain = {
            "tab": "active",
            "kind": "all",
            "read": "all",
            "sort": default_sort(tab, self.works_here),
            "size": default_size(self.works_here),
            "q": "",
        }
        return {name: str(value) for name, value in asked.items() if value != plain[name]}

    def page_parameters(self) -> dict[str, str]:
        """What the address of this very page says, its place in the list included."""
        found = self.parameters()
        if self.place is not None:
            found["before" if self.place.backwards else "after"] = str(self.place)
        return found

    def first_page(self) -> "ListFilter":
        """The same view from its beginning."""
        return replace(self, place=None)


def views_for(*, works_here: bool, supplier: bool) -> Mapping[str, str]:
    """The saved views: codes and words."""
    if not works_here:
        return _NOTHING
    return _SUPPLIER_VIEWS if supplier else VIEWS


def default_sort(tab: str, works_here: bool) -> str:
    """The order of a tab when none is asked for: what is due first comes first for those who answer."""
    return "due" if works_here and tab in _BY_TERM else "-updated"


def default_size(works_here: bool) -> int:
    """Rows on a page when no number is asked for."""
    return 50 if works_here else 10


def parse_filter(asked: Mapping[str, str], *, works_here: bool, supplier: bool = False) -> ListFilter:
    """The view that an address asks for; `works_here` and `supplier` as of ListFilter."""
    tabs = (_SUPPLIER_TABS if supplier else TABS) | dict(views_for(works_here=works_here, supplier=supplier))
    tab = _one_of(asked.get("tab"), tabs, "active")
    sort = _one_of(asked.get("sort"), SORTS, default_sort(tab, works_here))
    if sort == "due" and not works_here:
        sort = default_sort(tab, works_here)
    size = _one_of(asked.get("size"), map(str, SIZES), str(default_size(works_here)))
    return ListFilter(
        works_here=works_here,
        supplier=supplier,
        tab=tab,
        kind=_one_of(asked.get("kind"), KINDS, "all"),
        read="all" if tab == "unread" else _one_of(asked.get("read"), READS, "all"),
        sort=sort,
        size=int(size),
        place=_place(asked, by_day=SORTS[sort][1] == "due_on"),
        search=parse_query(asked.get("q", "")),
    )


def _one_of(value: str | None, allowed: Iterable[str], default: str) -> str:
    return value if value is not None and value in tuple(allowed) else default


def _place(asked: Mapping[str, str], *, by_day: bool) -> Place | None:
    for name, backwards in (("after", False), ("before", True)):
        found = _PLACE.fullmatch(asked.get(name, ""))
        if found is None:
            continue
        if found[1] == "n":
            return Place(None, int(found[2]), backwards) if by_day else None
        value = int(found[1])
        return None if by_day and not 1 <= value <= _LAST_DAY else Place(value, int(found[2]), backwards)
    return None
