"""Signing by code in the dialog over the page of the case, in real Chromium; the same by pages when scripts are off."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Locator, expect

from tests.browser import BASE
from tests.case_world import signed_in
from tests.code_world import Paper, document_of, paper, signatures
from tests.journeys.chromium import Window, axe, chromium, lend_cookies, script_window, window
from tests.journeys.loopback import Loopback
from tests.journeys.test_signing_code import minutes_pass, right_code, wrong_code


@pytest.fixture(scope="module")
def chrome(names: Loopback) -> Iterator[Chromium]:
    with chromium(*names.arguments) as browser:
        yield browser


@pytest.fixture
def one(names: Loopback, app: Flask) -> Iterator[Paper]:
    names.site.app, names.cdn.mode = app, "on"
    with app.app_context():
        made = paper(title="Договор об осуществлении технологического присоединения")
    yield made
    names.site.app = None


def opened(own: Window, one: Paper) -> Locator:
    """The dialog over the page of the case."""
    own.open(f"/cases/{one.case_id}")
    own.page.evaluate("window.same = true")
    own.page.wait_for_function("window.htmx")
    own.follow("Подписать!")
    found = own.page.locator("#dialog")
    expect(found).to_be_visible()
    press(found, "Подписать кодом из СМС")
    expect(found).to_contain_text("Вы подписываете")
    return found


def press(found: Locator, words: str) -> None:
    found.get_by_role("button", name=words, exact=True).click()


def ask(found: Locator, words: str = "Получить код") -> Locator:
    """Ask for a code; the field for it comes."""
    press(found, words)
    expect(found).to_contain_text("Новый можно запросить через")
    return found.get_by_label("Код подтверждения")


@pytest.mark.parametrize("width", [390, 1280])
def test_a_person_signs_without_leaving_the_page(
    chrome: Chromium, app: Flask, one: Paper, tmp_path: Path, width: int
) -> None:
    client = signed_in(app, one.own)
    with script_window(chrome, BASE, "applicant", width, tmp_path, client=client) as own:
        found = opened(own, one)
        expect(found).to_contain_text("Вы подписываете по заявке № 1:")
        expect(found).to_contain_text("+7 950 •••-••-01")
        axe(own)
        own.picture("ask")
        field = ask(found)
        expect(field).to_be_focused()
        axe(own)
        own.picture("enter")
        field.fill(wrong_code(app))
        press(found, "Подтвердить и отправить")
        expect(found.get_by_role("alert")).to_contain_text("Неверный код. Осталось 4 попытки.")
        expect(field).to_have_value("")
        expect(field).to_be_focused()
        axe(own)
        own.picture("wrong")
        press(found, "Отправить еще раз")
        expect(found.locator("#flash")).to_contain_text("Новое СМС можно запросить через")
        right = right_code(app)
        field.fill(f"{right[:3]} {right[3:]}")
        press(found, "Подтвердить и отправить")
        expect(found.get_by_role("heading", level=1)).to_have_text(
            re.compile(r"Документ подписан \d\d\.\d\d\.\d{4}, \d\d:\d\d")
        )
        expect(found).to_contain_text("№ подписи")
        expect(own.page.locator("#documents")).to_contain_text("подписан")
        axe(own)
        own.picture("signed")
        press(found, "Закрыть")
        expect(found).to_be_hidden()
        assert own.page.evaluate("window.same")


def test_the_timer_of_another_code_runs_out_without_losing_what_is_typed(
    chrome: Chromium, app: Flask, one: Paper, tmp_path: Path
) -> None:
    client = signed_in(app, one.own)
    with script_window(chrome, BASE, "applicant", 390, tmp_path, client=client) as own:
        own.page.clock.install()
        found = opened(own, one)
        field = ask(found)
        field.fill("46")
        minutes_pass(app)
        old = right_code(app)
        own.page.clock.fast_forward("01:01")
        expect(found).to_contain_text("прежний перестанет действовать")
        expect(field).to_have_value("46")
        ask(found, "Отправить еще раз").fill(old)
        press(found, "Подтвердить и отправить")
        expect(found).to_contain_text("Неверный код")
        field.fill(right_code(app))
        press(found, "Подтвердить и отправить")
        expect(found).to_contain_text("Документ подписан")


def test_a_code_that_has_run_out_is_replaced_in_the_dialog(
    chrome: Chromium, app: Flask, one: Paper, tmp_path: Path
) -> None:
    client = signed_in(app, one.own)
    with script_window(chrome, BASE, "applicant", 1280, tmp_path, client=client) as own:
        found = opened(own, one)
        field = ask(found)
        late = right_code(app)
        minutes_pass(app, 11)
        field.fill(late)
        press(found, "Подтвердить и отправить")
        expect(found).to_contain_text("Код действовал 10 минут")
        axe(own)
        own.picture("expired")
        field = ask(found, "Получить новый код")
        field.fill(right_code(app))
        press(found, "Подтвердить и отправить")
        expect(found).to_contain_text("Документ подписан")


def test_a_file_replaced_while_the_dialog_is_open_refuses_the_code(
    chrome: Chromium, app: Flask, one: Paper, tmp_path: Path
) -> None:
    client = signed_in(app, one.own)
    with script_window(chrome, BASE, "applicant", 1280, tmp_path, client=client) as own:
        found = opened(own, one)
        field = ask(found)
        with app.app_context():
            path = app.extensions["gateways"].files.path(document_of(one.slot_id).version.storage_key)
        path.write_bytes(path.read_bytes() + b"\n")
        field.fill(right_code(app))
        press(found, "Подтвердить и отправить")
        expect(found).to_contain_text("ничего не подписано")
        expect(found).not_to_contain_text("Не получилось")
        own.picture("replaced")
        with app.app_context():
            assert not signatures(one.slot_id)


def test_a_double_click_signs_once(chrome: Chromium, app: Flask, one: Paper, tmp_path: Path) -> None:
    client = signed_in(app, one.own)
    with script_window(chrome, BASE, "applicant", 1280, tmp_path, client=client) as own:
        found = opened(own, one)
        field = ask(found)
        field.fill(right_code(app))
        found.get_by_role("button", name="Подтвердить и отправить").dblclick()
        expect(found).to_contain_text("Документ подписан")
    with app.app_context():
        assert len(signatures(one.slot_id)) == 1


@pytest.mark.parametrize("width", [390, 1280])
def test_the_same_by_pages_without_scripts(
    chrome: Chromium, app: Flask, one: Paper, tmp_path: Path, width: int
) -> None:
    client = signed_in(app, one.own)
    with window(chrome, BASE, "applicant", width, tmp_path) as own:
        lend_cookies(client, own.page.context)
        own.open(f"/cases/{one.case_id}")
        own.follow("Подписать!")
        own.press("Подписать кодом из СМС")
        own.reads("Подписать кодом из СМС")
        own.picture("ask")
        own.press("Получить код")
        own.reads("Ввод кода подтверждения")
        own.page.get_by_label("Код подтверждения").fill(wrong_code(app))
        own.press("Подтвердить и отправить")
        own.sees("Осталось 4 попытки")
        own.picture("wrong")
        own.page.get_by_label("Код подтверждения").fill(right_code(app))
        own.press("Подтвердить и отправить")
        own.reads("Документ подписан")
        own.picture("signed")
        own.page.reload()
        own.reads("Документ подписан")
