"""The door: signing in by any identifier, one answer for all refusals, waiting after wrong tries."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import LoginId
from app.accounts.sign_in_routes import REFUSED
from app.extensions import db
from tests import factories as make
from tests.browser import BASE, Browser, Page
from tests.journeys.signing_in import (
    block,
    set_cookie,
    sign_in,
    status_of,
)
from tests.quick_hashes import quick_hashes  # noqa: F401  (a fixture)
from tests.unchanged import unchanged

pytestmark = pytest.mark.usefixtures("quick_hashes")


@pytest.mark.parametrize(
    "login",
    [
        "ivanov@example.org",
        "IVANOV@Example.ORG",
        " ivanov@example.org ",
        "918-663-420 37",
        "91866342037",
        "918-663-420-37",
    ],
)
@pytest.mark.parametrize("by", ["", "ogrn"])
def test_whatever_is_typed_is_recognised_by_its_shape(
    browser: Browser, ivanov: int, login: str, by: str
) -> None:
    page = browser.send(browser.open("/login"), "/login", login=login, password=make.PASSWORD, by=by or None)
    assert (page.status, page.path) == (200, "/")


@pytest.mark.parametrize("form", ["sole_trader", "legal_entity"])
def test_a_business_signs_in_by_its_number(app: Flask, browser: Browser, form: str) -> None:
    with app.app_context():
        user_id = make.make_applicant_user(form)
        number = db.session.scalar(
            select(LoginId.value).where(LoginId.user_id == user_id, LoginId.kind != "email")
        )
    assert sign_in(browser, number).path == "/"


def test_the_page_has_the_four_ways_and_its_label_follows_the_chosen_one(browser: Browser) -> None:
    page = browser.open("/login")
    labels = [label.get_text(strip=True) for label in page.soup.select(".opt label")]
    assert labels == [
        "Физическое лицо (вход по СНИЛС)",
        "Юридическое лицо (вход по ОГРН)",
        "Индивидуальный предприниматель (вход по ОГРНИП)",
        "Вход по электронной почте",
    ]
    assert page.soup.find("label", attrs={"for": "f-login"}).get_text() == "СНИЛС / ОГРН / ОГРНИП / E-mail"
    chosen = browser.open("/login?by=ogrn")
    assert chosen.soup.find("label", attrs={"for": "f-login"}).get_text() == "ОГРН"
    assert chosen.value_of("by") == "ogrn"
    assert browser.open("/login?by=passport").value_of("by") == ""


@pytest.mark.parametrize(
    "login",
    ["", "12345", "ivanov", "ivanov@", "918-663-420 377", "１１２２３３４４５９５", "a\x00b", "я" * 9000],
)
def test_what_is_no_login_at_all_is_told_at_the_field(
    app: Flask, browser: Browser, ivanov: int, login: str
) -> None:
    with unchanged(app):
        page = sign_in(browser, login)
    assert page.status == 422
    assert "Введите СНИЛС (11 цифр), ОГРН (13 цифр)" in page.error_of("login")
    assert page.value_of("login").strip("\x00") == login.strip("\x00")


def test_an_empty_password_is_told_without_counting_a_try(app: Flask, browser: Browser, ivanov: int) -> None:
    with unchanged(app):
        page = sign_in(browser, password="")
    assert (page.status, page.error_of("password")) == (422, "Ошибка: Введите пароль.")


def anonymous(page: Page, login: str) -> str:
    """The page without what is random by itself and without what was typed."""
    text = re.sub(r'name="csrf_token" value="[^"]*"', "", page.html)
    return re.sub(r"<!--.*?-->|data-p=\"[^\"]*\"", "", text).replace(login, "LOGIN")


def test_unknown_wrong_blocked_and_unconfirmed_get_the_same_page(app: Flask, ivanov: int) -> None:
    with app.app_context():
        confirmed = make.make_applicant_user(email="confirmed@example.org", confirmed=True)
        blocked = make.make_applicant_user(email="blocked@example.org")
    assert confirmed != ivanov
    block(app, blocked)
    tries = [
        ("nobody@example.org", make.PASSWORD),
        ("ivanov@example.org", "не тот пароль"),
        ("confirmed@example.org", "не тот пароль"),
        ("blocked@example.org", make.PASSWORD),
        ("blocked@example.org", "не тот пароль"),
    ]
    pages, cookies = [], []
    for login, password in tries:
        browser = Browser(app)
        page = sign_in(browser, login, password)
        assert page.status == 422
        assert REFUSED in page.error_of("login")
        assert password not in page.html
        pages.append(anonymous(page, login))
        cookies.append(sorted(header.split("=")[0] for header in page.response.headers.getlist("Set-Cookie")))
    assert len(set(pages)) == 1
    assert all(one == cookies[0] for one in cookies)


@pytest.mark.parametrize("login", ["ivanov@example.org", "nobody@example.org"])
def test_after_five_tries_everybody_waits_known_or_not(
    app: Flask, browser: Browser, ivanov: int, login: str
) -> None:
    for _ in range(5):
        assert sign_in(browser, login, "не тот пароль").status == 422
    page = sign_in(browser, login)
    assert page.status == 429
    assert int(page.response.headers["Retry-After"]) <= 60
    assert "Подождите 1 минуту" in page.text
    assert page.value_of("login") == login


@pytest.mark.parametrize("header", ["X-Real-Ip", "Forwarded", "X-Client-Ip"])
def test_a_made_up_address_is_no_way_around_the_limit(
    app: Flask, browser: Browser, ivanov: int, header: str
) -> None:
    statuses = []
    for number in range(7):
        page = browser.open("/login")
        values = {"login": "ivanov@example.org", "password": "нет", "csrf_token": page.value_of("csrf_token")}
        headers = {header: f"for=192.0.2.{number}", "Referer": BASE + "/"}
        answer = browser.client.post("/login", base_url=BASE, data=values, headers=headers)
        statuses.append(answer.status_code)
    assert statuses == [422] * 5 + [429] * 2


def test_only_the_last_address_that_the_proxy_wrote_counts(app: Flask, browser: Browser, ivanov: int) -> None:
    statuses = []
    for number in range(6):
        page = browser.open("/login")
        values = {"login": "ivanov@example.org", "password": "нет", "csrf_token": page.value_of("csrf_token")}
        forwarded = ", ".join([f"192.0.2.{number}"] * 100 + ["198.51.100.9"])
        answer = browser.client.post(
            "/login",
            base_url=BASE,
            data=values,
            headers={"X-Forwarded-For": forwarded, "Referer": BASE + "/"},
        )
        statuses.append(answer.status_code)
    assert statuses == [422] * 5 + [429]


def test_the_persons_own_browser_gets_in_while_strangers_try(
    app: Flask, browser: Browser, ivanov: int
) -> None:
    sign_in(browser)
    browser.send(browser.open("/profile"), "/logout")
    stranger = Browser(app)
    for _ in range(5):
        sign_in(stranger, password="не тот пароль")
    assert sign_in(stranger).status == 429
    assert sign_in(browser).path == "/"


@pytest.mark.parametrize("forged", ["", "garbage", "WzEsIngiXQ.AAAA", "a" * 3000])
def test_a_forged_mark_of_a_known_browser_is_none(app: Flask, ivanov: int, forged: str) -> None:
    browser = Browser(app)
    set_cookie(browser, forged, "__Host-browser")
    for _ in range(5):
        assert sign_in(browser, password="не тот пароль").status == 422
    assert sign_in(browser).status == 429


@pytest.mark.parametrize(
    "host", ["evil.example", "lk.example.org.evil.example", "$nonsense", "evil.example:443"]
)
def test_a_foreign_host_is_refused(browser: Browser, ivanov: int, host: str) -> None:
    answer = browser.client.get("/login", base_url=BASE, headers={"Host": host})
    assert answer.status_code == 400
    assert "evil" not in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Original-Url": "/people"},
        {"X-Rewrite-Url": "/people"},
        {"X-Forwarded-Prefix": "/evil"},
        {"X-Http-Method-Override": "POST"},
    ],
)
def test_headers_of_other_servers_have_no_effect(browser: Browser, headers: dict[str, str]) -> None:
    answer = browser.client.get("/login", base_url=BASE, headers=headers)
    assert answer.status_code == 200
    assert "evil" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("token", [None, "", "garbage", "other"])
def test_without_the_right_token_nobody_signs_in(
    app: Flask, browser: Browser, ivanov: int, token: str | None
) -> None:
    browser.open("/login")
    values = {"login": "ivanov@example.org", "password": make.PASSWORD}
    if token == "other":
        token = Browser(app).open("/login").value_of("csrf_token")
    with unchanged(app):
        page = browser.post("/login", values | ({"csrf_token": token} if token is not None else {}))
    assert page.status == 422
    assert make.PASSWORD not in page.html
    assert status_of(browser) == 303
