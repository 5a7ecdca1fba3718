"""A session that ended while somebody was typing: they come back to where they were, and nothing typed is lost."""

import pytest
from flask import Flask
from sqlalchemy import update

from app import clock
from app.accounts.models import UserSession
from app.extensions import db
from app.transaction import transaction
from tests import factories as make
from tests.browser import BASE, Browser, Page
from tests.journeys.signing_in import (
    NEW_FIRM,
    applicants,
    sign_in,
)
from tests.quick_hashes import quick_hashes  # noqa: F401  (a fixture)
from tests.unchanged import unchanged

pytestmark = pytest.mark.usefixtures("quick_hashes")


def end_sessions(app: Flask) -> None:
    with app.app_context(), transaction():
        db.session.execute(update(UserSession).values(ended_at=clock.now()))


def test_who_has_to_sign_in_comes_back_to_the_asked_page(browser: Browser, ivanov: int) -> None:
    answer = browser.client.get("/applicants/new?form=legal_entity", base_url=BASE)
    assert answer.status_code == 303
    page = browser.open("/applicants/new?form=legal_entity")
    assert page.path == "/login"
    page = browser.send(page, "/login", login="ivanov@example.org", password=make.PASSWORD)
    assert (page.path, "Наименование" in page.text) == ("/applicants/new", True)


@pytest.mark.parametrize(
    "hostile",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil.example", "javascript:alert(1)"],
)
def test_nobody_is_led_to_another_site(app: Flask, ivanov: int, hostile: str) -> None:
    browser = Browser(app)
    page = Page(browser.client.get("/login", query_string={"next": hostile}, base_url=BASE))
    assert hostile not in page.html
    answer = browser.send(
        page, "/login", follow=False, login="ivanov@example.org", password=make.PASSWORD, next=hostile
    )
    assert answer.response.headers["Location"] == "/"
    again = browser.client.get("/login", query_string={"next": hostile}, base_url=BASE)
    assert again.headers["Location"] == "/"


def test_a_raw_byte_in_an_address_is_no_error_of_ours(app: Flask, browser: Browser) -> None:
    answer = browser.client.get("/profile", base_url=BASE, environ_overrides={"QUERY_STRING": "q=\xff\xfe"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/login")


def too_late(app: Flask, browser: Browser) -> Page:
    """A filled form that is sent after the session has ended."""
    sign_in(browser)
    page = browser.open("/applicants/new?form=legal_entity")
    end_sessions(app)
    return browser.send(page, "/applicants/new", **NEW_FIRM)


def test_what_was_typed_when_the_session_ended_comes_back_to_the_same_person(
    app: Flask, browser: Browser, ivanov: int
) -> None:
    page = too_late(app, browser)
    assert page.status == 401
    assert "Введенное сохранено" in page.text
    page = browser.send(page, "/login", login="ivanov@example.org", password=make.PASSWORD)
    assert (page.status, applicants(app)) == (200, [""])
    for typed in ("ООО «Свет»", "Сергеев", "1168702456933"):
        assert typed in page.text
    page = browser.send(page, button="Отправить еще раз")
    assert (page.status, applicants(app)) == (200, ["", "ООО «Свет»"])


def test_a_wrong_password_in_between_loses_nothing(app: Flask, browser: Browser, ivanov: int) -> None:
    page = too_late(app, browser)
    page = browser.send(page, "/login", login="ivanov@example.org", password="не тот пароль")
    assert page.status == 422
    page = browser.send(page, "/login", login="ivanov@example.org", password=make.PASSWORD)
    assert "ООО «Свет»" in page.text


def test_another_person_at_the_same_browser_sees_nothing_of_it(
    app: Flask, browser: Browser, ivanov: int
) -> None:
    with app.app_context():
        make.make_applicant_user(email="petrov@example.org")
    page = too_late(app, browser)
    page = browser.send(page, "/login", login="petrov@example.org", password=make.PASSWORD)
    assert page.path == "/"
    assert "принадлежит другой учетной записи" in page.text
    assert "Свет" not in page.html


def test_passwords_files_and_codes_are_never_carried(app: Flask, browser: Browser, ivanov: int) -> None:
    sign_in(browser)
    token = browser.open("/applicants/new?form=legal_entity").value_of("csrf_token")
    end_sessions(app)
    typed = {"title": "ООО «Свет»", "password": "секрет-1", "sms_code": "461325", "csrf_token": token}
    page = browser.post("/applicants/new", typed)
    page = browser.send(page, "/login", login="ivanov@example.org", password=make.PASSWORD)
    assert "ООО «Свет»" in page.text
    assert "секрет-1" not in page.html
    assert "461325" not in page.html


def test_a_stranger_gets_the_sign_in_page_and_nothing_is_kept(
    app: Flask, browser: Browser, ivanov: int
) -> None:
    with unchanged(app):
        page = browser.post("/applicants/new", NEW_FIRM)
    assert page.status == 401
    assert not page.value_of("kept")
    assert "Свет" not in page.html


@pytest.mark.parametrize("forged", ["", "garbage", "a.b.c", "é", "x" * 100_000])
def test_a_forged_form_is_not_given_back(app: Flask, browser: Browser, ivanov: int, forged: str) -> None:
    page = browser.open("/login")
    token = page.value_of("csrf_token")
    values = {"login": "ivanov@example.org", "password": make.PASSWORD, "csrf_token": token, "kept": forged}
    assert browser.post("/login", values).path == "/"


def test_a_long_text_is_shown_in_a_block_that_can_be_copied(
    app: Flask, browser: Browser, ivanov: int
) -> None:
    sign_in(browser)
    browser.open("/applicants/new?form=legal_entity")
    end_sessions(app)
    text = "первая строка\r\nвторая строка " + "и дальше " * 3000
    page = browser.post("/applicants/new", {"title": text})
    page = browser.send(page, "/login", login="ivanov@example.org", password=make.PASSWORD)
    block = page.soup.find("textarea")
    assert block.has_attr("readonly")
    assert block.get_text().replace("\r\n", "\n").strip() == text.replace("\r\n", "\n").strip()
    sent = page.form(button="Отправить еще раз").find("input", attrs={"name": "title"})["value"]
    assert sent.replace("\r\n", "\n") == text.replace("\r\n", "\n")
