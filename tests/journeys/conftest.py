"""Fixtures of journeys: the world in which there is a case in every status, and a person who signs in."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests import factories as make
from tests.databases import SqliteDatabases
from tests.journeys.loopback import Loopback, loopback
from tests.whole_site import World, WorldTemplate


@pytest.fixture(scope="session")
def world_template(sqlite: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory) -> WorldTemplate:
    return WorldTemplate(sqlite, tmp_path_factory.mktemp("world"))


@pytest.fixture
def world(world_template: WorldTemplate, tmp_path: Path) -> Iterator[World]:
    """A copy of the world that the test may change."""
    with world_template.copy(tmp_path) as made:
        yield made


@pytest.fixture(scope="session")
def still_world(world_template: WorldTemplate, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One copy for all tests that only look at it."""
    with world_template.copy(tmp_path_factory.mktemp("still")) as made:
        yield made


@pytest.fixture(scope="session")
def names(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loopback]:
    """https://lk.example.org and the CDN on the loopback; `chromium(*names.arguments)` finds them.

    Put the application into `names.site.app`; `names.cdn.mode` is «on», «corrupt», «hanging» or «blocked».
    """
    with loopback(tmp_path_factory.mktemp("names")) as made:
        yield made


@pytest.fixture
def live_world(names: Loopback, world: World) -> Iterator[World]:
    """The world of the test at https://lk.example.org for a browser with scripts, the CDN switched on.

    `script_window(browser, BASE, "applicant", 1280, folder, client=live_world.browser("applicant"))` is a signed-in window.
    """
    names.site.app, names.cdn.mode = world.app, "on"
    yield world
    names.site.app = None


@pytest.fixture
def ivanov(app: Flask) -> int:
    """A person who signs in as ivanov@example.org and by 918-663-420 37."""
    with app.app_context():
        return make.make_applicant_user(
            email="ivanov@example.org", applicant=make.new_applicant(snils="91866342037")
        )
