"""The manual's own path on the running site, in real Chromium without JavaScript, on a phone and on a desk.

An applicant registers, fills and sends an application; a clerk numbers it, accepts it, asks for documents, answers; a second
application is refused and archived. Redis, the worker and the mail server are real. SCREENSHOTS names a folder for pictures.
"""

import os
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys import application_form as form
from tests.journeys.chromium import chromium, window
from tests.journeys.office import CLERK, PASSWORD, add_clerk
from tests.journeys.road import (
    COMMENT,
    COMPANY,
    Road,
    accept,
    add_status,
    archive,
    ask_for_fixes,
    complete,
    enter,
    give_number,
    refuse,
)
from tests.journeys.site import RunningSite
from tests.post_office import Received, Sink
from tests.valid_numbers import snils


@pytest.fixture(scope="module")
def sink() -> Iterator[Sink]:
    server = Sink()
    yield server
    server.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, sink: Sink) -> Iterator[RunningSite]:
    """The demo world, whose letters really leave, and a clerk whom its operator has added."""
    instance = tmp_path_factory.mktemp("road") / "instance"
    with RunningSite.start(instance, env={"MAIL_URL": sink.url}) as running:
        add_clerk(running)
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


#: Phones are the harder case; the pictures are wanted of both.
WIDTHS = (390, 1280) if os.environ.get("SCREENSHOTS") else (390,)


@pytest.mark.parametrize("width", WIDTHS)
def test_an_applicant_and_the_company_go_the_whole_road(
    site: RunningSite, sink: Sink, browser: Browser, width: int, tmp_path: Path
) -> None:
    folder = Path(os.environ.get("SCREENSHOTS") or tmp_path) / str(width)
    with (
        window(browser, site.url, "applicant", width, folder) as applicant,
        window(browser, site.url, "clerk", width, folder) as clerk,
    ):
        road = Road(applicant, clerk, sink, f"road{width}@example.org")
        register(road, width)
        case_id = send(road, device="Вводное устройство")
        enter(clerk)
        number = give_number(road, case_id)
        accept(road, case_id)
        add_status(road, case_id)
        ask_for_fixes(road, case_id, number)
        answer_the_request(road, case_id, number)
        talk(road, case_id, number)
        complete(road, case_id)
        refused = send(road, device="Распределительный щит гаража", again=True)
        refuse(road, refused)
        archive(road, refused)
        leave(road)
        every_letter_came_once(road, case_id, number, refused)


def register(road: Road, width: int) -> None:
    me = road.applicant
    me.open("/")
    me.reads("Вход в личный кабинет")
    me.sees(f"Добро пожаловать в личный кабинет {COMPANY} по технологическому присоединению!")
    me.picture("sign-in")
    me.follow("Нет учетной записи? Зарегистрируйтесь!")
    me.choose("Физическое лицо")
    me.picture("legal-form")
    me.press("Продолжить")
    typed = {
        "E-mail": road.email,
        "Фамилия": "Иванов",
        "Имя": "Петр",
        "Отчество": "Григорьевич",
        "СНИЛС": snils(30_000_000 + width),
        "Сотовый телефон": f"+7 950 400 {width:04d}"[:-2] + "-" + f"{width:04d}"[-2:],
        "Пароль": PASSWORD,
        "Подтвердите пароль": PASSWORD,
    }
    for label, text in typed.items():
        me.fill(label, text)
    me.press("Зарегистрироваться")
    me.sees("Проверьте введенное", "Прочитайте согласие на обработку персональных данных и отметьте его")
    me.picture("register-refused")
    me.fill("Пароль", PASSWORD)
    me.fill("Подтвердите пароль", PASSWORD)
    me.choose("Согласие на обработку персональных данных", "Соглашение между участниками")
    me.press("Зарегистрироваться")
    me.reads("Информация")
    me.sees("Учетная запись создана, вы вошли в личный кабинет.", "Иванов П. Г.", "Отсутствуют обращения")
    me.picture("home")
    me.menu("Документооборот")
    me.sees("Отсутствуют обращения")
    me.picture("empty-list")


def send(road: Road, *, device: str, again: bool = False) -> int:
    """A draft from nothing to the confirmation; its number comes back."""
    me = road.applicant
    case_id = form.create(me)
    form.fill(me, device=device, comment=COMMENT, again=again)
    me.reads("Проверьте заявку")
    me.sees(device, form.PLACE, "План участка.pdf", "Заявитель несет ответственность за достоверность")
    me.sees_no("Заявка заполнена не полностью!")
    me.picture("check")
    me.press("Отправить заявку")
    me.reads("Заявка на технологическое присоединение успешно создана и отправлена в сетевую организацию")
    me.picture("sent")
    told = road.letter(f"Заявка отправлена, № {case_id}")
    assert told.message["To"] == road.email
    assert f"{me.site}/cases/{case_id}" in told.text
    assert COMPANY in told.header("From")
    road.letter(f"Поступила новая заявка, № {case_id}", to=CLERK)
    me.follow("Перейти к заявке")
    me.sees("Рассматривает сетевая организация", "Заявка создана и отправлена в сетевую", COMMENT)
    me.picture("case-sent")
    return case_id


