"""The papers of an act on the site: panel, form, preview, own file; the texts they are made from; the sheets in print."""

import re
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium
from pypdf import PdfReader
from sqlalchemy import select

from app import gateways
from app.cases.models import CaseDocument
from app.cases.rendering_models import Rendering
from app.extensions import db
from app.gateways.pdf import PrintFailed
from tests.browser import BASE, Page, file
from tests.case_world import PDF
from tests.journeys.chromium import axe, chromium, script_window
from tests.journeys.loopback import Loopback
from tests.journeys.test_every_page import look
from tests.journeys.test_live_case import OpenPage
from tests.paper_world import ANSWERS, fill, print_all
from tests.unchanged import unchanged
from tests.whole_site import World

STAGE = "preparing_offer"


class Press:
    """Prints nothing, or fails as the test says."""

    def __init__(self, failure: str = "") -> None:
        self.failure, self.count = failure, 0

    def render(self, html: str) -> bytes:
        if self.failure:
            raise PrintFailed(self.failure)
        self.count += 1
        return PDF + f"%{self.count}\n".encode()


def use_press(world: World, failure: str = "") -> None:
    world.app.extensions["gateways"] = replace(world.app.extensions["gateways"], printer=Press(failure))


def address(world: World, kind: str, stage: str = STAGE) -> str:
    return f"/cases/{world.cases[stage]}/papers/{kind}"


def panel(page: Page) -> str:
    found = page.soup.find(id="papers")
    return " ".join(found.get_text(" ").split()) if found else ""


def printed(world: World) -> None:
    with world.app.app_context():
        gateways.use(world.app.extensions["gateways"])
        print_all()


def fill_on_page(world: World, kind: str, stage: str = STAGE, **changes: str) -> Page:
    browser = world.browser("operator")
    page = browser.open(address(world, kind, stage))
    return browser.send(page, f"/papers/{kind}", button="Сделать PDF", **{**ANSWERS[kind], **changes})


def test_the_panel_says_of_every_paper_what_there_is_of_it(world: World) -> None:
    use_press(world)
    operator, case_id = world.browser("operator"), world.cases[STAGE]
    before = panel(operator.open(f"/cases/{case_id}"))
    for title in (
        "Условия типового договора Нет",
        "Технические условия Нет",
        "Счет Нет",
        "Инструкция необязательно Нет",
    ):
        assert title in before
    assert "Договор Нет" not in before and "Акт" not in before
    page = fill_on_page(world, "conditions")
    assert page.path == f"/cases/{case_id}"
    assert "Документ готовится" in page.text and "Технические условия Готовится" in panel(page)
    printed(world)
    after = operator.open(f"/cases/{case_id}")
    assert "Технические условия Готов Технические условия.pdf" in panel(after)
    link = after.soup.find(id="papers").find("a", string="Технические условия.pdf")["href"]
    with operator.client.get(link, base_url="https://lk.example.org") as answer:
        assert answer.data.startswith(b"%PDF-")


def test_the_open_page_gets_the_paper_without_being_loaded_again(world: World) -> None:
    use_press(world)
    fill_on_page(world, "conditions")
    opened = OpenPage(world.browser("operator"), world.cases[STAGE])
    assert opened.poll().status == 204
    printed(world)
    assert "Технические условия Готов" in opened.poll().text("#papers")


def test_what_failed_says_why_and_can_be_tried_again(world: World) -> None:
    use_press(world, "Документу не хватило памяти. Сократите тексты.")
    fill_on_page(world, "conditions")
    printed(world)
    operator, case_id = world.browser("operator"), world.cases[STAGE]
    page = operator.open(f"/cases/{case_id}")
    assert "Технические условия Не удалось сделать" in panel(page) and "не хватило памяти" in panel(page)
    use_press(world)
    page = operator.send(page, "/papers/conditions/again")
    assert "Технические условия Готовится" in panel(page)
    printed(world)
    assert "Технические условия Готов " in panel(operator.open(f"/cases/{case_id}"))
    token = page.soup.find(attrs={"name": "csrf_token"})["value"]
    for sent in ("0", "x", "99999", ""):
        answer = operator.post(
            f"{address(world, 'conditions')}/again", {"csrf_token": token, "rendering": sent}
        )
        assert answer.status in (404, 409), sent


def test_the_form_begins_with_what_the_case_tells(still_world: World) -> None:
    page = still_world.browser("operator").open(address(still_world, "offer_terms"))
    assert page.status == 200
    assert (
        page.value_of("object") and page.value_of("power_new") == "15" and page.value_of("voltage") == "0.4"
    )
    assert page.value_of("works_term") == "6 месяцев" and page.value_of("years") == "2"
    assert re.fullmatch(r"\d\d\.\d\d\.\d{4}", page.value_of("date"))


