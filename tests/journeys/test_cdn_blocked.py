"""The road of an applicant with scripts, without them, and with the CDN out of reach: the same steps, the same words."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect

from tests import factories as make
from tests.browser import BASE
from tests.journeys.chromium import Window, axe, chromium, lacks_htmx, script_window, window
from tests.journeys.loopback import Loopback
from tests.whole_site import World

PLACE = "Пермский край, п. Калиново, ул. Полевая, 7"
QUESTION = "Когда приедет инженер?"
APPEAL = "Прошу заменить сторону договора."


@pytest.fixture(scope="module")
def chrome(names: Loopback) -> Iterator[Chromium]:
    with chromium(*names.arguments) as made:
        yield made


def opened(chrome: Chromium, mode: str, folder: Path) -> AbstractContextManager[Window]:
    """A phone of somebody who has not signed in."""
    if mode == "without scripts":
        return window(chrome, BASE, "applicant", 390, folder)
    return script_window(chrome, BASE, "applicant", 390, folder)


@pytest.mark.parametrize("mode", ["with scripts", "without scripts", "the CDN is blocked"])
def test_an_applicant_goes_the_whole_road(
    chrome: Chromium, names: Loopback, live_world: World, tmp_path: Path, mode: str
) -> None:
    names.cdn.mode = "blocked" if mode == "the CDN is blocked" else "on"
    with live_world.app.app_context():
        person = make.make_applicant_user()
        login, sent, begun = make.login_of(person), make.submit_draft(person), make.make_draft(person)
    with opened(chrome, mode, tmp_path) as me:
        _signs_in(me, login)
        if mode != "without scripts":
            me.page.wait_for_load_state("load")
            assert lacks_htmx(me) == (mode == "the CDN is blocked")
        _finds_the_draft_and_fills_a_topic(me, begun)
        _asks_in_the_chat(me, sent)
        _keeps_the_case_unread(me, sent)
        _writes_an_appeal(me)
        me.menu("Информация")
        me.sees("Сообщение к ООО «Калиновские Электрические Сети»", f"№ {begun} Заявка на подключение")
        if mode != "without scripts":
            axe(me)


def _signs_in(me: Window, login: str) -> None:
    me.open("/login")
    me.fill("СНИЛС / ОГРН / ОГРНИП / E-mail", login)
    me.fill("Пароль", make.PASSWORD)
    me.press("Войти в ЛК")
    me.reads("Информация")


def _finds_the_draft_and_fills_a_topic(me: Window, case_id: int) -> None:
    me.menu("Документооборот")
    me.reads("Список обращений")
    me.tab("Черновики")
    expect(me.page).to_have_url(f"{BASE}/cases?tab=drafts")
    me.follow(f"№ {case_id} Заявка на подключение")
    me.follow("Редактировать")
    me.reads("Анкета на подключение")
    me.follow("Объект подключения")
    me.fill("Местоположение энергопринимающих устройств", PLACE)
    me.press("Сохранить черновик")
    me.reads("Анкета на подключение")
    me.follow("Объект подключения")
    me.reads("Объект подключения")
    assert (
        me.page.get_by_label("Местоположение энергопринимающих устройств", exact=True).input_value() == PLACE
    )


def _asks_in_the_chat(me: Window, case_id: int) -> None:
    me.open(f"/cases/{case_id}")
    card = me.card("Сообщения")
    me.fill("Задайте вопрос...", QUESTION, within=card)
    me.press("Отправить", within=card)
    me.sees(QUESTION, within=me.page.get_by_role("article"))
    expect(card.get_by_label("Задайте вопрос...", exact=True)).to_have_value("")


def _keeps_the_case_unread(me: Window, case_id: int) -> None:
    me.menu("Документооборот")
    card = me.page.locator(f"#case{case_id}")
    me.press("Пометить непрочитанным", within=card)
    me.sees("Отмечено непрочитанным", within=card)
    expect(me.page.get_by_role("navigation", name="Разделы")).to_contain_text("1 непрочитанных")


def _writes_an_appeal(me: Window) -> None:
    me.menu("Документооборот")
    me.follow("Создание обращения")
    me.reads("Сообщение в сетевую организацию")
    me.press("Отправить")
    me.sees("Ошибка")
    me.choose("ООО «Калиновские Электрические Сети»")
    me.pick("Тема", "Замена стороны договора")
    me.fill("Сообщение", APPEAL)
    me.press("Отправить")
    me.sees("Сообщение успешно создано и отправлено в сетевую организацию.", APPEAL)
    me.picture("appeal")
