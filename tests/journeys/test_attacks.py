"""What somebody hostile sees or sends through the pages, and what a bad moment may not betray."""

import logging
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Request, expect
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, OperationalError

from app import clock, extensions
from app.accounts import sessions
from app.accounts.models import Consent, LoginId, UserRole, UserSession
from app.actor import OPERATOR
from app.cases import actions
from app.extensions import db
from app.transaction import transaction
from app.web.policy import ANYBODY
from tests.application_world import complete_draft, filer, submit_draft
from tests.browser import BASE
from tests.case_world import operator, signed_in, supplier_person
from tests.journeys.chromium import chromium, script_window
from tests.journeys.loopback import Loopback
from tests.unchanged import unchanged
from tests.whole_site import World, WorldTemplate

COMMENT = "Ключ от калитки у соседа, звоните вечером"


def test_a_supplier_does_not_read_in_the_questionnaire_what_was_written_to_the_company(app: Flask) -> None:
    """The comment is the first message of a conversation that a supplier does not see."""
    with app.app_context():
        supplier = supplier_person()
        named = {"supplier": [str(supplier.actor.supplier_id)], "contract_kind": ["supply"]}
        person = filer()
        case_id = submit_draft(person, comment=[COMMENT], **named)
    assert COMMENT in signed_in(app, person).open(f"/cases/{case_id}").text
    page = signed_in(app, supplier).open(f"/cases/{case_id}")
    assert page.status == 200
    assert COMMENT not in page.html


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://forum.example.org", "Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "null"},
        {"Origin": "https://forum.example.org"},
        {"Referer": "https://forum.example.org/topic"},
    ],
)
def test_a_strangers_form_is_not_offered_to_be_sent_again(world: World, headers: dict[str, str]) -> None:
    """A page of another site fills a form for a signed-in person: one trusting press would send it with our token."""
    applicant = world.browser("applicant")
    applicant.open("/")
    path = f"/cases/{world.cases['checking']}/withdraw"
    with unchanged(world.app, but=("sessions",)):
        answer = applicant.client.post(path, base_url=BASE, data={"reason": "передумал"}, headers=headers)
    assert answer.status_code == 422
    assert "передумал" not in answer.text
    assert f'action="{path}"' not in answer.text
    assert "не с нашего сайта" in answer.text


def test_a_strangers_form_is_not_kept_through_the_sign_in_either(world: World) -> None:
    applicant = world.browser("applicant")
    applicant.open("/")
    world.forget_visits(timedelta(days=2))
    path = f"/cases/{world.cases['checking']}/withdraw"
    headers = {"Origin": "https://forum.example.org", "Sec-Fetch-Site": "same-site"}
    answer = applicant.client.post(path, base_url=BASE, data={"reason": "передумал"}, headers=headers)
    assert answer.status_code == 401
    assert 'name="kept"' not in answer.text


@pytest.mark.parametrize("crooked", ["https://[", "https://[::1", "https://a]b/", "https://\u2100.example/"])
@pytest.mark.parametrize("header", ["Referer", "Origin"])
@pytest.mark.parametrize("who", ["anonymous", "applicant"])
def test_an_address_that_is_none_in_a_header_is_no_fault_of_ours(
    world: World, who: str, header: str, crooked: str
) -> None:
    browser = world.browser(who)
    page = browser.open("/login" if who == "anonymous" else "/cases/new")
    token = str(page.soup.find(attrs={"name": "csrf_token"})["value"])  # type: ignore[index]
    headers = {"Referer": f"{BASE}/", header: crooked}
    for path in ("/login", f"/cases/{world.cases['checking']}/messages"):
        for data in ({"text": "x"}, {"text": "x", "csrf_token": token}):
            answer = browser.client.post(path, base_url=BASE, data=data, headers=headers)
            assert answer.status_code in (303, 401, 422), (path, data)


def test_an_own_form_without_a_token_still_comes_back_with_what_was_typed(world: World) -> None:
    applicant = world.browser("applicant")
    applicant.open("/")
    path = f"/cases/{world.cases['checking']}/withdraw"
    headers = {"Origin": BASE, "Referer": BASE + path, "Sec-Fetch-Site": "same-origin"}
    answer = applicant.client.post(path, base_url=BASE, data={"reason": "передумал"}, headers=headers)
    assert answer.status_code == 422
    assert "передумал" in answer.text


