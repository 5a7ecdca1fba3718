"""The web kit for htmx: which requests get a fragment, what a refusal does to an open page, what stays without scripts."""

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect
from sqlalchemy import update
from werkzeug.test import TestResponse

from app import clock, create_app
from app.accounts.models import UserSession
from app.extensions import db
from app.transaction import transaction
from app.web.htmx_script import CDN, FILE
from tests.browser import BASE, Browser
from tests.databases import close
from tests.journeys import npm_files
from tests.journeys.chromium import Window, axe, chromium, lacks_htmx, script_window
from tests.journeys.kit_pages import REFUSALS, Kit, mount
from tests.journeys.loopback import Loopback
from tests.whole_site import World

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Current-URL": f"{BASE}/kit?x=1"}
TYPED = "Гараж у самого леса"


@pytest.fixture
def kit(world: World) -> Kit:
    return mount(world.app)


@pytest.fixture
def applicant(world: World, kit: Kit) -> Browser:
    return world.browser("applicant")


def end_sessions(app: Flask) -> None:
    with app.app_context(), transaction():
        db.session.execute(update(UserSession).values(ended_at=clock.now()))


def ask(browser: Browser, path: str, **options: Any) -> TestResponse:
    options.setdefault("headers", PARTIAL)
    return browser.client.get(path, base_url=BASE, **options)


def press(browser: Browser, outcome: str, **headers: str) -> TestResponse:
    page = browser.open("/kit")
    token = page.soup.find("input", attrs={"name": "csrf_token"})["value"]
    data = {"csrf_token": token, "outcome": outcome, "text": TYPED}
    told = {"Referer": f"{BASE}/kit", **PARTIAL, **headers}
    return browser.client.post("/kit/act", base_url=BASE, data=data, headers=told)


# What the server answers


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"HX-Request": "true"},
        {"HX-Request-Type": "partial"},
        {"HX-Request": "true", "HX-Request-Type": "full"},
        {"HX-History-Restore-Request": "true", "HX-Request-Type": "full"},
    ],
)
def test_whatever_does_not_say_that_it_is_partial_gets_the_whole_page(
    applicant: Browser, headers: dict[str, str]
) -> None:
    whole = ask(applicant, "/kit/part", headers=headers)
    assert "<!doctype html>" in whole.text
    assert '<section id="kit-part">' in whole.text


def test_a_partial_request_gets_the_very_fragment_that_stands_in_the_page(applicant: Browser) -> None:
    part, whole = ask(applicant, "/kit/part").text, ask(applicant, "/kit/part", headers={}).text
    assert part.strip().startswith('<section id="kit-part">')
    assert part.strip() in whole


def test_caches_know_what_decides_and_keep_no_fragment(world: World, applicant: Browser) -> None:
    anonymous = world.browser("anonymous")
    for browser, path, headers in (
        (applicant, "/kit", {}),
        (applicant, "/kit/part", PARTIAL),
        (applicant, "/kit/poll", PARTIAL),
        (anonymous, "/login", {}),
        (anonymous, "/login", PARTIAL),
    ):
        response = ask(browser, path, headers=headers)
        assert {"HX-Request", "HX-Request-Type"} <= set(response.vary), path
        if headers:
            assert response.headers["Cache-Control"] == "no-store"
            assert "ETag" not in response.headers


@pytest.mark.parametrize("outcome", REFUSALS)
def test_a_refusal_is_a_sentence_for_the_live_region_with_the_same_status(
    applicant: Browser, outcome: str
) -> None:
    status, words, _ = REFUSALS[outcome]
    for response in (press(applicant, outcome), ask(applicant, f"/kit/part?outcome={outcome}")):
        assert response.status_code == status
        assert re.fullmatch(
            r'\s*<div id="flash" hx-swap-oob="innerHTML">.*</div>\s*', response.text, re.DOTALL
        )
        assert words in response.text
    assert "Введенное осталось на странице" in press(applicant, outcome).text


def test_a_wait_is_told_to_scripts_too(applicant: Browser) -> None:
    assert press(applicant, "tries").headers["Retry-After"] == "60"
    assert int(press(applicant, "away").headers["Retry-After"]) > 0


def test_a_body_that_is_too_large_is_refused_with_a_sentence(applicant: Browser) -> None:
    data = {"text": "я" * 300_000}
    response = applicant.client.post("/kit/act", base_url=BASE, data=data, headers=PARTIAL)
    assert response.status_code == 413
    assert "до 30 МБ" in response.text
    assert "<html" not in response.text


