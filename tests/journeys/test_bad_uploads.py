"""Bad files and bodies at every place of the site that takes any: told by name, nothing kept, never an error of the server."""

import gc
import re
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import EnvironBuilder

from app.cases.document_steps import MAX_FILES
from app.extensions import db
from tests.browser import BASE, Page
from tests.case_world import PDF
from tests.site_forms import send_raw, token_of
from tests.site_map import addresses
from tests.unchanged import unchanged
from tests.whole_site import World

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
