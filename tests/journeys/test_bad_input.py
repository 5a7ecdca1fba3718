"""Bad input on every page, form and upload of the site: told in Russian, nothing changed, never an error of the server.

What single fields mean is tested with their subjects; here the pages and forms are found by the site's own map.
"""

import gc
import re
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import EnvironBuilder

from app.cases.document_steps import MAX_FILES
from app.extensions import UtcDateTime, db
from tests.browser import BASE, Page
from tests.case_world import PDF
from tests.site_forms import Commits, FoundForm, forms, send, send_bytes, send_raw, token_of
from tests.site_map import addresses
from tests.unchanged import unchanged
from tests.whole_site import World, WorldTemplate


@pytest.fixture(scope="module")
def site_forms(
    world_template: WorldTemplate, tmp_path_factory: pytest.TempPathFactory
) -> Sequence[FoundForm]:
    """All forms, found once; they fit every copy of the world."""
    with world_template.copy(tmp_path_factory.mktemp("forms")) as made:
        found = list(forms(made))
    assert len(found) > 40
    return found


@pytest.fixture
def commits(world: World) -> Iterator[Commits]:
    watched = Commits(world)
    yield watched
    watched.close()


#: Wrong passwords and taken identifiers are counted; nothing else of a refused request stays.
COUNTED = ("/login", "/register")


# Addresses

ODD_IDS = (
    "0", "-1", "+1", "007", "1.0", "1e3", "0x1F", "1%00", "%31%20", "%D9%A1%D9%A2", "%EF%BC%91", "1%0A", "%2e%2e", "null",
    "9223372036854775808", "99999999999999999999999999", "1" * 4400, "%ff%fe", "1;2", "1,2", "undefined",
)  # fmt: skip


def test_an_odd_id_in_any_address_is_no_such_page(world: World) -> None:
    operator, asked = world.browser("operator"), 0
    with unchanged(world.app):
        for rule in world.app.url_map.iter_rules():
            found = re.findall(r"<id:\w+>", rule.rule)
            path = re.sub(r"<\w+>", "object", re.sub(r"<id:\w+>", "{}", rule.rule))
            ids = [str(world.cases["checking"])] * (len(found) - 1)
            method = "POST" if "POST" in (rule.methods or ()) else "GET"
            for odd in ODD_IDS if found else ():
                response = operator.client.open(path.format(*ids, odd), method=method, base_url=BASE)
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
        for query in GARBAGE_QUERIES:
            odd = browser.client.get(f"{address.path}?{query}", base_url=BASE)
            assert odd.status_code == plain.status_code, address.path
            assert "<script" not in odd.text
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
        token_of(world.browser(form.who))
    commits.happened()
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
    """Columns into which a control character or a broken one has got."""
    bad = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
    with app.app_context():
        return [
            f"{table.name}.{column}"
            for table in db.metadata.sorted_tables
            for row in db.session.execute(select(table)).mappings()
            for column, value in row.items()
            if isinstance(value, str | dict | list) and bad.search(str(value))
        ]


#: 20 000 letters are more than any field takes, and less than a body may hold.
TOO_LONG = "ж" * 20_000
#: Fields that are never printed back, or that no sentence can stand at.
NEVER_KEPT = ("password", "password_again")


def test_too_long_a_text_in_any_field_is_told_at_the_field_and_kept_there(
    world: World, commits: Commits, site_forms: Sequence[FoundForm]
) -> None:
    told = 0
    for form in site_forms:
        token_of(world.browser(form.who))
    commits.happened()
    for form in site_forms:
        for name in form.texts:
            asked = form.filled(asked_when(form, name, world))
            page = Page(send(world.browser(form.who), asked, **{name: TOO_LONG}))
            assert page.status == 422, f"{form} {name}"
            assert not commits.happened() or form.action in COUNTED, f"{form} {name}"
            if name in NEVER_KEPT:
                assert TOO_LONG not in page.html
                continue
            assert page.value_of(name) == TOO_LONG, f"{form} {name}"
            assert re.search(r"[а-я]{3,}", sentence_at(page, name)), f"{form} {name}"
            told += 1
    assert told > 60


def sentence_at(page: Page, name: str) -> str:
    """What stands at a field; a form of files asks for the files first."""
    return page.error_of(name) or page.error_of("files")


