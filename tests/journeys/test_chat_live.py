"""The conversation of a case in real browsers: applicant and clerk talk without reload, and nothing typed is ever lost."""

import socket
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Locator, expect

from app import clock
from app.cases import actions
from app.cases.models import Message
from app.extensions import db
from tests.browser import BASE
from tests.case_world import PDF, operator, signed_in
from tests.journeys.chromium import Window, axe, chromium, lend_cookies, script_window, window
from tests.journeys.loopback import Loopback
from tests.whole_site import World

#: How soon a message has to be on the other side's screen, seconds.
SOON = 15.0


@pytest.fixture(scope="module")
def chrome(names: Loopback) -> Iterator[Chromium]:
    with chromium(*names.arguments) as browser:
        yield browser


@pytest.fixture
def case(live_world: World) -> int:
    return live_world.cases["checking"]


def talk(window: Window) -> Locator:
    return window.page.locator("#messages-live")


def field(window: Window, channel: str = "company") -> Locator:
    return window.page.locator(f"#composer-{channel} textarea")


def write(window: Window, text: str, channel: str = "company") -> None:
    field(window, channel).fill(text)
    window.page.locator(f"#composer-{channel} button[type=submit]").click()
    expect(talk(window).get_by_text(text)).to_be_visible()


def at_work(
    chrome: Chromium, world: World, folder: Path, who: str, width: int = 1280
) -> AbstractContextManager[Window]:
    """A window of somebody signed in."""
    return script_window(chrome, BASE, who, width, folder, client=world.browser(who))


@contextmanager
def plain_window(chrome: Chromium, world: World, folder: Path, who: str) -> Iterator[Window]:
    """A window of somebody signed in, without JavaScript."""
    with window(chrome, BASE, who, 390, folder) as made:
        lend_cookies(world.browser(who), made.page.context)
        yield made


def test_applicant_and_clerk_talk_without_reload(
    chrome: Chromium, live_world: World, case: int, tmp_path: Path
) -> None:
    with (
        at_work(chrome, live_world, tmp_path, "applicant", 390) as me,
        at_work(chrome, live_world, tmp_path, "operator") as clerk,
    ):
        for window in (me, clerk):
            window.open(f"/cases/{case}")
            window.page.evaluate("window.same = true")
        asked = time.monotonic()
        write(me, "Во сколько ждать инженера?")
        expect(talk(clerk).get_by_text("Во сколько ждать инженера?")).to_be_visible(timeout=SOON * 1000)
        assert time.monotonic() - asked <= SOON
        expect(talk(clerk).get_by_text("новые", exact=True)).to_be_visible()
        field(clerk).fill("В **десять** утра")
        field(clerk).press("Control+Enter")
        answered = time.monotonic()
        expect(talk(clerk).locator("strong", has_text="десять")).to_be_visible()
        expect(field(clerk)).to_be_focused()
        expect(field(clerk)).to_have_value("")
        expect(talk(me).locator("strong", has_text="десять")).to_be_visible(timeout=SOON * 1000)
        assert time.monotonic() - answered <= SOON
        mine = talk(me).locator("article", has_text="Во сколько ждать инженера?")
        expect(mine).to_contain_text("прочитано", timeout=SOON * 1000)
        expect(clerk.page.locator("#letters")).to_contain_text(
            "добавлено новое сообщение", timeout=SOON * 1000
        )
        for window in (me, clerk):
            assert window.page.evaluate("window.same"), "nothing was loaded anew"
            axe(window)
            window.picture("talk")


def test_the_talk_with_the_supplier_is_folded_until_somebody_writes(
    chrome: Chromium, live_world: World, case: int, tmp_path: Path
) -> None:
    with at_work(chrome, live_world, tmp_path, "applicant", 390) as me:
        me.open(f"/cases/{case}")
        expect(field(me, "supplier")).to_be_hidden()
        axe(me)
        me.unfold("Написать поставщику")
        field(me, "supplier").fill("Какой договор заключать?")
        me.press("Отправить поставщику")
        expect(me.page.locator("#supplier-messages-live")).to_contain_text("Какой договор заключать?")
        expect(field(me, "supplier")).to_be_focused()
        axe(me)
        me.open(f"/cases/{case}")
        expect(field(me, "supplier")).to_be_visible()


