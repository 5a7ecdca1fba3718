"""A supplier's clerk works through a whole application and a whole appeal, on the pages alone and without scripts."""

from flask import Flask

from app import clock
from app.cases import staff_actions
from app.cases.actions import send_message
from app.notifications.models import OutboxRow
from tests.browser import Browser, Page, file
from tests.case_world import (
    PDF,
    Person,
    appeal,
    applicant,
    make_move,
    named,
    operator,
    sent,
    signed_in,
    supplier_person,
)

SBYT = "АО «Энергосбыт»"


def case_page(browser: Browser, case_id: int) -> Page:
    return browser.open(f"/cases/{case_id}")


def act(browser: Browser, case_id: int, link: str, button: str, **typed: object) -> Page:
    """Follow a link of the first panel and send the form behind it."""
    page = case_page(browser, case_id)
    return browser.send(browser.open(page.link(link)), button=button, **typed)


def panel(page: Page, name: str) -> str:
    found = page.soup.find(id=name)
    return " ".join(found.get_text(" ").split()) if found else ""


def test_a_clerk_of_a_supplier_works_on_an_application(app: Flask) -> None:
    with app.app_context():
        ivanov, office, sbyt = applicant(), operator(), supplier_person()
        torg = supplier_person("ООО «Электроторг»", email="torg@example.org")
        case_id = sent(ivanov, **named(sbyt))
        staff_actions.register(case_id, "299", by=office.actor, at=clock.now())
    clerk, own, staff = signed_in(app, sbyt), signed_in(app, ivanov), signed_in(app, office)
    case_page(own, case_id)  # the company's number is no news any more

    page = act(clerk, case_id, "Присвоить свой номер", "Присвоить номер", number="Э-55")
    assert page.path == f"/cases/{case_id}" and "Присвоен регистрационный номер: Э-55." in page.text
    page = act(clerk, case_id, "Добавить статус", "Добавить статус", status="Готовим договор")
    assert "Готовим договор" in panel(page, "timeline")
    page = act(
        clerk,
        case_id,
        "Разместить документ",
        "Разместить",
        kind="supply_contract",
        files=file(PDF, "Договор.pdf"),
    )
    assert f"Документы {SBYT}" in panel(page, "documents")
    assert "Только для сотрудников" not in clerk.open(page.link("Разместить документ")).text

    seen = own.open("/cases")
    assert "Новый статус от ГП" in seen.text
    page = case_page(own, case_id)
    assert "Э-55" in panel(page, "case-head") and "299" in panel(page, "case-head")
    for words in (
        "Присвоен номер поставщика: Э-55",
        "Готовим договор",
        "Размещен документ: Договор ЭСО",
        SBYT,
    ):
        assert words in panel(page, "timeline")
    assert "Э-55" in panel(case_page(staff, case_id), "case-head")
    with app.app_context():
        bodies = [row.body for row in OutboxRow.query if row.kind in ("status-added", "document-posted")]
    assert len(bodies) == 2 and all(
        f"Со стороны Гарантирующего поставщика: {SBYT}." in body for body in bodies
    )
    assert case_page(signed_in(app, torg), case_id).status == 404


def test_what_a_supplier_and_an_applicant_write_is_theirs_alone(app: Flask) -> None:
    with app.app_context():
        ivanov, office, sbyt = applicant(), operator(), supplier_person()
        case_id = sent(ivanov, **named(sbyt))
        send_message(case_id, "Только для вас", channel="supplier", by=sbyt.actor, at=clock.now())
    assert "Только для вас" in case_page(signed_in(app, ivanov), case_id).text
    assert "Только для вас" not in case_page(signed_in(app, office), case_id).html


def test_an_application_is_put_away_and_brought_back(app: Flask) -> None:
    with app.app_context():
        ivanov, sbyt = applicant(), supplier_person()
        case_id = sent(ivanov, **named(sbyt))
    clerk = signed_in(app, sbyt)
    page = act(clerk, case_id, "Переместить в Архив", "Переместить в Архив")
    assert "В вашем архиве" in panel(page, "next")
    assert "Разместить документ" not in panel(page, "next")
    assert "В архиве" not in case_page(signed_in(app, ivanov), case_id).text
    page = act(clerk, case_id, "Вернуть из Архива", "Вернуть из Архива")
    assert "Разместить документ" in panel(page, "next")


def test_a_clerk_of_a_supplier_works_on_an_appeal(app: Flask) -> None:
    with app.app_context():
        ivanov, office, sbyt = applicant(), operator(), supplier_person()
        case_id = appeal(ivanov, sbyt)
    clerk, own = signed_in(app, sbyt), signed_in(app, ivanov)
    page = case_page(clerk, case_id)
    assert "Сейчас ваш ход" in panel(page, "next")
    assert f"Отвечает {SBYT}" in panel(case_page(own, case_id), "next")
    page = act(clerk, case_id, "Присвоить номер", "Присвоить номер", number="")
    assert "Присвоен регистрационный номер: 1" in panel(page, "timeline")
    act(clerk, case_id, "Добавить статус", "Добавить статус", status="Запрошены документы")
    _answered(app, case_id, sbyt)
    page = act(clerk, case_id, "Переместить в Архив", "Переместить в Архив")
    assert "В архиве" in panel(page, "next")
    assert "Запрошены документы" in panel(case_page(own, case_id), "timeline")
    assert case_page(signed_in(app, office), case_id).status == 404


def _answered(app: Flask, case_id: int, by: Person) -> None:
    with app.app_context():
        make_move(case_id, "answer", by)


def test_the_company_has_acts_that_a_supplier_has_not(app: Flask) -> None:
    with app.app_context():
        ivanov, sbyt = applicant(), supplier_person()
        case_id = sent(ivanov, **named(sbyt))
    clerk = signed_in(app, sbyt)
    page = case_page(clerk, case_id)
    assert panel(page, "assignee") == panel(page, "decisions") == ""
    for path in ("assign", "accept", "complete", "reject", "mode", "request-fixes"):
        assert clerk.open(f"/cases/{case_id}/{path}").status == 403, path
    for path in ("take", "assign"):
        token = page.value_of("csrf_token")
        assert clerk.post(f"/cases/{case_id}/{path}", {"csrf_token": token}).status == 403, path
