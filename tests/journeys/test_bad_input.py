"""Bad input on every page, form and upload of the site: told in Russian, nothing changed, never an error of the server.

What single fields mean is tested with their subjects; here the pages and forms are found by the site's own map.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.extensions import UtcDateTime, db
from tests.browser import BASE, Page
from tests.site_forms import (
    Commits,
    FoundForm,
    again,
    asked_when,
    forms,
    send,
    send_bytes,
    shown_to,
    token_of,
)
from tests.site_map import addresses
from tests.unchanged import unchanged
from tests.whole_site import World, WorldTemplate


@pytest.fixture(scope="module")
def site_forms(still_world: World) -> Sequence[FoundForm]:
    """All forms, found once by looking at pages; they fit every copy of the world."""
    found = list(forms(still_world))
    assert len(found) > 150
    return found


@pytest.fixture
def commits(world: World, site_forms: Sequence[FoundForm]) -> Iterator[Commits]:
    """Counts from when everybody has signed in."""
    for who in {form.who for form in site_forms}:
        token_of(world.browser(who))
    watched = Commits(world)
    yield watched
    watched.close()


def supplier_of(world: World) -> str:
    """A supplier that an application may name, as its form sends it."""
    return str(world.people["supplier"].actor.supplier_id)


#: Wrong passwords and taken identifiers are counted; nothing else of a refused request stays.
COUNTED = ("/login", "/register")


# Addresses

ODD_IDS = (
    "0", "-1", "+1", "007", "1.0", "1e3", "0x1F", "1%00", "%31%20", "%D9%A1%D9%A2", "%EF%BC%91", "1%0A", "%2e%2e", "null",
    "9223372036854775808", "99999999999999999999999999", "1" * 4400, "%ff%fe", "1;2", "1,2", "undefined",
)  # fmt: skip


def test_an_odd_id_in_any_address_is_no_such_page(still_world: World) -> None:
    """For who has not signed in too: no such address is asked by anybody, whatever the table of policy says."""
    world, anonymous, asked = still_world, still_world.browser("anonymous"), 0
    operator = world.browser("operator")
    with unchanged(world.app):
        for rule in world.app.url_map.iter_rules():
            found = re.findall(r"<id:\w+>", rule.rule)
            path = re.sub(r"<\w+>", "object", re.sub(r"<id:\w+>", "{}", rule.rule))
            ids = [str(world.cases["checking"])] * (len(found) - 1)
            method = "POST" if "POST" in (rule.methods or ()) else "GET"
            for odd in ODD_IDS if found else ():
                # The page for an error is the quicker the less is known of who asks.
                who = operator if odd == ODD_IDS[0] else anonymous
                response = who.client.open(path.format(*ids, odd), method=method, base_url=BASE)
                assert response.status_code == 404, f"{method} {rule.rule} {odd[:30]}"
                asked += 1
    assert asked >= 600


GARBAGE_QUERIES = (
    "page=0&per_page=100000&size=1e9&sort=password_hash&tab=constructor",
    "sort=id;drop%20table%20cases&before=-1&after=n-0&read=%00",
    "%ff%fe=%ff&page=%&tab=%D9%A1&form=%00&next=%09//evil.example",
    "tab[]=a&tab=b&tab=c&before=99999999999999999999&code=1&" + "x=1&" * 300,
    "next=https://evil.example&by=%3Cscript%3E&list=%3Cscript%3E",
)


@pytest.mark.parametrize(
    ("who", "case"), [("anonymous", "draft"), ("applicant", "draft"), ("operator", "checking")]
)
def test_garbage_after_the_question_mark_changes_no_answer_and_is_never_echoed(
    still_world: World, who: str, case: str
) -> None:
    browser = still_world.browser(who)
    for address in addresses(still_world, "GET", cases=(case,)):
        if "?" in address.path or address.endpoint in ("static", "cases.download"):
            continue
        plain = browser.client.get(address.path, base_url=BASE)
        if not is_text(plain):
            continue
        # A refusal has read no query: that which would be echoed is enough for it.
        for query in GARBAGE_QUERIES if plain.status_code < 400 else GARBAGE_QUERIES[-1:]:
            odd = browser.client.get(f"{address.path}?{query}", base_url=BASE)
            assert odd.status_code == plain.status_code, address.path
            assert "<script>" not in odd.text
            assert 'href="//evil' not in odd.text
            assert 'value="https://evil' not in odd.text


@pytest.mark.parametrize(
    "path",
    ["/%ff", "/%00", "/cases/%2e%2e/%2e%2e/etc/passwd", "/static/../wsgi.py", "//evil.example/x", "/\t/evil"],
)
def test_an_odd_path_is_no_such_page_and_leads_nowhere(still_world: World, path: str) -> None:
    for who in ("anonymous", "applicant"):
        response = still_world.browser(who).client.get(path, base_url=BASE)
        assert response.status_code in (400, 404, 308), path
        assert "evil" not in response.headers.get("Location", "").removeprefix(BASE)


# Forms

#: What no text can be, byte by byte as it stands in the body.
BROKEN_BYTES = (b"%ff%fe", b"a%00b", b"%ED%A0%80", b"\xff\xfe", b"%", b"%1B%5B2J")


def test_no_byte_in_any_field_of_any_form_is_an_error_of_the_server(
    world: World, commits: Commits, site_forms: Sequence[FoundForm]
) -> None:
    sent = 0
    for form in site_forms:
        for name in dict.fromkeys([*form.texts, *form.choices, *form.fields.keys()]):
            for value in BROKEN_BYTES if name in form.texts else BROKEN_BYTES[:2]:
                response = send_bytes(world.browser(form.who), form, name, value)
                where = f"{form} {name} {value!r}"
                assert response.status_code in answers_to(form), where
                changed = commits.happened()
                assert response.status_code < 400 or form.action in COUNTED or not changed, where
                sent += 1
    assert sent > 500
    assert control_characters(world.app) == []


def answers_to(form: FoundForm) -> set[int]:
    """What may come back: done, refused as a form, refused as a whole; a search shows its page."""
    return {303, 400, 404, 409, 422, 429} | ({200} if form.action.endswith("/search") else set())


def control_characters(app: Flask) -> list[str]:
    """Columns into which a control character or half of a surrogate pair has got."""
    bad = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
    with app.app_context():
        return [
            f"{table.name}.{column}"
            for table in db.metadata.sorted_tables
            for row in db.session.execute(select(table)).mappings()
            for column, value in row.items()
            if any(bad.search(text) for text in texts_in(value))
        ]


def texts_in(value: object) -> Iterator[str]:
    """All texts of a value, those deep in JSON too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in [*value, *value.values()] if isinstance(value, dict) else value:
            yield from texts_in(one)