def answer_the_request(road: Road, case_id: int, number: str) -> None:
    clerk, me = road.clerk, road.applicant
    me.follow("Ответить на запрос")
    me.picture("answer-empty")
    me.press("Отправить исправления")
    me.picture("answer-refused")
    me.sees("Ответ на запрос сетевой организации")
    me.follow("Исправить ответы", exact=False)
    me.fill("Местоположение энергопринимающих устройств", f"{form.PLACE}а")
    me.picture("answer-topic")
    me.press("Сохранить")
    me.attach([form.document("План с расстояниями")], me.card("1. План"))
    me.fill("Пояснение необязательно", "Расстояния подписаны, номер дома исправлен.")
    me.picture("answer")
    me.press("Отправить исправления")
    me.sees("Рассматривает сетевая организация", "План с расстояниями.pdf")
    me.picture("case-answered")
    told = road.letter(f"Получены исправления, № {number}", to=CLERK)
    assert "Расстояния подписаны" in told.text
    clerk.menu("Документооборот")
    clerk.picture("queue-answered")
    road.answers(case_id)
    clerk.sees("Сейчас ваш ход", "План с расстояниями.pdf", f"{form.PLACE}а")
    clerk.unfold("Запрос от")
    clerk.sees("Расстояния подписаны, номер дома исправлен.")
    clerk.picture("case-answered")


def talk(road: Road, case_id: int, number: str) -> None:
    clerk, me = road.clerk, road.applicant
    clerk.fill("Сообщение заявителю", "Здравствуйте, инженер приедет **в четверг** с 9 до 12.")
    clerk.press("Отправить", within=clerk.card("Сообщения"))
    clerk.sees("Сообщение отправлено.", "Здравствуйте, инженер приедет")
    told = road.letter(f"Добавлено новое сообщение, № {number}")
    assert "Добавлено новое сообщение со стороны Сетевой организации:" in told.text
    assert "инженер приедет" in told.text
    me.menu("Документооборот")
    me.sees("Новое сообщение от Сетевой")
    me.picture("list-new-message")
    me.open(told_path(told, me.site))
    me.sees("Здравствуйте, инженер приедет", COMPANY)
    me.attach([form.image("Ворота", 30)], me.card("Сообщения"), "Файлы")
    me.fill("Задайте вопрос...", "Спасибо, буду ждать у ворот. Фото прилагаю.")
    me.picture("message-typed")
    me.press("Отправить", within=me.card("Сообщения"))
    me.sees("Сообщение отправлено.", "буду ждать у ворот", "Ворота.png")
    me.picture("message-sent")
    road.letter(f"Новое сообщение от заявителя, № {number}", to=CLERK)
    clerk.menu("Документооборот")
    clerk.sees("Новое сообщение от Заявителя")
    road.answers(case_id)
    clerk.sees("буду ждать у ворот", "Ворота.png")
    clerk.picture("case-message")


def told_path(told: Received, site: str) -> str:
    """Where the link of a letter leads, without the site."""
    found = re.search(re.escape(site) + r"(/cases/\d+\S*)", told.text)
    assert found, told.text
    return found[1]


def leave(road: Road) -> None:
    for one in (road.applicant, road.clerk):
        one.press("Выход")
        one.reads("Вход в личный кабинет")
    road.applicant.open("/cases")
    road.applicant.reads("Вход в личный кабинет")


def every_letter_came_once(road: Road, case_id: int, number: str, refused: int) -> None:
    dated = [subject for subject in road.subjects(road.email) if subject.startswith("Нужны исправления до ")]
    told = (
        "Подтвердите адрес для личного кабинета",
        f"Заявка отправлена, № {case_id}",
        f"Присвоен № {number}",
        "Добавлен статус: Заявка принята к рассмотрению",
        "Добавлен статус: Выезд инженера на объект назначен",
        *dated,
        f"Добавлено новое сообщение, № {number}",
        "Добавлен статус: Готовим условия договора, технические условия и счет",
        f"Заявка отправлена, № {refused}",
        f"В заявке отказано, № {refused}",
        f"Заявка перемещена в архив, № {refused}",
    )
    assert len(dated) == 1
    assert road.subjects(road.email) == Counter(told)
