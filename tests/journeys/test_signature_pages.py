"""Signatures on paper as people see and mark them: lines under the documents, the page, the dialog."""

import pytest
from bs4 import Tag
from flask import Flask

from tests.browser import Browser, Page, file
from tests.case_world import PDF, Person, applicant, named, operator, sent, signed_in, supplier_person
from tests.journeys.test_act_dialogs import PARTIAL
from tests.signing_world import mark, paper_to_sign, slot, today_words
from tests.site_forms import token_of
from tests.unchanged import unchanged

LINK = "Отметить подпись на бумаге"


class World:
    """A case with a paper of the company that two sign, and everybody around it."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context():
            self.today = today_words()
            self.office, self.ivanov, self.sbyt = operator(), applicant(), supplier_person()
            self.torg = supplier_person("ООО «Электроторг»", email="torg@example.org")
            self.neighbour = applicant("Соседов", snils="10289803962", email="sosed@example.org")
            self.case_id = sent(self.ivanov, **named(self.sbyt))
            self.slots = paper_to_sign(self.case_id, self.office, ("company", "applicant"))

    def browser(self, who: Person) -> Browser:
        return signed_in(self.app, who)

    def url(self, place: int = 0) -> str:
        return f"/cases/{self.case_id}/signatures/{self.slots[place]}"

    def lines(self, who: Person) -> str:
        """The card of documents as somebody reads it."""
        return documents(self.browser(who).open(f"/cases/{self.case_id}"))


@pytest.fixture
def site(app: Flask) -> World:
    return World(app)


def documents(page: Page) -> str:
    found = page.soup.find(id="documents")
    assert isinstance(found, Tag)
    return " ".join(found.get_text(" ").split())


def test_the_office_marks_both_signatures_one_after_the_other(site: World) -> None:
    clerk, day = site.browser(site.office), site.today
    page = clerk.open(f"/cases/{site.case_id}")
    assert "Подпись Сетевой ждем вашу подпись" in documents(page)
    assert "Подпись Заявителя ждем: сначала подписывает сетевая организация" in documents(page)
    form = clerk.open(page.link(LINK))
    assert "Договор · Подпись Сетевой" in form.text
    page = clerk.send(
        form, button="Отметить подпись", scan=file(PDF, "скан.pdf"), signed_on=day, signer="Сидоров А. П."
    )
    assert page.path == f"/cases/{site.case_id}" and "Подпись отмечена" in page.text
    assert f"Подпись Сетевой добавлен: {day} на бумаге, Сидоров А. П. · скан" in documents(page)
    assert clerk.open(page.link("скан")).response.data == PDF
    form = clerk.open(page.link(LINK))
    assert form.value_of("signer") == "Иванов Петр Григорьевич"  # the applicant signs for themselves
    page = clerk.send(form, button="Отметить подпись", scan=file(PDF + b"2", "скан.pdf"), signed_on=day)
    assert f"Подпись Заявителя подписан: {day} на бумаге, Иванов Петр Григорьевич" in documents(page)
    assert LINK not in documents(page)


def test_the_applicant_reads_what_to_do_when_it_is_their_turn(site: World) -> None:
    assert "Подпись Заявителя ждем: сначала подписывает сетевая организация" in site.lines(site.ivanov)
    assert "аспечатайте" not in site.lines(site.ivanov)
    with site.app.app_context():
        mark(site.case_id, site.slots[0], site.office)
    told = site.lines(site.ivanov)
    assert "Подпись Заявителя ждем вашу подпись" in told
    assert "распечатайте документ, подпишите и принесите в офис сетевой организации" in told
    assert LINK not in told


def test_both_signatures_are_marked_by_one_scan(site: World) -> None:
    clerk = site.browser(site.office)
    page = clerk.send(
        clerk.open(site.url()),
        button="Отметить подпись",
        scan=file(PDF, "скан.pdf"),
        signed_on=site.today,
        signer="Сидоров А. П.",
        both="y",
        second_signer="Иванов П. Г.",
    )
    assert documents(page).count("на бумаге, ") == 2
    assert documents(page).count("· скан") == 2 and documents(page).count("Подписанный документ") == 1


def test_a_refused_form_keeps_what_was_typed_and_says_what_is_wrong(site: World) -> None:
    clerk = site.browser(site.office)
    form = clerk.open(site.url())
    with unchanged(site.app, but=("sessions",)):
        page = clerk.send(
            form, button="Отметить подпись", scan=file(PDF, "a.pdf"), signed_on="31.12.2099", signer="Сидоров"
        )
    assert page.status == 422 and "не позже сегодняшнего дня" in page.error_of("signed_on")
    assert (page.value_of("signed_on"), page.value_of("signer")) == ("31.12.2099", "Сидоров")
    assert "Выберите скан заново" in page.text
    page = clerk.send(form, button="Отметить подпись", signed_on="", signer="")
    assert page.status == 422 and "Выберите скан" in page.error_of("scan")
    assert page.error_of("signer") and page.error_of("signed_on")


def test_a_file_that_is_no_document_is_refused(site: World) -> None:
    clerk = site.browser(site.office)
    typed = {"signed_on": site.today, "signer": "Сидоров"}
    with unchanged(site.app, but=("sessions",)):
        page = clerk.send(
            clerk.open(site.url()), button="Отметить подпись", scan=file(b"MZ\x90\0", "a.pdf"), **typed
        )
    assert page.status == 422 and "«a.pdf»" in page.error_of("scan")


def test_nobody_else_reaches_the_page(site: World) -> None:
    answers = {
        site.ivanov: 403,  # the applicant has no page for it yet
        site.neighbour: 403,
        site.sbyt: 403,  # the paper is the company's
        site.torg: 404,
    }
    for who, status in answers.items():
        browser = site.browser(who)
        assert browser.open(site.url()).status == status
        with unchanged(site.app, but=("sessions",)):
            assert browser.post(site.url(), {"csrf_token": token_of(browser)}).status == status
    assert Browser(site.app).open(site.url()).path == "/login"


def test_a_slot_of_another_case_and_one_whose_turn_has_not_come_have_no_form(site: World) -> None:
    clerk = site.browser(site.office)
    with site.app.app_context():
        other = sent(site.ivanov)
    assert clerk.open(f"/cases/{other}/signatures/{site.slots[0]}").status == 404
    page = clerk.open(site.url(1))
    assert page.status == 409 and "Сначала должна быть подпись сетевой организации" in page.text


def test_a_paper_that_the_company_alone_sees_shows_no_signatures_to_others(site: World) -> None:
    with site.app.app_context():
        paper_to_sign(site.case_id, site.office, ("company",), title="Черновик", internal=True)
    assert "Черновик" in site.lines(site.office)
    for who in (site.ivanov, site.sbyt):
        assert "Черновик" not in site.lines(who) and site.lines(who).count("Подпись Сетевой") == 1


def test_a_signature_that_came_meanwhile_is_told_and_the_form_keeps_what_was_typed(site: World) -> None:
    clerk = site.browser(site.office)
    form = clerk.open(site.url())
    with site.app.app_context():
        mark(site.case_id, site.slots[0], site.office)
    page = clerk.send(
        form, button="Отметить подпись", scan=file(PDF, "a.pdf"), signed_on=site.today, signer="Сидоров"
    )
    assert page.status == 409 and "Эта подпись уже стоит" in page.text
    assert page.value_of("signer") == "Сидоров"


def test_the_dialog_answers_with_the_panels_of_the_page(site: World) -> None:
    clerk = site.browser(site.office)
    page = clerk.open(f"/cases/{site.case_id}")
    part = clerk.open(page.link(LINK), headers=PARTIAL)
    assert part.html.lstrip().startswith('<section id="mark">') and "<html" not in part.html
    with site.app.app_context():
        assert slot(site.slots[0]).state == "pending"
