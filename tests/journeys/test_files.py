"""Files of an application through the pages: slots, several at once, names, limits, what is refused and how."""

from io import BytesIO

import pytest
from flask import Flask

from app.cases.models import CaseDocument
from app.documents.file_types import MAX_FILE_BYTES
from app.extensions import db
from tests.application_world import complete_draft, filer, make_draft, stored_files, submit_draft, world
from tests.browser import Browser, Page, file
from tests.case_world import PDF, Person, operator, signed_in, supplier_person

MIB = 1024 * 1024


def drafted(app: Flask) -> tuple[Person, int, Browser]:
    with app.app_context():
        ivanov = filer()
        case_id = make_draft(ivanov)
    return ivanov, case_id, signed_in(app, ivanov)


def documents(browser: Browser, case_id: int) -> Page:
    return browser.open(f"/cases/{case_id}/form/documents")


def put(browser: Browser, case_id: int, kind: str, *files: tuple[BytesIO, str], follow: bool = True) -> Page:
    """Send files by the form of one slot."""
    page = documents(browser, case_id)
    form = page.soup.find(id=f"doc-{kind}").find("form", enctype=True)
    token = form.find(attrs={"name": "csrf_token"})["value"]
    data = {"csrf_token": token, "kind": kind, f"files-{kind}": list(files)}
    return browser.post(form["action"], data, follow=follow)


def download(browser: Browser, path: str) -> tuple[int, bytes, str]:
    """Status, bytes and type of a file."""
    with browser.client.get(path, base_url="https://lk.example.org") as answer:
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        return answer.status_code, answer.data, answer.content_type


def slot(page: Page, kind: str) -> str:
    return " ".join(page.soup.find(id=f"doc-{kind}").get_text(" ").split())


def test_the_checklist_says_of_each_document_why_and_whether_it_is_needed(app: Flask) -> None:
    _, case_id, browser = drafted(app)
    page = documents(browser, case_id)
    assert "Нужно приложить" in slot(page, "plan") and "Нужен всегда" in slot(page, "plan")
    assert "где стоит объект" in slot(page, "plan")
    assert "Необязательно" in slot(page, "other")
    assert "Видят только вы и сетевая организация" in slot(page, "identity")
    for words in (
        "Какие документы нужно приложить к заявке на технологическое присоединение?",
        "К заявке должны быть приложены следующие документы:",
        "Переместите заполненную заявку и необходимые документы в это поле или нажмите добавить документы "
        "(максимальный размер файла 30 МБ)",
    ):
        assert words in page.text


def test_several_files_at_once_stand_in_their_slot_with_type_and_size(app: Flask) -> None:
    _, case_id, browser = drafted(app)
    answer = put(
        browser,
        case_id,
        "plan",
        file(PDF + b"%1", "План.pdf"),
        file(PDF + b"%2", "План, лист 2.pdf"),
        follow=False,
    )
    assert answer.status == 303
    assert answer.response.headers["Location"].endswith(f"/cases/{case_id}/form/documents#doc-plan")
    page = documents(browser, case_id)
    assert "Приложено: 2" in slot(page, "plan") and "Загружаемые файлы" in slot(page, "plan")
    assert "Файл: План, лист 2.pdf PDF, 1 КБ" in slot(page, "plan")


def test_a_refused_file_is_told_by_name_at_its_slot_and_the_good_one_stays(app: Flask) -> None:
    _, case_id, browser = drafted(app)
    page = put(browser, case_id, "plan", file(PDF, "План.pdf"), file(b"<svg onload=alert(1)>", "схема.jpg"))
    assert page.status == 422
    sentence = page.error_of("files-plan")
    assert "«схема.jpg»" in sentence and "План.pdf" not in sentence
    assert page.soup.find(id="errors").find("a")["href"] == "#f-files-plan"
    assert "План.pdf" in slot(page, "plan") and "svg onload" not in page.html


def test_no_file_chosen_is_told_and_nothing_changes(app: Flask) -> None:
    _, case_id, browser = drafted(app)
    with app.app_context():
        before = world()
    page = put(browser, case_id, "plan", (BytesIO(b""), ""))
    assert page.status == 422 and "Выберите файл" in page.error_of("files-plan")
    with app.app_context():
        assert world() == before


def test_the_same_file_again_is_not_doubled_and_is_told(app: Flask) -> None:
    _, case_id, browser = drafted(app)
    put(browser, case_id, "plan", file(PDF, "План.pdf"))
    page = put(browser, case_id, "plan", file(PDF, "План.pdf"))
    assert "Такой файл здесь уже есть." in page.text and "Приложено: 1" in slot(page, "plan")