def test_a_failure_tells_a_number_and_nothing_else(applicant: Browser) -> None:
    text = press(applicant, "failure").text
    assert re.search(r"Номер ошибки: [0-9a-f]{8}\.", text)
    assert "foresaw" not in text


def test_success_leaves_the_page_by_a_header(applicant: Browser) -> None:
    response = press(applicant, "leave")
    assert (response.status_code, response.headers["HX-Redirect"], response.text) == (204, "/kit/done", "")
    plain = applicant.send(applicant.open("/kit"), "/kit/act", follow=False)
    assert (plain.status, plain.response.headers["Location"]) == (303, "/kit/done")


def test_success_that_leads_to_another_place_of_the_same_page_loads_it_anew(applicant: Browser) -> None:
    response = press(applicant, "here", **{"HX-Current-URL": f"{BASE}/kit?here"})
    assert response.status_code == 204
    assert response.headers["HX-Refresh"] == "true"
    assert "HX-Redirect" not in response.headers


def test_an_ended_session_leads_a_reader_to_the_door_and_back_to_the_page(
    applicant: Browser, kit: Kit
) -> None:
    applicant.open("/kit")
    end_sessions(kit.app)
    response = ask(applicant, "/kit/part")
    assert response.status_code == 401
    assert response.headers["HX-Redirect"] == "/login?next=/kit?x%3D1"


def test_an_ended_session_moves_no_page_by_the_clock(applicant: Browser, kit: Kit) -> None:
    applicant.open("/kit")
    end_sessions(kit.app)
    response = ask(applicant, "/kit/poll", headers={**PARTIAL, "X-Poll": "1"})
    assert response.status_code == 401
    assert "HX-Redirect" not in response.headers
    assert '<a href="/login?next=/kit?x%3D1">Войти</a>' in response.text


@pytest.mark.parametrize("current", ["https://evil.example/kit", "https://lk.example.org.evil/", "x", "//e/"])
def test_the_door_never_leads_on_to_another_site(applicant: Browser, kit: Kit, current: str) -> None:
    end_sessions(kit.app)
    response = ask(applicant, "/kit/part", headers={**PARTIAL, "HX-Current-URL": current})
    assert response.headers["HX-Redirect"] == "/login"


def test_a_form_of_an_ended_session_is_to_be_sent_in_the_old_way(applicant: Browser, kit: Kit) -> None:
    page = applicant.open("/kit")
    end_sessions(kit.app)
    data = {"text": TYPED, "csrf_token": page.value_of("csrf_token")}
    response = applicant.client.post("/kit/act", base_url=BASE, data=data, headers=PARTIAL)
    assert (response.status_code, response.headers["X-Submit"]) == (401, "native")
    assert kit.acts == []


def test_a_form_with_an_old_token_is_to_be_sent_in_the_old_way(applicant: Browser, kit: Kit) -> None:
    headers = {"Referer": f"{BASE}/kit", **PARTIAL}
    data = {"text": TYPED, "csrf_token": "old"}
    response = applicant.client.post("/kit/act", base_url=BASE, data=data, headers=headers)
    assert (response.status_code, response.headers["X-Submit"]) == (409, "native")
    assert "слишком давно" in response.text
    assert kit.acts == []


def test_the_figure_of_unread_cases_is_counted_anew(world: World, applicant: Browser) -> None:
    page, response = applicant.open("/kit"), press(applicant, "said")
    figure = page.soup.find(id="unread-badge").get_text()
    assert re.search(r"\d", figure)
    assert (
        f'<span id="unread-badge" hx-swap-oob="true"> <span class="badge">{figure.split()[0]}'
        in response.text
    )


# In the browser


@pytest.fixture(scope="module")
def chrome(names: Loopback) -> Iterator[Chromium]:
    with chromium(*names.arguments) as made:
        yield made


