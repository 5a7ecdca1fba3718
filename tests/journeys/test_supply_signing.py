"""The supplier's contract with electronic signatures alone (R17): by a file and by a code, on plain pages."""

from typing import Any

from flask import Flask

from tests.application_world import filer
from tests.browser import Browser, Page, file
from tests.case_world import PDF, Person, operator, signed_in, supplier_person
from tests.certificate_world import authority, bytes_of, holder, trusted, with_numbers
from tests.code_world import confirmed
from tests.journeys.test_signing_code import right_code
from tests.journeys.test_supply_pages import BUTTON, panel
from tests.signing_roads import waiting
from tests.supply_world import business

OGRN = "1025900000026"


class World:
    """An application whose supplier has to place a contract; the supplier's numbers and the authority are known."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context():
            office, self.sbyt = operator(), supplier_person()
            self.own = confirmed(filer(), office)
            self.case_id = business(self.own, office, self.sbyt)
            with_numbers(self.sbyt, ogrn=OGRN)
            trusted(authority())

    def case(self, who: Browser) -> Page:
        return who.open(f"/cases/{self.case_id}")

    def signature(self, who: Person, ogrn: str = OGRN) -> tuple[int, bytes]:
        """The slot that waits for this person, and its document signed by the head of a firm with this number."""
        with self.app.app_context():
            (slot_id,) = waiting(self.case_id, who)
            key = holder("Лебедева Ольга Юрьевна", ("O", "АО «Энергосбыт»"), ("OGRN", ogrn))
            return slot_id, key.sign(bytes_of(slot_id))


def test_the_supplier_signs_by_a_file_and_then_the_applicant_by_a_code(app: Flask) -> None:
    site = World(app)
    clerk, own = signed_in(app, site.sbyt), signed_in(app, site.own)
    form = clerk.open(site.case(clerk).link(BUTTON))
    page = clerk.send(form, button="Разместить", project=file(PDF, "Договор.pdf"))
    assert "Подпись ГП ждем вашу подпись" in panel(page, "documents")
    assert "Подписать!" not in site.case(own).text  # the supplier is first
    page = clerk.open(page.link("Подписать!"))
    assert "Приложить файл подписи" in page.text and "кодом из СМС" not in page.text

    slot_id, strange = site.signature(site.sbyt, "1025900000037")
    field, address = f"signature-{slot_id}", f"/cases/{site.case_id}/sign/file?slot={slot_id}"
    wrong: dict[str, Any] = {field: file(strange, "Договор.pdf.sig")}
    page = clerk.send(clerk.open(address), button="Отправить подпись", **wrong)
    assert page.status == 422 and "Сертификат выдан не тому" in page.error_of(field)
    right: dict[str, Any] = {field: file(site.signature(site.sbyt)[1], "Договор.pdf.sig")}
    page = clerk.send(page, button="Отправить подпись", **right)
    assert "Подписано: 1 документ." in page.text
    told = panel(page, "documents")
    assert "Подпись ГП добавлен: " in told and "сертификатом, Лебедева Ольга Юрьевна, № подписи" in told

    page = own.open(site.case(own).link("Подписать!"))
    (box,) = page.soup.find_all("input", {"name": "slot"})
    page = own.open(f"/cases/{site.case_id}/sign/code?slot={box['value']}")
    page = own.send(page, button="Получить код")
    page = own.send(page, button="Подтвердить и отправить", code=right_code(app))
    assert "Документ подписан" in page.text
    for who in (own, clerk):
        page = site.case(who)
        told = panel(page, "documents")
        assert "Подпись ГП добавлен: " in told and "Подпись Заявителя подписан: " in told, told
        assert "кодом из СМС, Иванов Петр Григорьевич, № подписи" in told
        assert "Подписан" in panel(page) and "Подписать!" not in page.text
        assert "Договор энергоснабжения подписан обеими сторонами" in panel(page, "timeline")
    assert clerk.open(f"/cases/{site.case_id}/supply").status == 409  # it stays