def test_a_form_with_mistakes_keeps_everything_that_was_typed(world: World) -> None:
    with unchanged(world.app, but=("sessions",)):
        page = fill_on_page(
            world, "offer_terms", fee="много", shares="15 30\n20 40", works_term=" ", object="Дом <b>"
        )
    assert page.status == 422
    assert page.value_of("fee") == "много" and page.value_of("shares") == "15 30\n20 40"
    assert page.value_of("object") == "Дом <b>" and page.value_of("applicant_part") == "yes"
    assert "не удалось прочитать" in page.error_of("fee") and "35 %" in page.error_of("shares")
    assert page.error_of("works_term") and page.title.startswith("Ошибка:")
    assert page.soup.find(id="errors").find("a", href="#f-fee")


def test_a_preview_shows_the_sheet_and_writes_nothing(world: World) -> None:
    browser = world.browser("operator")
    page = browser.open(address(world, "offer_terms"))
    with unchanged(world.app, but=("sessions",)):
        shown = browser.send(
            page,
            "/papers/offer_terms",
            button="Предпросмотр",
            **{**ANSWERS["offer_terms"], "object": "<script>alert(1)</script> **дом**"},
        )
    assert shown.status == 200
    preview = shown.soup.find(id="preview")
    assert "Семьдесят пять тысяч рублей 00 копеек" in " ".join(preview.get_text().split())
    assert "<script>alert(1)</script> **дом**" in preview.get_text() and not preview.find("script")
    assert "(номер присвоится)" in preview.get_text() or "Договор №" in shown.text
    assert shown.value_of("fee") == "75 000"
    wrong = browser.send(
        page, "/papers/offer_terms", button="Предпросмотр", **{**ANSWERS["offer_terms"], "fee": ""}
    )
    assert wrong.status == 422 and wrong.error_of("fee")


def test_an_invoice_is_previewed_and_made(world: World) -> None:
    use_press(world)
    fill_on_page(world, "offer_terms", shares="15 % — 10\n85 % — 120")
    browser = world.browser("operator")
    page = browser.open(address(world, "invoice"))
    assert page.value_of("part") == "1" and page.value_of("total") == "11\u00a0250,00"
    shown = browser.send(page, "/papers/invoice", button="Предпросмотр")
    unbroken = [one.get_text().replace("\u00a0", " ") for one in shown.soup.select("#preview td .nw")]
    assert any(re.fullmatch(r"№ \d+-ТП/\d{4},?", one) for one in unbroken), unbroken
    assert "Одиннадцать тысяч двести пятьдесят рублей 00 копеек" in shown.text
    made = browser.send(shown, "/papers/invoice", button="Сделать PDF")
    assert "Счет Готовится" in panel(made)
    wrong = browser.send(
        browser.open(address(world, "invoice")), "/papers/invoice", button="Сделать PDF", part="13", total="0"
    )
    assert wrong.status == 422 and wrong.error_of("part") and wrong.error_of("total")


def test_who_fills_in_second_is_told_and_loses_nothing(world: World) -> None:
    use_press(world)
    browser = world.browser("operator")
    page = browser.open(address(world, "conditions"))
    fill_on_page(world, "conditions")
    late = browser.send(
        page, "/papers/conditions", button="Сделать PDF", **{**ANSWERS["conditions"], "source": "ПС «Другая»"}
    )
    assert late.status == 409 and "Документ уже заполнен" in late.text
    assert late.value_of("source") == "ПС «Другая»"
    assert (
        browser.send(late, "/papers/conditions", button="Сделать PDF").path == f"/cases/{world.cases[STAGE]}"
    )


def test_an_own_file_is_put_in_its_place(world: World) -> None:
    operator, case_id = world.browser("operator"), world.cases[STAGE]
    page = operator.open(address(world, "conditions"))
    empty = operator.send(page, "/papers/conditions/file")
    assert empty.status == 422 and "Выберите один файл." in empty.error_of("files")
    bad = operator.send(page, "/papers/conditions/file", files=file(b"MZ", "x.exe"))
    assert bad.status == 422
    done = operator.send(page, "/papers/conditions/file", files=file(PDF, "ТУ.pdf"))
    assert done.path == f"/cases/{case_id}" and "Технические условия Готов ТУ.pdf" in panel(done)
    applicant = world.browser("applicant").open(f"/cases/{case_id}")
    assert applicant.status == 200 and "ТУ.pdf" not in applicant.html


@pytest.mark.parametrize("who", ["applicant", "neighbour", "supplier", "administrator", "anonymous"])
def test_nobody_else_reaches_the_papers(still_world: World, who: str) -> None:
    browser = still_world.browser(who)
    for kind in ("conditions", "nothing"):
        answer = browser.client.get(address(still_world, kind), base_url="https://lk.example.org")
        assert answer.status_code in (302, 303, 403, 404), who
    page = browser.open(f"/cases/{still_world.cases[STAGE]}")
    assert panel(page) == ""


def test_a_paper_that_is_not_made_now_is_refused(still_world: World) -> None:
    operator = still_world.browser("operator")
    assert operator.open(address(still_world, "nothing")).status == 404
    for kind, stage in (
        ("contract", STAGE),
        ("conditions", "checking"),
        ("conditions", "draft"),
        ("invoice", "rejected"),
    ):
        assert operator.open(address(still_world, kind, stage)).status in (403, 404, 409), (kind, stage)
    assert panel(operator.open(f"/cases/{still_world.cases['checking']}")) == ""


