"""Acts of those who answer, in a dialog over the case's page: nothing is reloaded, nothing typed is lost, focus goes home."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Locator, expect

from app import clock
from app.cases import staff_actions
from app.cases.actions import send_message
from app.connections import decision_actions
from tests.browser import BASE, Browser, Page
from tests.case_world import PDF, applicant, operator, register_case, sent, signed_in
from tests.journeys.chromium import Window, axe, chromium, script_window
from tests.journeys.loopback import Loopback
from tests.whole_site import World

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}
VARYING = re.compile(r'name="(?:csrf_token|action_key)" value="[^"]*"')


@pytest.fixture(scope="module")
def chrome(names: Loopback) -> Iterator[Chromium]:
    with chromium(*names.arguments) as browser:
        yield browser


def at_work(chrome: Chromium, world: World, folder: Path, who: str = "operator", width: int = 1280):  # type: ignore[no-untyped-def]
    """A window of somebody signed in."""
    return script_window(chrome, BASE, who, width, folder, client=world.browser(who))


def dialog(window: Window) -> Locator:
    return window.page.locator("#dialog")


def open_act(window: Window, link: str) -> Locator:
    """Press a link of the first panel; the dialog comes."""
    window.page.get_by_role("link", name=link, exact=True).click()
    expect(dialog(window)).to_be_visible()
    return dialog(window)


def focused(window: Window) -> str:
    return str(window.page.evaluate("document.activeElement.id"))


def open_case(window: Window, case: int | str) -> None:
    window.open(f"/cases/{case}")
    window.page.evaluate("window.same = true")


def test_a_number_is_given_without_leaving_the_page(
    chrome: Chromium, live_world: World, tmp_path: Path
) -> None:
    with at_work(chrome, live_world, tmp_path) as clerk:
        open_case(clerk, live_world.cases["submitted"])
        found = open_act(clerk, "Присвоить номер")
        axe(clerk)
        found.get_by_label("Регистрационный номер").fill("{9}")
        found.get_by_role("button", name="Присвоить номер").click()
        expect(found.locator("#errors")).to_be_focused()
        expect(found.get_by_label("Регистрационный номер")).to_have_value("{9}")
        axe(clerk)
        clerk.picture("wrong-number")
        found.get_by_label("Регистрационный номер").fill("777")
        found.get_by_role("button", name="Присвоить номер").click()
        expect(found).to_be_hidden()
        expect(clerk.page.locator("#flash")).to_contain_text("Присвоен регистрационный номер: 777.")
        expect(clerk.page.locator("#case-head")).to_contain_text("777")
        expect(clerk.page.locator("#timeline")).to_contain_text("Присвоен регистрационный номер: 777")
        expect(clerk.page.get_by_role("link", name="Принять к рассмотрению")).to_be_visible()
        expect(clerk.page.locator("#next h2")).to_be_focused()
        assert clerk.page.evaluate("window.same")
        axe(clerk)


def test_the_focus_goes_back_to_what_was_pressed(chrome: Chromium, live_world: World, tmp_path: Path) -> None:
    with at_work(chrome, live_world, tmp_path) as clerk:
        open_case(clerk, live_world.cases["checking"])
        found = open_act(clerk, "Добавить статус")
        clerk.page.keyboard.press("Escape")
        expect(found).to_be_hidden()
        assert focused(clerk) == "act-cases-status-line-page"
        found = open_act(clerk, "Добавить статус")
        found.get_by_label("Статус").fill("Выезд назначен")
        found.get_by_role("button", name="Добавить статус").click()
        expect(found).to_be_hidden()
        expect(clerk.page.locator("#timeline")).to_contain_text("Выезд назначен")
        assert focused(clerk) == "act-cases-status-line-page"


def test_a_form_that_came_too_late_says_what_is_new_and_goes_through_knowingly(
    chrome: Chromium, live_world: World, tmp_path: Path
) -> None:
    case = live_world.cases["checking"]
    with at_work(chrome, live_world, tmp_path) as clerk:
        open_case(clerk, case)
        found = open_act(clerk, "Отказать в заявке")
        found.get_by_label("Причина").fill("Объект не в наших сетях")
        with live_world.app.app_context():
            by = live_world.people["applicant"].actor
            send_message(case, "Прикладываю новый план", by=by, at=clock.now())
        found.get_by_role("button", name="Отказать").click()
        expect(found.locator("#changes")).to_contain_text("1 новое сообщение")
        expect(found.locator("#changes")).to_be_focused()
        expect(found.locator(".notice")).to_have_count(1)
        expect(found.get_by_label("Причина")).to_have_value("Объект не в наших сетях")
        axe(clerk)
        clerk.picture("changed")
        found.get_by_role("button", name="Отказать").click()
        expect(found).to_be_hidden()
        expect(clerk.page.locator("#timeline")).to_contain_text("В заявке отказано")


def test_a_document_is_posted_in_place_and_one_without_a_file_is_told(
    chrome: Chromium, live_world: World, tmp_path: Path
) -> None:
    with at_work(chrome, live_world, tmp_path) as clerk:
        open_case(clerk, live_world.cases["checking"])
        found = open_act(clerk, "Разместить документ")
        found.get_by_role("button", name="Разместить").click()
        expect(found.locator("#errors")).to_contain_text("Выберите хотя бы один файл.")
        paper = {"name": "ответ.pdf", "mimeType": "application/pdf", "buffer": PDF}
        found.locator('input[type="file"]').set_input_files([paper])  # type: ignore[list-item]
        found.get_by_role("button", name="Разместить").click()
        expect(found).to_be_hidden()
        expect(clerk.page.locator("#documents")).to_contain_text("ответ.pdf")
        expect(clerk.page.locator("#act-cases-post-documents-page")).to_be_focused()
        assert clerk.page.evaluate("window.same")


@pytest.mark.parametrize("scripts", [True, False])
def test_an_act_leads_back_into_the_view_of_the_queue_it_was_begun_from(
    chrome: Chromium, live_world: World, tmp_path: Path, scripts: bool
) -> None:
    case = live_world.cases["checking"]
    with at_work(chrome, live_world, tmp_path) as clerk:
        if not scripts:
            clerk.page.route(re.compile("htmx"), lambda route: route.abort())
        open_case(clerk, f"{case}?view=tab%3Dours")
        clerk.follow("Запросить исправления")
        clerk.follow("Отменить")
        expect(clerk.page.get_by_role("link", name="← Очередь: Ждут нас")).to_be_visible()
        clerk.follow("Отказать в заявке")
        clerk.fill("Причина", "Не наши сети")
        clerk.press("Отказать")
        expect(clerk.page.locator("#next")).to_contain_text("В заявке отказано")
        clerk.follow("Переместить в Архив")
        clerk.page.locator("#archive").get_by_role("button", name="Переместить в Архив").click()
        clerk.sees("Обращение перемещено в Архив.")
        expect(clerk.page.get_by_role("link", name="← Очередь: Ждут нас")).to_be_visible()
        expect(clerk.page.get_by_role("link", name="следующее ›")).to_be_visible()


def test_a_case_is_taken_and_given_in_place(chrome: Chromium, live_world: World, tmp_path: Path) -> None:
    with at_work(chrome, live_world, tmp_path) as clerk:
        open_case(clerk, live_world.cases["checking"])
        clerk.press("Взять")
        expect(clerk.page.locator("#assignee")).to_contain_text("(вы)")
        found = open_act(clerk, "Назначить другого или снять")
        axe(clerk)
        found.get_by_label("Исполнитель").select_option("0")
        found.get_by_role("button", name="Назначить").click()
        expect(found).to_be_hidden()
        expect(clerk.page.locator("#assignee")).to_contain_text("никто не взял")
        expect(clerk.page.locator("#act-assign")).to_be_focused()
        assert clerk.page.evaluate("window.same")


def test_the_page_of_an_act_serves_its_form_by_itself_too(
    chrome: Chromium, live_world: World, tmp_path: Path
) -> None:
    case = live_world.cases["checking"]
    with at_work(chrome, live_world, tmp_path, width=390) as clerk:
        clerk.open(f"/cases/{case}/status-line")
        clerk.press("Добавить статус")
        expect(clerk.page.locator("#errors")).to_be_focused()
        clerk.fill("Статус", "Готовим ответ")
        clerk.press("Добавить статус")
        expect(clerk.page.locator("#timeline")).to_contain_text("Готовим ответ")
        clerk.sees("Статус добавлен.")
        assert clerk.path == f"/cases/{case}"


def test_a_supplier_acts_in_dialogs_too(chrome: Chromium, live_world: World, tmp_path: Path) -> None:
    with at_work(chrome, live_world, tmp_path, "supplier", 390) as clerk:
        open_case(clerk, live_world.cases["checking"])
        found = open_act(clerk, "Присвоить свой номер")
        found.get_by_role("button", name="Присвоить номер").click()
        expect(found).to_be_hidden()
        expect(clerk.page.locator("#timeline")).to_contain_text("Присвоен номер поставщика: ")
        found = open_act(clerk, "Переместить в Архив")
        found.get_by_role("button", name="Переместить в Архив").click()
        expect(clerk.page.locator("#next")).to_contain_text("В вашем архиве")
        clerk.sees("Обращение перемещено в Архив.")
        expect(clerk.page.locator("#messages form")).to_have_count(0)
        axe(clerk)
        clerk.picture("put-away")


def test_a_case_is_taken_from_the_queue_and_the_queue_stays(
    chrome: Chromium, live_world: World, tmp_path: Path
) -> None:
    case = live_world.cases["checking"]
    with at_work(chrome, live_world, tmp_path) as clerk:
        clerk.open("/cases")
        clerk.page.evaluate("window.same = true")
        clerk.page.locator(f"#take{case}").click()
        expect(clerk.page.locator("#flash")).to_contain_text(f"Вы взяли обращение № {case}.")
        expect(clerk.page.locator("#queue")).to_be_visible()
        expect(clerk.page.locator("#queue").get_by_text("Петрова А. И.").first).to_be_visible()
        expect(clerk.page.locator(f"#take{case}")).to_have_count(0)
        assert clerk.page.evaluate("window.same")
        axe(clerk)


def fragment(browser: Browser, path: str) -> str:
    return browser.client.get(path, base_url=BASE, headers=PARTIAL).get_data(as_text=True)


ACTS = ("status-line", "documents", "assign", "mode", "reject", "complete", "request-fixes")
ROOTS = {"documents": "post-documents", "reject": "decision", "complete": "decision"}


@pytest.mark.parametrize("act", ACTS)
def test_the_dialog_holds_the_very_part_that_the_page_includes(still_world: World, act: str) -> None:
    browser, path = still_world.browser("operator"), f"/cases/{still_world.cases['checking']}/{act}"
    page = browser.open(path)
    root = page.soup.find(id=ROOTS.get(act, act))
    assert root is not None and root.find_parent("main") is not None
    part = fragment(browser, path)
    assert "<html" not in part
    whole = VARYING.sub("", page.html)
    assert VARYING.sub("", part).strip() in whole


def late(app: Flask) -> tuple[Browser, Page, int]:
    """A clerk's browser with a form of a case that changes behind it."""
    with app.app_context():
        ivanov, office = applicant(), operator()
        case_id = sent(ivanov)
    browser = signed_in(app, office)
    page = browser.open(f"/cases/{case_id}/status-line")
    with app.app_context():
        register_case(case_id, operator("Сидорова", email="s@example.org"), number="299")
    return browser, page, case_id