#: 31 000 letters are more than any field takes, and less than a body may hold.
TOO_LONG = "ж" * 31_000
#: Fields that are never printed back, or that no sentence can stand at.
NEVER_KEPT = ("password", "password_again", "old_password")


def test_too_long_a_text_in_any_field_is_told_at_the_field_and_kept_there(
    world: World, commits: Commits, site_forms: Sequence[FoundForm]
) -> None:
    told = 0
    for form in site_forms:
        for name in form.texts:
            asked = form.filled(asked_when(form, name, supplier_of(world)))
            # As bytes of UTF-8: taking 31 000 letters out of percent signs again would be most of the test.
            page = Page(send_bytes(world.browser(form.who), asked, name, TOO_LONG.encode()))
            assert page.status == 422, f"{form} {name}"
            assert not commits.happened() or form.action in COUNTED, f"{form} {name}"
            if name in NEVER_KEPT:
                assert TOO_LONG not in page.html
                continue
            part = again(page, form, name)
            assert part.value_of(name) == TOO_LONG, f"{form} {name}"
            assert re.search(r"[а-я]{3,}", sentence_at(part, name)), f"{form} {name}"
            told += 1
    assert told > 250


def sentence_at(part: Page, name: str) -> str:
    """What stands at a field; a form of files asks for the files first."""
    return part.error_of(name) or part.error_of("files")


#: Texts that would do harm where a text is taken for something else.
HOSTILE = (
    "<script>alert(1)</script>'; DROP TABLE cases; --",
    '"><img src=x onerror=alert(1)>{{ 7*7 }}{% for x in y %}',
    "a\r\nBcc: evil@example.org\u202etxt\u200b\u2066%s%n${7*7}",
)


