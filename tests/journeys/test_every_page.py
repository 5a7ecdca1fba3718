"""Every page of every role in a real browser with scripts: nothing for axe, no violated policy, nothing to scroll sideways."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium

from tests.browser import BASE
from tests.journeys.chromium import Window, axe, chromium, script_window
from tests.journeys.loopback import Loopback
from tests.site_map import Address, addresses, ask
from tests.whole_site import ASKED_DRAFT, BY_CODE, UNSIGNED, World

ROLES = ("anonymous", "applicant", "operator", "supplier", "administrator", "signatory")
#: Cases that show every kind of page between them; the first two appeals of the world are added.
CASES = (ASKED_DRAFT, "checking", "needs_fix", "withdrawn")
#: Cases with signatures, of which only the pages about them are looked at: papers that wait for them, a code that is asked
#: for, a power of attorney to be read; a contract that was signed by a code.
SIGNING = (UNSIGNED, BY_CODE)
SIGNERS = ("applicant", "operator", "signatory")


@pytest.fixture(scope="module")
def browser(names: Loopback) -> Iterator[Chromium]:
    with chromium(*names.arguments) as opened:
        yield opened


def pages(world: World, who: str) -> list[str]:
    """Addresses at which this person gets a page, each endpoint with few of its cases."""
    reader = world.browser(who)
    found: dict[tuple[str, str], str] = {}
    for address in to_look_at(world, who):
        key = (address.endpoint, address.path if "?" in address.path else address.case)
        if key in found:
            continue
        answer = ask(reader, address.path)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            found[key] = address.path
    return list(found.values())


def to_look_at(world: World, who: str) -> Iterator[Address]:
    """What may be a page; who signs for the company has those of the clerks beside the pages about signatures."""
    appeals = [name for name in world.cases if "appeal" in name][:2]
    if who != "signatory":
        yield from addresses(world, "GET", cases=(*CASES, *appeals))
    if who in SIGNERS:
        for address in addresses(world, "GET", cases=SIGNING):
            about = address.endpoint.startswith("signing.") or address.endpoint == "cases.page"
            if address.case and about and "?" not in address.path:
                yield address


def look(window: Window, path: str) -> None:
    window.page.goto(BASE + path)
    axe(window)
    wide, seen = window.page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert wide <= seen, f"{path} is {wide} px wide in a window of {seen} px"


@pytest.mark.parametrize("who", ROLES)
def test_axe_finds_nothing_on_any_page(
    live_world: World, browser: Chromium, who: str, tmp_path: Path
) -> None:
    reader = live_world.browser(who)
    paths = pages(live_world, who)
    with script_window(browser, BASE, who, 390, tmp_path, client=reader) as window:
        for number, path in enumerate(paths):
            window.page.emulate_media(color_scheme="dark" if number % 2 else "light")
            look(window, path)
    assert len(paths) > 3
