"""What somebody hostile sends to the live parts of the site: polls, marks, taking back, fragments, search, the set-up."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from app import clock
from app.accounts.models import User, UserSession
from app.cases import actions
from app.cases.models import CaseDocument
from app.connections import draft_actions
from app.extensions import db
from app.transaction import transaction
from tests.application_world import pdf
from tests.browser import BASE, Browser
from tests.site_forms import token_of
from tests.site_map import BY_PROGRAMS, addresses, ask
from tests.unchanged import unchanged
from tests.whole_site import APPEALS, ARCHIVED, TO_SUPPLIER, World

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial", "Referer": BASE + "/"}
NOBODYS = 999_999


def asked(browser: Browser, path: str, method: str = "GET", **options: Any) -> TestResponse:
    return ask(browser, path, method, headers={**PARTIAL, "X-Poll": "1"}, **options)


def in_world(world: World, act: Any, *arguments: Any, **rest: Any) -> Any:
    with world.app.app_context():
        return act(*arguments, at=clock.now(), **rest)


# Rights


#: Whose eyes a case is not for.
OUTSIDERS = (
    ("neighbour", "checking"),
    ("other supplier", "checking"),
    ("supplier", "draft"),
    ("operator", "draft"),
    ("operator", TO_SUPPLIER),
    ("administrator", "checking"),
    ("neighbour", APPEALS["new"]),
    ("other supplier", TO_SUPPLIER),
)


@pytest.mark.parametrize(("who", "case"), OUTSIDERS)
def test_every_live_address_of_a_case_of_others_answers_as_one_that_never_was(
    world: World, who: str, case: str
) -> None:
    browser = world.browser(who)
    browser.open("/")
    token, case_id = token_of(browser), world.cases[case]
    tried = 0
    with unchanged(world.app):
        for method in ("GET", "POST"):
            for address in addresses(world, method, cases=(case,)):
                if not address.case:
                    continue
                answers = []
                for number in (case_id, NOBODYS):
                    path = address.path.replace(f"/cases/{case_id}", f"/cases/{number}")
                    data = {"csrf_token": token, "text": "x"} if method == "POST" else None
                    got = asked(browser, path, method, data=data)
                    answers.append((got.status_code, got.text))
                assert answers[0] == answers[1], (method, address.path)
                assert answers[0][0] in (403, 404), (method, address.path)
                tried += 1
    assert tried > 30


def test_files_of_a_conversation_are_there_for_its_two_sides_alone(world: World) -> None:
    case_id = world.cases["checking"]
    own, staff = world.people["applicant"], world.people["operator"]
    say = actions.send_message
    in_world(world, say, case_id, "Вам", [pdf("to supplier")], channel="supplier", by=own.actor)
    in_world(world, say, case_id, "Между нами", [pdf("note")], channel="internal", by=staff.actor)
    with world.app.app_context():
        rows = db.session.execute(select(CaseDocument.id, CaseDocument.channel))
        files = {channel: file_id for file_id, channel in rows if channel}
    readers = {
        "company": {"applicant", "operator"},
        "supplier": {"applicant", "supplier"},
        "internal": {"operator"},
    }
    assert set(files) == set(readers)
    for channel, file_id in files.items():
        for who in ("applicant", "operator", "supplier", "other supplier", "neighbour", "administrator"):
            got = ask(world.browser(who), f"/cases/{case_id}/files/{file_id}")
            assert (got.status_code == 200) == (who in readers[channel]), (channel, who)


@pytest.mark.parametrize("how", ["blocked", "ended", "idle too long"])
def test_a_page_that_stays_open_gets_and_keeps_nothing_when_the_person_is_out(world: World, how: str) -> None:
    applicant, person = world.browser("applicant"), world.people["applicant"]
    applicant.open(f"/cases/{world.cases['checking']}")
    token = token_of(applicant)
    with world.app.app_context(), transaction():
        long_ago = clock.now() - timedelta(days=2)
        if how == "blocked":
            db.session.execute(update(User).where(User.id == person.id).values(state="blocked"))
        else:
            values = {"ended_at" if how == "ended" else "seen_at": long_ago}
            db.session.execute(update(UserSession).values(**values))
    case, draft = world.cases["checking"], world.cases["draft"]
    with unchanged(world.app, but=("sessions",)):
        for path in (f"/cases/{case}/poll", "/waiting", "/cases?q=%D0%B8", f"/cases/{case}/messages"):
            got = asked(applicant, path)
            assert got.status_code == 401 and "hx-partial" not in got.text, path
        for path in (
            f"/cases/{case}/seen",
            f"/cases/{case}/messages",
            f"/cases/{case}/mark",
            f"/cases/{draft}/form/object/autosave",
        ):
            got = asked(applicant, path, "POST", data={"csrf_token": token, "text": "x", "place": "x"})
            assert got.status_code == 401, path


def test_no_request_of_scripts_is_heard_without_the_token_of_its_session(world: World) -> None:
    heard = set()
    with unchanged(world.app, but=("sessions",)):
        for who in ("applicant", "operator", "signatory", "supplier", "administrator"):
            browser = world.browser(who)
            browser.open("/")
            for address in addresses(world, "POST", cases=("draft", "checking", ARCHIVED, APPEALS["new"])):
                if address.endpoint in BY_PROGRAMS:
                    continue
                got = ask(browser, address.path, "POST", headers=PARTIAL, data={"text": "x"})
                assert got.status_code in (403, 404, 409), (who, address.path)
                assert "HX-Redirect" not in got.headers, address.path
                if got.status_code == 409:
                    assert got.headers["X-Submit"] == "native", address.path
                    heard.add(address.endpoint)
    known = {address.endpoint for address in addresses(world, "POST", cases=("draft",))}
    assert heard == known - set(BY_PROGRAMS)


# The cursor of a page


def cursors(world: World) -> Iterator[str]:
    """Lines that no page of this reader has printed, a colleague's of the other side among them."""
    page = world.browser("operator").open(f"/cases/{world.cases['checking']}")
    yield page.value_of("cursor")
    digits = "9" * 18
    yield f"{'0' * 16}.{digits}.{digits}"
    yield f"{'0' * 16}.0.0.messages={digits}.timeline:00000000"
    yield f"{'0' * 16}." + "9" * 4000
    yield from ("", ".", "0", "x" * 10_000, "а.б.в", "\x00", "%", "'; DROP TABLE cases; --", "<hx-partial>")