def test_an_administrator_writes_the_texts(world: World) -> None:
    admin = world.browser("administrator")
    listed = admin.open("/admin/templates")
    page = admin.open(listed.link("Технические условия"))
    body = page.value_of("body")
    with unchanged(world.app, but=("sessions",)):
        wrong = admin.send(page, button="Опубликовать новую версию", body=body + "\n\n{{ contract.nomber }}")
        shown = admin.send(page, button="Посмотреть", body=body + "\n\nДля № {{ contract.number }}.")
    assert wrong.status == 422 and "contract.nomber" in wrong.error_of("body")
    assert wrong.value_of("body").endswith("{{ contract.nomber }}")
    assert "Для №\u00a012-ТП/2026." in shown.soup.find(id="preview").get_text()
    done = admin.send(shown, button="Опубликовать новую версию")
    assert "Действует версия 2" in done.text and "Версия 1" in done.text
    late = admin.send(page, button="Опубликовать новую версию", body=body + "\n\nИначе.")
    assert late.status == 409 and late.value_of("body").endswith("Иначе.")
    assert "Для №" in admin.open("/admin/templates/conditions/versions/2").text
    for path in (
        "/admin/templates/nothing",
        "/admin/templates/conditions/versions/9",
        "/admin/templates/invoice",
    ):
        assert admin.open(path).status == 404
    assert world.browser("operator").open("/admin/templates").status == 403


def test_every_sheet_is_printed_as_one_would_sign_it(world: World) -> None:
    """The real printer over long data: the text is there, the pages are counted, the fonts are inside."""
    long = "построить участок ВЛИ-0,4 кВ от опоры № 12 до границы участка проводом СИП-2 3х70 протяженностью 120 м"
    with world.app.app_context():
        staff = world.people["operator"]
        case_id = world.cases[STAGE]
        for kind in ("offer_terms", "conditions", "invoice", "instruction", "notice"):
            changes = {"company_side": "\n".join([long] * 25)} if kind == "conditions" else {}
            fill(case_id, kind, staff, **changes)
        fill(world.cases["preparing_contract"], "contract", staff)
        fill(world.cases["meter_admission"], "meter_act", staff)
        fill(world.cases["meter_admitted"], "connection_act", staff)
        assert set(print_all()) == {"done"}
        query = select(CaseDocument).join(Rendering, Rendering.case_document_id == CaseDocument.id)
        store = world.app.extensions["gateways"].files
        sheets = {
            one.kind: PdfReader(BytesIO(store.path(one.version.storage_key).read_bytes()))
            for one in db.session.scalars(query)
            if one.kind in ANSWERS
        }
    assert set(sheets) == set(ANSWERS)
    for kind, sheet in sheets.items():
        pages = [page.extract_text() for page in sheet.pages]
        assert "стр. 1 из" in pages[0].replace("\u00a0", " "), kind
        assert not [page for page in pages if len(page.split()) < 15], f"{kind}: a page with signatures alone"
        for page in sheet.pages:
            for font in page["/Resources"]["/Font"].values():
                descendant = font.get_object()["/DescendantFonts"][0].get_object()
                assert "/FontFile" in str(list(descendant["/FontDescriptor"].get_object())), kind
    assert len(sheets["conditions"].pages) > 1 and len(sheets["invoice"].pages) == 1
    words = " ".join(sheets["invoice"].pages[0].extract_text().split())
    assert "Семьдесят пять тысяч рублей 00 копеек" in words


@pytest.fixture(scope="module")
def chrome(names: Loopback) -> Iterator[Chromium]:
    with chromium(*names.arguments) as browser:
        yield browser


@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_and_nothing_has_to_be_scrolled_sideways(
    chrome: Chromium, live_world: World, tmp_path: Path, width: int
) -> None:
    case_id = live_world.cases[STAGE]
    with script_window(
        chrome, BASE, "operator", width, tmp_path, client=live_world.browser("operator")
    ) as clerk:
        look(clerk, f"/cases/{case_id}")
        look(clerk, address(live_world, "offer_terms"))
        clerk.page.get_by_label("Плата за присоединение").fill("75 000")
        clerk.page.get_by_label("да", exact=True).check()
        clerk.page.get_by_role("button", name="Предпросмотр").click()
        clerk.page.locator("#preview").wait_for()
        axe(clerk)
        assert clerk.page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        )
        clerk.page.get_by_label("Плата за присоединение").fill("много")
        clerk.page.get_by_role("button", name="Сделать PDF").click()
        clerk.page.locator("#errors").wait_for()
        axe(clerk)
        look(clerk, address(live_world, "invoice"))
    with script_window(
        chrome, BASE, "admin", width, tmp_path, client=live_world.browser("administrator")
    ) as admin:
        for path in ("/admin/templates", "/admin/templates/contract", "/admin/templates/contract/versions/1"):
            look(admin, path)