@dataclass
class Desk:
    """A signed-in applicant at the page of the tests."""

    window: Window
    kit: Kit
    names: Loopback

    def start(self, outcome: str = "") -> None:
        self.window.open(f"/kit?outcome={outcome}")
        self.window.page.wait_for_function("typeof htmx !== 'undefined'")

    def type(self, text: str = TYPED) -> None:
        self.window.fill("Текст", text)

    @property
    def typed(self) -> str:
        return self.window.page.get_by_label("Текст", exact=True).input_value()

    def let_pass(self, seconds: int) -> None:
        """Let time pass for the page, slowly enough for the answers of what it asks meanwhile."""
        for _ in range(0, seconds, 5):
            self.window.page.clock.run_for(5_000)
            self.window.page.wait_for_timeout(30)
            self.wait_for_answers()

    def wait_for_answers(self) -> None:
        """Until nothing that the page asked is under way, at most two seconds: a busy machine answers late."""
        for _ in range(100):
            if not self.window.page.evaluate("!!document.querySelector('.htmx-request')"):
                return
            self.window.page.wait_for_timeout(20)

    def focus(self) -> str:
        return str(self.window.page.evaluate("document.activeElement.id || document.activeElement.tagName"))

    def says(self, words: str) -> None:
        expect(self.window.page.locator("#flash")).to_contain_text(words)


@pytest.fixture
def desk(chrome: Chromium, names: Loopback, live_world: World, kit: Kit, tmp_path: Path) -> Iterator[Desk]:
    client = live_world.browser("applicant")
    # htmx writes what went wrong with the line into the console.
    allowed = "htmx: htmx:error: (Failed to fetch|timeout)"
    with script_window(chrome, BASE, "applicant", 1280, tmp_path, client=client, allowed=allowed) as made:
        yield Desk(made, kit, names)


@pytest.mark.parametrize("outcome", REFUSALS)
def test_a_refused_form_says_why_and_loses_nothing(desk: Desk, outcome: str) -> None:
    desk.start(outcome)
    desk.type()
    desk.window.press("Отправить")
    desk.says(REFUSALS[outcome][1])
    assert desk.typed == TYPED
    assert desk.window.path == f"/kit?outcome={outcome}"
    expect(desk.window.page.get_by_role("button", name="Отправить", exact=True)).to_be_focused()
    axe(desk.window)


@pytest.mark.parametrize("outcome", ["forbidden", "conflict", "failure"])
def test_a_refused_link_changes_neither_the_page_nor_its_address(desk: Desk, outcome: str) -> None:
    desk.start(outcome)
    desk.window.follow("Часть")
    desk.says(REFUSALS[outcome][1])
    desk.window.sees("Пока пусто")
    assert desk.window.path == f"/kit?outcome={outcome}"


def test_a_form_with_an_error_comes_back_with_it_and_the_focus_goes_there(desk: Desk) -> None:
    desk.start("form")
    desk.type()
    desk.window.press("Отправить")
    desk.window.sees("Напишите текст длиннее.")
    assert desk.typed == TYPED
    assert desk.focus() == "errors"
    axe(desk.window)


def test_a_good_form_leads_on_with_its_sentence(desk: Desk) -> None:
    desk.start()
    desk.window.press("Отправить иначе")
    desk.window.reads("Готово")
    desk.says("Отправлено.")
    assert desk.kit.acts[0]["way"] == "other"


def test_a_saved_form_says_so_and_the_next_request_clears_it(desk: Desk) -> None:
    desk.start("said")
    desk.window.press("Отправить")
    desk.says("Сохранено.")
    desk.window.follow("Часть")
    desk.window.sees("Пришло")
    expect(desk.window.page.locator("#flash")).to_be_empty()


def test_no_line_is_told_and_the_form_can_be_sent_again(desk: Desk) -> None:
    desk.start()
    desk.type()
    desk.window.page.context.set_offline(True)
    desk.window.press("Отправить")
    desk.says("Нет связи. Введенное осталось на странице, попробуйте еще раз.")
    assert desk.typed == TYPED
    desk.window.page.context.set_offline(False)
    desk.window.press("Отправить")
    desk.window.reads("Готово")


def test_a_server_that_does_not_answer_in_time_is_told(desk: Desk) -> None:
    desk.window.page.clock.install()
    desk.start()
    desk.type()
    desk.kit.wait = threading.Event()
    desk.window.press("Отправить")
    expect(desk.window.page.get_by_role("button", name="Отправляем…")).to_be_visible()
    desk.window.page.clock.run_for(16_000)
    desk.kit.wait.set()
    desk.says("Сервер не ответил вовремя.")
    assert desk.typed == TYPED
    expect(desk.window.page.get_by_role("button", name="Отправить", exact=True)).to_be_enabled()


