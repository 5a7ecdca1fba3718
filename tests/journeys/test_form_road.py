"""The road of the form as people go it: a phone without scripts, the office, and papers that appear on the open page."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import docx
import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import FilePayload, expect

from app import clock
from app.cases.rendering_models import Rendering
from app.connections import actions
from app.extensions import db
from tests.application_world import complete_draft, filer, make_draft, print_paper, submit_draft, world
from tests.browser import BASE, Browser, Page, file
from tests.case_world import PDF, Person, operator, register_case, signed_in, supplier_person
from tests.journeys.chromium import Window, chromium, lend_cookies, script_window, window
from tests.journeys.loopback import Loopback
from tests.journeys.papers import pdf

BRIEF = {"power_band": "upto15", "connection_type": "permanent", "rule_fits": "yes", "supplier": "none"}
INCOMPLETE = "Заявка заполнена не полностью! Укажите все необходимые данные."


@pytest.fixture(scope="module")
def phone(names: Loopback) -> Iterator[Chromium]:
    with chromium(*names.arguments) as started:
        yield started


def drafted(app: Flask) -> tuple[int, Browser]:
    """Somebody with an empty draft, and their browser."""
    with app.app_context():
        ivanov = filer()
        case_id = make_draft(ivanov)
    return case_id, signed_in(app, ivanov)


def by_form(browser: Browser, case_id: int) -> Page:
    """The hub after the other road was chosen."""
    return browser.send(browser.open(f"/cases/{case_id}/form"), "/form/road", road="form")


def put(browser: Browser, case_id: int, kind: str, content: bytes, name: str) -> Page:
    page = browser.open(f"/cases/{case_id}/form/documents")
    assert page.soup.find(id=f"slot-{kind}") is not None, page.text
    fields = {"csrf_token": page.value_of("csrf_token"), "kind": kind, f"files-{kind}": file(content, name)}
    return browser.post(f"/cases/{case_id}/files", fields)


def sent(app: Flask) -> tuple[int, Browser, Browser, Person]:
    """An application by form that was sent: its applicant's browser and that of a clerk."""
    case_id, browser = drafted(app)
    by_form(browser, case_id)
    browser.send(browser.open(f"/cases/{case_id}/form/brief"), "/form/brief", **BRIEF)
    for kind in ("application", "identity", "plan", "title"):
        put(browser, case_id, kind, PDF + kind.encode(), f"{kind}.pdf")
    page = browser.send(browser.open(f"/cases/{case_id}/form/check"), "/submit")
    assert page.path == f"/cases/{case_id}/sent", page.text
    with app.app_context():
        petrova = operator()
    return case_id, browser, signed_in(app, petrova), petrova


def print_all(app: Flask) -> None:
    """What a worker does with the papers that were asked for."""
    with app.app_context():
        waiting = [
            row.id for row in db.session.query(Rendering).filter_by(state="new").order_by(Rendering.id)
        ]
        db.session.rollback()
        for row_id in waiting:
            print_paper(row_id)


def test_the_hub_says_what_each_road_needs_and_follows_the_choice(app: Flask) -> None:
    case_id, browser = drafted(app)
    page = browser.open(f"/cases/{case_id}/form")
    assert "Заполнить анкету здесь" in page.text and "Заполнить форму в файле" in page.text
    assert "Нужны ответы на все вопросы" in page.text and "Нужны четыре ответа здесь" in page.text
    assert page.value_of("road") == "here"
    page = by_form(browser, case_id)
    assert page.value_of("road") == "form" and "Все, что уже введено, сохранено" in page.text
    assert "Главное о заявке" in page.text and "Параметры подключения" not in page.text
    assert "из 2 обязательных разделов" in page.text and INCOMPLETE in page.text
    assert browser.open(f"/cases/{case_id}/form/object").path == f"/cases/{case_id}/form"
    page = browser.send(page, "/form/road", road="here")
    assert "Параметры подключения" in page.text and "Главное о заявке" not in page.text


def test_the_page_of_the_four_questions_explains_the_clause_and_keeps_what_is_typed(app: Flask) -> None:
    case_id, browser = drafted(app)
    by_form(browser, case_id)
    page = browser.open(f"/cases/{case_id}/form/brief")
    assert "Шаг 1 из 3" in page.text and "В пункте 14 Правил" in page.text
    wrong = browser.send(page, "/form/brief", **(BRIEF | {"supplier": "999"}))
    assert wrong.status == 422 and wrong.value_of("power_band") == "upto15"
    assert "выберите компанию из списка" in wrong.error_of("supplier")
    assert browser.send(page, "/form/brief", **BRIEF).path == f"/cases/{case_id}/form/documents"


