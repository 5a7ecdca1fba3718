"""The list of cases: one query for its rows, one for the figures of its tabs. Reads columns, never entities."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, tuple_, union_all
from sqlalchemy.orm import aliased

from app.actor import SUPPLIER, Actor
from app.cases.kinds import codes_in, codes_waiting_for
from app.cases.list_filters import TABS, VIEWS, ListFilter, Place
from app.cases.models import DRAFT, Case, CaseMark
from app.cases.queries import visible_to
from app.extensions import UtcDateTime, db

#: Figures for those who answer stop here: «99+».
CAP = 100

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

_STATUS_MARK = aliased(CaseMark)
_MESSAGE_MARK = aliased(CaseMark)
_COLUMNS = (
    Case.id,
    Case.kind,
    Case.number,
    Case.status,
    Case.mover,
    Case.due_on,
    Case.created_at,
    Case.updated_at,
    Case.archived_at,
    Case.draft_opened_at,
    Case.answers_shared,
    Case.applicant_id,
    Case.supplier_id,
    Case.recipient,
    Case.supplier_archived_at,
    Case.title,
    Case.facts,
    Case.place,
    Case.applicant_name,
    Case.incomplete,
    _STATUS_MARK.side.label("status_mark"),
    _MESSAGE_MARK.side.label("message_mark"),
)


@dataclass(frozen=True)
class FoundPage:
    """One page of rows; `first` is the number of its first row in the whole view, None when it is not counted."""

    rows: Sequence[Any]
    earlier: Place | None
    later: Place | None
    first: int | None


@dataclass(frozen=True)
class Figures:
    """How many cases stand in each tab, and how many of the present one are unread. Capped for those who answer."""

    tabs: Mapping[str, int]
    unread: int

    def total(self, view: ListFilter) -> int:
        """How many rows the present view has over all its pages."""
        here = self.tabs.get(view.tab, 0)
        return {"all": here, "unread": self.unread, "read": here - self.unread}[view.read]


def find_page(view: ListFilter, actor: Actor, today: date) -> FoundPage:
    """The rows of a view. A place behind the end or before the beginning of the list gives its first page."""
    rows = _fetch(view, actor, today)
    more = len(rows) > view.size
    rows = rows[: view.size]
    place = view.place
    if place is None:
        return _page(rows, view, earlier=False, later=more, first=1)
    if not rows or (place.backwards and not more):
        return find_page(view.first_page(), actor, today)
    if place.backwards:
        rows = rows[::-1]
    first = None if view.works_here else 1 + _rows_before(rows[0], view, actor, today)
    earlier, later = (more, True) if place.backwards else (True, more)
    return _page(rows, view, earlier=earlier, later=later, first=first)


def figures(view: ListFilter, actor: Actor, today: date) -> Figures:
    """The figures beside tabs and filters, by one query: exact for an applicant, capped for those who answer."""
    return (_capped if view.works_here else _exact)(view, actor, today)


def _page(
    rows: Sequence[Any], view: ListFilter, *, earlier: bool, later: bool, first: int | None
) -> FoundPage:
    return FoundPage(
        rows,
        _place_of(rows[0], view, backwards=True) if earlier else None,
        _place_of(rows[-1], view, backwards=False) if later else None,
        first,
    )


def _fetch(view: ListFilter, actor: Actor, today: date) -> Sequence[Any]:
    backwards = view.place is not None and view.place.backwards
    order = _order(view, backwards=backwards)
    conditions = _conditions(view, actor, today)
    if view.place is not None:
        conditions.append(_beyond(view, view.place.value, view.place.id, backwards=backwards))
    if view.read != "all":
        conditions.append(_unread(actor) if view.read == "unread" else ~_unread(actor))
    statuses = _statuses(view.tab, actor)
    if actor.is_staff and view.read != "unread" and statuses:
        conditions = [Case.id.in_(_first_of_each(statuses, conditions, order, view.size + 1))]
    query = (
        select(*_COLUMNS)
        .outerjoin(_STATUS_MARK, _joins(_STATUS_MARK, "status", actor))
        .outerjoin(_MESSAGE_MARK, _joins(_MESSAGE_MARK, "message", actor))
        .where(*conditions)
        .order_by(*order)
    )
    return db.session.execute(query.limit(view.size + 1)).all()


def _first_of_each(
    statuses: Sequence[str], conditions: Sequence[ColumnElement[bool]], order: Sequence[Any], limit: int
) -> Select[int]:
    """Ids of the first rows of each status: an index gives each of these at once, however many cases there are.

    All rows of several statuses in one order would have to be read and sorted before the first could be shown.
    """
    branches = []
    for status in statuses:
        found = select(Case.id).where(Case.status == status, *conditions).order_by(*order).limit(limit)
        branches.append(select(found.subquery().c.id))
    return select(union_all(*branches).subquery().c.id)


def _joins(mark: Any, kind: str, actor: Actor) -> ColumnElement[bool]:
    return and_(mark.case_id == Case.id, mark.user_id == actor.user_id, mark.kind == kind)


def _conditions(view: ListFilter, actor: Actor, today: date) -> list[ColumnElement[bool]]:
    found = [visible_to(actor), *_in_tab(view.tab, actor, today)]
    return found if view.kind == "all" else [*found, Case.kind == view.kind]


def _statuses(tab: str, actor: Actor) -> tuple[str, ...]:
    """The statuses of which a tab consists; none for the tabs that are no matter of the status alone."""
    if tab in ("archive", "drafts"):
        return ()
    if tab in ("ours", "theirs"):
        supplier = SUPPLIER in actor.roles and not actor.is_staff
        return codes_waiting_for("applicant" if tab == "theirs" else "supplier" if supplier else "company")
    return codes_in("active" if tab == "overdue" else tab)


def _in_tab(tab: str, actor: Actor, today: date) -> list[ColumnElement[bool]]:
    if tab == "archive":
        return [Case.archived_at.is_not(None)]
    if tab == "drafts":
        strangers = actor.is_staff and not actor.applicant_ids
        return [Case.status == DRAFT, *([Case.draft_opened_at.is_not(None)] if strangers else [])]
    stands: list[ColumnElement[bool]] = [Case.status.in_(_statuses(tab, actor)), Case.archived_at.is_(None)]
    return [*stands, Case.due_on < today] if tab == "overdue" else stands


def _order(view: ListFilter, *, backwards: bool) -> tuple[ColumnElement[Any], ...]:
    column = getattr(Case, view.column)
    if view.descending != backwards:
        first = column.desc().nulls_first() if view.column == "due_on" else column.desc()
        return first, Case.id.desc()
    first = column.asc().nulls_last() if view.column == "due_on" else column.asc()
    return first, Case.id.asc()


def _beyond(view: ListFilter, value: int | None, row_id: int, *, backwards: bool) -> ColumnElement[bool]:
    """Rows strictly after a key in the order of the view, or before it."""
    greater = view.descending == backwards
    if view.column == "due_on":
        return _beyond_day(value, row_id, greater=greater)
    key = tuple_(getattr(Case, view.column), Case.id)
    bound = tuple_(literal(_EPOCH + (value or 0) * _MICROSECOND, UtcDateTime), literal(row_id))
    return key > bound if greater else key < bound


def _beyond_day(value: int | None, row_id: int, *, greater: bool) -> ColumnElement[bool]:
    """As `_beyond` for terms, among which a case without one stands last."""
    beside = Case.id > row_id if greater else Case.id < row_id
    if value is None:
        none = Case.due_on.is_(None)
        return and_(none, beside) if greater else or_(~none, beside)
    day = date.fromordinal(value)
    if greater:
        return or_(Case.due_on > day, and_(Case.due_on == day, beside), Case.due_on.is_(None))
    return or_(Case.due_on < day, and_(Case.due_on == day, beside))


def _place_of(row: Any, view: ListFilter, *, backwards: bool) -> Place:
    value = getattr(row, view.column)
    if isinstance(value, datetime):
        return Place((value - _EPOCH) // _MICROSECOND, row.id, backwards)
    return Place(value.toordinal() if value else None, row.id, backwards)


def _rows_before(row: Any, view: ListFilter, actor: Actor, today: date) -> int:
    key = _place_of(row, view, backwards=True)
    query = select(func.count()).select_from(Case).where(*_conditions(view, actor, today))
    query = query.where(_beyond(view, key.value, key.id, backwards=True))
    if view.read != "all":
        query = query.where(_unread(actor) if view.read == "unread" else ~_unread(actor))
    return db.session.scalar(query) or 0


def _unread(actor: Actor) -> ColumnElement[bool]:
    return Case.id.in_(select(CaseMark.case_id).where(CaseMark.user_id == actor.user_id))


def _exact(view: ListFilter, actor: Actor, today: date) -> Figures:
    archived = Case.archived_at.is_not(None)
    unread = select(func.count()).select_from(Case).where(*_conditions(view, actor, today), _unread(actor))
    query = (
        select(Case.status, archived, func.count(), unread.correlate(None).scalar_subquery())
        .where(visible_to(actor))
        .group_by(Case.status, archived)
    )
    if view.kind != "all":
        query = query.where(Case.kind == view.kind)
    tabs, rows = dict.fromkeys(TABS, 0), db.session.execute(query).all()
    shelves = {code: tab for tab in ("active", "drafts", "done", "rejected") for code in codes_in(tab)}
    for status, is_archived, count, _marks in rows:
        tabs["archive" if is_archived else shelves.get(status, "active")] += count
    return Figures(tabs, rows[0][3] if rows else 0)


def _capped(view: ListFilter, actor: Actor, today: date) -> Figures:
    names = [*TABS, *VIEWS]
    kind = [] if view.kind == "all" else [Case.kind == view.kind]

    def count(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
        found = select(literal(1).label("one")).where(visible_to(actor), *conditions, *kind).limit(CAP)
        return select(func.count()).select_from(found.subquery()).scalar_subquery()

    counts = [count(*_in_tab(name, actor, today)) for name in names]
    unread = count(*_in_tab(view.tab, actor, today), _unread(actor))
    row = db.session.execute(select(*counts, unread)).one()
    return Figures(dict(zip(names, row[:-1], strict=True)), row[-1])