def test_a_page_of_the_server_in_front_becomes_a_sentence(desk: Desk) -> None:
    desk.start()
    desk.type()
    desk.window.page.route("**/kit/act", lambda route: route.fulfill(status=502, body="<html>nginx</html>"))
    desk.window.press("Отправить")
    desk.says("Сервис временно недоступен. Введенное осталось на странице")
    assert desk.typed == TYPED


def test_a_form_of_an_ended_session_ends_at_the_door_and_its_text_is_kept(desk: Desk) -> None:
    desk.start()
    desk.type()
    end_sessions(desk.kit.app)
    desk.window.press("Отправить")
    desk.window.reads("Вход в личный кабинет")
    assert desk.kit.acts == []
    kept = desk.window.page.locator("input[name=kept]").get_attribute("value")
    assert kept, "the form of the door carries what was typed"


def test_a_link_of_an_ended_session_leads_to_the_door(desk: Desk) -> None:
    desk.start()
    end_sessions(desk.kit.app)
    desk.window.follow("Часть")
    desk.window.reads("Вход в личный кабинет")
    assert desk.window.path == "/login?next=/kit?outcome%3D"


def test_a_form_with_an_old_token_shows_what_was_typed_and_can_be_sent_again(desk: Desk) -> None:
    desk.start()
    desk.type()
    desk.window.page.evaluate("document.querySelector('#kit-form [name=csrf_token]').value = 'old'")
    desk.window.press("Отправить иначе")
    desk.window.reads("Страница была открыта слишком давно")
    desk.window.sees(TYPED)
    desk.window.press("Отправить еще раз")
    desk.window.reads("Готово")
    assert (desk.kit.acts[0]["text"], desk.kit.acts[0]["way"]) == (TYPED, "other")


def test_a_second_press_sends_nothing_and_the_button_says_that_it_works(desk: Desk) -> None:
    desk.start("form")
    desk.kit.wait = threading.Event()
    button = desk.window.page.get_by_role("button", name="Отправить", exact=True)
    box = button.bounding_box()
    assert box is not None
    for _ in range(3):
        desk.window.page.mouse.click(box["x"] + 5, box["y"] + 5)
    busy = desk.window.page.get_by_role("button", name="Отправляем…")
    expect(busy).to_have_attribute("aria-busy", "true")
    desk.kit.wait.set()
    desk.window.sees("Напишите текст длиннее.")
    assert len(desk.kit.acts) == 1


def test_a_second_press_sends_nothing_without_htmx_either(desk: Desk) -> None:
    desk.names.cdn.mode = "blocked"
    desk.window.open("/kit")
    assert lacks_htmx(desk.window)
    desk.kit.wait = threading.Event()
    button = desk.window.page.get_by_role("button", name="Отправить", exact=True)
    box = button.bounding_box()
    assert box is not None
    for _ in range(3):
        desk.window.page.mouse.click(box["x"] + 5, box["y"] + 5)
        desk.window.page.wait_for_timeout(100)
    desk.kit.wait.set()
    desk.window.reads("Готово")
    assert len(desk.kit.acts) == 1


def test_ctrl_enter_sends_the_text(desk: Desk) -> None:
    desk.start()
    desk.type()
    desk.window.page.keyboard.press("Control+Enter")
    desk.window.reads("Готово")
    assert desk.kit.acts[0]["text"] == TYPED


def test_a_link_brings_its_part_and_back_gives_the_whole_page(desk: Desk) -> None:
    desk.start()
    desk.window.follow("Часть")
    desk.window.sees("Пришло")
    assert desk.window.path == "/kit/part?outcome="
    assert desk.focus() == "kit-link"
    desk.window.page.go_back()
    desk.window.sees("Пока пусто")
    desk.window.reads("Проба")


def test_the_focus_stays_near_when_what_had_it_is_gone(desk: Desk) -> None:
    desk.start()
    link = desk.window.page.get_by_role("link", name="Убрать")
    desk.window.page.evaluate("document.getElementById('kit-gone').removeAttribute('id')")
    link.focus()
    desk.window.page.keyboard.press("Enter")
    desk.window.sees("Убрано")
    assert desk.focus() == "kit-part"


# The clock


