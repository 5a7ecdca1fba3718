"""The database and its column types, unbound until `create_app` binds them.

SQLite is set up for safety (write-ahead log, full sync, foreign keys); the driver's own transaction handling is switched
off, because it would start a writing transaction too late and fail at once when another writer was faster.
"""

import sqlite3
from collections import namedtuple
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, DateTime, Dialect, Integer, MetaData, event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

BUSY_TIMEOUT_MS = 5000

#: An id: 64 bits everywhere; SQLite numbers rows by itself only when the type is spelled INTEGER.
BigId = BigInteger().with_variant(Integer(), "sqlite")


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware UTC in Python, a naive UTC value in SQLite, `timestamptz` in PostgreSQL."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive value: SQLite would silently lose the zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant must be aware")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back an aware value on both databases."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The parent of every table; constraints get predictable names, so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base)
if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: Any) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "trusted_schema=OFF",
        # INSERT OR REPLACE removes a row past the triggers otherwise.
        "recursive_triggers=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@dataclass(frozen=True)
class _Written:
    """A statement in the words of one driver: the order of parameters that have no names there, and how each is told."""

    sql: str
    names: tuple[str, ...]
    constants: dict[str, Any]
    processors: dict[str, Any]


class Quick:
    """A question asked with every request: written once for each kind of database and put to the driver itself.

    It is a short reading of its own, in nobody's transaction. Rows have the names of the statement's columns and values
    as the driver gives them: see `instant` and `day`.
    """

    def __init__(self, statement: Any) -> None:
        """Keep the statement (a SELECT); its parameters are named by `bindparam`."""
        self._statement = statement
        self._written: dict[str, _Written] = {}
        names = [column.key for column in statement.selected_columns]
        self._row: Callable[..., Any] = namedtuple("Row", names, rename=True)  # type: ignore[misc]

    def rows(self, **values: Any) -> list[Any]:
        """Ask; `values` are the parameters. Raises OperationalError when the database is away or busy."""
        engine = db.engine
        made = self._written.get(engine.dialect.name) or self._write(engine.dialect)
        told = {**made.constants, **values}
        for name, process in made.processors.items():
            told[name] = process(told[name])
        try:
            connection = engine.raw_connection()
            try:
                cursor = connection.cursor()
                cursor.execute(made.sql, [told[name] for name in made.names] if made.names else told)
                return [self._row(*row) for row in cursor.fetchall()]
            except engine.dialect.loaded_dbapi.OperationalError as error:
                connection.invalidate(error)
                raise
            finally:
                connection.close()
        except engine.dialect.loaded_dbapi.OperationalError as error:
            raise OperationalError(made.sql, None, error) from error

    def _write(self, dialect: Dialect) -> _Written:
        made = self._statement.compile(dialect=dialect)
        found: Any = made
        written = _Written(
            sql=str(made),
            names=tuple(found.positiontup or ()),
            constants={name: bind.value for name, bind in found.binds.items() if bind.value is not None},
            processors={name: one for name, one in found._bind_processors.items() if callable(one)},
        )
        self._written[dialect.name] = written
        return written


def instant(value: Any) -> datetime | None:
    """An instant of a `Quick` row: SQLite's driver gives a text."""
    if isinstance(value, str):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    return value  # type: ignore[no-any-return]


def day(value: Any) -> date | None:
    """A day of a `Quick` row."""
    return date.fromisoformat(value) if isinstance(value, str) else value