def test_a_hostile_text_in_any_field_stays_a_text(
    world: World, commits: Commits, site_forms: Sequence[FoundForm]
) -> None:
    for form in site_forms:
        for name in form.texts:
            for text in HOSTILE:
                asked = form.filled(asked_when(form, name, supplier_of(world)))
                response = send(world.browser(form.who), asked, **{name: text})
                where = f"{form} {name} {text!r}"
                assert response.status_code in answers_to(form), where
                changed = commits.happened()
                assert response.status_code < 400 or form.action in COUNTED or not changed, where
                assert_harmless(response.text, where)
    for who in ("applicant", "operator", "supplier"):
        for address in shown_to(world, who, cases=("draft", "checking", "registered")):
            if address.endpoint == "cases.download":
                continue
            page = world.browser(who).client.get(address.path, base_url=BASE)
            if is_text(page):
                assert_harmless(page.text, address.path)


def is_text(response: TestResponse) -> bool:
    """Whether the answer is read as a page: a picture or a document echoes nothing."""
    return response.mimetype.startswith("text/")


def assert_harmless(html: str, where: str) -> None:
    """No element and no computed value came out of a text; a text is turned round at most inside its own field."""
    assert "<script>" not in html, where
    assert "<img" not in html, where
    assert "{% for" not in html or "{{ 7*7 }}" in html, where
    assert "\u202e" not in re.sub(r"<textarea[^>]*>[^<]*|<input[^>]*>", "", html), where


@pytest.mark.parametrize("value", ["", "no such choice", "999999"])
def test_a_choice_that_nobody_offered_is_refused_at_its_field(
    world: World, commits: Commits, site_forms: Sequence[FoundForm], value: str
) -> None:
    asked_for = 0
    for form in site_forms:
        for name in form.choices:
            if name == "by":
                continue  # the way of signing in only names the field
            if (name, value) == ("about", ""):
                continue  # an appeal need not be about an application
            asked = form.filled(asked_when(form, name, supplier_of(world)))
            page = Page(send(world.browser(form.who), asked, **{name: value}))
            changed = commits.happened()
            if value == "" and page.status == 303:
                continue  # drafts are saved incomplete
            assert page.status == 422, f"{form} {name}"
            assert not changed or form.action in COUNTED, f"{form} {name}"
            assert re.search(r"[а-я]{3,}", sentence_at(again(page, form, name), name)), f"{form} {name}"
            asked_for += 1
    assert asked_for > (2 if value == "" else 15)


# Fields that nobody asked for


def test_fields_that_no_form_has_make_no_difference_anywhere(
    world: World,
    world_template: WorldTemplate,
    tmp_path_factory: pytest.TempPathFactory,
    site_forms: Sequence[FoundForm],
) -> None:
    with world_template.copy(tmp_path_factory.mktemp("twin")) as twin:
        for form in site_forms:
            control = send(world.browser(form.who), form)
            answer = send(twin.browser(form.who), form, **unasked(form))
            assert answer.status_code == control.status_code, str(form)
        assert facts(twin.app) == facts(world.app)


def unasked(form: FoundForm) -> dict[str, str]:
    """A value for every column of every table that the form does not have."""
    columns = {column.name for table in db.metadata.sorted_tables for column in table.columns}
    own = {*form.fields, *form.texts, *form.choices}
    wanted = {
        "role": "administrator",
        "status": "rejected",
        "state": "blocked",
        "mode": "B",
        "channel": "internal",
    }
    # These are read where a form of their own has them; elsewhere they must not be.
    read = (
        {"kind", "note", "number", "reason", "text", "status", "mode", "title", "remark"}
        if form.choices
        else set()
    )
    return {name: wanted.get(name, "1") for name in columns - own - read if not name.startswith("remark")}


#: What differs between two runs of the same acts.
_RANDOM = {
    "hash",
    "token_hash",
    "storage_key",
    "message_id",
    "dedupe_key",
    "password_hash",
    "details_hash",
    "key",
    "agent",
    "salt",
    "session_id",
}


def facts(app: Flask) -> dict[str, list[tuple[Any, ...]]]:
    """Everything in the tables but instants and random values."""
    with app.app_context():
        return {
            table.name: sorted(map(tuple, db.session.execute(select(*columns))), key=repr)
            for table in db.metadata.sorted_tables
            if (
                columns := [
                    column
                    for column in table.columns
                    if not isinstance(column.type, UtcDateTime) and column.name not in _RANDOM
                ]
            )
            and table.name not in ("outbox", "sessions", "attempts")
        }