def test_news_come_by_the_clock_and_seldom_to_a_page_that_nobody_works_with(desk: Desk) -> None:
    page = desk.window.page
    page.clock.install()
    desk.start()
    desk.kit.news.append("Новое сообщение")
    page.clock.run_for(6_000)
    desk.window.sees("Новое сообщение")
    before = desk.kit.polls
    desk.let_pass(55)
    assert 8 <= desk.kit.polls - before <= 12
    before = desk.kit.polls
    desk.let_pass(60)
    assert 3 <= desk.kit.polls - before <= 5
    desk.let_pass(10 * 60)
    before = desk.kit.polls
    desk.let_pass(5 * 60)
    assert 4 <= desk.kit.polls - before <= 6


def test_a_page_in_sight_says_so_at_once_and_when_it_got_news(desk: Desk) -> None:
    page = desk.window.page
    page.clock.install()
    desk.start()
    page.wait_for_timeout(300)
    assert desk.kit.seen == 1
    desk.kit.news.append("Новое сообщение")
    page.clock.run_for(6_000)
    desk.window.sees("Новое сообщение")
    page.wait_for_timeout(300)
    assert desk.kit.seen == 2


def test_a_hidden_page_rests_and_asks_at_once_when_it_is_seen_again(desk: Desk) -> None:
    page = desk.window.page
    page.clock.install()
    desk.start()
    page.evaluate("Object.defineProperty(document, 'hidden', {value: true, configurable: true})")
    before = desk.kit.polls
    desk.let_pass(2 * 60)
    assert desk.kit.polls == before
    page.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_timeout(300)
    assert desk.kit.polls == before + 1


def test_the_clock_of_an_ended_session_offers_the_door_and_stops(desk: Desk) -> None:
    page = desk.window.page
    page.clock.install()
    desk.start()
    desk.type()
    desk.let_pass(5)  # the typed is saved by then: what ends is told to the clock alone
    end_sessions(desk.kit.app)
    desk.let_pass(20)
    desk.says("Сеанс закончился.")
    asked = len(desk.names.site.asked)
    desk.let_pass(60)
    assert len(desk.names.site.asked) == asked
    assert desk.typed == TYPED
    assert desk.window.path == "/kit?outcome="
    desk.window.follow("Войти")
    desk.window.reads("Вход в личный кабинет")


def test_what_is_typed_is_saved_after_a_pause_and_not_at_every_key(desk: Desk) -> None:
    page = desk.window.page
    page.clock.install()
    desk.start()
    field = page.get_by_label("Текст", exact=True)
    field.press_sequentially("Га")
    page.clock.run_for(1_500)
    field.press_sequentially("раж")
    page.clock.run_for(1_500)
    assert desk.kit.saves == []
    page.clock.run_for(1_000)
    desk.window.sees("Сохранено: 1")
    field.press_sequentially(" у леса")
    page.clock.run_for(5_000)
    page.wait_for_timeout(200)
    assert desk.kit.saves == ["Гараж"], "at most every ten seconds"
    page.clock.run_for(5_000)
    desk.window.sees("Сохранено: 2")
    assert desk.kit.saves[-1] == "Гараж у леса"


def test_leaving_the_field_saves_at_once(desk: Desk) -> None:
    desk.start()
    desk.window.page.get_by_label("Текст", exact=True).press_sequentially("Гараж")
    desk.window.page.keyboard.press("Tab")
    desk.window.sees("Сохранено: 1")
    assert desk.focus() != "BODY"


def test_an_autosave_without_a_line_says_so_in_its_own_place_and_is_done_later(desk: Desk) -> None:
    page = desk.window.page
    page.clock.install()
    desk.start()
    page.context.set_offline(True)
    page.get_by_label("Текст", exact=True).press_sequentially("Гараж")
    page.clock.run_for(3_000)
    desk.window.sees("Нет связи, сохраним позже.")
    expect(page.locator("#flash")).to_be_empty()
    page.context.set_offline(False)
    page.clock.run_for(11_000)
    desk.window.sees("Сохранено: 1")
    assert desk.kit.saves == ["Гараж"]


def test_an_autosave_that_is_refused_never_moves_the_page(desk: Desk) -> None:
    desk.start()
    end_sessions(desk.kit.app)
    desk.window.page.get_by_label("Текст", exact=True).press_sequentially("Гараж")
    desk.window.page.keyboard.press("Tab")
    desk.says("Сеанс закончился. Нажмите кнопку формы еще раз, чтобы войти: введенное сохранится.")
    assert desk.typed == "Гараж"
    assert desk.window.path == "/kit?outcome="


# The dialog and the toolbar


