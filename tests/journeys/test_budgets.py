"""What a page may cost: bytes on the wire, requests, queries. For people on a slow phone and for a small machine.

Bytes are those of Brotli at quality 5, as a server does it on the fly. The budgets are those of the first version; a
page that needs more is made smaller, not its budget larger.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import brotli
import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine
from werkzeug.test import TestResponse

from app import clock
from app.cases import actions as messages
from app.connections.file_actions import add_files
from app.web.htmx_script import CDN
from tests.application_world import complete_draft, pdf
from tests.browser import BASE, Browser
from tests.case_world import draft, sent
from tests.whole_site import World

KIB = 1024
STATIC = Path(__file__).parents[2] / "app" / "static"
SHEET = STATIC / "site.css"
#: Scripts of the site: KiB at Brotli 11.
SCRIPTS = {"app.js": 4, "check.js": 1, "sign.js": 3}

#: What a server may send in the first flight of a connection: ten segments of 1460 bytes.
FIRST_FLIGHT = 14_600
#: Requests that a page may start at the site itself, its own included.
MOST_REQUESTS = 4

#: Page: (who opens it, its address, KiB of its HTML with the style sheet linked).
PAGES: dict[str, tuple[str, str, float]] = {
    "sign-in": ("anonymous", "/login", 4),
    "registration": ("anonymous", "/register", 4),
    "registration of a firm": ("anonymous", "/register?form=legal_entity", 4),
    "home": ("applicant", "/", 5),
    "list": ("applicant", "/cases?size=20", 6),
    "case": ("applicant", "/cases/{checking}", 8),
    "hub": ("applicant", "/cases/{draft}/form", 5),
    "topic about the applicant": ("applicant", "/cases/{draft}/form/applicant", 5),
    "topic about the object": ("applicant", "/cases/{draft}/form/object", 5),
    "topic about the rule": ("applicant", "/cases/{draft}/form/rule", 5),
    "topic about the supplier": ("applicant", "/cases/{draft}/form/supplier", 5),
    "documents": ("applicant", "/cases/{draft}/form/documents", 5),
    "check": ("applicant", "/cases/{draft}/form/check", 7),
    "profile": ("applicant", "/profile", 6),
    "queue": ("operator", "/cases", 14),
    "case for staff": ("operator", "/cases/{checking}", 12),
}
#: Pages on which a visit begins, from a bookmark or from a letter: with the style sheet inside they fit one flight.
FIRST_PAGES = ("sign-in", "registration", "registration of a firm", "home", "list", "case")

#: Queries of a page at most; all of them counted, those of the frame (session, settings, unread) too.
QUERIES = {
    "frame": 3,
    "home": 8,
    "list": 7,
    "queue": 7,
    "case": 21,
    "case for staff": 24,
    "hub": 10,
    "topic about the object": 10,
    "check": 16,
    "profile": 8,
}

#: Words that differ from row to row, so that compression is not flattered.
VILLAGES = (
    "Калиново",
    "Верхняя Талица",
    "Ольховка",
    "Новое Заречье",
    "Красный Яр",
    "Сосновый Бор",
    "Черемшанка",
)
STREETS = (
    "Лесная",
    "Полевая",
    "Энергетиков",
    "Садовая",
    "8 Марта",
    "Речной тупик",
    "Ударников",
    "Трудовая",
    "Мира",
)
QUESTIONS = (
    "Когда инженер приедет на объект?",
    "Прошу уточнить, нужен ли новый план участка, если граница не изменилась.",
    "Добрый день! Счетчик в **гараже** старый, его тоже менять?",
    "Спасибо, документ посмотрел, вопросов нет.",
    "Опора стоит у самого забора: хватит ли 15 метров провода до ввода в дом?",
    "Подъезд со стороны школы закрыт до пятницы, приезжайте с улицы Мира.",
)


def get(browser: Browser, path: str, world: World) -> TestResponse:
    response = browser.client.get(path.format(**world.cases), base_url=BASE)
    assert response.status_code == 200, path
    return response


def packed(text: str, quality: int = 5) -> int:
    return len(brotli.compress(text.encode(), quality=quality))


def fill(world: World, cases: int) -> None:
    """A busy person: many applications, a long conversation, many files."""
    own, staff = world.people["applicant"], world.people["operator"]
    with world.app.app_context():
        for number in range(cases):
            village, street = VILLAGES[number % len(VILLAGES)], STREETS[number % len(STREETS)]
            place = f"Пермский край, Калиновский район, п. {village}, ул. {street}, д. {number * 37 % 101}"
            (draft if number % 3 == 0 else sent)(own, place=place)
        for number in range(cases):
            by = (own, staff)[number % 2].actor
            text = f"{QUESTIONS[number % len(QUESTIONS)]} ({number * 37 % 101})"
            files = [pdf(f"{number}-{cases}")] if number % 5 == 0 else []
            messages.send_message(
                world.cases["checking"], text, files, channel="company", by=by, at=clock.now()
            )
        files = [
            pdf(f"{number}-{cases}", f"План участка, лист {number}.pdf") for number in range(min(cases, 15))
        ]
        add_files(world.cases["draft"], "plan", files, by=own.actor, at=clock.now())


@pytest.fixture
def busy(world: World) -> World:
    fill(world, 50)
    return world


def test_the_html_of_every_page_fits_its_budget(busy: World) -> None:
    sizes = {}
    for name, (who, path, budget) in PAGES.items():
        browser = busy.browser(who)
        get(browser, path, busy)
        response = get(browser, path, busy)
        assert "<style>" not in response.text, "the browser has the sheet already"
        sizes[name] = (packed(response.text), int(budget * KIB))
    assert not {name: size for name, size in sizes.items() if size[0] > size[1]}


def test_the_first_page_of_a_visit_fits_the_first_flight_with_its_style_sheet(busy: World) -> None:
    sizes = {}
    for name in FIRST_PAGES:
        who, path, _ = PAGES[name]
        browser = busy.browser(who)
        browser.client.delete_cookie("css", domain="lk.example.org")
        response = get(browser, path, busy)
        assert "<style>" in response.text
        sizes[name] = len(str(response.headers).encode()) + packed(response.text)
    assert not {name: size for name, size in sizes.items() if size > FIRST_FLIGHT}


def test_a_page_starts_few_requests_and_none_to_other_sites_but_for_htmx(busy: World) -> None:
    for name, (who, path, _) in PAGES.items():
        browser = busy.browser(who)
        get(browser, path, busy)
        page = browser.open(path.format(**busy.cases))
        loaded = [tag.get("src") for tag in page.soup.find_all(["script", "img", "iframe", "source"])]
        loaded += [tag.get("href") for tag in page.soup.find_all("link")]
        own = {url for url in loaded if not urlsplit(str(url)).netloc}
        assert set(loaded) - own == (set() if who == "anonymous" else {CDN}), name
        assert 1 + len(own) <= MOST_REQUESTS, name
        assert not re.search(r"url\(|@import", page.html), name


def test_the_style_sheet_stays_small() -> None:
    sheet = SHEET.read_text(encoding="utf-8")
    assert packed(sheet, quality=11) <= 3 * KIB
    assert len(sheet.encode()) <= 10 * KIB
    assert "url(" not in sheet
    assert "@import" not in sheet


def test_the_scripts_of_the_site_stay_small() -> None:
    sizes = {name: packed((STATIC / name).read_text(encoding="utf-8"), quality=11) for name in SCRIPTS}
    assert not {name: size for name, size in sizes.items() if size > SCRIPTS[name] * KIB}
    assert {path.name for path in STATIC.glob("*.js")} == set(SCRIPTS)


def test_static_files_are_named_by_their_content_and_kept(world: World) -> None:
    browser = world.browser("anonymous")
    get(browser, "/login", world)
    page = browser.open("/login")
    (sheet,) = page.soup.find_all("link", rel="stylesheet")
    assert re.search(r"[?&]v=[0-9a-f]{8,}", str(sheet["href"]))


# Queries


@contextmanager
def queries() -> Iterator[list[str]]:
    """The SELECTs that were sent to the database in the block."""
    sent_ones: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            sent_ones.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent_ones
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def cost(world: World, name: str) -> list[str]:
    """The queries of a page that was opened before, so that nothing is marked as read on the way."""
    who, path, _ = PAGES.get(name, ("applicant", "/help", 0))
    get(world.browser(who), path, world)
    with queries() as found:
        get(world.browser(who), path, world)
    return found


def test_queries_of_a_page_are_few(busy: World) -> None:
    found = {name: len(cost(busy, name)) for name in QUERIES}
    assert not {name: (count, QUERIES[name]) for name, count in found.items() if count > QUERIES[name]}
    assert found["list"] - found["frame"] <= 4, "the list itself"
    assert found["queue"] - found["frame"] <= 4, "the queue itself"


def test_queries_of_a_page_do_not_grow_with_the_rows_on_it(world: World) -> None:
    counted: list[dict[str, int]] = []
    for rows in (3, 27):
        fill(world, rows)
        counted.append({name: len(cost(world, name)) for name in PAGES if PAGES[name][0] != "anonymous"})
    assert counted[0] == counted[1]


def test_the_queries_of_applications_do_not_grow_with_files_and_answers(world: World) -> None:
    own = world.people["applicant"]
    grown: Callable[[str], int] = lambda name: len(cost(world, name))  # noqa: E731
    before = {name: grown(name) for name in ("hub", "documents", "check")}
    with world.app.app_context():
        for _ in range(3):
            complete_draft(own)
        more = [pdf(f"title{number}") for number in range(12)]
        add_files(world.cases["draft"], "title", more, by=own.actor, at=clock.now())
    assert {name: grown(name) for name in before} == before