def test_without_scripts_a_late_form_comes_back_with_what_is_new(app: Flask) -> None:
    browser, page, case_id = late(app)
    again = browser.send(page, button="Добавить статус", status="Выезд назначен")
    assert again.status == 409
    for words in (
        "обращение изменилось",
        "Было: «Заявка отправлена», стало: «Присвоен регистрационный номер»",
        "Присвоен регистрационный номер: 299 — ООО «Калиновские Электрические Сети» · Сидорова А. И.",
    ):
        assert words in again.text
    assert again.value_of("status") == "Выезд назначен"
    done = browser.send(again, button="Добавить статус")
    assert done.path == f"/cases/{case_id}" and "Выезд назначен" in done.text


def test_an_act_that_is_impossible_now_keeps_what_was_typed_and_has_no_button(app: Flask) -> None:
    browser, page, case_id = late(app)
    _end(app, case_id)
    again = browser.send(page, button="Добавить статус", status="Выезд назначен")
    assert again.status == 409 and "Обращение в архиве, его можно только читать." in again.text
    assert again.value_of("status") == "Выезд назначен"
    assert "Добавить статус" not in [one.get_text(strip=True) for one in again.soup.find_all("button")]


def _end(app: Flask, case_id: int) -> None:
    with app.app_context():
        office = operator("Сидорова", email="s2@example.org")
        decision_actions.reject(case_id, "Не наши сети", by=office.actor, at=clock.now())
        staff_actions.move_to_archive(case_id, by=office.actor, at=clock.now())


def test_a_form_whose_page_is_too_old_shows_what_a_person_typed_and_nothing_else(app: Flask) -> None:
    with app.app_context():
        case_id, office = sent(applicant()), operator()
    fields = {"csrf_token": "x", "seen": "23.243", "view": "tab=ours", "title": "Письмо о сроках"}
    part = '--b\r\nContent-Disposition: form-data; name="{}"{}\r\n\r\n{}\r\n'
    body = "".join(part.format(name, "", value) for name, value in fields.items())
    body += part.format("files", '; filename=""\r\nContent-Type: application/octet-stream', "") + "--b--\r\n"
    page = Page(
        signed_in(app, office).client.post(
            f"/cases/{case_id}/documents",
            base_url=BASE,
            data=body.encode(),
            content_type="multipart/form-data; boundary=b",
            headers={"Referer": f"{BASE}/cases/{case_id}/documents"},
        )
    )
    assert page.status == 422 and "Письмо о сроках" in page.text
    assert "23.243" not in page.text and "tab=ours" not in page.text
    assert page.value_of("view") == "tab=ours", "it travels on all the same"
    assert "Файлы с этой страницы" not in page.text, "none was chosen"
