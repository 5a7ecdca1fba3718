"""The road of an application between two windows: the two people, the post between them, and what the clerk does."""

import re
from collections import Counter
from dataclasses import dataclass

from tests.journeys import application_form as form
from tests.journeys.chromium import Window
from tests.journeys.office import CLERK, PASSWORD
from tests.post_office import Received, Sink, until

COMPANY = "ООО «Калиновские Электрические Сети»"
COMMENT = "Здравствуйте, направляю заявку на ТП с участием гарантирующего поставщика."
REQUEST = "Пришлите исправления, и проверка продолжится."
REFUSAL = "Гараж стоит на землях другой сетевой организации. Обратитесь к ней."
FOOT = (
    "Данное письмо является уведомлением и создано автоматически. Пожалуйста, не отвечайте на это сообщение."
)


@dataclass
class Road:
    """Two people at their windows, and the post between them."""

    applicant: Window
    clerk: Window
    sink: Sink
    email: str

    def letter(self, subject: str, *, to: str = "") -> Received:
        """The letter with this subject, which must come within half a minute."""
        address = to or self.email

        def found() -> list[Received]:
            return [
                one
                for one in self.sink.letters
                if one.recipients == [address] and one.header("Subject").startswith(subject)
            ]

        until(found, 30, f"«{subject}» for {address}")
        return found()[-1]

    def subjects(self, address: str) -> Counter[str]:
        """How often each subject came to an address."""
        return Counter(one.header("Subject") for one in self.sink.letters if one.recipients == [address])

    def opens(self, case_id: int) -> None:
        """The applicant opens the case from the list."""
        self.applicant.menu("Документооборот")
        self.applicant.follow(f"№ {case_id} Заявка на технологическое присоединение (в том числе временное)")

    def answers(self, case_id: int) -> None:
        """The clerk opens the case from the queue."""
        self.clerk.menu("Документооборот")
        self.clerk.follow(f"№ {case_id}")


def enter(clerk: Window) -> None:
    clerk.open("/login")
    clerk.choose("Вход по электронной почте")
    clerk.page.get_by_role("textbox").first.fill(CLERK)
    clerk.fill("Пароль", PASSWORD)
    clerk.press("Войти в ЛК")
    clerk.reads("Информация")
    clerk.picture("home")
    clerk.menu("Документооборот")
    clerk.picture("queue")


def give_number(road: Road, case_id: int) -> str:
    clerk, me = road.clerk, road.applicant
    road.answers(case_id)
    clerk.sees("Сейчас ваш ход", "Иванов Петр Григорьевич", form.PLACE, COMMENT, "План участка.pdf")
    clerk.picture("case")
    clerk.follow("Присвоить номер")
    clerk.picture("register")
    clerk.press("Присвоить номер")
    clerk.sees("Присвоен регистрационный номер:")
    found = re.search(r"Присвоен регистрационный номер: (\S+)\.", clerk.page.locator("main").inner_text())
    assert found, "the page tells the number"
    number = found[1]
    told = road.letter(f"Присвоен № {number}")
    assert told.header("Subject") == f"Присвоен № {number}"
    assert FOOT in told.text
    assert re.search(r"Отправлено: .+ \(МСК\+2\)\s*$", told.text)
    me.open(f"/cases/{case_id}")
    me.sees("Регистрационный номер:", f"Присвоен регистрационный номер: {number}")
    me.picture("case-numbered")
    return number


def accept(road: Road, case_id: int) -> None:
    clerk, me = road.clerk, road.applicant
    clerk.follow("Принять к рассмотрению")
    clerk.sees("Добавлен статус: Заявка принята к рассмотрению")
    clerk.picture("accept")
    clerk.press("Принять к рассмотрению")
    clerk.sees("Сделано, заявителю отправлено письмо.")
    told = road.letter("Добавлен статус: Заявка принята к рассмотрению")
    assert form.PLACE in told.text
    assert FOOT in told.text
    me.menu("Документооборот")
    me.sees("Новый статус от Сетевой", "Статус: Заявка принята к рассмотрению")
    me.picture("list-unread")
    road.opens(case_id)
    me.sees("Заявка принята к рассмотрению", "Рассматривает сетевая организация")
    me.picture("case-accepted")