def test_a_dialog_opens_with_its_field_and_gives_the_focus_back(desk: Desk) -> None:
    desk.start()
    page = desk.window.page
    desk.window.follow("Открыть окно")
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.get_by_label("Код")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.locator("#kit-open")).to_be_focused()
    expect(page.locator("#dialog-body")).to_be_empty()
    desk.window.follow("Открыть окно")
    page.get_by_role("button", name="Закрыть").click()
    expect(page.locator("#kit-open")).to_be_focused()


def test_what_goes_wrong_in_a_dialog_is_told_in_it(desk: Desk) -> None:
    desk.start()
    page = desk.window.page
    desk.window.follow("Открыть окно")
    page.get_by_label("Код").fill("12345")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").locator("#flash")).to_contain_text("Обращение уже в архиве.")
    expect(page.get_by_label("Код")).to_have_value("12345")
    axe(desk.window)
    page.keyboard.press("Escape")
    expect(page.locator("main #flash")).to_have_count(1)


@pytest.mark.parametrize(
    ("button", "text", "chosen", "expected"),
    [
        ("Полужирный", "в четверг", "четверг", "в **четверг**"),
        ("Курсив", "в четверг", "в", "*в* четверг"),
        ("Подчеркнутый", "в четверг", "четверг", "в ++четверг++"),
        ("Список", "план\nпаспорт", "план\nпаспорт", "- план\n- паспорт"),
        ("Список", "нужны:\nплан", "ан", "нужны:\n- план"),
        ("Полужирный", "", "", "****"),
    ],
)
def test_the_toolbar_marks_what_is_chosen(
    desk: Desk, button: str, text: str, chosen: str, expected: str
) -> None:
    desk.start()
    desk.type(text)
    start = text.index(chosen)
    desk.window.page.evaluate(
        "([from, to]) => document.getElementById('f-text').setSelectionRange(from, to)",
        [start, start + len(chosen)],
    )
    desk.window.press(button)
    assert desk.typed == expected
    assert desk.focus() == "f-text"


# With less than everything


@pytest.mark.parametrize("mode", ["blocked", "corrupt", "hanging"])
def test_without_htmx_every_form_and_link_does_what_it_always_did(
    chrome: Chromium, names: Loopback, live_world: World, kit: Kit, tmp_path: Path, mode: str
) -> None:
    names.cdn.mode = mode
    client = live_world.browser("applicant")
    allowed = "valid digest" if mode == "corrupt" else ""
    with script_window(chrome, BASE, "applicant", 390, tmp_path, client=client, allowed=allowed) as window:
        window.page.goto(f"{BASE}/kit?outcome=form", wait_until="commit")
        window.fill("Текст", TYPED)
        assert lacks_htmx(window)
        expect(window.page.get_by_role("group", name="Оформление текста")).to_be_visible()
        window.page.get_by_role("button", name="Отправить", exact=True).click(no_wait_after=True)
        window.sees("Напишите текст длиннее.")
        assert lacks_htmx(window)
        assert kit.acts[0]["text"] == TYPED
        window.page.get_by_role("link", name="Часть").click(no_wait_after=True)
        window.sees("Пришло")
    assert any(CDN.endswith(one.split()[1]) for one in names.cdn.front.asked)


def test_a_site_that_gives_htmx_itself_asks_no_other_host(
    chrome: Chromium, names: Loopback, world: World, tmp_path: Path
) -> None:
    (tmp_path / "instance" / FILE).write_bytes(npm_files.content("htmx.org"))
    made = replace(world.app.extensions["config"], htmx_source="site")
    app = create_app(made)
    mount(app)
    names.site.app, names.cdn.mode = app, "blocked"
    names.cdn.front.asked.clear()
    client, asked = world.browser("applicant"), []
    with script_window(chrome, BASE, "applicant", 1280, tmp_path, client=client) as window:
        window.page.on("request", lambda request: asked.append(request.url))
        answer = window.page.goto(f"{BASE}/kit")
        assert answer is not None
        policy = answer.headers["content-security-policy"]
        window.page.wait_for_function("typeof htmx !== 'undefined'")
        window.follow("Часть")
        window.sees("Пришло")
    assert [url for url in asked if not url.startswith(BASE + "/")] == []
    assert names.cdn.front.asked == []
    assert "script-src 'self';" in policy
    assert "https:" not in policy
    close(app)
    names.site.app = None