def test_the_check_page_leads_to_each_gap_of_this_road(app: Flask) -> None:
    case_id, browser = drafted(app)
    by_form(browser, case_id)
    page = browser.open(f"/cases/{case_id}/form/check")
    assert INCOMPLETE in page.text and "Укажите местоположение" not in page.text
    assert page.link("Выберите максимальную мощность").endswith("/form/brief?back=check#f-power_band")
    assert page.link("Приложите заполненную и подписанную форму").endswith("/form/documents#doc-application")
    refused = browser.send(page, "/submit")
    assert refused.status == 422 and INCOMPLETE in refused.text


def test_the_form_comes_as_a_file_of_word_with_what_was_answered(app: Flask) -> None:
    with app.app_context():
        ivanov = filer()
        case_id = complete_draft(ivanov)
        before = world()
    browser = signed_in(app, ivanov)
    answer = browser.client.get(f"/cases/{case_id}/form/file.docx", base_url=BASE)
    assert answer.status_code == 200 and answer.mimetype.endswith("wordprocessingml.document")
    assert "filename*=UTF-8''" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store" and len(answer.data) < 20_000
    tables = docx.Document(BytesIO(answer.data)).tables
    cells = [cell.text for table in tables for row in table.rows for cell in row.cells]
    assert "п. Калиново, ул. Лесная, 12" in cells and "☒ Постоянное подключение" in " ".join(cells)
    again = browser.client.get(f"/cases/{case_id}/form/file.docx", base_url=BASE)
    assert again.data == answer.data
    with app.app_context():
        assert world() == before
    # What was given is taken back as the filled form.
    by_form(browser, case_id)
    page = put(browser, case_id, "application", answer.data, "Заявка.docx")
    assert "Заявка.docx" in page.text


def test_the_printed_form_is_asked_for_by_a_button_and_found_on_the_same_page(app: Flask) -> None:
    case_id, browser = drafted(app)
    page = browser.open(f"/cases/{case_id}/form/file")
    page = browser.send(page, button="Подготовить PDF")
    assert page.path == f"/cases/{case_id}/form/file" and "Форма в PDF готовится" in page.text
    print_all(app)
    page = browser.open(page.link("Проверить, готова ли"))
    made = browser.client.get(page.link("Скачать форму (PDF)"), base_url=BASE)
    assert made.status_code == 200 and made.data.startswith(b"%PDF-") and "Подготовить PDF" not in page.text
    by_form(browser, case_id)
    browser.send(browser.open(f"/cases/{case_id}/form/brief"), "/form/brief", **BRIEF)
    assert "С тех пор заявка изменилась" in browser.open(f"/cases/{case_id}/form/file").text


def test_nobody_else_gets_the_form_or_the_receipt(app: Flask) -> None:
    with app.app_context():
        seller = supplier_person()
        named = {"supplier": [str(seller.actor.supplier_id)], "contract_kind": ["supply"]}
        case_id = submit_draft(filer(), **named)
        other = filer("Петров")
    print_all(app)
    paths = [f"/cases/{case_id}/{rest}" for rest in ("form/file", "form/file.docx", "made/receipt", "facts")]
    for person, statuses in ((other, (403, 404)), (seller, (403,))):
        browser = signed_in(app, person)
        for path in paths:
            assert browser.open(path).status in statuses, path
        assert f"№ {case_id}.pdf" not in browser.open(f"/cases/{case_id}").text


def test_the_sent_page_tells_of_the_receipt_until_it_is_there(app: Flask) -> None:
    with app.app_context():
        ivanov = filer()
        case_id = complete_draft(ivanov)
        actions.submit(case_id, by=ivanov.actor, at=clock.now())
    browser = signed_in(app, ivanov)
    assert "Расписка готовится" in browser.open(f"/cases/{case_id}/sent").text
    print_all(app)
    page = browser.open(f"/cases/{case_id}/sent")
    assert browser.client.get(page.link("Скачать расписку"), base_url=BASE).data.startswith(b"%PDF-")
    assert "Расписка о приеме заявки" in browser.open(f"/cases/{case_id}").text
    assert browser.open(f"/cases/{case_id}/made/receipt").path == f"/cases/{case_id}/sent"
    assert browser.open(f"/cases/{case_id}/made/passport").status == 404


