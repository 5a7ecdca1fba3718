"""Every answer of the site: its headers, what it never tells, and what an unsafe request must bring to be heard."""

import logging
import re
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app import clock
from app.connections.draft_actions import delete_draft
from app.web.headers import YEAR_SECONDS
from app.web.htmx_script import CDN
from app.web.policy import ANYBODY
from tests.application_world import make_draft
from tests.site_forms import token_of
from tests.site_map import addresses, ask
from tests.whole_site import ARCHIVED, NEIGHBOURS, World

PEOPLE = ("anonymous", "applicant", "operator", "supplier")
#: Cases on which every act is at least heard, if not possible.
CASES = ("draft", "checking", ARCHIVED)

#: What no answer may contain: traces of Python, of the database, of the disk, of versions.
TELLTALE = re.compile(
    r"(?i:Traceback|File \"|\.py\b|sqlalchemy|sqlite|psycopg|jinja2|werkzeug|granian|site-packages|python/\d)"
    r"|/work/|/home/|/tmp/|\bSELECT \w|\bINSERT INTO|\bUPDATE \w+ SET"
)
DIRECTIVES = {
    "default-src": {"'none'"},
    "img-src": {"'self'"},
    "font-src": {"'self'"},
    "connect-src": {"'self'"},
    "form-action": {"'self'"},
    "frame-ancestors": {"'none'"},
    "base-uri": {"'none'"},
    "object-src": {"'none'"},
}
#: Every refusal that a person can meet in the test client, and a request that gets it.
ERRORS: list[tuple[int, str, str, str, dict[str, Any]]] = [
    (404, "anonymous", "GET", "/no/such/page", {}),
    (404, "applicant", "GET", "/cases/999999", {}),
    (403, "applicant", "GET", "/people", {}),
    (405, "anonymous", "GET", "/logout", {}),
    (401, "anonymous", "POST", "/people/search", {"data": {"q": "x"}}),
    (422, "anonymous", "POST", "/login", {"data": {"login": "x"}}),
    (413, "anonymous", "POST", "/login", {"data": {"login": "x" * 300_000}}),
    (409, "operator", "GET", "/cases/{archived}/status-line", {}),
    (400, "anonymous", "GET", "/login", {"headers": {"Host": "evil.example"}}),
]


def policy_of(response: TestResponse) -> dict[str, set[str]]:
    parts = (part.split() for part in response.headers["Content-Security-Policy"].split(";"))
    return {name: set(values) for name, *values in parts}


def assert_protected(response: TestResponse, *, shared_computer: bool) -> None:
    """All headers of an answer; `shared_computer`: nothing of it may stay in the browser."""
    headers, where = response.headers, response.request.path
    policy = policy_of(response)
    if "attachment" in headers.get("Content-Disposition", ""):
        assert policy == {"sandbox": set(), "default-src": {"'none'"}}, where
    else:
        assert {name: policy[name] for name in DIRECTIVES} == DIRECTIVES, where
        assert "'self'" in policy["script-src"] <= {"'self'", CDN}, where
        assert not {"'unsafe-inline'", "'unsafe-eval'", "*", "data:", "https:"} & set().union(
            *policy.values()
        )
    assert headers["X-Content-Type-Options"] == "nosniff", where
    assert headers["X-Frame-Options"] == "DENY", where
    assert headers["Referrer-Policy"] == "same-origin", where
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin", where
    assert "camera=()" in headers["Permissions-Policy"], where
    assert headers["Strict-Transport-Security"] == f"max-age={YEAR_SECONDS}", where
    if shared_computer:
        assert headers["Cache-Control"] == "no-store", where


def assert_tells_nothing(response: TestResponse) -> None:
    told = "\n".join(f"{name}: {value}" for name, value in response.headers)
    if (response.mimetype or "").startswith("text/html"):
        told += response.get_data(as_text=True)
    found = TELLTALE.search(re.sub(r"<style>.*?</style>", "", told, flags=re.DOTALL))
    assert found is None, f"{response.request.path}: {told[found.start() - 60 : found.end() + 60]}"


