"""Suppliers, topics of appeals and own kinds of documents: added, changed, no longer offered; never deleted."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.accounts.steps import claim_key
from app.actor import Actor
from app.administration.policy import may_administer
from app.company.models import AppealTopic, DocumentKind, Supplier
from app.errors import Conflict, Forbidden, InvalidForm, NotFound, Overtaken
from app.extensions import db
from app.journal.steps import record
from app.transaction import transaction

Row = Supplier | AppealTopic | DocumentKind

#: Table: what the journal calls a row of it, the column of its name, what to say of a name that is there already.
_WORDS: Mapping[type[Row], tuple[str, str, str]] = {
    Supplier: ("supplier", "name", "Поставщик с таким наименованием уже есть."),
    AppealTopic: ("appeal_topic", "title", "Такая тема уже есть, возможно, среди тех, что не предлагаются."),
    DocumentKind: ("document_kind", "title", "Такой вид документа уже есть, возможно, среди скрытых."),
}


def add_supplier(values: Mapping[str, Any], *, by: Actor, at: datetime, press: str = "") -> int:
    """A new supplier (`name`, `email`, `active`); its id. Raises as `_add` does."""
    return _add(lambda: Supplier(**values), by=by, at=at, press=press, url="/admin/suppliers")


def change_supplier(
    row_id: int, values: Mapping[str, Any], *, version: int, by: Actor, at: datetime, press: str = ""
) -> bool:
    """Another name, address for letters or state of a supplier. Answers as `_change` does."""
    url = f"/admin/suppliers/{row_id}"
    return _change(Supplier, row_id, values, version=version, by=by, at=at, press=press, url=url)


def add_topic(values: Mapping[str, Any], *, by: Actor, at: datetime, press: str = "") -> int:
    """A new topic of appeals (`title`, `position`, `active`); its id. Raises as `_add` does."""
    return _add(lambda: AppealTopic(**values), by=by, at=at, press=press, url="/admin/topics")


def change_topic(
    row_id: int, values: Mapping[str, Any], *, version: int, by: Actor, at: datetime, press: str = ""
) -> bool:
    """Another title, place or state of a topic; appeals keep the words they were filed with. Answers as `_change` does."""
    return _change(
        AppealTopic, row_id, values, version=version, by=by, at=at, press=press, url="/admin/topics"
    )


def add_document_kind(values: Mapping[str, Any], *, by: Actor, at: datetime, press: str = "") -> int:
    """A new kind of documents of the company (`title`, `active`); its id. Raises as `_add` does."""

    def make() -> DocumentKind:
        last = db.session.scalar(select(func.max(DocumentKind.id))) or 0
        return DocumentKind(code=f"own-{last + 1}", **values)

    return _add(make, by=by, at=at, press=press, url="/admin/documents")


def change_document_kind(
    row_id: int, values: Mapping[str, Any], *, version: int, by: Actor, at: datetime, press: str = ""
) -> bool:
    """Another title or state of an own kind of documents. Answers as `_change` does."""
    return _change(
        DocumentKind, row_id, values, version=version, by=by, at=at, press=press, url="/admin/documents"
    )


def _add(make: Callable[[], Row], *, by: Actor, at: datetime, press: str, url: str) -> int:
    """Raises Forbidden, AlreadyDone, and InvalidForm when the name is there already."""
    with _both_at_once(), transaction():
        _require(by)
        claim_key(by.user_id, press, url=url, at=at)
        row = make()
        what, column, _ = _WORDS[type(row)]
        name = getattr(row, column)
        _refuse_taken(type(row), name, but=0)
        db.session.add(row)
        db.session.flush()
        details = {"id": row.id, "changes": {column: [None, name]}}
        record(f"{what}_added", party="company", actor_id=by.user_id, at=at, details=details)
        return row.id


def _change(
    table: type[Row],
    row_id: int,
    values: Mapping[str, Any],
    *,
    version: int,
    by: Actor,
    at: datetime,
    press: str,
    url: str,
) -> bool:
    """Whether anything differs from what was there.

    Raises Forbidden, NotFound, AlreadyDone, InvalidForm when the name is there already, and Overtaken when the row is
    not at `version` any more. Values that are there already are no change.
    """
    with _both_at_once(), transaction():
        _require(by)
        row: Row | None = db.session.get(table, row_id, with_for_update=True, populate_existing=True)  # type: ignore[assignment]
        if row is None:
            raise NotFound
        claim_key(by.user_id, press, url=url, at=at)
        before = {name: getattr(row, name) for name in values}
        changes = {name: [before[name], value] for name, value in values.items() if before[name] != value}
        if not changes:
            return False
        if row.version != version:
            raise Overtaken
        what, column, _ = _WORDS[table]
        _refuse_taken(table, values[column], but=row_id)
        for name, value in values.items():
            setattr(row, name, value)
        details = {"id": row_id, "changes": changes}
        record(f"{what}_changed", party="company", actor_id=by.user_id, at=at, details=details)
        return True


def _require(by: Actor) -> None:
    if not may_administer(by):
        raise Forbidden


def _refuse_taken(table: type[Row], name: str, *, but: int) -> None:
    """Names differ by more than case and «ё»; the tables are short."""
    _, column, sentence = _WORDS[table]
    rows = db.session.execute(select(table.id, getattr(table, column)).where(table.id != but))
    if _key(name) in {_key(other) for _, other in rows}:
        raise InvalidForm({column: [sentence]})


def _key(name: str) -> str:
    return name.casefold().replace("ё", "е")


@contextmanager
def _both_at_once() -> Iterator[None]:
    """Two people may add one name at the same moment: the database lets one of them."""
    try:
        yield
    except IntegrityError:
        raise Conflict from None