def test_the_office_enters_the_facts_and_only_then_calls_the_set_complete(app: Flask) -> None:
    case_id, browser, office, petrova = sent(app)
    with app.app_context():
        register_case(case_id, petrova)
    page = office.open(f"/cases/{case_id}")
    office.send(office.open(f"/cases/{case_id}/accept"), "/accept")
    refused = office.send(office.open(f"/cases/{case_id}/complete"), "/complete")
    assert refused.status == 422 and "Сначала внесите сведения из формы заявки" in refused.text
    page = office.open(office.open(f"/cases/{case_id}").link("Внести сведения из формы"))
    assert "application.pdf" in page.text and "≤15 кВт" in page.text
    assert page.soup.find(attrs={"name": "supplier"}) is None
    facts = {"place": "п. Калиново, ул. Лесная, 12", "power_new": "сто", "power_existing": "0"}
    wrong = office.send(page, "/facts", **facts)
    assert wrong.status == 422 and wrong.value_of("place") == facts["place"] and wrong.error_of("power_new")
    done = office.send(wrong, "/facts", **(facts | {"power_new": "20"}))
    assert done.path == f"/cases/{case_id}" and "по форме заявки она 20 кВт" in done.text
    mine = browser.open(f"/cases/{case_id}")
    assert "Сетевая внесла сведения из формы заявки" in mine.text and facts["place"] in mine.text
    assert "Сведения из нее внесла сетевая организация" in mine.text and "Не указано" not in mine.text
    assert office.send(office.open(f"/cases/{case_id}/complete"), "/complete").status == 200
    assert office.open(f"/cases/{case_id}/facts").status == 409


def test_a_case_filled_here_has_no_page_of_facts(app: Flask) -> None:
    with app.app_context():
        case_id = submit_draft(filer())
        petrova = operator()
    office = signed_in(app, petrova)
    assert office.open(f"/cases/{case_id}/facts").status == 409
    assert "Внести сведения из формы" not in office.open(f"/cases/{case_id}").text


def paper(name: str, content: bytes = b"") -> FilePayload:
    return {"name": f"{name}.pdf", "mimeType": "application/pdf", "buffer": content or pdf(name)}


def test_an_application_by_form_goes_from_a_phone_without_scripts(
    app: Flask, names: Loopback, phone: Chromium, tmp_path: Path
) -> None:
    case_id, browser = drafted(app)
    names.site.app = app
    with window(phone, BASE, "form-road", 390, tmp_path) as me:
        lend(browser, me)
        me.open(f"/cases/{case_id}/form")
        me.choose("Заполнить форму в файле")
        me.press("Выбрать способ")
        me.picture("hub")
        me.follow("Скачать форму заявки")
        me.picture("form")
        with me.page.expect_download() as got:
            me.follow("Скачать форму заявки (DOCX)")
        assert got.value.suggested_filename == f"Заявка № {case_id}.docx"
        me.open(f"/cases/{case_id}/form")
        me.follow("Продолжить: Главное о заявке")
        me.choose("≤15 кВт", "постоянная", "соответствует")
        me.page.locator("select[name=supplier]").select_option("none")
        me.picture("brief")
        me.press("Продолжить")
        for slot in ("Заявка", "Паспорт", "План", "Право собственности"):
            me.attach([paper(slot)], me.card(slot))
            me.press("Добавить", within=me.card(slot))
            me.sees(f"{slot}.pdf", within=me.card(slot))
        me.picture("documents")
        me.follow("Продолжить")
        me.press("Продолжить")
        me.reads("Проверьте заявку")
        me.picture("check")
        me.press("Отправить заявку")
        me.sees("Заявка на технологическое присоединение успешно создана и отправлена")
        me.sees("Расписка готовится")
        me.picture("sent")
    names.site.app = None


def lend(browser: Browser, me: Window) -> None:
    """Sign the window in as the browser is."""
    lend_cookies(browser, me.page.context)


def test_the_receipt_appears_on_the_open_page(
    app: Flask, names: Loopback, phone: Chromium, tmp_path: Path
) -> None:
    with app.app_context():
        ivanov = filer()
        case_id = complete_draft(ivanov)
        actions.submit(case_id, by=ivanov.actor, at=clock.now())
    names.site.app, names.cdn.mode = app, "on"
    client = signed_in(app, ivanov)
    with script_window(phone, BASE, "receipt", 390, tmp_path, client=client) as me:
        me.open(f"/cases/{case_id}/sent")
        me.sees("Расписка готовится")
        print_all(app)
        expect(me.page.get_by_role("link", name="Скачать расписку (PDF)")).to_be_visible(timeout=30_000)
        me.open(f"/cases/{case_id}/form/file")
        me.press("Подготовить PDF")
        me.sees("Форма в PDF готовится")
        print_all(app)
        expect(me.page.get_by_role("link", name="Скачать форму (PDF)")).to_be_visible(timeout=30_000)
        assert me.path == f"/cases/{case_id}/form/file"
    names.site.app = None