def add_status(road: Road, case_id: int) -> None:
    road.clerk.follow("Добавить статус")
    road.clerk.fill("Статус", "Выезд инженера на объект назначен")
    road.clerk.picture("status-line")
    road.clerk.press("Добавить статус")
    road.clerk.sees("Статус добавлен.", "Выезд инженера на объект назначен")
    road.letter("Добавлен статус: Выезд инженера на объект назначен")
    road.opens(case_id)
    road.applicant.sees("Выезд инженера на объект назначен")


def ask_for_fixes(road: Road, case_id: int, number: str) -> None:
    clerk, me = road.clerk, road.applicant
    clerk.follow("Запросить исправления")
    clerk.reads("Запросить исправления или документы")
    clerk.choose("План", "Объект подключения")
    clerk.fill("Замечание: План", "На плане не видно расстояние от границы участка до сети.")
    clerk.fill("Замечание: Объект подключения", "На улице Лесной нет дома 12.")
    clerk.fill("Пояснение ко всему запросу необязательно", REQUEST)
    clerk.picture("request-fixes")
    clerk.press("Отправить запрос")
    clerk.sees("Запрос отправлен, заявитель получит письмо со списком.", "Ждем заявителя")
    clerk.picture("case-waits")
    told = road.letter("Нужны исправления")
    assert re.fullmatch(rf"Нужны исправления до .+, № {number}", told.header("Subject"))
    assert REQUEST in told.text
    assert "1. План: На плане не видно" in told.text
    me.menu("Документооборот")
    me.sees("Ваш ход: исправьте замечания")
    me.picture("list-my-turn")
    road.opens(case_id)
    me.sees("Сейчас ваш ход", "На улице Лесной нет дома 12.", REQUEST)
    me.picture("case-my-turn")


def complete(road: Road, case_id: int) -> None:
    clerk, me = road.clerk, road.applicant
    clerk.follow("Комплект полный")
    clerk.sees(f"Письмо о новой заявке уйдет и поставщику: {form.SUPPLIER}")
    clerk.picture("complete")
    clerk.press("Комплект полный")
    clerk.sees("Комплект документов полный", "Подготовьте условия договора, технические условия и счет")
    clerk.sees("Уведомление: присвоен регистрационный номер", within=clerk.card("Письма"))
    clerk.picture("case-complete")
    road.letter("Добавлен статус: Готовим условия договора, технические условия и счет")
    road.opens(case_id)
    me.sees("Готовим условия договора, технические условия и счет")
    me.picture("case-complete")


def refuse(road: Road, case_id: int) -> None:
    clerk, me = road.clerk, road.applicant
    road.answers(case_id)
    clerk.follow("Отказать в заявке")
    clerk.press("Отказать")
    clerk.sees("Напишите причину: заявитель увидит ее в письме и в кабинете.")
    clerk.fill("Причина", REFUSAL)
    clerk.picture("reject")
    clerk.press("Отказать")
    clerk.sees("Рассмотрение закончено", REFUSAL)
    clerk.picture("case-rejected")
    assert f"Причина: {REFUSAL}" in road.letter(f"В заявке отказано, № {case_id}").text
    me.menu("Документооборот")
    me.tab("Отклонены")
    me.picture("list-rejected")
    me.follow(f"№ {case_id} Заявка на технологическое присоединение (в том числе временное)")
    me.sees("В заявке отказано", REFUSAL)
    me.picture("case-rejected")


def archive(road: Road, case_id: int) -> None:
    clerk, me = road.clerk, road.applicant
    clerk.follow("Переместить в Архив")
    clerk.picture("archive")
    clerk.press("Переместить в Архив")
    clerk.sees("Обращение перемещено в Архив.")
    clerk.picture("case-archived")
    road.letter(f"Заявка перемещена в архив, № {case_id}")
    me.menu("Документооборот")
    me.tab("Отклонены")
    me.sees("Отсутствуют обращения")
    me.tab("Архив")
    me.picture("list-archive")
    me.follow(f"№ {case_id} Заявка на технологическое присоединение (в том числе временное)")
    me.sees("Обращение в архиве, новые сообщения не принимаются.", COMMENT, "План участка.pdf")
    assert me.page.locator("main").get_by_role("textbox").count() == 0
    assert me.page.locator("main").get_by_role("button").all_inner_texts() == ["Пометить непрочитанным"]
    me.picture("case-archived")