@pytest.mark.parametrize("who", PEOPLE)
def test_every_page_and_file_is_protected_by_its_headers_and_tells_nothing_of_the_machine(
    still_world: World, who: str
) -> None:
    browser, statuses = still_world.browser(who), []
    for address in addresses(still_world, "GET", cases=CASES):
        response = ask(browser, address.path)
        personal = who != "anonymous" and address.endpoint not in ("static", "portal.healthz")
        assert_protected(response, shared_computer=personal)
        assert_tells_nothing(response)
        assert response.status_code < 500, address.path
        statuses.append(response.status_code)
    assert statuses.count(200) >= 5
    assert len(statuses) > 80


@pytest.mark.parametrize(("status", "who", "method", "path", "request_with"), ERRORS)
def test_every_refusal_is_a_russian_page_with_all_headers(
    still_world: World, status: int, who: str, method: str, path: str, request_with: dict[str, Any]
) -> None:
    response = ask(
        still_world.browser(who), path.format(archived=still_world.cases[ARCHIVED]), method, **request_with
    )
    assert response.status_code == status
    assert_protected(response, shared_computer=True)
    assert_tells_nothing(response)
    assert '<html lang="ru">' in response.text
    assert re.search(r"<h1>[А-Яа-яЁё «»,:.!?—№0-9-]+</h1>", response.text)


def test_a_page_has_no_script_or_style_that_its_policy_would_refuse(world: World) -> None:
    checked = 0
    for who in ("anonymous", "applicant", "operator"):
        for address in addresses(world, "GET", cases=("draft", "checking")):
            if address.endpoint == "static":
                continue
            page = world.browser(who).open(address.path)
            checked += 1
            for tag in page.soup.find_all(["iframe", "object", "embed", "base"]):
                raise AssertionError(f"{address.path}: {tag}")
            for tag in page.soup.find_all("script"):
                assert tag["src"] == CDN or str(tag["src"]).startswith("/static/"), f"{address.path}: {tag}"
            inline = [
                tag for tag in page.soup.find_all(True) if tag.has_attr("style") or has_handler(tag.attrs)
            ]
            assert not inline, f"{address.path}: {inline[0]}"
    assert checked > 100


def has_handler(attributes: dict[str, Any]) -> bool:
    return any(name.startswith("on") for name in attributes)


def test_the_one_inline_style_is_named_in_the_policy_by_its_hash(world: World) -> None:
    import base64
    import hashlib

    response = ask(world.browser("anonymous"), "/login")
    style = re.search(r"<style>(.*?)</style>", response.text, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"'sha256-{digest}'" in policy_of(response)["style-src"]


# Hosts


@pytest.mark.parametrize(
    "host", ["evil.example", "lk.example.org.evil.example", "lk.example.org:99999", "$nonsense", ""]
)
def test_an_unknown_host_is_refused_everywhere(still_world: World, host: str) -> None:
    for path in (
        "/",
        "/login",
        "/healthz",
        f"/cases/{still_world.cases['checking']}",
        "/static/site.css",
        "/nowhere",
    ):
        response = ask(still_world.browser("applicant"), path, headers={"Host": host})
        assert response.status_code == 400, path
        assert "evil" not in response.text


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-For": ", ".join(["1.2.3.4"] * 100)},
        {"X-Original-URL": "/people"},
        {"X-Rewrite-URL": "/people"},
        {"X-HTTP-Method-Override": "DELETE"},
        {"Forwarded": "host=evil.example;proto=http"},
        {"X-Forwarded-Prefix": "/evil"},
    ],
)
def test_headers_of_a_client_that_play_a_proxy_have_no_effect(
    still_world: World, headers: dict[str, str]
) -> None:
    applicant = still_world.browser("applicant")
    plain, forged = ask(applicant, "/cases"), ask(applicant, "/cases", headers=headers)
    assert forged.status_code == 200
    assert without_noise(forged) == without_noise(plain)


def test_a_forwarded_host_of_a_client_never_gets_into_a_page(still_world: World) -> None:
    response = ask(still_world.browser("anonymous"), "/cases", headers={"X-Forwarded-Host": "evil.example"})
    assert response.status_code in (303, 400)
    assert "evil" not in response.text + str(response.headers)


# Errors of our own


