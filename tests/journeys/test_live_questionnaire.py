"""The questionnaire in a real browser with scripts: choices open questions, answers save themselves, files come and go."""

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Locator, Route, expect

from app.cases.models import Case
from app.extensions import db
from tests.application_world import add_firm
from tests.browser import BASE
from tests.case_world import signed_in
from tests.journeys.application_form import document, image
from tests.journeys.chromium import Window, axe, chromium, script_window
from tests.journeys.loopback import Loopback
from tests.journeys.site import wait_for
from tests.whole_site import World

SAVED = re.compile(r"^Сохранено в \d\d:\d\d$")
PLACE, DEVICE = (
    "Местоположение энергопринимающих устройств",
    "Наименование присоединяемых энергопринимающих устройств",
)
#: htmx writes what went wrong with the line into the console.
NO_LINE = "htmx: htmx:error: (Failed to fetch|timeout)"


@pytest.fixture(scope="module")
def chrome(names: Loopback) -> Iterator[Chromium]:
    with chromium(*names.arguments) as browser:
        yield browser


@pytest.fixture
def case_id(live_world: World) -> int:
    return live_world.cases["draft"]


def at_work(
    chrome: Chromium, world: World, folder: Path, width: int = 1280, allowed: str = ""
) -> AbstractContextManager[Window]:
    client = world.browser("applicant")
    return script_window(chrome, BASE, "applicant", width, folder, client=client, allowed=allowed)


def start(me: Window, case_id: int, path: str) -> None:
    me.open(f"/cases/{case_id}/{path}")
    me.page.wait_for_function("typeof htmx !== 'undefined' && document.querySelector('[data-htmx-powered]')")


def answers(world: World, case_id: int) -> dict[str, Any]:
    with world.app.app_context():
        db.session.rollback()
        return dict(db.session.get_one(Case, case_id).answers)


def line(me: Window) -> Locator:
    return me.page.locator("#saved")


def focused(me: Window) -> str:
    return str(me.page.evaluate("document.activeElement.id || document.activeElement.className"))


def question(me: Window, label: str) -> Locator:
    return me.page.get_by_label(label, exact=True)


def test_choices_open_and_close_questions_and_nothing_typed_is_lost(
    chrome: Chromium, live_world: World, case_id: int, tmp_path: Path
) -> None:
    until, contract = "До какого дня нужно временное присоединение", "Договор постоянного присоединения"
    with at_work(chrome, live_world, tmp_path, 390) as me:
        start(me, case_id, "form/type")
        expect(question(me, until)).to_be_hidden()
        me.choose("Временное, на период")
        expect(question(me, until)).to_be_visible()
        expect(me.page.locator("#appeared")).to_contain_text("Появились вопросы: Временное присоединение до")
        assert focused(me) == "f-connection_type-2", "the focus stays where the choice was made"
        me.fill(contract, "№ 7 от 1 марта")
        axe(me)
        me.choose("Постоянное подключение")
        expect(question(me, contract)).to_be_hidden()
        me.choose("Временное, на период")
        expect(question(me, contract)).to_be_visible()
        assert question(me, contract).input_value() == "№ 7 от 1 марта"
        me.picture("temporary")


def test_what_is_typed_while_the_questions_come_stays(
    chrome: Chromium, live_world: World, case_id: int, tmp_path: Path
) -> None:
    with at_work(chrome, live_world, tmp_path) as me:
        start(me, case_id, "form/object")
        held: list[Route] = []
        me.page.route("**/form/object/fields", lambda route: held.append(route))
        with me.page.expect_request("**/form/object/fields"):
            me.choose("иное")
        me.fill(DEVICE, "Щит в гараже")
        question(me, PLACE).press_sequentially(" 7")
        held[0].continue_()
        expect(question(me, "Опишите причину")).to_be_visible()
        assert focused(me) == "f-place"
        assert question(me, PLACE).input_value().startswith(" 7"), "under the cursor"
        assert question(me, DEVICE).input_value() == "Щит в гараже", "and where it was before"


