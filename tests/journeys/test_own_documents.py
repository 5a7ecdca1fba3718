"""«Мои документы»: every uploaded file with its case, and who opened the identity papers."""

from flask import Flask

from app.cases.models import CaseDocument
from app.extensions import db
from tests.application_world import filer, submit_draft
from tests.browser import BASE, Browser
from tests.case_world import Person, operator, signed_in

PAGE = "/profile/documents"


def passport_of(app: Flask, case_id: int) -> int:
    with app.app_context():
        return db.session.query(CaseDocument).filter_by(case_id=case_id, sensitive=True).first().id


def world(app: Flask) -> tuple[Person, Person, int]:
    """An applicant who has sent an application, the clerk, and the case."""
    with app.app_context():
        own, clerk = filer(), operator()
        return own, clerk, submit_draft(own)


def fetch(browser: Browser, case_id: int, file_id: int, method: str = "GET") -> None:
    answer = browser.client.open(f"/cases/{case_id}/files/{file_id}", method=method, base_url=BASE)
    assert answer.status_code == 200
    answer.get_data()
    answer.close()


def test_all_uploaded_files_stand_under_their_case(app: Flask) -> None:
    own, _clerk, case_id = world(app)
    browser = signed_in(app, own)
    page = browser.open(browser.open("/profile").link("Посмотреть мои документы"))
    with app.app_context():
        files = db.session.query(CaseDocument).filter_by(case_id=case_id, side="applicant").all()
        assert len(files) == 3
        for one in files:
            assert f'href="/cases/{case_id}/files/{one.id}"' in page.html
    assert f"№ {case_id}" in page.text


def test_the_owner_sees_who_opened_an_identity_paper_and_when(app: Flask) -> None:
    own, clerk, case_id = world(app)
    browser, office = signed_in(app, own), signed_in(app, clerk)
    passport = passport_of(app, case_id)
    assert "Никто, кроме вас, не открывал" in browser.open(PAGE).text
    fetch(browser, case_id, passport)
    assert "Открывали" not in browser.open(PAGE).text, "one's own look is no opening"
    fetch(office, case_id, passport)
    text = browser.open(PAGE).text
    assert "Открывали" in text
    assert clerk.actor.name.split()[0] in text
    assert "сетевая организация" in text


def test_a_program_that_only_asks_for_the_headers_opens_nothing(app: Flask) -> None:
    own, clerk, case_id = world(app)
    fetch(signed_in(app, clerk), case_id, passport_of(app, case_id), "HEAD")
    assert "Открывали" not in signed_in(app, own).open(PAGE).text


def test_nobody_sees_the_documents_of_somebody_else(app: Flask) -> None:
    _own, clerk, case_id = world(app)
    with app.app_context():
        neighbour = filer("Соседов", snils="10289803962", email="neighbour@example.org")
    page = signed_in(app, neighbour).open(PAGE)
    assert "Документов пока нет" in page.text
    assert f"/cases/{case_id}/" not in page.html
    assert signed_in(app, clerk).open(PAGE).status == 403