def test_a_file_is_removed_from_its_slot_with_its_bytes(app: Flask) -> None:
    _, case_id, browser = drafted(app)
    page = put(browser, case_id, "plan", file(PDF, "План.pdf"))
    gone = browser.send(page, "/delete")
    assert "Файл удален." in gone.text and "Нужно приложить" in slot(gone, "plan")
    with app.app_context():
        assert stored_files() == []


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"<html><script>alert(1)</script></html>", "scan.pdf", "не похоже"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "scan.jpg", "не похоже"),
        (b"<?php echo 1;", "scan.png", "не похоже"),
        (b"MZ\x90\x00" + b"0" * 100, "setup.exe", ""),
        (b"<svg/>", "scan.svg", "Сохраните картинку как JPG или PNG"),
        (b"PK\x03\x04" + b"0" * 100, "документы.zip", "Архивы не принимаем"),
        (b"Rar!\x1a\x07\x00" + b"0" * 100, "документы.rar", "Архивы не принимаем"),
        (b"....ftypheic" + b"0" * 100, "IMG_0001.HEIC", "на iPhone"),
        (b"junk" * 256 + PDF, "late.pdf", "не похоже"),
        (b"", "пусто.pdf", "Файл пустой"),
        (PDF, "скан", "расширени"),
        (PDF, ".htaccess", ""),
        (PDF, "a.pdf.exe", ""),
        (PDF, "codfdp.\u202epdf", ""),
    ],
)
def test_what_is_not_taken_is_refused_with_advice_and_changes_nothing(
    app: Flask, content: bytes, name: str, words: str
) -> None:
    _, case_id, browser = drafted(app)
    with app.app_context():
        before = world()
    page = put(browser, case_id, "plan", file(content, name))
    assert page.status == 422, name
    assert words in page.error_of("files-plan")
    with app.app_context():
        assert world() == before


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Паспорт.pdf", "Паспорт.pdf"),
        ("Заявка №1 (копия).pdf", "Заявка №1 (копия).pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("con.pdf", "_con.pdf"),
        ("a.pdf ", "a.pdf"),
        ("<script>alert(1)</script>.pdf", "script_.pdf"),
        ("😀 план.pdf", "😀 план.pdf"),
        ("я" * 300 + ".pdf", "я" * 176 + ".pdf"),
    ],
)
def test_names_are_kept_safe_and_come_back_as_they_are_shown(app: Flask, name: str, kept: str) -> None:
    _, case_id, browser = drafted(app)
    page = put(browser, case_id, "plan", file(PDF, name))
    assert page.status == 200
    with app.app_context():
        stored = db.session.query(CaseDocument).one().version.file_name
    assert stored == kept
    link = page.soup.find(id="doc-plan").find("a", string=kept)
    assert download(browser, link["href"]) == (200, PDF, "application/pdf")
    assert "<script>" not in page.html


@pytest.mark.parametrize("claimed", ["text/html", "../../x", "x" * 10_000, "image/svg+xml"])
def test_what_the_browser_says_of_the_type_is_not_read(app: Flask, claimed: str) -> None:
    _, case_id, browser = drafted(app)
    page = documents(browser, case_id)
    form = page.soup.find(id="doc-plan").find("form", enctype=True)
    data = {
        "csrf_token": form.find(attrs={"name": "csrf_token"})["value"],
        "kind": "plan",
        "files-plan": (BytesIO(PDF), "План.pdf", claimed),
    }
    assert browser.post(form["action"], data).status == 200
    with app.app_context():
        document_id = db.session.query(CaseDocument).one().id
    assert download(browser, f"/cases/{case_id}/files/{document_id}") == (200, PDF, "application/pdf")


def put_bytes(browser: Browser, case_id: int, content: bytes, name: str) -> Page:
    """Send one large file as raw bytes: the client of the tests would write it to the disk first."""
    token = documents(browser, case_id).soup.find(attrs={"name": "csrf_token"})["value"]
    field = '--x\r\nContent-Disposition: form-data; name="{}"{}\r\n\r\n'
    head = "".join(
        (
            field.format("csrf_token", ""),
            f"{token}\r\n",
            field.format("kind", ""),
            "plan\r\n",
            field.format("files-plan", f'; filename="{name}"'),
        )
    )
    body = head.encode() + content + b"\r\n--x--\r\n"
    return browser.post(f"/cases/{case_id}/files", body, content_type="multipart/form-data; boundary=x")


def padded(size: int) -> bytes:
    return PDF + b"%" + b"0" * (size - len(PDF) - 1)


def test_a_file_over_thirty_megabytes_is_refused_with_advice(app: Flask) -> None:
    _, case_id, browser = drafted(app)
    page = put_bytes(browser, case_id, padded(MAX_FILE_BYTES + 1), "большой.pdf")
    assert page.status == 422 and "Файл больше 30 МБ" in page.error_of("files-plan")
    assert put_bytes(browser, case_id, padded(MAX_FILE_BYTES), "ровно.pdf").status == 200


