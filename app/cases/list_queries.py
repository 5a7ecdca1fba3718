"""The rows of one page of the list of cases, by keyset. Reads columns, never entities."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select, tuple_, union_all

from app.actor import Actor
from app.cases import company_duty
from app.cases.list_conditions import beside, by_reading, conditions, statuses
from app.cases.list_filters import ListFilter, Place
from app.cases.models import Case
from app.cases.queries import unread_marks
from app.cases.search_queries import Hits
from app.cases.turns import turn_columns
from app.extensions import UtcDateTime, db

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

_COLUMNS = (
    Case.id,
    Case.kind,
    Case.number,
    Case.status,
    Case.due_on,
    Case.paused_on,
    Case.created_at,
    Case.updated_at,
    Case.archived_at,
    Case.draft_opened_at,
    Case.answers_shared,
    Case.applicant_id,
    Case.supplier_id,
    Case.recipient,
    Case.supplier_archived_at,
    Case.supplier_number,
    Case.assignee_id,
    Case.title,
    Case.topic,
    Case.facts,
    Case.place,
    Case.applicant_name,
    Case.incomplete,
)


def columns(**other: ColumnElement[Any]) -> list[Any]:
    """What a card or a line of the queue is made of; `other` are columns by name that stand in the place of its own.

    Whose move it is tells the case, and what waits for the company beside it.
    """
    told: dict[str, Any] = {column.key: column for column in _COLUMNS}
    told["mover"] = case((company_duty.turned(), "company"), else_=Case.mover)
    return [*(column.label(name) for name, column in {**told, **other}.items()), *turn_columns()]


@dataclass(frozen=True)
class FoundPage:
    """One page of rows; `first` is the number of its first row in the whole view, None when it is not counted."""

    rows: Sequence[Any]
    earlier: Place | None
    later: Place | None
    first: int | None


def find_page(view: ListFilter, actor: Actor, today: date, hits: Hits | None = None) -> FoundPage:
    """The rows of a view, of the cases found by words when there are `hits`.

    A place behind the end or before the beginning of the list gives its first page.
    """
    rows = _fetch(view, actor, today, hits)
    more = len(rows) > view.size
    rows = rows[: view.size]
    place = view.place
    if place is None:
        return _page(rows, view, earlier=False, later=more, first=1)
    if not rows or (place.backwards and not more):
        return find_page(view.first_page(), actor, today, hits)
    if place.backwards:
        rows = rows[::-1]
    first = None if view.works_here else 1 + _rows_before(rows[0], view, actor, today, hits)
    earlier, later = (more, True) if place.backwards else (True, more)
    return _page(rows, view, earlier=earlier, later=later, first=first)


def find_neighbours(
    view: ListFilter, case_id: int, actor: Actor, today: date, hits: Hits | None = None
) -> tuple[int | None, int | None]:
    """The cases just before and just after one in the order of a view; it may have left the view itself by now.

    After one that has left, and behind which nothing stands, the view begins anew: what is left in it is still to be done.
    """
    column = getattr(Case, view.column)
    row = db.session.execute(select(Case.id, column).where(Case.id == case_id)).one()

    def first(place: Place | None) -> int | None:
        found = _fetch(replace(view, place=place, size=0), actor, today, hits)
        return found[0].id if found else None

    before, after = (first(_place_of(row, view, backwards=backwards)) for backwards in (True, False))
    if after is None and not _stands_in(view, case_id, actor, today, hits):
        return before, first(None)
    return before, after


def _stands_in(view: ListFilter, case_id: int, actor: Actor, today: date, hits: Hits | None) -> bool:
    shown = [*conditions(view, actor, today, hits), *by_reading(view, actor)]
    return db.session.scalar(select(Case.id).where(Case.id == case_id, *shown)) is not None


def _page(
    rows: Sequence[Any], view: ListFilter, *, earlier: bool, later: bool, first: int | None
) -> FoundPage:
    return FoundPage(
        rows,
        _place_of(rows[0], view, backwards=True) if earlier else None,
        _place_of(rows[-1], view, backwards=False) if later else None,
        first,
    )


def _fetch(view: ListFilter, actor: Actor, today: date, hits: Hits | None) -> Sequence[Any]:
    order, ids = _order(view), _ids(view, actor, today, hits)
    query = (
        select(*columns(), unread_marks(actor))
        .where(Case.id.in_(ids) if isinstance(ids, Select) else and_(*ids))
        .order_by(*order)
    )
    return db.session.execute(query.limit(view.size + 1)).all()


def _ids(
    view: ListFilter, actor: Actor, today: date, hits: Hits | None
) -> Select[int] | list[ColumnElement[bool]]:
    """Where the rows of a page are: a query for their ids when the indexes give them at once, else conditions."""
    found = [*conditions(view, actor, today, hits), *by_reading(view, actor)]
    if view.place is not None:
        found.append(_beyond(view, view.place.value, view.place.id, backwards=view.place.backwards))
    codes = statuses(view.tab, actor)
    if actor.is_staff and codes and hits is None and view.read != "unread":
        groups = [Case.status == code for code in codes]
        if view.tab == "ours":
            groups.append(and_(Case.status.not_in(codes), beside(actor)))
        return _first_of_each(groups, found, _order(view), view.size + 1)
    return found


def _first_of_each(
    groups: Sequence[ColumnElement[bool]],
    which: Sequence[ColumnElement[bool]],
    order: Sequence[Any],
    limit: int,
) -> Select[int]:
    """Ids of the first rows of each group: an index gives those of a status at once, however many cases there are.

    All rows of several statuses in one order would have to be read and sorted before the first could be shown.
    """
    branches = []
    for group in groups:
        found = select(Case.id).where(group, *which).order_by(*order).limit(limit)
        branches.append(select(found.subquery().c.id))
    return select(union_all(*branches).subquery().c.id)


def _order(view: ListFilter) -> tuple[ColumnElement[Any], ...]:
    column, backwards = getattr(Case, view.column), view.place is not None and view.place.backwards
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


def _rows_before(row: Any, view: ListFilter, actor: Actor, today: date, hits: Hits | None) -> int:
    key = _place_of(row, view, backwards=True)
    query = select(func.count()).select_from(Case)
    query = query.where(*conditions(view, actor, today, hits), *by_reading(view, actor))
    return db.session.scalar(query.where(_beyond(view, key.value, key.id, backwards=True))) or 0