def test_a_fault_of_the_database_is_logged_without_what_people_typed(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> str:
        for _ in range(2):
            db.session.add(LoginId(kind="snils", value="91866342037", user_id=1))
        db.session.flush()
        return ""

    app.add_url_rule("/broken", "portal.broken", fail)
    app.extensions["policy"]["portal.broken"] = ANYBODY
    with caplog.at_level(logging.DEBUG):
        answer = app.test_client().get("/broken", base_url=BASE)
    assert answer.status_code == 500
    assert "IntegrityError" in caplog.text
    assert "91866342037" not in caplog.text


def test_a_fault_of_postgresql_is_logged_without_what_people_typed(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    """PostgreSQL tells the values of a refused row in the words of its error."""
    typed = "91866342037"

    def fail() -> str:
        words = f"duplicate key\nDETAIL:  Key (kind, value)=(snils, {typed}) already exists."
        raise IntegrityError("INSERT INTO login_ids VALUES (%s)", (typed,), Exception(words))

    app.add_url_rule("/broken", "portal.broken", fail)
    app.extensions["policy"]["portal.broken"] = ANYBODY
    with caplog.at_level(logging.DEBUG):
        assert app.test_client().get("/broken", base_url=BASE).status_code == 500
    assert typed not in caplog.text


def test_a_page_is_read_while_somebody_else_writes_for_long(
    world_template: WorldTemplate, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """That a session was used is a note by the way: when it cannot be written now, the page comes all the same."""
    monkeypatch.setattr(extensions, "BUSY_TIMEOUT_MS", 50)
    with world_template.copy(tmp_path) as world:
        applicant = world.browser("applicant")
        world.forget_visits(timedelta(minutes=10))
        writer = sqlite3.connect(str(tmp_path / "world.db"), isolation_level=None)
        writer.execute("BEGIN IMMEDIATE")
        page = applicant.open("/cases")
        refused = applicant.client.post("/logout", base_url=BASE, headers={"Referer": BASE + "/"})
        writer.execute("ROLLBACK")
        writer.close()
        assert page.status == 200
        assert refused.status_code in (422, 503)


def test_what_a_browser_calls_itself_is_kept_as_one_clean_line(app: Flask) -> None:
    with app.app_context():
        person = filer()
        case_id = complete_draft(person)
        with db.session.begin():
            db.session.execute(db.delete(Consent))
    browser = signed_in(app, person)
    form = browser.open(f"/cases/{case_id}/form/check").form("/submit")
    data = {str(field["name"]): field.get("value", "") for field in form.find_all("input")}
    environ = {"HTTP_USER_AGENT": "Agent\x00\x1b[31m"}
    answer = browser.client.post(
        f"/cases/{case_id}/submit",
        base_url=BASE,
        data=data,
        headers={"Referer": BASE + "/"},
        environ_overrides=environ,
    )
    assert answer.status_code == 303
    with app.app_context():
        agents = set(db.session.scalars(select(Consent.agent)))
        assert agents == {"Agent[31m"}
        assert db.session.scalars(select(UserSession)).first() is not None


def test_a_database_that_is_away_is_told_as_such_to_somebody_signed_in(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every part of the answer asks who the person is; none of them may turn the sentence into a fault."""

    def away(*_arguments: object, **_options: object) -> None:
        raise OperationalError("SELECT", {}, sqlite3.OperationalError("disk I/O error"))

    applicant = world.browser("applicant")
    applicant.open("/")
    monkeypatch.setattr(sessions, "find_session", away)
    answer = applicant.client.get("/cases", base_url=BASE)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_somebody_of_the_company_is_a_plain_applicant_in_a_case_of_their_own(app: Flask) -> None:
    """Nobody reads what colleagues note about their own application, in no part of the page and in no search."""
    with app.app_context():
        person, colleague = filer(), operator()
        with transaction():
            db.session.add(UserRole(user_id=person.id, role=OPERATOR))
        both = replace(person, actor=replace(person.actor, roles=person.actor.roles | {OPERATOR}))
        case_id = submit_draft(person)
        note = {"channel": "internal", "by": colleague.actor, "at": clock.now()}
        actions.send_message(case_id, "Сверхсекретно", **note)
    browser = signed_in(app, both)
    headers = {"HX-Request": "true", "HX-Request-Type": "partial"}
    page = browser.open(f"/cases/{case_id}")
    assert page.status == 200 and "Внутренняя заметка" not in page.text and not page.soup.select("#letters")
    for path in (
        f"/cases/{case_id}/poll",
        f"/cases/{case_id}/messages",
        "/cases?q=сверхсекретно&tab=active",
        "/",
    ):
        for options in ({}, {"headers": headers}):
            assert "Сверхсекретно" not in browser.open(path, **options).text, path
    assert f"/cases/{case_id}?" not in browser.open("/cases?q=сверхсекретно").html
    for act in ("take", "register", "status-line", "archive", "assign"):
        token = page.value_of("csrf_token")
        assert browser.post(f"/cases/{case_id}/{act}", {"csrf_token": token, "status": "x"}).status == 403, (
            act
        )


@pytest.fixture(scope="module")
def chrome(names: Loopback) -> Iterator[Chromium]:
    with chromium(*names.arguments) as browser:
        yield browser


def test_what_an_attacker_writes_does_nothing_on_the_screen_of_a_clerk(
    chrome: Chromium, live_world: World, tmp_path: Path
) -> None:
    """Markup of htmx comes by a poll into an open page, then stands on a fresh one: nothing is asked for and nothing moves."""
    case_id, own = live_world.cases["checking"], live_world.people["applicant"]
    evil = (
        '<p hx-get="/profile?evil" hx-trigger="load">x</p>',
        '<hx-partial hx-target="#main"><h1>evil</h1></hx-partial>',
        '<div id="flash" hx-swap-oob="innerHTML">evil</div><img src="/profile?evil" onerror="alert(1)">',
        '<meta http-equiv="refresh" content="0; url=/profile?evil"><script>alert(1)</script>',
    )
    asked_for: list[str] = []
    clerk = live_world.browser("operator")
    with script_window(chrome, BASE, "operator", 1280, tmp_path, client=clerk) as window:

        def note(request: Request) -> None:
            asked_for.append(request.url)

        window.page.on("request", note)
        window.page.goto(f"{BASE}/cases/{case_id}")
        with live_world.app.app_context():
            for text in evil:
                actions.send_message(case_id, text, by=own.actor, at=clock.now())
        said = window.page.locator("#messages-live").get_by_text("http-equiv")
        expect(said).to_be_visible(timeout=30_000)
        window.page.reload()
        expect(said).to_be_visible()
        expect(window.page.locator("#messages-live [hx-trigger=load], #messages-live img")).to_have_count(0)
        expect(window.page.locator("h1")).not_to_have_text("evil")
        expect(window.page.locator("#flash")).not_to_contain_text("evil")
    assert not [url for url in asked_for if "evil" in url]