def asked_when(form: FoundForm, name: str, world: World) -> dict[str, str]:
    """The choices after which a field is asked for at all."""
    if form.action.endswith("/request-fixes") and name == "text":
        return {"items": "document-plan"}
    supplier = str(world.people["supplier"].actor.supplier_id)
    needed = {
        "identity_name": {"identity_kind": "other"},
        "identity_number": {"identity_kind": "other"},
        "identity_issued": {"identity_kind": "passport"},
        "passport_": {"identity_kind": "passport"},
        "department_": {"identity_kind": "passport"},
        "account": {"account_known": "yes"},
        "temporary_until": {"connection_type": "temporary_mobile"},
        "permanent_contract": {"connection_type": "temporary_construction"},
        "own_": {"capacity": "representative"},
        "authority_": {"capacity": "representative"},
        "reason_text": {"reason": "other"},
        "cadastral_absent_why": {"cadastral_absent": "yes"},
        "remark-": {"items": name.removeprefix("remark-")},
        "contract_kind": {"supplier": supplier},
    }
    return next((values for prefix, values in needed.items() if name.startswith(prefix)), {})


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
        token_of(world.browser(form.who))
    commits.happened()
    for form in site_forms:
        for name in form.texts:
            for text in HOSTILE:
                asked = form.filled(asked_when(form, name, world))
                response = send(world.browser(form.who), asked, **{name: text})
                where = f"{form} {name} {text!r}"
                assert response.status_code in answers_to(form), where
                changed = commits.happened()
                assert response.status_code < 400 or form.action in COUNTED or not changed, where
                assert_harmless(response.text, where)
    for who in ("applicant", "operator", "supplier"):
        for address in addresses(world, "GET", cases=("draft", "checking", "registered")):
            if address.endpoint in ("static", "cases.download"):
                continue
            page = world.browser(who).client.get(address.path, base_url=BASE)
            assert_harmless(page.text, address.path)


def assert_harmless(html: str, where: str) -> None:
    """No element and no computed value came out of a text; a text is turned round at most inside its own field."""
    assert "<script" not in html, where
    assert "<img" not in html, where
    assert "{% for" not in html or "{{ 7*7 }}" in html, where
    assert "\u202e" not in re.sub(r"<textarea[^>]*>[^<]*|<input[^>]*>", "", html), where


@pytest.mark.parametrize("value", ["", "no such choice", "999999"])
def test_a_choice_that_nobody_offered_is_refused_at_its_field(
    world: World, commits: Commits, site_forms: Sequence[FoundForm], value: str
) -> None:
    asked_for = 0
    for form in site_forms:
        token_of(world.browser(form.who))
    commits.happened()
    for form in site_forms:
        for name in form.choices:
            if name == "by":
                continue  # the way of signing in only names the field
            asked = form.filled(asked_when(form, name, world))
            page = Page(send(world.browser(form.who), asked, **{name: value}))
            changed = commits.happened()
            if value == "" and page.status == 303:
                continue  # drafts are saved incomplete
            assert page.status == 422, f"{form} {name}"
            assert not changed or form.action in COUNTED, f"{form} {name}"
            assert re.search(r"[а-я]{3,}", sentence_at(page, name)), f"{form} {name}"
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


# Uploads

#: Where files are taken: (who, action, field, other fields).
UPLOADS: dict[str, tuple[str, str, str, dict[str, str]]] = {
    "slot": ("applicant", "/cases/{draft}/files", "files-plan", {"kind": "plan"}),
    "topic": ("applicant", "/cases/{draft}/form/applicant", "files-identity", {}),
    "answer": ("applicant", "/cases/{needs_fix}/answer", "files-plan", {}),
    "message": ("applicant", "/cases/{checking}/messages", "files", {"channel": "company", "text": "План"}),
    "note": ("operator", "/cases/{checking}/messages", "note_files", {"channel": "internal", "note": "План"}),
    "posting": ("operator", "/cases/{checking}/documents", "files", {"kind": "letter"}),
}
#: Answers of a topic are kept although a file beside them is refused, as its page says.
KEPT_BESIDE = {"topic": ("cases",)}


def upload(
    world: World, place: str, files: list[tuple[bytes, str]], *, kind: str = "application/pdf"
) -> tuple[Page, str]:
    """Send files as the form of the place would; the answer and the name of the field come back."""
    who, action, field, data = UPLOADS[place]
    browser = world.browser(who)
    parts: MultiDict[str, Any] = MultiDict({"csrf_token": token_of(browser), **data})
    for content, name in files:
        parts.add(field, FileStorage(BytesIO(content), filename=name, content_type=kind))
    return browser.post(action.format(**world.cases), parts, follow=False), field


