"""From the filing to the connection through the pages of the site, without JavaScript: both modes and every ending."""

from dataclasses import dataclass
from typing import Any

import pytest

from app import clock
from tests.browser import Page, file
from tests.case_world import PDF
from tests.contract_world import HEAD, Office, case_of, contract, invoices, put_papers, typed_day
from tests.whole_site import World


@dataclass
class Walk:
    """One application and the browsers of those who act on it."""

    world: World
    case_id: int

    @property
    def office(self) -> Office:
        people = self.world.people
        return Office(people["applicant"], people["operator"], people["signatory"])

    def page(self, who: str) -> Page:
        """The page of the case as this person sees it."""
        return self.world.browser(who).open(f"/cases/{self.case_id}")

    def act(self, who: str, link: str, button: str, **fields: Any) -> Page:
        """Follow a link of the case's page and send the form behind it; the page on which one stands afterwards."""
        browser = self.world.browser(who)
        form = browser.open(self.page(who).link(link))
        return browser.send(form, button=button, **fields)

    def papers(self, move: str) -> None:
        """The office puts its papers for an act into the case."""
        with self.world.app.app_context():
            put_papers(self.case_id, self.office, move, at=clock.now())

    def today(self) -> str:
        """The present day of the company, as people type it."""
        with self.world.app.app_context():
            return typed_day(clock.now())

    def status(self) -> str:
        with self.world.app.app_context():
            return case_of(self.case_id).status


def sent(world: World, mode: str) -> Walk:
    """The complete draft is sent by its applicant and carried to a complete set of documents."""
    walk = Walk(world, world.cases["draft"])
    applicant, clerk = world.browser("applicant"), world.browser("operator")
    check = applicant.open(f"/cases/{walk.case_id}/form/check")
    page = applicant.send(check, button="Отправить заявку")
    assert page.status == 200 and walk.status() == "submitted", page.text[:500]
    walk.act("operator", "Присвоить номер", "Присвоить номер")
    walk.act("operator", "Принять к рассмотрению", "Принять к рассмотрению")
    if mode == "B":
        form = clerk.open(f"/cases/{walk.case_id}/mode")
        page = clerk.send(form, "/mode", category="general", reason="Мощность больше.")
        assert page.status == 200, page.text[:500]
    walk.act("operator", "Комплект полный", "Комплект полный")
    assert walk.status() == {"A": "preparing_offer", "B": "preparing_contract"}[mode]
    return walk


def scan(name: str) -> Any:
    return file(PDF + name.encode(), f"{name}.pdf")


def signs(walk: Walk, name: str) -> Page:
    """The clerk marks the applicant's signature at the line under the document."""
    clerk = walk.world.browser("operator")
    form = clerk.open(walk.page("operator").link("Отметить подпись на бумаге : Подпись Заявителя, "))
    fields = {"scan": scan(name), "signer": "Иванов П. Г.", "signed_on": walk.today()}
    return clerk.send(form, button="Отметить подпись", **fields)


def through_the_works(walk: Walk) -> None:
    walk.act("operator", "Начать мероприятия", "Начать мероприятия")
    page = walk.page("applicant")
    assert "Выполняются мероприятия" in page.text
    walk.act(
        "applicant",
        "Сообщить о выполнении технических условий",
        "Сообщить о выполнении",
        reason="Поставлен щит.",
        files=[scan("photo")],
    )
    assert walk.status() == "tu_check"
    walk.act("operator", "Вернуть с замечаниями", "Вернуть с замечаниями", reason="Нет заземления.")
    assert "Нет заземления." in walk.page("applicant").text
    walk.act("applicant", "Сообщить о выполнении технических условий", "Сообщить о выполнении")
    walk.act("operator", "Технические условия выполнены", "Подтвердить выполнение")
    walk.papers("admit_meter")
    walk.act("operator", "Разместить акт допуска прибора учета в эксплуатацию", "Разместить акт")
    assert walk.status() == "meter_admitted"


def archived(walk: Walk) -> None:
    page = walk.page("applicant")
    assert "Присоединение выполнено" in page.text and "Рассмотрение закончено" in page.text
    walk.act("operator", "Переместить в Архив", "Переместить в Архив")
    assert "В архиве" in walk.page("applicant").text


def test_mode_a_from_the_filing_to_the_archive(world: World) -> None:
    walk = sent(world, "A")
    clerk = world.browser("operator")
    early = clerk.open(walk.page("operator").link("Разместить условия договора и счет"))
    assert "Не хватает" in early.text
    walk.papers("publish_offer")
    assert "Условия типового договора" not in walk.page("applicant").text
    walk.act("operator", "Разместить условия договора и счет", "Разместить")
    page = walk.page("applicant")
    assert "Оплатите счет" in page.text and "Условия типового договора" in page.text
    money = clerk.open(f"/cases/{walk.case_id}/payments")
    page = clerk.send(money, button="Отметить оплату", received_on=walk.today())
    assert walk.status() == "contract_concluded", page.text[:600]
    through_the_works(walk)
    walk.papers("connect")
    walk.act("operator", "Разместить акт о технологическом присоединении", "Разместить акт")
    assert walk.status() == "connected"
    archived(walk)


