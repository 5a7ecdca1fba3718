"""Appeals in a real browser with scripts: the form that comes back, the answer in the dialog, nothing typed lost."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import FilePayload, Page, expect

from tests.appeal_world import QUESTION, REPLY, TOPIC
from tests.browser import BASE
from tests.case_world import PDF
from tests.journeys.chromium import Window, axe, chromium, script_window
from tests.journeys.loopback import Loopback
from tests.whole_site import APPEALS, World

PAPER: FilePayload = {"name": "договор.pdf", "mimeType": "application/pdf", "buffer": PDF}


@pytest.fixture(scope="module")
def chrome(names: Loopback) -> Iterator[Chromium]:
    with chromium(*names.arguments) as browser:
        yield browser


def at_desk(chrome: Chromium, world: World, folder: Path, who: str, width: int = 1280):  # type: ignore[no-untyped-def]
    return script_window(chrome, BASE, who, width, folder, client=world.browser(who))


def stays(page: Page) -> None:
    assert page.evaluate("window.same"), "nothing was loaded anew"


def open_form(window: Window) -> Page:
    window.open("/cases/new/message")
    window.page.evaluate("window.same = true")
    return window.page


def test_a_refused_form_stays_on_its_page_with_everything_typed(
    chrome: Chromium, live_world: World, tmp_path: Path
) -> None:
    with at_desk(chrome, live_world, tmp_path, "applicant", 390) as me:
        page = open_form(me)
        axe(me)
        page.get_by_label("Сообщение", exact=True).fill(QUESTION)
        page.get_by_label("Файлы").set_input_files([PAPER])
        page.get_by_role("button", name="Отправить").click()
        expect(page.locator("#errors")).to_be_focused()
        expect(page.locator("#e-topic")).to_contain_text("Выберите тему из списка или напишите свою.")
        expect(page.locator("#e-files")).to_contain_text("Выберите файлы заново")
        expect(page.get_by_label("Сообщение", exact=True)).to_have_value(QUESTION)
        assert page.title().startswith("Ошибка: ")
        stays(page)
        axe(me)
        me.picture("appeal-refused")
        page.get_by_label("Своя тема").fill(TOPIC)
        page.get_by_label("Файлы").set_input_files([PAPER])
        page.get_by_label("Сообщение", exact=True).press("Control+Enter")
        page.wait_for_url(re.compile(r"/cases/\d+$"))
        me.sees("Сообщение успешно создано и отправлено в сетевую организацию.", TOPIC, "договор.pdf")
        axe(me)


def test_the_toolbar_marks_what_is_selected_and_the_page_shows_it(
    chrome: Chromium, live_world: World, tmp_path: Path
) -> None:
    with at_desk(chrome, live_world, tmp_path, "applicant") as me:
        page = open_form(me)
        page.get_by_label("Своя тема").fill(TOPIC)
        area = page.get_by_label("Сообщение", exact=True)
        area.fill("важно")
        area.select_text()
        page.get_by_role("button", name="Полужирный").click()
        expect(area).to_have_value("**важно**")
        page.get_by_role("button", name="Отправить").click()
        expect(page.locator("#messages-live strong", has_text="важно")).to_be_visible()


def test_a_clerk_answers_in_the_dialog_and_the_page_below_is_renewed(
    chrome: Chromium, live_world: World, tmp_path: Path
) -> None:
    with at_desk(chrome, live_world, tmp_path, "operator") as clerk:
        clerk.open(f"/cases/{live_world.cases[APPEALS['in_work']]}")
        page = clerk.page
        page.evaluate("window.same = true")
        page.locator("#act-appeals-answer-page").click()
        dialog = page.locator("#dialog")
        expect(dialog.get_by_label("Ответ", exact=True)).to_be_focused()
        dialog.get_by_role("button", name="Отправить ответ").click()
        expect(dialog.locator("#e-reply")).to_contain_text("Напишите ответ.")
        expect(dialog.locator("#errors")).to_be_focused()
        axe(clerk)
        clerk.picture("appeal-answer")
        dialog.get_by_label("Ответ", exact=True).fill(REPLY)
        dialog.get_by_label("Файлы").set_input_files([PAPER])
        dialog.get_by_role("button", name="Отправить ответ").click()
        expect(dialog).to_be_hidden()
        expect(page.locator("#messages-live")).to_contain_text(REPLY)
        expect(page.locator("#messages-live")).to_contain_text("договор.pdf")
        expect(page.locator("#timeline")).to_contain_text("Дан ответ")
        expect(page.locator("#next")).to_contain_text("Рассмотрение закончено")
        expect(page.locator("#flash")).to_contain_text("Ответ отправлен.")
        stays(page)
        axe(clerk)


def test_a_step_is_made_in_the_dialog_and_the_focus_is_not_lost_with_its_button(
    chrome: Chromium, live_world: World, tmp_path: Path
) -> None:
    with at_desk(chrome, live_world, tmp_path, "operator") as clerk:
        clerk.open(f"/cases/{live_world.cases[APPEALS['answered']]}")
        page = clerk.page
        page.evaluate("window.same = true")
        page.locator("#act-appeals-reopen-page").click()
        page.locator("#dialog").get_by_role("button", name="Вернуть в работу").click()
        expect(page.locator("#next")).to_contain_text("Подготовьте ответ")
        expect(page.locator("#flash")).to_contain_text("Сообщение возвращено в работу.")
        # What was pressed is gone with the status in which it could be: the next thing to do is told.
        expect(page.locator("#next h2")).to_be_focused()
        stays(page)
        axe(clerk)