def test_a_body_over_the_limit_of_the_page_is_told_in_russian(app: Flask) -> None:
    _, case_id, browser = drafted(app)
    page = put_bytes(browser, case_id, padded(65 * MIB), "огромный.pdf")
    assert page.status == 413 and "30 МБ" in page.text
    with app.app_context():
        assert stored_files() == []


def test_other_addresses_take_no_large_bodies(app: Flask) -> None:
    _, case_id, browser = drafted(app)
    for path in ("share", "submit", "delete", "form/object", "withdraw"):
        answer = browser.post(f"/cases/{case_id}/{path}", {"x": "0" * (300 * 1024)})
        assert answer.status == 413, path


def test_scans_come_with_the_topic_of_the_applicant_and_stay_when_a_value_is_refused(app: Flask) -> None:
    _, case_id, browser = drafted(app)
    page = browser.open(f"/cases/{case_id}/form/applicant")
    refused = browser.send(
        page,
        button="Продолжить",
        address="г. Пермь",
        passport_series="57",
        identity_kind="passport",
        **{"files-identity": [file(PDF, "Паспорт.pdf"), file(b"nothing", "кривой.jpg")]},
    )
    assert refused.status == 422
    assert refused.error_of("passport_series") and "«кривой.jpg»" in refused.error_of("files-identity")
    assert refused.value_of("address") == "г. Пермь"
    assert "Паспорт.pdf" in slot(refused, "identity")
    saved = browser.send(refused, button="Продолжить", passport_series="5710")
    assert saved.status == 200 and saved.path.endswith("/form/type")


def test_a_scan_removed_on_the_topic_leads_back_to_it(app: Flask) -> None:
    with app.app_context():
        ivanov = filer()
        case_id = complete_draft(ivanov)
    browser = signed_in(app, ivanov)
    page = browser.open(f"/cases/{case_id}/form/applicant")
    assert browser.send(page, "/delete").path == f"/cases/{case_id}/form/applicant"


def test_files_of_others_neither_open_nor_go(app: Flask) -> None:
    with app.app_context():
        sbyt, ivanov, petrova = supplier_person(), filer(), operator()
        stranger = filer("Сидоров", snils="10289803962", email="s@example.org")
        case_id = submit_draft(ivanov, supplier=[str(sbyt.actor.supplier_id)], contract_kind=["supply"])
        passport = db.session.query(CaseDocument).filter_by(kind="identity").one().id
        plan = db.session.query(CaseDocument).filter_by(kind="plan").one().id
        own = make_draft(stranger)
    foreign, office, supplier = signed_in(app, stranger), signed_in(app, petrova), signed_in(app, sbyt)
    for target in (passport, plan):
        assert foreign.open(f"/cases/{case_id}/files/{target}").status == 404
        assert foreign.open(f"/cases/{own}/files/{target}").status == 404
    assert download(supplier, f"/cases/{case_id}/files/{passport}")[0] == 404
    assert download(supplier, f"/cases/{case_id}/files/{plan}")[0] == 200
    assert download(office, f"/cases/{case_id}/files/{passport}")[0] == 200
    with app.app_context():
        before = world()
    page = foreign.open("/cases/new/application")
    token = page.soup.find(attrs={"name": "csrf_token"})["value"]
    for url in (f"/cases/{case_id}/files/{plan}/delete", f"/cases/{own}/files/{plan}/delete"):
        assert foreign.post(url, {"csrf_token": token}).status == 404
    office_token = office.open(f"/cases/{case_id}/reject").soup.find(attrs={"name": "csrf_token"})["value"]
    removed = office.post(f"/cases/{case_id}/files/{plan}/delete", {"csrf_token": office_token})
    assert removed.status == 403
    with app.app_context():
        assert world() == before


@pytest.mark.parametrize(
    "data",
    [
        {"kind": "plan"},
        {"kind": ""},
        {},
        {"kind": ["plan", "title"], "files-plan": "text instead of a file"},
        {"kind": "letter", "files-letter": (BytesIO(PDF), "a.pdf")},
        {"kind": "plan\x00", "files-plan": (BytesIO(PDF), "a.pdf")},
    ],
    ids=["no files", "empty kind", "nothing", "text for a file", "a kind of the company", "nul"],
)
def test_crooked_forms_of_files_are_refused_and_change_nothing(app: Flask, data: dict[str, object]) -> None:
    _, case_id, browser = drafted(app)
    token = documents(browser, case_id).soup.find(attrs={"name": "csrf_token"})["value"]
    with app.app_context():
        before = world()
    answer = browser.post(f"/cases/{case_id}/files", {"csrf_token": token, **data})
    assert answer.status in (404, 422), answer.text
    with app.app_context():
        assert world() == before
