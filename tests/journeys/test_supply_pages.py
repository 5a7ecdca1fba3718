"""The supplier's package on the pages: placed by the supplier, read by the applicant and the company, closed to others."""

import pytest
from bs4 import Tag
from flask import Flask

from app import clock
from app.connections import decision_actions
from tests.application_world import filer
from tests.browser import Browser, Page, file
from tests.case_world import PDF, Person, operator, signed_in, supplier_person
from tests.journeys.test_act_dialogs import PARTIAL
from tests.signing_world import today_words
from tests.site_forms import token_of
from tests.supply_world import BANK, business, place_requisites, supplied
from tests.unchanged import unchanged

BUTTON = "Разместить договор энергоснабжения"


class World:
    """Two complete applications that name a supplier: of a household, and of somebody who needs a contract."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context():
            self.today = today_words()
            self.ivanov, self.office, self.sbyt = filer(), operator(), supplier_person()
            self.torg = supplier_person("ООО «Электроторг»", email="torg@example.org")
            self.home = supplied(self.ivanov, self.office, self.sbyt)
            self.shop = business(self.ivanov, self.office, self.sbyt)

    def browser(self, who: Person) -> Browser:
        return signed_in(self.app, who)

    def panel(self, who: Person, case_id: int) -> str:
        return panel(self.browser(who).open(f"/cases/{case_id}"))


@pytest.fixture
def site(app: Flask) -> World:
    return World(app)


def panel(page: Page, name: str = "supply-contract") -> str:
    found = page.soup.find(id=name)
    return " ".join(found.get_text(" ").split()) if isinstance(found, Tag) else ""


def test_the_supplier_tells_a_household_its_account(site: World) -> None:
    clerk = site.browser(site.sbyt)
    home = clerk.open("/")
    assert "Разместите договор энергоснабжения" in home.text and "осталось 10 рабочих дней" in home.text
    page = clerk.open(f"/cases/{site.home}")
    assert "сообщите платежные реквизиты и номер лицевого счета" in panel(page)
    form = clerk.open(page.link(BUTTON))
    page = clerk.send(form, button="Разместить", what="requisites", requisites=BANK, account="5900-123456")
    assert page.path == f"/cases/{site.home}" and "отправлены письма" in page.text
    for who in (site.ivanov, site.office, site.sbyt):
        told = site.panel(who, site.home)
        assert "Лицевой счет 5900-123456" in told and "р/с 40702810000000000001, БИК 045773603" in told
    assert "Подписывать ничего не нужно" in site.panel(site.ivanov, site.home)
    assert "Сообщены реквизиты и номер лицевого счета" in panel(page, "timeline")
    assert BUTTON not in panel(page, "next")


def test_until_then_everybody_reads_until_when(site: World) -> None:
    for who in (site.ivanov, site.office):
        told = site.panel(who, site.home)
        assert "АО «Энергосбыт» готовит договор энергоснабжения: до" in told and BUTTON not in told
    assert "Когда он будет здесь, вам придет письмо" in site.panel(site.ivanov, site.home)


def test_a_contract_is_placed_replaced_signed_and_then_stays(site: World) -> None:
    clerk, day = site.browser(site.sbyt), site.today
    page = clerk.open(f"/cases/{site.shop}")
    form = clerk.open(page.link(BUTTON))
    assert "Лицевой счет" not in form.text and "сначала вы, потом заявитель" in form.text
    page = clerk.send(form, button="Разместить", project=file(PDF, "Договор.pdf"))
    assert "Договор.pdf" in panel(page) and "Подпись ГП ждем вашу подпись" in panel(page, "documents")
    form = clerk.open(page.link("Заменить"))
    page = clerk.send(form, button="Заменить", project=file(PDF + b"2", "Новый.pdf"))
    assert page.status == 422 and "Напишите, почему заменяете" in page.error_of("reason")
    page = clerk.send(page, button="Заменить", project=file(PDF + b"2", "Новый.pdf"), reason="Новая цена")
    assert "Новый.pdf" in panel(page) and "Размещен" in panel(page)
    assert "Заменено: договор энергоснабжения. Причина: Новая цена" in panel(page, "timeline")
    for signer in ("Лебедева О. Ю.", "Иванов П. Г."):
        assert "Заменить" in panel(page)
        form = clerk.open(page.link("Отметить подпись на бумаге"))
        scan = file(PDF + signer.encode(), "скан.pdf")
        page = clerk.send(form, button="Отметить подпись", scan=scan, signed_on=day, signer=signer)
        if signer.startswith("Лебедева"):
            assert "Договор ждет вашей подписи" in site.panel(site.ivanov, site.shop)
            assert "передайте поставщику (АО «Энергосбыт»)" in panel(
                site.browser(site.ivanov).open(f"/cases/{site.shop}"), "documents"
            )
    assert "Подписан" in panel(page) and "Заменить" not in panel(page)
    assert "Договор энергоснабжения подписан обеими сторонами" in panel(page, "timeline")
    refused = clerk.open(f"/cases/{site.shop}/supply")
    assert refused.status == 409 and "уже заключен" in refused.text


def test_a_refused_form_keeps_what_was_typed(site: World) -> None:
    clerk = site.browser(site.sbyt)
    form = clerk.open(f"/cases/{site.home}/supply")
    with unchanged(site.app, but=("sessions",)):
        page = clerk.send(form, button="Разместить", what="requisites", requisites="Банк", account="1 2")
    assert page.status == 422 and "без пробелов" in page.error_of("account")
    assert (page.value_of("requisites"), page.value_of("account")) == ("Банк", "1 2")
    with unchanged(site.app, but=("sessions",)):
        page = clerk.send(form, button="Разместить", what="contract", project=None)
    assert page.status == 422 and "Выберите файл с проектом договора" in page.error_of("project")


def test_the_usual_requisites_stand_in_the_next_form(site: World) -> None:
    with site.app.app_context():
        other = supplied(site.ivanov, site.office, site.sbyt)
        place_requisites(other, site.sbyt)
    form = site.browser(site.sbyt).open(f"/cases/{site.home}/supply")
    assert form.value_of("requisites") == BANK and form.value_of("account") == ""


def test_the_page_is_the_suppliers_of_the_case_alone(site: World) -> None:
    url = f"/cases/{site.home}/supply"
    for who, status in ((site.torg, 404), (site.ivanov, 403), (site.office, 403)):
        browser = site.browser(who)
        assert browser.open(url).status == status
        with unchanged(site.app, but=("sessions",)):
            assert browser.post(url, {"csrf_token": token_of(browser)}).status == status
    assert site.browser(site.torg).open(f"/cases/{site.home}").status == 404


def test_after_the_end_nothing_is_placed(site: World) -> None:
    with site.app.app_context():
        decision_actions.reject(site.home, "Не наша сеть.", by=site.office.actor, at=clock.now())
    page = site.browser(site.sbyt).open(f"/cases/{site.home}/supply")
    assert page.status == 409 and "Заявка завершена" in page.text
    assert site.panel(site.ivanov, site.home) == ""


def test_a_form_that_came_too_late_is_told_what_has_changed(site: World) -> None:
    clerk = site.browser(site.sbyt)
    form = clerk.open(f"/cases/{site.home}/supply")
    with site.app.app_context():
        place_requisites(site.home, site.sbyt)
    page = clerk.send(form, button="Разместить", what="requisites", requisites=BANK, account="77")
    assert page.status == 409 and "Сообщены реквизиты и номер лицевого счета" in page.text
    assert page.value_of("account") == "77"


def test_the_page_is_a_fragment_for_htmx(site: World) -> None:
    part = site.browser(site.sbyt).open(f"/cases/{site.home}/supply", headers=PARTIAL)
    assert part.html.lstrip().startswith('<section id="supply">') and "<html" not in part.html
