"""How many cases stand in each tab of the list: by one query, exact for an applicant, capped for those who answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, case, func, literal, select

from app.actor import Actor
from app.cases.kinds import codes_in
from app.cases.list_conditions import conditions, in_all_tabs, in_tab, unread
from app.cases.list_filters import TABS, ListFilter
from app.cases.models import Case
from app.cases.search_queries import Hits
from app.extensions import db

#: Figures for those who answer stop here: «99+».
CAP = 100


@dataclass(frozen=True)
class Figures:
    """How many cases stand in each tab, and how many of the present one are unread. Capped for those who answer."""

    tabs: Mapping[str, int]
    unread: int

    def total(self, view: ListFilter) -> int:
        """How many rows the present view has over all its pages."""
        here = self.tabs.get(view.tab, 0)
        return {"all": here, "unread": self.unread, "read": here - self.unread}[view.read]


def figures(view: ListFilter, actor: Actor, today: date, hits: Hits | None = None) -> Figures:
    """The figures beside tabs and filters; `hits` narrows them to what was found by words."""
    if not view.works_here:
        return _exact(view, actor, today, hits)
    return _capped(view, actor, today) if hits is None else _of_hits(view, actor, today, hits)


def _exact(view: ListFilter, actor: Actor, today: date, hits: Hits | None) -> Figures:
    archived = Case.archived_at.is_not(None)
    marked = conditions(view, actor, today, hits)
    unread_here = select(func.count()).select_from(Case).where(*marked, unread(actor))
    query = (
        select(Case.status, archived, func.count(), unread_here.correlate(None).scalar_subquery())
        .where(*in_all_tabs(view, actor, hits))
        .group_by(Case.status, archived)
    )
    tabs, rows = dict.fromkeys(TABS, 0), db.session.execute(query).all()
    shelves = {code: tab for tab in ("active", "drafts", "done", "rejected") for code in codes_in(tab)}
    for status, is_archived, count, _marks in rows:
        tabs["archive" if is_archived else shelves.get(status, "active")] += count
    return Figures(tabs, rows[0][3] if rows else 0)


def _capped(view: ListFilter, actor: Actor, today: date) -> Figures:
    """Each count ends at the cap, so that none grows with the number of cases."""
    names, everywhere = [*view.tabs, *view.views], in_all_tabs(view, actor, None)

    def count(*which: ColumnElement[bool]) -> ColumnElement[int]:
        found = select(literal(1).label("one")).where(*everywhere, *which).limit(CAP)
        return select(func.count()).select_from(found.subquery()).scalar_subquery()

    counts = [count(*in_tab(name, actor, today)) for name in names]
    marked = count(*in_tab(view.tab, actor, today), unread(actor))
    row = db.session.execute(select(*counts, marked)).one()
    return Figures(dict(zip(names, row[:-1], strict=True)), row[-1])


def _of_hits(view: ListFilter, actor: Actor, today: date, hits: Hits) -> Figures:
    """The hits are few enough to be looked at once, each for all tabs."""
    names = [*view.tabs, *view.views]

    def count(*which: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((and_(*which), 1), else_=0)), 0)

    counts = [count(*in_tab(name, actor, today)) for name in names]
    marked = count(*in_tab(view.tab, actor, today), unread(actor))
    row = db.session.execute(select(*counts, marked).where(*in_all_tabs(view, actor, hits))).one()
    return Figures(dict(zip(names, map(int, row[:-1]), strict=True)), int(row[-1]))