REFUSED_FILES: dict[str, tuple[bytes, str]] = {
    "html as pdf": (b"<!doctype html><script>alert(1)</script>", "scan.pdf"),
    "svg as jpg": (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "scan.jpg"),
    "php as png": (b"<?php system($_GET['c']);", "scan.png"),
    "pdf header at byte 1000": (b" " * 1000 + PDF, "late.pdf"),
    "gif with script": (b"GIF89a/*" + b"\0" * 20 + b"*/=1;alert(1)", "x.gif"),
    "a zip of pdfs": (b"PK\x03\x04" + b"\0" * 200, "docs.zip"),
    "a rar": (b"Rar!\x1a\x07\x01\x00" + b"\0" * 50, "docs.rar"),
    "a 7z": (b"7z\xbc\xaf\x27\x1c" + b"\0" * 50, "docs.7z"),
    "nothing": (b"", "empty.pdf"),
    "a double extension": (PDF, "a.pdf.exe"),
    "an extension turned round": (PDF, "codfdp.\u202eexe"),
    "no extension": (PDF, "скан"),
    "a hidden file": (PDF, ".htaccess"),
} | {
    f"a file .{extension}": (content, f"x.{extension}")
    for extension, content in {
        "svg": b"<svg/>",
        "html": b"<html></html>",
        "xhtml": b"<html/>",
        "xml": b"<?xml version='1.0'?><a/>",
        "mht": b"MIME-Version: 1.0\r\n\r\n",
        "swf": b"CWS\x09" + b"\0" * 20,
        "js": b"alert(1)",
        "exe": b"MZ" + b"\0" * 100,
        "bat": b"@echo off",
        "lnk": b"L\0\0\0" + b"\0" * 20,
        "iso": b"\0" * 100,
        "vhd": b"conectix" + b"\0" * 20,
        "hta": b"<script>",
        "docm": b"PK\x03\x04" + b"\0" * 50,
    }.items()
}


@pytest.mark.parametrize("place", UPLOADS)
def test_every_place_for_files_refuses_the_same_files_by_name_and_with_advice(
    world: World, place: str
) -> None:
    token_of(world.browser(UPLOADS[place][0]))
    with unchanged(world.app, but=KEPT_BESIDE.get(place, ())):
        for what, (content, name) in REFUSED_FILES.items():
            page, field = upload(world, place, [(content, name)])
            assert page.status == 422, f"{what}: {page.status}"
            sentence = page.error_of(field)
            assert "«" in sentence and re.search(r"[а-яё]{4,}", sentence), f"{what}: {sentence!r}"


@pytest.mark.parametrize("place", UPLOADS)
def test_one_bad_file_among_good_ones_is_named(world: World, place: str) -> None:
    page, field = upload(world, place, [(PDF + b"%1\n", "хороший.pdf"), (b"MZ", "плохой.pdf")])
    assert page.status == 422
    assert "плохой.pdf" in page.error_of(field)
    assert "хороший.pdf" not in page.error_of(field)


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (PDF + b"PK\x03\x04" + b"\0" * 50, "и-архив.pdf", "application/pdf"),
        (
            b"\xff\xd8\xff\xe0" + b"\0" * 30 + b"\xff\xd9<html><script>alert(1)</script>",
            "и-страница.jpg",
            "image/jpeg",
        ),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 30 + b"<?php 1;", "и-программа.png", "image/png"),
    ],
    ids=["pdf and zip", "jpg and html", "png and php"],
)
@pytest.mark.parametrize("claimed", ["text/html", "../../x", "x" * 10_000], ids=["a page", "a path", "long"])
def test_a_file_that_is_two_things_is_served_as_what_it_was_taken_for(
    world: World, content: bytes, name: str, media_type: str, claimed: str
) -> None:
    page, _ = upload(world, "message", [(content, name)], kind=claimed)
    assert page.status == 303
    case = world.browser("applicant").open(f"/cases/{world.cases['checking']}")
    path = case.link(name.removesuffix(name[-4:]))
    answer = world.browser("operator").client.get(path, base_url=BASE)
    assert answer.get_data() == content
    assert answer.mimetype == media_type
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    answer.close()