def test_mode_b_from_the_filing_to_the_archive(world: World) -> None:
    walk = sent(world, "B")
    walk.papers("publish_contract")
    walk.act("operator", "Отправить договор на подпись", "Отправить на подпись", files=scan("c"), signer=HEAD)
    assert walk.status() == "contract_sent"
    page = walk.page("applicant")
    assert "Подпишите договор" in page.text and "ждем вашу подпись" in page.text
    walk.act(
        "applicant",
        "Отправить разногласия по договору",
        "Отправить разногласия",
        reason="Пункт 3: срок слишком долгий.",
        files=[scan("protocol")],
    )
    page = walk.page("operator")
    assert "Пункт 3: срок слишком долгий." in page.text
    # Until the answer nobody asks for a signature that would be refused.
    assert "Отметить подпись на бумаге : Подпись Заявителя, Договор" not in page.text
    told = walk.page("applicant").text
    assert "ждем: сначала ответ на разногласия" in told and "ждем вашу подпись" not in told
    answer = {"reason": "Срок сокращен.", "files": scan("edition"), "signer": HEAD}
    walk.act("operator", "Ответить на разногласия", "Отправить ответ", **answer)
    page = signs(walk, "signed")
    assert walk.status() == "contract_signed", page.text[:600]
    through_the_works(walk)
    walk.papers("publish_act")
    walk.act("operator", "Отправить акт на подпись", "Отправить на подпись", files=scan("act"), signer=HEAD)
    assert "Подпишите акт" in walk.page("applicant").text
    signs(walk, "signed act")
    assert walk.status() == "connected"
    archived(walk)


@pytest.mark.parametrize("status", ["awaiting_payment", "contract_sent", "contract_disputed"])
@pytest.mark.parametrize("how", ["withdraw", "reject"])
def test_an_offer_is_withdrawn_or_refused(world: World, status: str, how: str) -> None:
    walk = Walk(world, world.cases[status])
    if how == "withdraw":
        page = walk.act("applicant", "Отозвать заявку", "Отозвать заявку", reason="Передумал")
    else:
        page = walk.act("operator", "Отказать в заявке", "Отказать", reason="Не наши сети.")
    assert page.status == 200
    assert walk.status() == {"withdraw": "withdrawn", "reject": "rejected"}[how]
    with world.app.app_context():
        assert contract(walk.case_id).state == "annulled"
        assert {one.state for one in invoices(walk.case_id)} <= {"void"}


@pytest.mark.parametrize(
    ("status", "back"),
    [
        ("annulled_unpaid", "awaiting_payment"),
        ("annulled_unsigned", "contract_sent"),
        ("annulled_incomplete", "needs_fix"),
    ],
)
def test_what_was_annulled_is_restored_by_a_head_alone(world: World, status: str, back: str) -> None:
    walk = Walk(world, world.cases[status])
    with pytest.raises(AssertionError, match="no link"):
        walk.page("operator").link("Восстановить заявку")
    empty = walk.act("signatory", "Восстановить заявку", "Восстановить", reason=" ")
    assert empty.status == 422 and empty.error_of("reason")
    page = walk.act("signatory", "Восстановить заявку", "Восстановить", reason="Оплата нашлась.")
    assert page.status == 200 and walk.status() == back
    assert "Заявка восстановлена: Оплата нашлась." in walk.page("applicant").text


def test_a_contract_is_terminated_by_a_head(world: World) -> None:
    walk = Walk(world, world.cases["works"])
    page = walk.act("signatory", "Расторгнуть договор", "Расторгнуть договор", reason="По соглашению сторон.")
    assert page.status == 200 and walk.status() == "terminated"
    assert "Договор расторгнут: По соглашению сторон." in walk.page("applicant").text


def test_a_refused_form_keeps_what_was_typed_and_changes_nothing(world: World) -> None:
    walk = Walk(world, world.cases["preparing_contract"])
    walk.papers("publish_contract")
    page = walk.act(
        "operator",
        "Отправить договор на подпись",
        "Отправить на подпись",
        signer="Сидоров",
        on="31.12.2999",
    )
    assert page.status == 422 and walk.status() == "preparing_contract"
    assert page.value_of("signer") == "Сидоров" and page.value_of("on") == "31.12.2999"
    assert "не позже" in page.error_of("on")


def test_nobody_is_asked_to_sign_what_has_ended(world: World) -> None:
    walk = Walk(world, world.cases["contract_sent"])
    assert "ждем вашу подпись" in walk.page("applicant").text
    walk.act("applicant", "Отозвать заявку", "Отозвать заявку", reason="Передумал")
    page = walk.page("applicant").text
    assert "ждем вашу подпись" not in page and "не понадобилась: рассмотрение закончено" in page


def test_staff_are_warned_when_the_supplier_has_placed_nothing_yet(world: World) -> None:
    walk = Walk(world, world.cases["meter_admitted"])
    walk.papers("connect")
    clerk = world.browser("operator")
    form = clerk.open(walk.page("operator").link("Разместить акт о технологическом присоединении"))
    assert "договор энергоснабжения еще не размещен" in form.text
    assert clerk.send(form, button="Разместить акт").status == 200
    assert walk.status() == "connected"