def test_answers_save_themselves_and_a_closed_tab_loses_nothing(
    chrome: Chromium, live_world: World, case_id: int, tmp_path: Path
) -> None:
    with at_work(chrome, live_world, tmp_path) as me:
        start(me, case_id, "form/object")
        me.fill(PLACE, "п. Калиново, ул. Полевая, 7")
        expect(line(me)).to_have_text(SAVED, timeout=25_000)
        assert focused(me) == "f-place"
        axe(me)
        me.picture("saved")
        me.page.close()
    assert answers(live_world, case_id)["place"] == "п. Калиново, ул. Полевая, 7"


def test_a_second_autosave_and_the_button_after_it_meet_no_conflict_with_themselves(
    chrome: Chromium, live_world: World, case_id: int, tmp_path: Path
) -> None:
    with at_work(chrome, live_world, tmp_path) as me:
        me.page.clock.install()
        start(me, case_id, "form/object")
        me.fill(PLACE, "ул. Полевая")
        me.page.clock.run_for(3_000)
        expect(line(me)).to_have_text(SAVED, timeout=25_000)
        seen = me.page.locator("#seen").input_value()
        me.fill(PLACE, "ул. Полевая, 7")
        me.page.clock.run_for(11_000)
        expect(me.page.locator("#seen")).not_to_have_value(seen)
        me.fill(PLACE, "ул. Полевая, 7а")
        me.press("Продолжить")
        me.reads("Параметры подключения")
    assert answers(live_world, case_id)["place"] == "ул. Полевая, 7а"


def test_a_pressed_button_wins_over_an_autosave_whose_answer_has_not_come(
    chrome: Chromium, live_world: World, case_id: int, tmp_path: Path
) -> None:
    held, site = Event(), live_world.app.wsgi_app

    def slow(environ: dict[str, Any], start_response: Any) -> Any:
        answer = site(environ, start_response)
        if environ["PATH_INFO"].endswith("/autosave"):
            held.wait(10)
        return answer

    live_world.app.wsgi_app = slow  # type: ignore[method-assign]
    with at_work(chrome, live_world, tmp_path) as me:
        start(me, case_id, "form/object")
        with me.page.expect_request("**/form/object/autosave"):
            me.fill(PLACE, "ул. Полевая")
        wait_for(lambda: answers(live_world, case_id)["place"] == "ул. Полевая", 10, "it is saved")
        expect(line(me)).to_be_empty()
        me.fill(PLACE, "ул. Полевая, 7")
        me.press("Продолжить")
        me.reads("Параметры подключения")
        held.set()
    assert answers(live_world, case_id)["place"] == "ул. Полевая, 7"


def test_what_an_autosave_could_not_keep_is_named_and_stays_typed(
    chrome: Chromium, live_world: World, case_id: int, tmp_path: Path
) -> None:
    before = answers(live_world, case_id)["power_new"]
    with at_work(chrome, live_world, tmp_path, 390) as me:
        start(me, case_id, "form/params")
        me.fill("Количество точек присоединения", "2")
        me.fill("Требуемая мощность, кВт", "много")
        expect(line(me)).to_contain_text("кроме: Требуемая мощность — ", timeout=25_000)
        assert question(me, "Требуемая мощность, кВт").input_value() == "много"
        me.press("Продолжить")
        expect(me.page.locator("#errors")).to_be_focused()
        assert me.page.title().startswith("Ошибка: ")
        axe(me)
        me.fill("Требуемая мощность, кВт", "12")
        me.press("Продолжить")
        me.reads("Сроки и этапы")
    kept = answers(live_world, case_id)
    assert (kept["points"], kept["power_new"], before) == (2, 12_000, 15_000)


def test_without_a_line_it_is_told_and_saved_when_the_line_is_back(
    chrome: Chromium, live_world: World, case_id: int, tmp_path: Path
) -> None:
    with at_work(chrome, live_world, tmp_path, allowed=NO_LINE) as me:
        start(me, case_id, "form/object")
        me.page.context.set_offline(True)
        me.fill(PLACE, "ул. Полевая, 7")
        expect(line(me)).to_have_text("Нет связи, сохраним позже.")
        expect(me.page.locator("#flash")).to_be_empty()
        me.page.context.set_offline(False)
        expect(line(me)).to_have_text(SAVED, timeout=25_000)
    assert answers(live_world, case_id)["place"] == "ул. Полевая, 7"