@pytest.mark.parametrize("place", ["slot", "message", "posting"])
def test_more_files_than_a_case_may_hold_are_told_with_what_is_left(world: World, place: str) -> None:
    page, field = upload(world, place, [(PDF + b"%%%d\n" % number, f"{number}.pdf") for number in range(100)])
    assert page.status == 422
    assert str(MAX_FILES) in page.error_of(field)
    with world.app.app_context():
        rows = db.session.scalars(select(db.metadata.tables["document_versions"].c.storage_key)).all()
    stored = world.app.extensions["config"].instance_path / "files"
    assert sorted(str(path.relative_to(stored)) for path in stored.rglob("*") if path.is_file()) == sorted(
        rows
    )


# The reader of the body drops its temporary file without closing it; that one is gone with the memory.
@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning", "ignore:Unclosed file:ResourceWarning"
)
@pytest.mark.parametrize("place", UPLOADS)
def test_a_body_that_breaks_off_leaves_no_row_and_no_file(world: World, place: str) -> None:
    who, action, field, data = UPLOADS[place]
    browser = world.browser(who)
    token = token_of(browser)
    files = {field: (BytesIO(PDF + b"x" * 100_000), "план.pdf")}
    builder = EnvironBuilder(method="POST", data={"csrf_token": token, **data, **files})
    whole = builder.get_environ()
    body = whole["wsgi.input"].read()
    builder.close()
    with unchanged(world.app):
        for share in (0.1, 0.5, 0.99):
            response = browser.client.post(
                action.format(**world.cases),
                base_url=BASE,
                input_stream=BytesIO(body[: int(len(body) * share)]),
                content_type=whole["CONTENT_TYPE"],
                headers={"Referer": BASE + "/"},
                environ_overrides={"CONTENT_LENGTH": str(len(body))},
            )
            assert response.status_code == 400
    gc.collect()


SHAPELESS: tuple[tuple[str, bytes], ...] = (
    ("multipart/form-data", b"--x\r\n"),
    ("multipart/form-data; boundary=" + "b" * 10_000, b"--b\r\n"),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\nno name\r\n--x--\r\n"),
    (
        "multipart/form-data; boundary=x",
        b"--y\r\nContent-Disposition: form-data; name=text\r\n\r\n1\r\n--y--\r\n",
    ),
    ("multipart/form-data; boundary=x", b"\x00\xff" * 100),
    ("multipart/form-data; boundary=x", b""),
    ("multipart/form-data; boundary=x; charset=utf-7", b"--x--"),
    ("application/json", b'{"text": "\\ud800"}'),
    ("application/json", b"[" * 100_000),
    ("text/xml", b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>"),
    ("", b"text=1"),
    ("application/x-www-form-urlencoded", b"&" * 200_000),
    ("application/x-www-form-urlencoded; charset=utf-16", "text=да".encode("utf-16")),
)


@pytest.mark.parametrize("who", ["anonymous", "applicant", "operator"])
def test_a_body_of_no_shape_is_refused_everywhere_and_changes_nothing(world: World, who: str) -> None:
    browser = world.browser(who)
    token_of(browser)
    with unchanged(world.app):
        for address in addresses(world, "POST", cases=("checking",)):
            for kind, body in SHAPELESS:
                response = send_raw(browser, address.path, body, kind)
                assert response.status_code in (400, 401, 403, 404, 422), f"{address.path} {kind}"


def test_a_form_with_too_many_fields_is_refused(world: World) -> None:
    applicant = world.browser("applicant")
    parts = MultiDict([("csrf_token", token_of(applicant))] + [(f"f{n}", "1") for n in range(1000)])
    with unchanged(world.app):
        builder = EnvironBuilder(method="POST", data=parts, content_type="multipart/form-data")
        environ = builder.get_environ()
        body = environ["wsgi.input"].read()
        builder.close()
        response = send_raw(
            applicant, f"/cases/{world.cases['checking']}/messages", body, environ["CONTENT_TYPE"]
        )
    assert response.status_code == 413


def test_a_file_in_place_of_a_text_and_a_text_in_place_of_a_file_are_no_message(world: World) -> None:
    applicant = world.browser("applicant")
    path = f"/cases/{world.cases['checking']}"
    token = token_of(applicant)
    with unchanged(world.app):
        data = {"csrf_token": token, "channel": "company", "text": (BytesIO(PDF), "a.pdf"), "files": "текст"}
        page = applicant.post(f"{path}/messages", data, follow=False)
    assert page.status == 422
    assert "Пустое сообщение" in page.error_of("text")