def test_on_a_phone_ones_own_message_stands_in_sight_and_can_be_taken_back_for_a_moment(
    chrome: Chromium, live_world: World, case: int, tmp_path: Path
) -> None:
    with at_work(chrome, live_world, tmp_path, "applicant", 390) as me:
        me.page.clock.install()
        me.open(f"/cases/{case}")
        write(me, "Во сколько ждать инженера?")
        button = me.page.get_by_role("button", name="Отменить отправку")
        expect(button).to_be_in_viewport()
        expect(field(me)).to_be_in_viewport()
        me.page.clock.run_for(4_000)
        expect(button).to_be_visible()
        for _ in range(3):
            me.page.clock.run_for(5_000)
        expect(button).to_have_count(0)


def test_text_that_is_being_typed_stays_when_a_poll_brings_news(
    chrome: Chromium, live_world: World, case: int, tmp_path: Path
) -> None:
    with at_work(chrome, live_world, tmp_path, "applicant") as me:
        me.open(f"/cases/{case}")
        unread = me.page.locator("#unread-badge").inner_text()
        field(me).press_sequentially("Я как раз пишу")
        me.unfold("Написать поставщику")
        field(me, "supplier").fill("И поставщику тоже")
        field(me).focus()
        say(live_world, case, "operator", "Вот и ответ")
        expect(talk(me).get_by_text("Вот и ответ")).to_be_visible(timeout=SOON * 1000)
        expect(field(me)).to_be_focused()
        field(me).press_sequentially(" дальше")
        expect(field(me)).to_have_value("Я как раз пишу дальше")
        expect(field(me, "supplier")).to_have_value("И поставщику тоже")
        expect(me.page.locator("#unread-badge")).to_have_text(unread, timeout=SOON * 1000)


def say(world: World, case: int, who: str, text: str) -> None:
    with world.app.app_context():
        actions.send_message(case, text, by=world.people[who].actor, at=clock.now())


def losing(app: Flask, tail: str) -> Callable[[Any, Any], Iterable[bytes]]:
    """The application on a line that breaks once, when a POST to an address has done its work."""
    broken: list[str] = []

    def serve(environ: Any, start_response: Any) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "POST" or not environ["PATH_INFO"].endswith(tail) or broken:
            return app(environ, start_response)
        broken.append(tail)
        list(app(environ, lambda *_: None))  # type: ignore[arg-type]
        environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
        raise ConnectionAbortedError

    return serve


def test_a_try_again_after_a_lost_answer_is_the_same_message(
    chrome: Chromium, names: Loopback, live_world: World, case: int, tmp_path: Path
) -> None:
    client = live_world.browser("applicant")
    with script_window(
        chrome, BASE, "applicant", 1280, tmp_path, client=client, allowed="Failed to fetch"
    ) as me:
        me.open(f"/cases/{case}")

        names.site.app = losing(live_world.app, "/messages")
        field(me).fill("Дойдет один раз")
        me.page.locator("#composer-company button[type=submit]").click()
        me.sees("Нет связи. Введенное осталось на странице, попробуйте еще раз.")
        expect(field(me)).to_have_value("Дойдет один раз")
        write(me, "Дойдет один раз")
        expect(field(me)).to_have_value("")
        with live_world.app.app_context():
            assert db.session.query(Message).filter_by(text="Дойдет один раз").count() == 1


def test_a_file_goes_with_a_message_and_a_wrong_one_is_told_without_losing_the_text(
    chrome: Chromium, live_world: World, case: int, tmp_path: Path
) -> None:
    with at_work(chrome, live_world, tmp_path, "applicant", 390) as me:
        me.open(f"/cases/{case}")
        papers = me.page.locator("#composer-company input[type=file]")
        field(me).fill("Вот план")
        papers.set_input_files({"name": "план.exe", "mimeType": "application/pdf", "buffer": b"MZ\x90"})
        me.press("Отправить", me.page.locator("#composer-company"))
        expect(me.page.locator("#composer-company #errors")).to_be_focused()
        me.sees("«план.exe»", within=me.page.locator("#errors"))
        expect(field(me)).to_have_value("Вот план")
        axe(me)
        me.picture("refused")
        papers.set_input_files({"name": "план.pdf", "mimeType": "application/pdf", "buffer": PDF})
        me.press("Отправить", me.page.locator("#composer-company"))
        expect(talk(me).get_by_role("link", name="план.pdf")).to_be_visible()
        expect(me.page.locator("#documents")).to_contain_text("план.pdf")
        expect(field(me)).to_be_focused()
        axe(me)