def test_a_button_pressed_without_a_line_does_not_forget_what_was_to_be_saved(
    chrome: Chromium, live_world: World, case_id: int, tmp_path: Path
) -> None:
    with at_work(chrome, live_world, tmp_path, 390, allowed=NO_LINE) as me:
        start(me, case_id, "form/object")
        me.page.context.set_offline(True)
        me.fill(PLACE, "ул. Полевая, 8")
        me.press("Продолжить")
        me.sees("Нет связи. Введенное осталось на странице, попробуйте еще раз.")
        me.page.context.set_offline(False)
        expect(line(me)).to_have_text(SAVED, timeout=25_000)
        expect(me.page.locator("#flash")).to_be_empty()
    assert answers(live_world, case_id)["place"] == "ул. Полевая, 8"


def test_a_press_whose_answer_was_lost_is_not_taken_for_another_window(
    chrome: Chromium, live_world: World, case_id: int, tmp_path: Path
) -> None:
    lost, site = Event(), live_world.app.wsgi_app

    def losing(environ: dict[str, Any], start_response: Any) -> Any:
        if (
            environ["REQUEST_METHOD"] == "POST"
            and environ["PATH_INFO"].endswith("/object")
            and not lost.is_set()
        ):
            lost.set()
            list(site(environ, lambda *_args, **_names: lambda _part: None))
            start_response("502 Bad Gateway", [("Content-Type", "text/html")])
            return [b"the gateway has given up"]
        return site(environ, start_response)

    live_world.app.wsgi_app = losing  # type: ignore[method-assign]
    with at_work(chrome, live_world, tmp_path, 390) as me:
        start(me, case_id, "form/object")
        me.fill(PLACE, "ул. Полевая, 9")
        me.press("Продолжить")
        me.sees("Сервис временно недоступен. Введенное осталось на странице, повторите через минуту.")
        expect(line(me)).to_have_text(SAVED, timeout=25_000)
        me.press("Продолжить")
        me.reads("Параметры подключения")
    assert answers(live_world, case_id)["place"] == "ул. Полевая, 9"


def test_two_windows_do_not_overwrite_each_other(
    chrome: Chromium, live_world: World, case_id: int, tmp_path: Path
) -> None:
    with at_work(chrome, live_world, tmp_path) as me:
        start(me, case_id, "form/object")
        live_world.browser("applicant").send(
            live_world.browser("applicant").open(f"/cases/{case_id}/form/object"),
            button="Продолжить",
            place="ул. Лесная, 1",
        )
        me.fill(PLACE, "ул. Полевая, 7")
        expect(line(me)).to_contain_text("изменили в другом окне, здесь они не сохранены")
        assert answers(live_world, case_id)["place"] == "ул. Лесная, 1"
        me.press("Сохранить черновик")
        expect(me.page.locator("#overtaken")).to_be_focused()
        me.sees("ул. Лесная, 1")
        assert question(me, PLACE).input_value() == "ул. Полевая, 7"
        axe(me)
        me.press("Сохранить черновик")
        me.reads("Анкета на подключение")
    assert answers(live_world, case_id)["place"] == "ул. Полевая, 7"


