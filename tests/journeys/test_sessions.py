"""Sessions: what the cookie is, when it ends, and that a copied, cut or foreign one is worth nothing."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from app import clock
from app.accounts.models import UserSession
from app.extensions import db
from app.journal.models import JournalEntry
from app.transaction import transaction
from tests import factories as make
from tests.browser import BASE, Browser
from tests.journeys.signing_in import (
    HOST,
    SESSION,
    block,
    set_cookie,
    sign_in,
    status_of,
)
from tests.quick_hashes import quick_hashes  # noqa: F401  (a fixture)
from tests.unchanged import unchanged

pytestmark = pytest.mark.usefixtures("quick_hashes")


def cookie(browser: Browser, name: str = SESSION) -> str:
    found = browser.client.get_cookie(name, domain=HOST)
    return found.value if found else ""


def seen_ago(app: Flask, **ago: timedelta) -> None:
    with app.app_context(), transaction():
        db.session.execute(update(UserSession).values(**{name: clock.now() - by for name, by in ago.items()}))


def test_cookies_are_safe_and_none_signs_in_for_long(app: Flask, browser: Browser, ivanov: int) -> None:
    page = browser.open("/login")
    answer = browser.send(page, "/login", follow=False, login="ivanov@example.org", password=make.PASSWORD)
    cookies = {header.split("=")[0]: header for header in answer.response.headers.getlist("Set-Cookie")}
    assert set(cookies) <= {SESSION, "__Host-browser", "css"}
    for attribute in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert attribute in cookies[SESSION]
        assert attribute in cookies["__Host-browser"]
    assert "Domain" not in cookies[SESSION]
    assert "Expires" not in cookies[SESSION]
    assert "Max-Age" not in cookies[SESSION]
    alone = Browser(app)
    set_cookie(alone, cookie(browser, "__Host-browser"), "__Host-browser")
    assert status_of(alone) == 303, "the mark of a browser opens nothing"


def test_a_new_sign_in_leaves_nothing_of_the_session_before(
    app: Flask, browser: Browser, ivanov: int
) -> None:
    with browser.client.session_transaction(base_url=BASE) as planted:
        planted["planted"] = "before the sign-in"
    sign_in(browser)
    with browser.client.session_transaction(base_url=BASE) as after:
        assert "planted" not in after
    first = cookie(browser)
    sign_in_again = browser.open("/login")  # leads home: somebody is in
    assert sign_in_again.path == "/"
    other = Browser(app)
    sign_in(other)
    assert cookie(other) != first


def test_sign_out_ends_the_session_and_a_copied_cookie_with_it(
    app: Flask, browser: Browser, ivanov: int
) -> None:
    sign_in(browser)
    copied = cookie(browser)
    page = browser.open("/profile")
    answer = browser.send(page, "/logout", follow=False)
    assert (answer.status, answer.response.headers["Location"]) == (303, "/login")
    assert answer.response.headers["Clear-Site-Data"] == '"cache", "storage"'
    thief = Browser(app)
    set_cookie(thief, copied)
    assert status_of(thief) == 303
    with app.app_context():
        kinds = db.session.scalars(select(JournalEntry.kind).where(JournalEntry.actor_id == ivanov)).all()
        assert kinds[-2:] == ["signed_in", "signed_out"]


def test_sign_out_needs_the_token_and_a_press(app: Flask, browser: Browser, ivanov: int) -> None:
    sign_in(browser)
    assert browser.client.get("/logout", base_url=BASE).status_code == 405
    with unchanged(app):
        assert browser.post("/logout", {}).status == 422
    assert status_of(browser) == 200


def test_sign_out_pressed_twice_is_no_error(browser: Browser, ivanov: int) -> None:
    sign_in(browser)
    page = browser.open("/profile")
    assert browser.send(page, "/logout").path == "/login"
    page = browser.send(browser.open("/login"), "/login", login="ivanov@example.org", password=make.PASSWORD)
    assert browser.send(page, "/logout").path == "/login"


@pytest.mark.parametrize(
    ("ago", "alive"),
    [
        ({"seen_at": timedelta(minutes=59)}, True),
        ({"seen_at": timedelta(minutes=61)}, False),
        ({"created_at": timedelta(hours=11, minutes=59)}, True),
        ({"created_at": timedelta(hours=12, minutes=1)}, False),
    ],
)
def test_a_session_ends_by_itself(
    app: Flask, browser: Browser, ivanov: int, ago: dict[str, timedelta], alive: bool
) -> None:
    sign_in(browser)
    seen_ago(app, **ago)
    assert status_of(browser) == (200 if alive else 303)


def test_a_session_of_the_office_ends_sooner(app: Flask, browser: Browser) -> None:
    with app.app_context():
        login = make.login_of(make.make_operator())
    sign_in(browser, login)
    seen_ago(app, seen_at=timedelta(minutes=31))
    assert status_of(browser, "/people") == 303


def test_a_blocked_person_is_out_at_the_next_request(app: Flask, browser: Browser, ivanov: int) -> None:
    sign_in(browser)
    block(app, ivanov)
    assert status_of(browser) == 303


@pytest.mark.parametrize("value", ["garbage", "a" * 4096, "eyJfdXNlcl9pZCI6IngifQ.aaaa.bbbb", "..", "​"])
def test_a_broken_cookie_is_a_stranger(app: Flask, ivanov: int, value: str) -> None:
    browser = Browser(app)
    headers = {"Cookie": f"{SESSION}={value.encode().decode('latin-1')}"}
    assert browser.client.get("/profile", base_url=BASE, headers=headers).status_code == 303
    assert browser.client.get("/login", base_url=BASE, headers=headers).status_code == 200


def test_a_cut_or_changed_cookie_is_a_stranger(app: Flask, browser: Browser, ivanov: int) -> None:
    sign_in(browser)
    real = cookie(browser)
    for wrong in (real[:-1], real[:-3] + "AAA", real.split(".")[0], real[1:]):
        other = Browser(app)
        set_cookie(other, wrong)
        assert status_of(other) == 303


def test_a_cookie_signed_with_another_key_is_a_stranger(app: Flask, browser: Browser, ivanov: int) -> None:
    sign_in(browser)
    app.config["SECRET_KEY"] = "another key of the same length as the first one was"
    assert status_of(browser) == 303


def test_a_page_of_a_signed_in_person_is_kept_by_nobody(browser: Browser, ivanov: int) -> None:
    sign_in(browser)
    for path in ("/profile", "/applicants/new"):
        assert browser.client.get(path, base_url=BASE).headers["Cache-Control"] == "no-store"


def test_a_session_of_somebody_who_is_gone_is_no_session(app: Flask, browser: Browser, ivanov: int) -> None:
    sign_in(browser)
    with app.app_context(), transaction():
        db.session.query(UserSession).delete()
    assert status_of(browser) == 303
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(UserSession)) == 0


def test_times_of_sessions_are_written(app: Flask, browser: Browser, ivanov: int) -> None:
    before = clock.now()
    sign_in(browser)
    with app.app_context():
        row = db.session.scalars(select(UserSession).order_by(UserSession.id.desc())).first()
        assert isinstance(row.created_at, datetime)
        assert before <= row.created_at <= clock.now()
        assert (row.address, row.ended_at) == ("127.0.0.1", None)
