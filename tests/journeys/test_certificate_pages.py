"""Signing by a file of a signature as people do it: the page, what comes back, the power of attorney, the decision."""

import pytest
from flask import Flask

from tests.actions.test_authorities import head, petrov
from tests.browser import Browser, Page, file
from tests.case_world import Person, applicant, operator, sent, signed_in
from tests.certificate_world import authority, bytes_of, firm, trusted
from tests.powers import OGRN, power
from tests.signing_world import paper_to_sign, slot
from tests.site_forms import token_of
from tests.unchanged import unchanged


class World:
    """A firm's application with two papers for its signature, and everybody around it."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context():
            self.office, own = operator(), applicant()
            self.case_id = sent(own)
            self.own = firm(own, ogrn=OGRN)
            self.neighbour = applicant("Соседов", snils="10289803962", email="sosed@example.org")
            titles = ("Договор", "Технические условия")
            self.slots = [
                paper_to_sign(self.case_id, self.office, ("applicant",), title=title)[0] for title in titles
            ]
            self.content = [bytes_of(one) for one in self.slots]
            trusted(authority())

    def browser(self, who: Person) -> Browser:
        return signed_in(self.app, who)

    def url(self, *places: int) -> str:
        named = "&".join(f"slot={self.slots[place]}" for place in places)
        return f"/cases/{self.case_id}/sign/file" + (f"?{named}" if named else "")

    def field(self, place: int) -> str:
        return f"signature-{self.slots[place]}"

    def states(self) -> list[str]:
        with self.app.app_context():
            return [slot(one).state for one in self.slots]


@pytest.fixture
def site(app: Flask) -> World:
    return World(app)


def press(browser: Browser, page: Page, button: str = "Отправить подписи", **fields: object) -> Page:
    return browser.send(page, button=button, **fields)


def test_somebody_downloads_signs_elsewhere_and_uploads_both(site: World) -> None:
    own = site.browser(site.own)
    page = own.open(site.url())
    assert page.status == 200 and "Технические условия" in page.text
    content = own.open(page.link("Скачать документ")).response.data
    assert content == site.content[0]
    signed = {
        site.field(place): file(head().sign(site.content[place]), f"Договор-{place}.pdf.sig")
        for place in (0, 1)
    }
    page = press(own, page, **signed)
    assert page.path == f"/cases/{site.case_id}" and "Подписано: 2 документа." in page.text
    assert site.states() == ["signed", "signed"]


def test_what_was_refused_comes_back_with_what_to_do_and_the_rest_is_signed(site: World) -> None:
    own = site.browser(site.own)
    page = own.open(site.url(0, 1))
    wrong = head().sign(b"another file")
    page = press(
        own,
        page,
        **{
            site.field(0): file(head().sign(site.content[0]), "a.sig"),
            site.field(1): file(wrong, "b.sig"),
        },
    )
    assert page.status == 422 and "Подписано: 1 документ." in page.text
    assert "Подпись сделана для другого файла" in page.error_of(site.field(1))
    assert "Файл подписи: Договор" not in page.text and site.states() == ["signed", "pending"]
    again = own.open(site.url(1))
    assert "Прошлая подпись не принята. Подпись сделана для другого файла" in again.text
    page = press(
        own,
        again,
        "Отправить подпись",
        **{site.field(1): file(head().sign(site.content[1]), "b.sgn")},
    )
    assert site.states() == ["signed", "signed"]


def test_nothing_chosen_says_so(site: World) -> None:
    own = site.browser(site.own)
    with unchanged(site.app, but=("sessions",)):
        page = press(own, own.open(site.url()))
    assert page.status == 422 and "Выберите файл подписи" in page.error_of(site.field(0))


@pytest.mark.parametrize("junk", [b"", b"x" * (1024 * 1024 + 5), b"%PDF-1.4", b"\x30\x80" * 1000])
def test_junk_is_refused_with_a_sentence(site: World, junk: bytes) -> None:
    own = site.browser(site.own)
    page = press(own, own.open(site.url(0)), "Отправить подпись", **{site.field(0): file(junk, "a.sig")})
    assert page.status == 422 and page.error_of(site.field(0)) and site.states() == ["pending", "pending"]
    page.response.close()  # a large body lies in a temporary file of the test's client


def test_nobody_else_reaches_the_page(site: World) -> None:
    stranger, office = site.browser(site.neighbour), site.browser(site.office)
    assert stranger.open(site.url(0)).status == 404
    assert office.open(site.url(0)).status == 404  # not the company's to sign
    for browser in (stranger, office):
        with unchanged(site.app, but=("sessions",)):
            sent_by = {"csrf_token": token_of(browser), "slot": str(site.slots[0])}
            assert browser.post(site.url(), sent_by).status == 404
    own = site.browser(site.own)
    assert own.open(f"/cases/{site.case_id}/sign/file?slot=999").status == 404
    assert own.open(f"/cases/{site.case_id}/sign/file?slot=x").status == 200  # no number: all that wait
    assert Browser(site.app).open(site.url()).path == "/login"


def test_an_employee_brings_a_power_of_attorney_and_the_office_accepts_it(site: World) -> None:
    own, office = site.browser(site.own), site.browser(site.office)
    page = press(
        own,
        own.open(site.url(0)),
        "Отправить подпись",
        **{site.field(0): file(petrov().sign(site.content[0]), "a.sig")},
    )
    assert page.path.endswith("/sign/authority") and "Петров Иван Сергеевич" in page.text
    page = press(own, page, "Отправить доверенность")
    assert page.status == 422 and page.error_of("xml") and page.error_of("signature")
    page = press(
        own,
        page,
        "Отправить доверенность",
        xml=file(power(), "МЧД.xml"),
        signature=file(head().sign(power()), "МЧД.xml.sig"),
    )
    assert page.path == f"/cases/{site.case_id}" and "Доверенность отправлена" in page.text
    assert "проверяет сотрудник" in own.open(f"/cases/{site.case_id}/sign/authority").text
    page = office.open(f"/cases/{site.case_id}")
    page = office.open(page.link("Проверить доверенность"))
    assert (
        "Подписывать договоры о технологическом присоединении" in page.text and "ООО «Ромашка»" in page.text
    )
    download = office.open(page.link("МЧД.xml")).response
    assert download.data == power() and "attachment" in download.headers["Content-Disposition"]
    assert office.open(page.link("подпись")).response.data
    assert own.open(page.path).status == 403  # an applicant decides about nothing
    refused = press(office, page, "Не принимать")
    assert refused.status == 422 and refused.error_of("remark")
    page = press(office, page, "Принять", decision="accept")
    assert "Доверенность принята" in page.text and site.states() == ["signed", "pending"]
    page = office.open(office.open("/people").link("Доверенности"))
    assert "Принятые: 1" in page.text and "подписано документов: 1" in page.text
    page = office.open(page.link("Больше не принимать"))
    assert "По ней подписаны: 1" in page.text and page.link("Договор").startswith(f"/cases/{site.case_id}")
    refused = press(office, page, "Больше не принимать")
    assert refused.status == 422 and refused.error_of("remark")
    page = press(office, page, "Больше не принимать", remark="Отозвана 12.10.2026.", decision="refuse")
    assert "осталось подписанным" in page.text and site.states() == ["signed", "pending"]
    assert "Больше не действуют: 1" in office.open("/authorities").text
    assert own.open("/authorities").status == 403


def test_a_file_of_a_power_of_attorney_is_not_for_strangers(site: World) -> None:
    own = site.browser(site.own)
    press(
        own,
        own.open(site.url(0)),
        "Отправить подпись",
        **{site.field(0): file(petrov().sign(site.content[0]), "a.sig")},
    )
    page = own.open(f"/cases/{site.case_id}/sign/authority")
    sent_by = {
        "xml": file(power(), "МЧД.xml"),
        "signature": file(head().sign(power()), "МЧД.xml.sig"),
    }
    press(own, page, "Отправить доверенность", **sent_by)
    address = f"/cases/{site.case_id}/sign/authority/1"
    assert own.open(f"{address}/file").response.data == power()
    stranger = site.browser(site.neighbour)
    for path in (address, f"{address}/file", f"{address}/signature"):
        assert stranger.open(path).status in (403, 404)