def test_a_message_is_taken_back_before_the_eyes_of_both(
    chrome: Chromium, live_world: World, case: int, tmp_path: Path
) -> None:
    with (
        at_work(chrome, live_world, tmp_path, "applicant", 390) as me,
        at_work(chrome, live_world, tmp_path, "operator") as clerk,
    ):
        me.open(f"/cases/{case}")
        clerk.open(f"/cases/{case}")
        write(clerk, "Это другому заявителю")
        clerk.press("Отменить отправку")
        clerk.sees("Сообщение отозвано автором", "Сообщение отозвано.")
        expect(field(clerk)).to_be_focused()
        expect(talk(me)).to_contain_text("Сообщение отозвано автором", timeout=SOON * 1000)
        expect(talk(me)).not_to_contain_text("Это другому заявителю")
        axe(clerk)
        write(clerk, "А это вам")
        expect(clerk.page.get_by_role("button", name="Отменить отправку")).to_be_visible()
        expect(clerk.page.get_by_role("button", name="Отменить отправку")).to_have_count(0, timeout=25_000)
        assert me.page.evaluate("document.querySelectorAll('[id]').length") == me.page.evaluate(
            "new Set([...document.querySelectorAll('[id]')].map((one) => one.id)).size"
        )


def test_a_note_and_a_message_are_never_one_press_apart(
    chrome: Chromium, live_world: World, case: int, tmp_path: Path
) -> None:
    with at_work(chrome, live_world, tmp_path, "operator") as clerk:
        clerk.open(f"/cases/{case}")
        clerk.page.locator("summary", has_text="Внутренняя заметка").click()
        write(clerk, "Только для своих", "internal")
        expect(talk(clerk).locator(".note", has_text="Только для своих")).to_contain_text(
            "Внутренняя заметка"
        )
        expect(field(clerk, "internal")).to_be_focused()
        with live_world.app.app_context():
            assert db.session.query(Message).filter_by(text="Только для своих").one().channel == "internal"
        axe(clerk)
        clerk.picture("note")


def test_a_case_is_marked_unread_from_its_page_without_leaving_it(
    chrome: Chromium, live_world: World, case: int, tmp_path: Path
) -> None:
    with at_work(chrome, live_world, tmp_path, "applicant") as me:
        me.open(f"/cases/{case}")
        badge = me.page.locator("#unread-badge")
        before = int("".join(filter(str.isdigit, badge.inner_text())) or 0)
        me.press("Пометить непрочитанным")
        me.sees("Отмечено непрочитанным, пока вы не откроете обращение снова.")
        expect(me.page.get_by_role("button", name="Пометить непрочитанным")).to_be_focused()
        expect(badge).to_contain_text(f"{before + 1} ")
        axe(me)


def test_colleagues_see_each_other_at_a_case(
    chrome: Chromium, live_world: World, case: int, tmp_path: Path
) -> None:
    with live_world.app.app_context():
        colleague = operator("Кузнецова", "Ольга", "Петровна", email="second@example.org")
    other = script_window(
        chrome, BASE, "colleague", 1280, tmp_path, client=signed_in(live_world.app, colleague)
    )
    with at_work(chrome, live_world, tmp_path, "operator") as clerk, other as second:
        clerk.open(f"/cases/{case}")
        second.open(f"/cases/{case}")
        expect(clerk.page.locator("#viewers")).to_contain_text(
            "Карточку смотрит: Кузнецова О. П.", timeout=SOON * 1000
        )
        axe(clerk)


def test_without_scripts_both_sides_talk_by_whole_pages(
    chrome: Chromium, live_world: World, case: int, tmp_path: Path
) -> None:
    with (
        plain_window(chrome, live_world, tmp_path, "applicant") as me,
        plain_window(chrome, live_world, tmp_path, "operator") as clerk,
    ):
        me.open(f"/cases/{case}")
        field(me).fill("Во сколько ждать инженера?")
        me.press("Отправить", me.page.locator("#composer-company"))
        me.sees("Сообщение отправлено.", "Во сколько ждать инженера?", "Отменить отправку")
        clerk.open(f"/cases/{case}")
        clerk.sees("Во сколько ждать инженера?", "новые")
        field(clerk).fill("В десять")
        clerk.press("Отправить", clerk.page.locator("#composer-company"))
        me.open(f"/cases/{case}")
        me.sees("В десять", "прочитано")
        me.picture("talk")