@pytest.fixture
def broken(world: World) -> Flask:
    """The site with a page that fails with everything in its words that must not be told."""

    def fail() -> str:
        raise RuntimeError("SELECT password_hash FROM users; /srv/app/secret.py; sqlalchemy 2.1")

    world.app.add_url_rule("/broken", "portal.broken", fail)
    world.app.extensions["policy"]["portal.broken"] = ANYBODY
    return world.app


@pytest.mark.parametrize("who", PEOPLE)
def test_a_page_that_fails_shows_only_a_number_which_stands_in_the_log(
    broken: Flask, world: World, who: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        response = ask(world.browser(who), "/broken")
    assert response.status_code == 500
    assert_protected(response, shared_computer=True)
    assert_tells_nothing(response)
    number = re.search(r"Номер ошибки: <b>([0-9a-f]{8})</b>", response.text)
    assert number is not None
    (record,) = [one for one in caplog.records if number[1] in one.getMessage()]
    assert record.exc_info is not None


# Things that are not there


def without_noise(response: TestResponse) -> str:
    """The page without what differs at every answer: tokens, keys of buttons, padding, the sheet inside or linked."""
    text = re.sub(r'name="(csrf_token|action_key)" value="[^"]*"', "", response.text)
    text = re.sub(r"<style>.*?</style>|<link rel=\"stylesheet\"[^>]*>", "", text, flags=re.DOTALL)
    return re.sub(r"<!-- [\w-]* -->", "", text)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_foreign_missing_and_deleted_cases_get_the_very_same_answer(world: World, method: str) -> None:
    with world.app.app_context():
        own = world.people["applicant"]
        gone = make_draft(own)
        delete_draft(gone, by=own.actor, at=clock.now())
    applicant, compared = world.browser("applicant"), 0
    token = token_of(applicant)
    data = {"csrf_token": token} if method == "POST" else None
    for address in addresses(world, method, cases=(NEIGHBOURS,)):
        if not address.case:
            continue
        prefix = f"/cases/{world.cases[NEIGHBOURS]}"
        answers = [
            ask(applicant, address.path.replace(prefix, f"/cases/{number}", 1), method, data=data)
            for number in (world.cases[NEIGHBOURS], 999_999, gone)
        ]
        if answers[0].status_code == 403:
            assert {one.status_code for one in answers} == {403}
            continue
        assert {one.status_code for one in answers} == {404}, address.path
        assert len({without_noise(one) for one in answers}) == 1, address.path
        assert len({repr(sorted(one.headers.items())) for one in answers} - {""}) <= 3
        compared += 1
    assert compared >= 10


def test_a_foreign_and_a_missing_file_get_the_very_same_answer_whatever_a_cache_says(world: World) -> None:
    applicant = world.browser("applicant")
    own, foreign = world.cases["checking"], world.document(NEIGHBOURS)
    paths = (f"/cases/{own}/files/{foreign}", f"/cases/{own}/files/999999")
    neighbour = ask(world.browser("neighbour"), f"/cases/{world.cases[NEIGHBOURS]}/files/{foreign}")
    assert neighbour.status_code == 200
    for headers in (
        {},
        {"If-None-Match": neighbour.headers["ETag"]},
        {"If-Modified-Since": neighbour.headers["Last-Modified"]},
        {"Range": "bytes=0-3"},
    ):
        answers = [ask(applicant, path, headers=headers) for path in paths]
        assert [one.status_code for one in answers] == [404, 404]
        assert without_noise(answers[0]) == without_noise(answers[1])


# Cookies


def test_every_cookie_of_the_site_is_safe_on_https(world: World) -> None:
    seen = set()
    for who in PEOPLE:
        for address in addresses(world, "GET", cases=("checking",)):
            response = ask(world.browser(who), address.path)
            for cookie in response.headers.getlist("Set-Cookie"):
                name, *rest = (part.strip() for part in cookie.split(";"))
                parts = {part.partition("=")[0].lower(): part.partition("=")[2] for part in rest}
                seen.add(name.partition("=")[0])
                assert "secure" in parts, cookie
                assert parts["samesite"] == "Lax", cookie
                assert parts["path"] == "/", cookie
                assert "domain" not in parts, cookie
                assert "httponly" in parts or name.startswith("css="), cookie
    assert {"__Host-session", "css"} <= seen
    assert all(name == "css" or name.startswith("__Host-") for name in seen)
