"""Invoices and money through the pages: what to pay and how, «Я оплатил», marks, statements.

Nobody sees what is not theirs.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import zxingcpp
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect
from sqlalchemy import select

from app import clock
from app.company import queries as company
from app.contracts.models import Payment
from app.extensions import db
from tests.browser import BASE, Browser, Page, file
from tests.case_world import PDF, Person, applicant, named, operator, signed_in, supplier_person
from tests.journeys.chromium import Window, axe, chromium, lend_cookies, script_window, window
from tests.journeys.loopback import Loopback
from tests.money_world import FEE, awaiting, case_of, fill_requisites, invoices, payments, signed_contract
from tests.statements import incoming, statement


class Office:
    """An application that waits for its money, and everybody who looks at it."""

    def __init__(self, app: Flask, *, totals: tuple[int, ...] = (FEE,)) -> None:
        self.app = app
        with app.app_context():
            fill_requisites()
            self.ivanov, self.clerk, self.sbyt = applicant(), operator(), supplier_person()
            self.stranger = applicant("Соседов", snils="10289803962", email="s@example.org")
            self.at = clock.now() - timedelta(days=2)
            self.case_id = awaiting(self.ivanov, self.clerk, at=self.at, totals=totals, **named(self.sbyt))
            self.invoice_id = invoices(self.case_id)[0].id
            self.today = f"{company.today():%d.%m.%Y}"
        self.case = f"/cases/{self.case_id}"

    def browser(self, who: Person) -> Browser:
        return signed_in(self.app, who)

    @property
    def status(self) -> str:
        with self.app.app_context():
            return case_of(self.case_id).status


@pytest.fixture
def office(app: Flask) -> Office:
    return Office(app)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_the_applicant_reads_what_to_pay_and_how(office: Office) -> None:
    page = office.browser(office.ivanov).open(office.case)
    words = plain(page.soup.find(id="payments").get_text(" ", strip=True))
    for told in (
        "Счет № 1",
        "5 000,00 ₽",
        "Ждет оплаты",
        "40702810938000000001",
        "044525225",
        "ПАО СБЕРБАНК",
    ):
        assert told in words
    assert "Оплата по счету № 1, договор ТП № 1-ТП/" in words
    picture = page.soup.find(id="payments").find("img")
    assert "QR-код для оплаты счета № 1" in picture["alt"]
    answer = office.browser(office.ivanov).client.get(picture["src"], base_url=BASE)
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    assert len(answer.data) < 16_000


def test_a_supplier_and_strangers_see_nothing_of_the_money(office: Office) -> None:
    page = office.browser(office.sbyt).open(office.case)
    assert page.status == 200 and "5 000,00" not in plain(page.text)
    qr = f"{office.case}/invoices/{office.invoice_id}/qr"
    assert office.browser(office.sbyt).open(qr).status == 403
    assert office.browser(office.stranger).open(qr).status == 404
    assert office.browser(office.ivanov).open(f"{office.case}/invoices/999/qr").status == 404
    for path in ("paid", "payments", "paid/answer", "invoices"):
        assert office.browser(office.sbyt).open(f"{office.case}/{path}").status == 403
        assert office.browser(office.stranger).open(f"{office.case}/{path}").status in (403, 404)
    for path in ("/payments", "/payments/statement", "/payments/unassigned"):
        for who in (office.ivanov, office.sbyt):
            assert office.browser(who).open(path).status == 403


def heading(page: Page) -> str:
    """The first panel: whose move it is and what to do."""
    return page.soup.select_one("#next").get_text(" ")


def test_i_have_paid_a_receipt_an_answer_and_the_mark(office: Office) -> None:
    me, clerk = office.browser(office.ivanov), office.browser(office.clerk)
    page = me.open(me.open(office.case).link("Я оплатил"))
    wrong = me.send(page, "/paid", paid_on="31.02.2026", receipt=file(PDF, "чек.pdf"))
    assert wrong.status == 422 and wrong.value_of("paid_on") == "31.02.2026"
    assert "Выберите файл заново" in wrong.text
    done = me.send(wrong, "/paid", paid_on=office.today, receipt=file(PDF, "чек.pdf"))
    assert "Спасибо, мы проверим оплату" in done.text and "Сетевая организация проверит оплату" in done.text
    assert "Чек об оплате" in done.text and not done.soup.find(id="act-paid")
    assert "Платить еще раз не нужно" in heading(done) and "Оплатите счет" not in heading(done)
    assert "найдите деньги" in heading(clerk.open(office.case))
    # The office sees the claim among its payments and answers.
    money = clerk.open("/payments")
    assert "Заявители сообщили об оплате: 1" in plain(money.text)
    page = clerk.open(clerk.open(office.case).link("Не нашли"))
    assert clerk.send(page, "/paid/answer", text="").status == 422
    clerk.send(page, "/paid/answer", text="За этот день поступлений нет.")
    told = me.open(office.case)
    assert "не нашли: За этот день поступлений нет." in told.text and told.soup.find(id="act-paid")
    assert "Оплатите счет" in heading(told)
    # Then a part of the money is there, and «не нашли» is no longer the last word; then the rest.
    page = clerk.open(clerk.open(office.case).link("Отметить оплату"))
    assert plain(page.value_of("total")) == "5 000,00"
    clerk.send(page, "/payments", total="2000", received_on=office.today)
    assert "не нашли" not in me.open(office.case).soup.find(id="payments").get_text(" ")
    page = clerk.open(clerk.open(office.case).link("Отметить оплату"))
    assert plain(page.value_of("total")) == "3 000,00"
    done = clerk.send(page, "/payments", received_on=office.today, document="п/п № 12")
    assert "Договор заключен" in done.text
    assert office.status == "contract_concluded"
    assert "Оплачен" in plain(me.open(office.case).soup.find(id="payments").get_text(" "))


def test_what_was_typed_stays_and_too_much_is_asked_about(office: Office) -> None:
    clerk = office.browser(office.clerk)
    page = clerk.open(f"{office.case}/payments")
    wrong = clerk.send(page, "/payments", total="пять тысяч", received_on="позавчера", document="п/п № 12")
    assert wrong.status == 422 and wrong.error_of("total") and wrong.error_of("received_on")
    assert (wrong.value_of("total"), wrong.value_of("document")) == ("пять тысяч", "п/п № 12")
    over = clerk.send(wrong, "/payments", total="5 001,00", received_on=office.today)
    assert over.status == 422 and "больше на 1,00" in plain(over.error_of("over"))
    done = clerk.send(over, "/payments", over="1")
    assert "Переплата: 1,00" in plain(done.text) and office.status == "contract_concluded"


def test_a_part_is_marked_and_taken_back(office: Office) -> None:
    clerk = office.browser(office.clerk)
    page = clerk.open(f"{office.case}/payments")
    done = clerk.send(page, "/payments", total="2000", received_on=office.today)
    assert "По счету осталось 3 000,00" in plain(done.text) and office.status == "awaiting_payment"
    mine = plain(office.browser(office.ivanov).open(office.case).text)
    assert "Оплата получена: 2 000,00 ₽ по счету № 1" in mine and "Осталось 3 000,00 ₽" in mine
    page = clerk.open(clerk.open(office.case).link("Отменить отметку"))
    assert clerk.send(page, "/take-back").status == 422
    clerk.send(page, "/take-back", reason="Платеж другого заявителя.")
    assert "Отменена отметка об оплате" in office.browser(office.ivanov).open(office.case).text


def test_the_mark_that_made_the_contract_cannot_be_taken_back(office: Office) -> None:
    clerk = office.browser(office.clerk)
    clerk.send(clerk.open(f"{office.case}/payments"), "/payments", received_on=office.today)
    soup = clerk.open(office.case).soup
    assert soup.find("section", id="papers") is None, "the whole fee was invoiced: no paper is lacking"
    panel = soup.find(id="payments").get_text()
    assert "Пришло" in panel and "Отменить отметку" not in panel and "Выставить счет" not in panel
    with office.app.app_context():
        key = db.session.scalars(select(Payment.id)).one()
    page = clerk.open(f"{office.case}/payments/{key}/take-back")
    refused = clerk.send(page, "/take-back", reason="Ошибка.")
    assert refused.status == 409 and "договор заключен" in refused.text


def test_two_clerks_who_mark_the_same_money(office: Office) -> None:
    first, second = office.browser(office.clerk), office.browser(office.clerk)
    page, late = (one.open(f"{office.case}/payments") for one in (first, second))
    first.send(page, "/payments", total="1000", received_on=office.today)
    refused = second.send(late, "/payments", total="1000", received_on=office.today)
    assert refused.status == 409 and "Оплата получена" in refused.text
    assert plain(refused.value_of("total")) == "1000"
    with office.app.app_context():
        assert len(payments()) == 1


def test_a_statement_is_brought_proposed_confirmed_and_brought_again(office: Office) -> None:
    clerk = office.browser(office.clerk)
    with office.app.app_context():
        day = company.today()
    content = statement(
        [
            incoming(45, FEE, "Оплата по счету № 1", day=day),
            incoming(46, 77_00, "За свет", day=day, payer="ООО «Ромашка»"),
        ]
    )
    page = clerk.open("/payments")
    assert clerk.send(page, "/payments/statement").status == 422
    bad = clerk.send(page, "/payments/statement", statement=file(b"%PDF", "x.txt"))
    assert bad.status == 422 and "не выписка" in bad.error_of("statement")
    shown = clerk.send(page, "/payments/statement", statement=file(content, "kl_to_1c.txt"))
    assert "В файле 2 платежа, новых 2." in shown.text
    assert "В назначении платежа есть номер счета № 1." in shown.text and "Счет не найден" in shown.text
    again = clerk.send(
        clerk.open("/payments"), "/payments/statement", statement=file(content, "kl_to_1c.txt")
    )
    assert "В файле 2 платежа, новых 0." in again.text
    done = clerk.send(again, button="Разнести на счет № 1")
    assert "Договор заключен" in done.text and office.status == "contract_concluded"
    # The same button of the page that the other clerk had open.
    assert clerk.send(again, button="Разнести на счет № 1").status in (200, 409)
    with office.app.app_context():
        assert len(payments()) == 1
    line = clerk.open(done.link("Другой счет или отложить"))
    wrong = clerk.send(line, "/count", number="999")
    assert wrong.status == 422 and wrong.value_of("number") == "999"
    put = clerk.send(wrong, "/put-aside", note="Спросить у банка")
    assert "Все платежи из загруженных выписок разнесены." in put.text
    assert "Неразнесенные платежи: 1" in plain(clerk.open("/payments").text)
    aside = clerk.open("/payments/unassigned")
    one = clerk.open(aside.link("77,00"))
    back = clerk.send(one, "/returned", note="Вернули, п/п № 3")
    assert "Возврат записан." in back.text and "Все деньги разнесены по счетам." in back.text


def test_a_line_that_was_decided_meanwhile_says_so(office: Office) -> None:
    clerk = office.browser(office.clerk)
    with office.app.app_context():
        day = company.today()
    clerk.send(
        clerk.open("/payments"),
        "/payments/statement",
        statement=file(statement([incoming(45, 1_00, "Оплата", day=day)]), "x.txt"),
    )
    late = clerk.open("/payments/lines/1")
    clerk.send(clerk.open("/payments/lines/1"), "/count", number="1")
    refused = clerk.send(late, "/count", number="1")
    assert refused.status == 409 and "уже разнес другой сотрудник" in refused.text
    # Nothing was changed under the reader's hands that they could look for: the way on is the line itself.
    assert refused.soup.h1.get_text() == "Сейчас так нельзя"
    assert clerk.open(refused.link("Открыть платеж")).path == "/payments/lines/1"
    assert "Платеж уже разнесен." in clerk.open("/payments/lines/1").text
    assert clerk.open("/payments/lines/999").status == 404


def test_money_without_an_invoice_is_noted_by_hand_and_assigned(office: Office) -> None:
    clerk = office.browser(office.clerk)
    page = clerk.open("/payments/unassigned")
    wrong = clerk.send(page, "/payments/unassigned", total="5000", received_on=office.today)
    assert wrong.status == 422 and wrong.error_of("note") and wrong.value_of("total") == "5000"
    done = clerk.send(wrong, "/payments/unassigned", note="Звонили", payer="Петров")
    one = clerk.open(done.link("5 000,00".replace(" ", "\u00a0")))
    clerk.send(one, "/assign", number="№ 1")
    assert office.status == "contract_concluded"


def test_of_two_who_assign_the_same_money_the_second_goes_on_from_the_list(office: Office) -> None:
    clerk = office.browser(office.clerk)
    page = clerk.open("/payments/unassigned")
    typed = {"total": "100", "received_on": office.today, "note": "Звонили"}
    done = clerk.send(page, "/payments/unassigned", **typed)
    address = done.link("100,00")
    late = clerk.open(address)
    clerk.send(clerk.open(address), "/returned", note="Вернули, п/п № 3")
    refused = clerk.send(late, "/assign", number="1")
    assert refused.status == 409 and "Данные уже изменились" not in refused.text
    assert clerk.open(refused.link("Открыть список платежей")).path == "/payments/unassigned"


def test_money_of_an_ended_application_is_noted_as_sent_back(office: Office) -> None:
    clerk, me = office.browser(office.clerk), office.browser(office.ivanov)
    clerk.send(clerk.open(f"{office.case}/payments"), "/payments", total="2000", received_on=office.today)
    page = me.open(f"{office.case}/withdraw")
    assert me.send(page, "/withdraw", reason="Передумал").status == 200
    page = clerk.open(clerk.open(office.case).link("Записать возврат"))
    wrong = clerk.send(page, "/give-back", returned_on="завтра", document=" ")
    assert wrong.status == 422 and wrong.error_of("returned_on") and wrong.error_of("document")
    assert wrong.value_of("returned_on") == "завтра"
    done = clerk.send(wrong, "/give-back", returned_on=office.today, document="п/п № 71")
    assert "Возврат записан, заявитель получит письмо." in done.text
    told = f"Возвращено 2 000,00 ₽ по счету № 1: {office.today}, п/п № 71"
    for page in (done, me.open(office.case)):
        assert told in plain(page.text)
    for who in (office.ivanov, office.sbyt):
        assert office.browser(who).open(f"{office.case}/payments/1/give-back").status == 403


def test_the_home_page_asks_for_no_money_that_the_applicant_says_they_have_paid(office: Office) -> None:
    me = office.browser(office.ivanov)
    assert "Оплатите счет" in me.open("/").text
    me.send(me.open(f"{office.case}/paid"), "/paid", paid_on=office.today)
    assert "Оплатите счет" not in me.open("/").text
    board = office.browser(office.clerk).open("/deadlines")
    assert "Заявитель сообщил об оплате, проверьте: 1" in plain(board.text)
    assert board.link(f"№ {office.case_id}") == office.case


def test_a_signed_contract_is_invoiced_from_its_page(app: Flask) -> None:
    with app.app_context():
        fill_requisites()
        ivanov, clerk_ = applicant(), operator()
        case_id = signed_contract(ivanov, clerk_, at=clock.now() - timedelta(days=1))
    clerk = signed_in(app, clerk_)
    page = clerk.open(clerk.open(f"/cases/{case_id}").link("Выставить счет"))
    assert (page.value_of("part"), plain(page.value_of("total"))) == ("1", "5 000,00")
    wrong = clerk.send(page, "/invoices", due_on="01.01.2020")
    assert wrong.status == 422 and wrong.error_of("due_on")
    done = clerk.send(wrong, "/invoices", due_on="")
    assert "Счет № 1 выставлен" in done.text
    assert "Счет № 1" in plain(signed_in(app, ivanov).open(f"/cases/{case_id}").text)


def test_without_requisites_nobody_is_asked_to_pay_into_nowhere(app: Flask) -> None:
    with app.app_context():
        ivanov, clerk_ = applicant(), operator()
        case_id = awaiting(ivanov, clerk_, at=clock.now() - timedelta(days=1))
        invoice_id = invoices(case_id)[0].id
    me = signed_in(app, ivanov)
    page = me.open(f"/cases/{case_id}")
    assert "Счет № 1" in plain(page.text) and page.soup.find(id="payments").find("img") is None
    assert me.open(f"/cases/{case_id}/invoices/{invoice_id}/qr").status == 404
    assert "не заполнено" in signed_in(app, clerk_).open(f"/cases/{case_id}").text


@pytest.fixture(scope="module")
def chrome(names: Loopback) -> Iterator[Chromium]:
    with chromium(*names.arguments) as browser:
        yield browser


@pytest.fixture
def live(names: Loopback, app: Flask) -> Iterator[Office]:
    names.site.app, names.cdn.mode = app, "on"
    yield Office(app)
    names.site.app = None


def _qr_on(page: Window) -> str:
    """What a phone reads from the picture on the page."""
    picture = page.page.locator("#payments img")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", True)
    page.page.wait_for_function("document.querySelector('#payments img').naturalWidth > 0")
    rows = page.page.evaluate(
        """() => {
            const image = document.querySelector('#payments img'), side = 440;
            const canvas = Object.assign(document.createElement('canvas'), {width: side, height: side});
            const drawing = canvas.getContext('2d');
            drawing.fillStyle = '#18222d';
            drawing.fillRect(0, 0, side, side);
            drawing.drawImage(image, 0, 0, side, side);
            const data = drawing.getImageData(0, 0, side, side).data;
            const row = (y) => Array.from({length: side}, (_, x) => data[(y * side + x) * 4]);
            return Array.from({length: side}, (_, y) => row(y));
        }"""
    )
    pixels = b"".join(map(bytes, rows))
    seen = memoryview(pixels).cast("B", (len(rows), len(rows[0])))
    codes = zxingcpp.read_barcodes(seen, formats=zxingcpp.BarcodeFormat.QRCode)
    assert len(codes) == 1
    return codes[0].bytes.decode("utf-8")


def test_on_a_phone_the_code_is_read_and_the_receipt_goes_from_the_dialog(
    chrome: Chromium, live: Office, tmp_path: Path
) -> None:
    with script_window(chrome, BASE, "applicant", 390, tmp_path, client=live.browser(live.ivanov)) as me:
        me.open(live.case)
        me.picture("to-pay")
        axe(me)
        told = dict(part.split("=", 1) for part in _qr_on(me).split("|")[1:])
        assert (told["Sum"], told["PersonalAcc"]) == ("500000", "40702810938000000001")
        assert told["Purpose"].startswith("Оплата по счету № 1, договор ТП № 1-ТП/")
        me.follow("Я оплатил")
        dialog = me.page.locator("#dialog")
        expect(dialog).to_be_visible()
        me.press("Сообщить об оплате", dialog)
        expect(dialog.locator("#errors")).to_be_focused()
        axe(me)
        me.fill("День оплаты", live.today, dialog)
        dialog.get_by_label("Чек или платежное поручение").set_input_files(
            [{"name": "чек.pdf", "mimeType": "application/pdf", "buffer": PDF}]
        )
        me.press("Сообщить об оплате", dialog)
        expect(dialog).to_be_hidden()
        me.sees("Сетевая организация проверит оплату", within=me.page.locator("#payments"))
        me.picture("claimed")
        axe(me)


def test_on_a_phone_without_scripts_everything_is_there_too(
    chrome: Chromium, live: Office, tmp_path: Path
) -> None:
    with window(chrome, BASE, "applicant", 390, tmp_path) as me:
        lend_cookies(live.browser(live.ivanov), me.page.context)
        me.open(live.case)
        me.picture("to-pay")
        me.follow("Я оплатил")
        me.reads("Я оплатил")
        me.picture("paid")
        me.fill("День оплаты", live.today)
        me.press("Сообщить об оплате")
        me.sees("Спасибо, мы проверим оплату и ответим вам.")


def test_the_office_marks_money_in_the_dialog_and_the_open_page_follows(
    chrome: Chromium, live: Office, tmp_path: Path
) -> None:
    with script_window(chrome, BASE, "operator", 1280, tmp_path, client=live.browser(live.clerk)) as me:
        me.open("/payments")
        me.picture("payments")
        axe(me)
        me.open(live.case)
        me.follow("Отметить оплату")
        dialog = me.page.locator("#dialog")
        me.fill("День, когда пришли деньги", live.today, dialog)
        axe(me)
        me.picture("mark")
        me.press("Отметить оплату", dialog)
        expect(dialog).to_be_hidden()
        me.sees("Договор заключен", within=me.page.locator("#flash"))
        me.sees("Оплачен", within=me.page.locator("#payments"))
        me.picture("paid")
        axe(me)


@pytest.mark.parametrize("width", [390, 1280])
def test_the_pages_of_the_bank_s_money_are_fit_for_everybody(
    chrome: Chromium, live: Office, tmp_path: Path, width: int
) -> None:
    clerk = live.browser(live.clerk)
    with live.app.app_context():
        day = company.today()
    long = "Оплата по сч. 1 за подключение " + "очень" * 20
    lines = [incoming(45, 1_00, long, day=day, payer="П" * 140, inn="500100732259")]
    clerk.send(clerk.open("/payments"), "/payments/statement", statement=file(statement(lines), "x.txt"))
    with script_window(chrome, BASE, "operator", width, tmp_path, client=clerk) as me:
        for path in ("/payments", "/payments/statement", "/payments/lines/1", "/payments/unassigned"):
            me.open(path)
            me.picture(path.strip("/").replace("/", "-"))
            axe(me)
        me.open("/payments/lines/1")
        me.fill("Запись", "Спросить у банка")
        me.press("Отложить")
        me.sees("Платеж отложен")
        me.open("/payments/unassigned")
        me.follow("1,00\u00a0₽")
        me.fill("Номер счета", "1")
        me.press("Разнести")
        me.sees("Оплата отмечена: 1,00\u00a0₽.")
