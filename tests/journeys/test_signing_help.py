"""Help for who signs: the ways told one by one, and a site where nobody can sign by a certificate says so beforehand."""

import pytest
from flask import Flask

from tests.browser import Browser, Page
from tests.case_world import Person, applicant, operator, sent, signed_in
from tests.certificate_world import authority, firm, may_sign_for_company, seen_in_office, trusted
from tests.powers import OGRN
from tests.signing_world import paper_to_sign


class World:
    """A case with a paper for the applicant and one for the company, on a site that believes nobody yet."""

    def __init__(self, app: Flask, *, legal: bool) -> None:
        self.app = app
        with app.app_context():
            self.head = may_sign_for_company(operator())
            own = applicant()
            self.case_id = sent(own)
            self.own = firm(own, ogrn=OGRN) if legal else seen_in_office(own)
            paper_to_sign(self.case_id, self.head, ("applicant",), title="Договор")
            paper_to_sign(self.case_id, self.head, ("company",), title="Акт")

    def open(self, who: Person, page: str = "") -> Page:
        return signed_in(self.app, who).open(f"/cases/{self.case_id}/sign{page}")


def buttons(page: Page) -> list[str]:
    return [one.get_text(strip=True) for one in page.soup.select("#sign button")]


def test_a_firm_learns_before_it_signs_that_no_certificate_is_taken_here(app: Flask) -> None:
    site = World(app, legal=True)
    page = site.open(site.own)
    assert "Подписать сертификатом здесь пока нельзя" in page.text and buttons(page) == []
    assert "Можно подписать на бумаге" in page.text
    for way in ("/file", "/certificate"):
        page = site.open(site.own, way)
        assert page.status == 200 and "Подписать сертификатом здесь пока нельзя" in page.text
        assert not page.soup.select("input[type=file]") and not page.soup.select("main form")
        assert page.link("Другие способы") == f"/cases/{site.case_id}/sign"
    told = site.open(site.head)
    assert "Администратору: добавьте корневой сертификат" in told.text and "скан подписанного" in told.text


def test_a_person_signs_by_a_code_all_the_same(app: Flask) -> None:
    site = World(app, legal=False)
    page = site.open(site.own)
    assert buttons(page) == ["Подписать кодом из СМС"]
    assert "Можно подписать и на бумаге" in page.text
    assert "сертификатом здесь пока нельзя" in page.text and not page.soup.select("#sign .notice")


def test_with_a_root_the_ways_are_open(app: Flask) -> None:
    site = World(app, legal=True)
    with app.app_context():
        trusted(authority(), lists=False)
    page = site.open(site.own)
    assert "здесь пока нельзя" not in page.text and "Приложить файл подписи" in buttons(page)
    assert site.open(site.own, "/file").soup.select("input[type=file]")


@pytest.mark.parametrize("way", ["", "/file", "/certificate"])
def test_every_page_of_signing_leads_to_the_help(app: Flask, way: str) -> None:
    site = World(app, legal=True)
    with app.app_context():
        trusted(authority(), lists=False)
    address = site.open(site.own, way).link("Как подписать документ")
    page = Browser(app).open(address)
    section = page.soup.find(id=address.partition("#")[2])
    assert page.status == 200 and section is not None
    for title in ("Кодом из СМС", "Сертификатом в браузере", "Файлом подписи", "На бумаге"):
        assert section.find("h3", string=title) is not None