def test_files_come_and_go_in_their_slot_and_the_others_are_left_alone(
    chrome: Chromium, live_world: World, case_id: int, tmp_path: Path
) -> None:
    with at_work(chrome, live_world, tmp_path, 390) as me:
        start(me, case_id, "form/documents")
        me.page.evaluate("window.same = true")
        title, plan = me.card("Право собственности"), me.card("План")
        me.attach([document("Еще не отправлен")], title)
        me.attach([document("План участка"), image("План, лист 2")], plan)
        me.press("Добавить", within=plan)
        me.sees("План участка.pdf", "План, лист 2.png", "Приложено: 3", within=plan)
        me.sees("Загружено файлов: 5 из 50.")
        assert focused(me) == "tags"
        axe(me)
        me.attach([{"name": "схема.svg", "mimeType": "image/svg+xml", "buffer": b"<svg/>"}], plan)
        me.press("Добавить", within=plan)
        me.sees("«схема.svg»", within=plan)
        assert me.page.evaluate("document.activeElement.querySelector('#f-files-plan') !== null")
        axe(me)
        plan.get_by_role("button", name="Удалить План участка.pdf").click()
        me.sees("Приложено: 2", within=plan)
        expect(me.page.locator("#flash")).to_contain_text("Файл удален.")
        assert focused(me) == "tags"
        chosen = title.get_by_label("Добавить документы").evaluate("(field) => field.files.length")
        assert chosen == 1 and me.page.evaluate("window.same")
        axe(me)
        me.picture("files")


def test_scans_go_to_their_slot_while_the_form_around_them_keeps_what_is_typed(
    chrome: Chromium, live_world: World, case_id: int, tmp_path: Path
) -> None:
    with at_work(chrome, live_world, tmp_path) as me:
        start(me, case_id, "form/applicant")
        me.fill("Кем выдан", "Отделением")
        papers = me.card("Паспорт")
        me.attach([image("Прописка")], papers)
        papers.get_by_role("button", name="Добавить файлы").click()
        me.sees("Прописка.png", "Приложено: 2", within=papers)
        assert question(me, "Кем выдан").input_value() == "Отделением"
        papers.get_by_role("button", name="Удалить Прописка.png").click()
        me.sees("Приложено: 1", within=papers)
        axe(me)
        question(me, "Кем выдан").press("Enter")
        me.reads("Тип присоединения")
    assert answers(live_world, case_id)["identity_issued_by"] == "Отделением"


def test_files_of_an_answer_come_and_go_and_the_explanation_stays(
    chrome: Chromium, live_world: World, tmp_path: Path
) -> None:
    with at_work(chrome, live_world, tmp_path) as me:
        start(me, live_world.cases["needs_fix"], "answer")
        me.fill("Пояснение необязательно", "Границы теперь видны")
        plan = me.page.locator("#ask-document-plan")
        me.attach([document("Новый план")], plan)
        plan.get_by_role("button", name="Добавить файлы").click()
        me.sees("Новый план.pdf", "Приложено", within=plan)
        assert me.page.get_by_label("Пояснение").input_value() == "Границы теперь видны"
        axe(me)
        plan.get_by_role("button", name="Удалить Новый план.pdf").click()
        me.sees("Ждем от вас", within=plan)
        me.picture("answer")


def test_another_applicant_changes_the_questions_and_the_papers_without_a_new_page(
    chrome: Chromium, live_world: World, case_id: int, tmp_path: Path
) -> None:
    with live_world.app.app_context():
        both = add_firm(live_world.people["applicant"])
    client = signed_in(live_world.app, both)
    with script_window(chrome, BASE, "applicant", 1280, tmp_path, client=client) as me:
        start(me, case_id, "form/applicant")
        me.page.evaluate("window.same = true")
        me.sees("Серия паспорта")
        me.choose("ООО «Энергия»")
        me.press("Сменить заявителя")
        me.sees("Номер выписки из ЕГРЮЛ", "Заявитель изменен.")
        me.sees_no("Серия паспорта")
        assert focused(me) == "behalf" and me.page.evaluate("window.same")
        axe(me)
        me.picture("another-applicant")


@pytest.mark.parametrize("mode", ["blocked", "corrupt"])
def test_without_htmx_every_question_is_in_sight_and_the_form_is_sent_in_the_old_way(
    chrome: Chromium, live_world: World, names: Loopback, case_id: int, tmp_path: Path, mode: str
) -> None:
    names.cdn.mode = mode
    with at_work(chrome, live_world, tmp_path, allowed="integrity|digest|ERR_") as me:
        me.open(f"/cases/{case_id}/form/type")
        me.sees("До какого дня нужно временное присоединение", "Заполните, если выбрано «Временное")
        me.press("Продолжить")
        me.reads("Объект подключения")