@pytest.mark.parametrize("who", ["applicant", "supplier", "operator"])
def test_a_forged_cursor_brings_nothing_but_the_readers_own_page(world: World, who: str) -> None:
    case_id = world.cases["checking"]
    hidden = {"applicant": ["Позвонить до выезда"], "operator": ["Про тариф"]}
    hidden["supplier"] = ["Позвонить до выезда", "Когда приедет", "четверг"]
    own = world.people["applicant"]
    in_world(world, actions.send_message, case_id, "Про тариф", channel="supplier", by=own.actor)
    browser = world.browser(who)
    whole = browser.open(f"/cases/{case_id}").html
    for cursor in cursors(world):
        got = asked(browser, f"/cases/{case_id}/poll", query_string={"cursor": cursor})
        assert got.status_code in (200, 204), cursor[:60]
        for words in hidden[who]:
            assert words not in got.text and words not in whole, (words, cursor[:60])
        assert not cursor or len(cursor) < 12 or cursor not in got.text


def test_a_forged_cursor_reads_for_oneself_alone_and_never_ahead(world: World) -> None:
    case_id, applicant = world.cases["checking"], world.browser("applicant")
    applicant.open(f"/cases/{case_id}")
    cursor = f"{'0' * 16}.{'9' * 18}.{'9' * 18}"
    data = {"csrf_token": token_of(applicant), "cursor": cursor, "user_id": "1", "upto": "9" * 18}
    assert asked(applicant, f"/cases/{case_id}/seen", "POST", data=data).status_code in (200, 204)
    staff = world.people["operator"]
    in_world(world, actions.send_message, case_id, "Новое", channel="company", by=staff.actor)
    assert "Новое сообщение" in applicant.open("/cases").text


# What people write


EVIL = (
    '<hx-partial hx-target="#flash"><p data-evil>x</p></hx-partial>',
    '<div id="flash" data-evil hx-swap-oob="innerHTML">x</div>',
    '<p data-evil hx-get="/logout" hx-trigger="load">x</p>',
    '"><b data-evil hx-post="/logout" x="',
    "++<b data-evil>++ **<i data-evil>** - <u data-evil>",
    "'-alert(1)-'{{ 7*7 }}<template data-evil>",
)


