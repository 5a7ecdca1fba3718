"""Every test here runs on SQLite and on PostgreSQL, each kind with one application for all of them."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.databases import Databases, StandingApp, close


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "databases" in metafunc.fixturenames:
        metafunc.parametrize("databases", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture(scope="session")
def standing() -> dict[int, StandingApp]:
    """The applications made so far, by the maker of their databases."""
    return {}


@pytest.fixture
def app(
    databases: Databases, standing: dict[int, StandingApp], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """The whole application over a fresh database; no context is open."""
    if id(databases) not in standing:
        standing[id(databases)] = StandingApp(databases, tmp_path_factory.mktemp("standing"))
    app = standing[id(databases)].renewed()
    yield app
    close(app)
