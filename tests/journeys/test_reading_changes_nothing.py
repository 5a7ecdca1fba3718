"""Law 3: a GET changes nothing but what `app.web.reading.GET_WRITES` lists; HEAD and prefetch change nothing at all."""

import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from app.web.reading import EVERY, GET_WRITES
from tests.browser import BASE, Browser
from tests.site_map import Address, addresses
from tests.unchanged import unchanged
from tests.whole_site import ACTORS, World

_WRITE = re.compile(
    r'\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM|REPLACE INTO)\s+"?(\w+)', re.IGNORECASE
)
#: A session used this long ago is written down as used again.
LONG_AGO = timedelta(minutes=6)
ALLOWED = frozenset().union(*GET_WRITES.values())


@contextmanager
def written() -> Iterator[set[str]]:
    """The tables into which something was written in the block, changed or not."""
    tables: set[str] = set()

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        found = _WRITE.match(statement)
        if found:
            tables.add(found[1])

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield tables
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def answer(browser: Browser, address: Address, method: str = "GET", **options: Any) -> int:
    response = browser.client.open(address.path, method=method, base_url=BASE, **options)
    response.get_data()
    response.close()
    return response.status_code


@pytest.mark.parametrize("who", ACTORS)
def test_opening_every_page_as_anybody_changes_nothing_but_what_is_listed(world: World, who: str) -> None:
    browser, found, asked = world.browser(who), defaultdict[str, set[str]](set), 0
    world.forget_visits(LONG_AGO)
    with unchanged(world.app, but=ALLOWED):
        for address in addresses(world, "GET"):
            with written() as tables:
                status = answer(browser, address)
            assert status < 500, f"{address.path}: {status}"
            found[address.endpoint] |= tables
            asked += 1
    unlisted = {
        endpoint: tables - GET_WRITES[EVERY] - GET_WRITES.get(endpoint, frozenset())
        for endpoint, tables in found.items()
    }
    assert not {endpoint: tables for endpoint, tables in unlisted.items() if tables}
    assert asked > 250


@pytest.mark.parametrize("who", ["applicant", "operator", "supplier"])
@pytest.mark.parametrize(
    ("method", "headers"),
    [("HEAD", {}), ("GET", {"Sec-Purpose": "prefetch;prerender", "Purpose": "prefetch"})],
)
def test_what_nobody_reads_writes_nothing_at_all(
    world: World, who: str, method: str, headers: dict[str, str]
) -> None:
    browser = world.browser(who)
    world.forget_visits(LONG_AGO)
    with unchanged(world.app), written() as tables:
        for address in addresses(world, "GET", cases=("draft", "checking")):
            assert answer(browser, address, method, headers=headers) < 500, address.path
    assert tables == set()


def test_the_list_of_writes_names_no_more_than_really_happens(world: World) -> None:
    world.forget_visits(LONG_AGO)
    case = world.cases["checking"]
    paper = world.document("checking", "identity")
    with written() as sessions:
        answer(world.browser("applicant"), Address("portal.home", "/"))
    with written() as seen:
        answer(world.browser("applicant"), Address("cases.page", f"/cases/{case}"))
    answer(world.browser("operator"), Address("portal.home", "/"))
    with written() as opened:
        answer(world.browser("operator"), Address("cases.download", f"/cases/{case}/files/{paper}"))
    with written() as taken:
        answer(world.browser("operator"), Address("signing.folder", f"/cases/{case}/folder.zip"))
    found = {EVERY: sessions, "cases.page": seen, "cases.download": opened, "signing.folder": taken}
    assert found == dict(GET_WRITES)


def test_a_session_is_noted_as_used_at_most_once_in_five_minutes(world: World) -> None:
    browser = world.browser("applicant")
    with written() as tables:
        answer(browser, Address("portal.home", "/"))
    assert tables == set()
    world.forget_visits(LONG_AGO)
    counted = 0
    for _ in range(3):
        with written() as tables:
            answer(browser, Address("portal.home", "/"))
        counted += "sessions" in tables
    assert counted == 1
