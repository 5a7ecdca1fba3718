"""The schema is made by its migrations alone, forwards and backwards, on both databases."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import event, inspect
from sqlalchemy.engine import Engine

from app import clock, create_app
from app.cli import migrations
from app.company.seed import seed
from app.extensions import db
from tests.databases import COMPANY, Databases, close, config_for

MIGRATIONS = Path(__file__).parents[2] / "migrations"


@pytest.fixture
def bare(databases: Databases, tmp_path: Path) -> Iterator[Flask]:
    """The application over a database without a table."""
    made = create_app(config_for(databases.empty(), tmp_path / "instance"))
    migrations.init_app(made)
    with made.app_context():
        yield made
    close(made)


def is_of_the_models(name: str | None, *_: object) -> bool:
    """Each database's own index of the search is made by its migration and no model."""
    return "case_words" not in (name or "")


def tables() -> set[str]:
    return set(filter(is_of_the_models, inspect(db.engine).get_table_names()))


def schema() -> dict[str, Any]:
    """Tables with their columns, keys, indexes and checks."""
    look = inspect(db.engine)
    return {
        table: (
            [(column["name"], str(column["type"]), column["nullable"]) for column in look.get_columns(table)],
            sorted(_words(index) for index in look.get_indexes(table)),
            sorted(str(key) for key in look.get_foreign_keys(table)),
            sorted(str(check["name"]) for check in look.get_check_constraints(table)),
        )
        for table in sorted(look.get_table_names())
    }


def _words(index: Any) -> str:
    """An index with its condition as text."""
    options = {name: str(value) for name, value in (index.get("dialect_options") or {}).items()}
    return str({**index, "dialect_options": options})


def triggers() -> set[str]:
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if db.engine.dialect.name == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    with db.engine.connect() as connection:
        return set(connection.exec_driver_sql(query).scalars())


def test_from_nothing_to_the_newest_version_gives_what_the_models_say(bare: Flask) -> None:
    assert tables() == set()
    upgrade()
    assert tables() == set(db.metadata.tables) | {"alembic_version"}
    with db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_name": is_of_the_models}
        )
        assert compare_metadata(context, db.metadata) == []
    assert {
        "journal_entries_no_update",
        "journal_entries_no_delete",
        "document_versions_no_update",
    } <= triggers()


def test_back_to_nothing_and_forwards_again_gives_the_same_schema(bare: Flask) -> None:
    upgrade()
    seed(clock.now(), COMPANY)
    first = (schema(), triggers())
    downgrade(revision="base")
    assert tables() <= {"alembic_version"}
    upgrade()
    assert (schema(), triggers()) == first


def test_every_step_goes_back_and_forwards_by_itself(bare: Flask) -> None:
    steps = [step.revision for step in ScriptDirectory(str(MIGRATIONS)).walk_revisions()][::-1]
    for step in steps:
        upgrade(revision=step)
        before = schema()
        downgrade(revision="-1")
        upgrade(revision=step)
        assert schema() == before, step
    assert len(steps) >= 2


def test_a_second_upgrade_does_nothing(bare: Flask) -> None:
    upgrade()
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement.split(None, 1)[0].upper())

    event.listen(Engine, "before_cursor_execute", note)
    try:
        upgrade()
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert "SELECT" in seen
    assert not {"CREATE", "ALTER", "INSERT", "UPDATE", "DELETE", "DROP"} & set(seen)


def test_a_second_seed_changes_nothing(bare: Flask) -> None:
    upgrade()
    seed(clock.now(), COMPANY)
    count = {name: db.session.query(table).count() for name, table in db.metadata.tables.items()}
    seed(clock.now(), {"company.name": "Другая компания"})
    assert {name: db.session.query(table).count() for name, table in db.metadata.tables.items()} == count
