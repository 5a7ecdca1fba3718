"""Files of a case: who gets them, under which name and headers, and what is written down about it."""

from io import BytesIO
from pathlib import Path
from urllib.parse import unquote

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app import clock, create_app
from app.cases import staff_actions
from app.cases.actions import send_message
from app.cases.models import Case, CaseDocument
from app.cases.steps import set_card
from app.documents.intake import Upload
from app.documents.models import DocumentVersion
from app.extensions import db
from app.journal.models import JournalEntry
from app.transaction import transaction
from tests.browser import Browser
from tests.case_world import PDF, Person, applicant, named, operator, sent, signed_in, supplier_person
from tests.databases import SqliteDatabases, close, config_for
from tests.unchanged import unchanged

BASE = "https://lk.example.org"
CONTENT = PDF + b"0123456789" * 50


def with_file(who: Person, name: str = "План участка № 5.pdf") -> tuple[int, int]:
    """A case with one file of the applicant: ids of both."""
    case_id = sent(who)
    send_message(case_id, "План", [Upload(name, BytesIO(CONTENT))], by=who.actor, at=clock.now())
    return case_id, db.session.query(CaseDocument).filter_by(case_id=case_id).one().id


def get(browser: Browser, case_id: int, file_id: int, method: str = "get", **headers: str) -> TestResponse:
    send = getattr(browser.client, method)
    response: TestResponse = send(
        f"/cases/{case_id}/files/{file_id}",
        base_url=BASE,
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )
    return response


def openings(app: Flask) -> int:
    with app.app_context():
        return db.session.query(JournalEntry).filter_by(kind="document_opened").count()


def test_a_file_comes_whole_as_a_download_of_our_own_type(app: Flask) -> None:
    with app.app_context():
        ivanov = applicant()
        case_id, file_id = with_file(ivanov)
    answer = get(signed_in(app, ivanov), case_id, file_id)
    assert answer.status_code == 200 and answer.data == CONTENT
    headers = answer.headers
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    disposition = headers["Content-Disposition"]
    assert disposition.startswith("attachment; ")
    assert unquote(disposition.split("filename*=UTF-8''")[1]) == "План участка № 5.pdf"


@pytest.mark.parametrize(
    ("sent_as", "comes_as"),
    [
        ("Паспорт.pdf", "Паспорт.pdf"),
        ("Заявка №1 (копия).pdf", "Заявка №1 (копия).pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\x\\a.pdf", "a.pdf"),
        ('"; filename=x.pdf', "_; filename=x.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie_ x=1.pdf"),
        ("\u202efdp.pdf", "fdp.pdf"),
        ("con.pdf", "_con.pdf"),
        ("😀.pdf", "😀.pdf"),
    ],
)
def test_a_name_comes_back_safe_and_otherwise_as_it_was(app: Flask, sent_as: str, comes_as: str) -> None:
    with app.app_context():
        ivanov = applicant()
        case_id, file_id = with_file(ivanov, sent_as)
    disposition = get(signed_in(app, ivanov), case_id, file_id).headers["Content-Disposition"]
    assert unquote(disposition.split("filename*=UTF-8''")[1]).replace(" ", "") == comes_as.replace(" ", "")
    assert "\n" not in disposition and "\r" not in disposition


def test_head_tells_the_size_and_sends_nothing(app: Flask) -> None:
    with app.app_context():
        ivanov = applicant()
        case_id, file_id = with_file(ivanov)
    answer = get(signed_in(app, ivanov), case_id, file_id, "head")
    assert (answer.status_code, answer.headers["Content-Length"], answer.data) == (
        200,
        str(len(CONTENT)),
        b"",
    )


@pytest.mark.parametrize(
    ("asked", "status", "length"),
    [
        ("bytes=0-9", 206, 10),
        ("bytes=-5", 206, 5),
        (f"bytes={len(CONTENT) - 1}-", 206, 1),
        ("bytes=0-0,5-6", 416, None),
        ("bytes=999999-", 416, None),
        ("bytes=5-1", None, None),
        ("bytes=x", None, None),
        ("lines=1-2", None, None),
        ("bytes=" + "9" * 400 + "-", None, None),
        ("bytes=" + ",".join(f"{n}-{n}" for n in range(500)), 416, None),
    ],
)
def test_ranges_are_answered_and_never_break(
    app: Flask, asked: str, status: int | None, length: int | None
) -> None:
    with app.app_context():
        ivanov = applicant()
        case_id, file_id = with_file(ivanov)
    answer = get(signed_in(app, ivanov), case_id, file_id, Range=asked)
    assert answer.status_code in ((status,) if status else (200, 206, 416))
    if length is not None:
        assert len(answer.data) == length and answer.headers["Content-Range"].endswith(f"/{len(CONTENT)}")


