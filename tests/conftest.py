"""Fixtures: an application with a fresh database for every test; tests of actions run on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from app import create_app
from tests.browser import Browser
from tests.databases import Databases, SqliteDatabases, close, config_for, postgres_databases


class CompiledTemplates(BytecodeCache):
    """Templates compiled once in a process: every test has an application of its own, and compiling takes it longest."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": CompiledTemplates()}


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> SqliteDatabases:
    return SqliteDatabases(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    with postgres_databases(tmp_path_factory.mktemp("postgresql")) as databases:
        yield databases


@pytest.fixture
def databases(request: pytest.FixtureRequest) -> Databases:
    """SQLite; `tests/actions` asks for both kinds in its own conftest."""
    return request.getfixturevalue(getattr(request, "param", "sqlite"))


@pytest.fixture
def app(databases: Databases, tmp_path: Path) -> Iterator[Flask]:
    """The whole application over a fresh database; no context is open."""
    made = create_app(config_for(databases.fresh(), tmp_path / "instance"))
    yield made
    close(made)


@pytest.fixture
def context(app: Flask) -> Iterator[Flask]:
    """An open application context, for calling actions and queries directly."""
    with app.app_context():
        yield app


@pytest.fixture
def browser(app: Flask) -> Browser:
    """A browser without JavaScript, not signed in."""
    return Browser(app)