def assert_only_text(html: str, where: object) -> None:
    """No element came out of what people wrote, and no part for another place of the page."""
    soup = BeautifulSoup(html, "html.parser")
    assert not soup.select("[data-evil], template, b[hx-post]"), where
    for part in soup.find_all("hx-partial"):
        assert re.fullmatch(r"#[a-z-]+", str(part["hx-target"])), where
        assert part.find("hx-partial") is None, where


@pytest.mark.parametrize("evil", EVIL)
def test_markup_of_htmx_in_what_people_write_stays_text_in_every_fragment(world: World, evil: str) -> None:
    own, staff, case_id = world.people["applicant"], world.people["operator"], world.cases["checking"]
    in_world(
        world,
        actions.send_message,
        case_id,
        evil,
        [pdf("x", f"{evil[:60]}.pdf".replace("/", ""))],
        by=own.actor,
    )
    in_world(world, actions.send_message, case_id, evil, channel="internal", by=staff.actor)
    in_world(world, _status, case_id, evil, by=staff.actor)
    form = {"place": [evil], "object_name": [evil]}
    in_world(world, draft_actions.save_topic, world.cases["draft"], "object", form, by=own.actor)
    _set_up(world, evil)
    # What was typed has got there, as text: the hours stand under every page.
    assert "data-evil" in world.browser("anonymous").open("/help").html
    assert world.browser("operator").open(f"/cases/{case_id}").text.count("data-evil") > 3
    for who in ("applicant", "operator", "supplier", "administrator"):
        browser = world.browser(who)
        paths = [f"/cases/{case_id}/poll", f"/cases/{case_id}", "/cases", "/", "/waiting", "/help"]
        paths += [
            "/cases/new/message",
            "/admin/company",
            "/admin/topics",
            "/admin/suppliers",
            "/admin/labels",
        ]
        for path in (*paths, f"/cases?q={evil[:150]}".replace("#", "%23").replace("&", "%26")):
            for headers in (PARTIAL, {}):
                got = ask(browser, path, headers=headers)
                assert got.status_code < 500, path
                assert_only_text(got.text, (who, path, evil))


def _status(case_id: int, text: str, *, by: Any, at: Any) -> None:
    from app.cases import staff_actions

    staff_actions.add_status_line(case_id, text, by=by, at=at)


def _set_up(world: World, evil: str) -> None:
    """The administrator's own texts stand on everybody's pages."""
    admin = world.browser("administrator")
    page = admin.open("/admin/company")
    assert_only_text(
        admin.send(page, "/admin/company", **{"company.name": f"ООО {evil}"}).html, "the company"
    )
    assert admin.send(page, "/admin/company", **{"company.hours": evil}).status == 200
    page = admin.open("/admin/labels")
    admin.send(page, "/admin/labels", **{"label.stage.checking": evil[:100]})
    for path, name in (("/admin/topics", "title"), ("/admin/suppliers/new", "name")):
        page = admin.open(path)
        admin.post(
            path,
            {"csrf_token": token_of(admin), name: evil[:190], "position": "1", "active": "y", "email": ""},
        )


# Where answers lead


@pytest.mark.parametrize(
    "current",
    [
        "https://evil.example/cases?q=1",
        f"{BASE}.evil.example/cases?q=1",
        f"{BASE}@evil.example/cases?q=1",
        "//evil.example/cases?q=1",
        "javascript:alert(1)",
        f"{BASE}//evil.example/?q=1",
        f"{BASE}/\\evil.example/?q=1",
        "https://[",
        "x" * 10_000,
    ],
)
def test_no_header_of_a_client_leads_anybody_elsewhere(still_world: World, current: str) -> None:
    browser = still_world.browser("operator")
    headers = {**PARTIAL, "HX-Current-URL": current, "HX-Source": "form#search", "HX-Target": "<script>"}
    got = ask(browser, "/cases?q=иванов%0d%0aX-Evil:1", headers=headers)
    assert got.status_code == 200 and "X-Evil" not in got.headers
    for name in ("HX-Push-Url", "HX-Replace-Url"):
        assert got.headers.get(name, "/cases").startswith("/cases"), name
    assert "evil.example" not in got.text
    stranger = ask(still_world.browser("anonymous"), "/cases", headers=headers)
    assert stranger.status_code == 401 and "evil" not in stranger.headers.get("HX-Redirect", "")