def test_nobody_else_gets_the_file_whatever_they_send_along(app: Flask) -> None:
    with app.app_context():
        ivanov, stranger = applicant(), applicant("Чужой", snils="10289803962", email="")
        case_id, file_id = with_file(ivanov)
        own_case, own_file = with_file(stranger, "Свой.pdf")
        etag = db.session.query(DocumentVersion).first().sha256  # type: ignore[union-attr]
    own = get(signed_in(app, ivanov), case_id, file_id, If_None_Match=f'"{etag}"')
    assert own.status_code == 304
    browser = signed_in(app, stranger)
    for extra in ({}, {"If_None_Match": f'"{etag}"'}, {"Range": "bytes=0-9"}, {"If_None_Match": "*"}):
        assert get(browser, case_id, file_id, **extra).status_code == 404
    assert get(browser, own_case, file_id).status_code == 404
    assert get(browser, case_id, own_file).status_code == 404
    assert get(browser, own_case, own_file).status_code == 200
    assert get(Browser(app), case_id, file_id).status_code in (302, 303, 401)


def test_staff_opening_an_applicants_file_is_written_down_and_a_head_request_is_not(app: Flask) -> None:
    with app.app_context():
        ivanov, office = applicant(), operator()
        case_id, file_id = with_file(ivanov)
    theirs, own = signed_in(app, office), signed_in(app, ivanov)
    with unchanged(app):
        assert get(theirs, case_id, file_id, "head").status_code == 200
        assert get(own, case_id, file_id).status_code == 200
        ahead = get(theirs, case_id, file_id, Sec_Purpose="prefetch;prerender")
    assert (ahead.status_code, ahead.data) == (204, b"")
    assert get(theirs, case_id, file_id).data == CONTENT
    assert openings(app) == 1
    get(theirs, case_id, file_id, Range="bytes=1-")
    assert openings(app) == 2


def test_a_supplier_opening_a_file_that_was_written_to_them_is_written_down_too(app: Flask) -> None:
    with app.app_context():
        ivanov, sbyt = applicant(), supplier_person()
        case_id = sent(ivanov, **named(sbyt))
        scan = [Upload("Паспорт.pdf", BytesIO(CONTENT))]
        send_message(case_id, "Паспорт", scan, channel="supplier", by=ivanov.actor, at=clock.now())
        file_id = db.session.query(CaseDocument).one().id
    assert get(signed_in(app, sbyt), case_id, file_id).data == CONTENT
    assert openings(app) == 1


def test_a_paper_of_the_company_is_opened_without_a_word(app: Flask) -> None:
    with app.app_context():
        ivanov, office = applicant(), operator()
        case_id = sent(ivanov)
        staff_actions.post_documents(
            case_id, [Upload("Письмо.pdf", BytesIO(PDF))], kind="letter", by=office.actor, at=clock.now()
        )
        file_id = db.session.query(CaseDocument).one().id
    browsers = [signed_in(app, who) for who in (ivanov, office)]
    with unchanged(app):
        assert [get(browser, case_id, file_id).status_code for browser in browsers] == [200, 200]


def test_internal_files_are_not_there_for_others(app: Flask) -> None:
    with app.app_context():
        ivanov, office, sbyt = applicant(), operator(), supplier_person()
        case_id = sent(ivanov)
        with transaction():
            case = db.session.get_one(Case, case_id)
            set_card(
                case, at=clock.now(), supplier_id=sbyt.actor.supplier_id, supplier_name="АО «Энергосбыт»"
            )
        staff_actions.post_documents(
            case_id,
            [Upload("Служебная.pdf", BytesIO(PDF))],
            kind="other",
            internal=True,
            by=office.actor,
            at=clock.now(),
        )
        file_id = db.session.query(CaseDocument).one().id
    codes = [get(signed_in(app, who), case_id, file_id).status_code for who in (ivanov, sbyt, office)]
    assert codes == [404, 404, 200]


def test_behind_nginx_the_file_is_handed_over_by_its_key(sqlite: SqliteDatabases, tmp_path: Path) -> None:
    app = create_app(config_for(sqlite.fresh(), tmp_path / "instance", accel_files=True))
    with app.app_context():
        ivanov = applicant()
        case_id, file_id = with_file(ivanov)
        key = db.session.query(DocumentVersion).one().storage_key
    answer = get(signed_in(app, ivanov), case_id, file_id)
    assert answer.headers["X-Accel-Redirect"] == f"/-files/{key}" and answer.data == b""
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "filename*=UTF-8''" in answer.headers["Content-Disposition"]
    close(app)


def test_a_file_that_the_disk_has_lost_is_a_sentence_and_no_fault(app: Flask) -> None:
    with app.app_context():
        ivanov = applicant()
        case_id, file_id = with_file(ivanov)
        for path in Path(app.extensions["config"].instance_path, "files").rglob("*"):
            if path.is_file():
                path.unlink()
    answer = get(signed_in(app, ivanov), case_id, file_id)
    assert answer.status_code == 503 and "Retry-After" in answer.headers
