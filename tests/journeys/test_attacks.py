"""What somebody hostile sees or sends through the pages, and what a bad moment may not betray."""

import logging
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, OperationalError

from app import extensions
from app.accounts import sessions
from app.accounts.models import Consent, LoginId, UserSession
from app.extensions import db
from app.web.policy import ANYBODY
from tests.application_world import complete_draft, filer, submit_draft
from tests.browser import BASE
from tests.case_world import signed_in, supplier_person
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
