"""«Информация» as each person meets it: what waits, what was begun, what happened, what can be done; nothing else."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from bs4 import Tag
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect
from sqlalchemy import select

from app import clock
from app.accounts import staff_actions
from app.accounts.staff_actions import Shown
from app.cases import staff_actions as office
from app.cases.actions import send_message
from app.cases.kinds import codes_in
from app.cases.models import Case
from app.company.actions import change_settings
from app.company.seed import SINCE
from app.connections import actions, decision_actions
from app.contracts.models import SupplyPackage
from app.contracts.package_actions import Typed, place
from app.extensions import db
from app.portal.queries import SHOWN
from app.signing import decline_actions
from app.signing.models import SignatureSlot
from tests.application_world import pdf
from tests.browser import BASE, Browser, Page
from tests.case_world import applicant, signed_in
from tests.journeys.chromium import axe, chromium, script_window
from tests.journeys.loopback import Loopback
from tests.journeys.test_budgets import fill, queries
from tests.unchanged import unchanged
from tests.whole_site import BY_CERTIFICATE, World

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


def part(page: Page, name: str) -> Tag:
    """The element with this id."""
    found = page.soup.find(id=name)
    assert isinstance(found, Tag), f"no #{name} on {page.path}"
    return found


def section(page: Page, heading: str) -> Tag:
    """The section under this heading."""
    for found in page.soup.find_all("section"):
        title = found.find(["h2", "h3"])
        if title and title.get_text(" ", strip=True) == heading:
            return found
    raise AssertionError(f"no section {heading!r}: {page.text[:900]}")


@pytest.mark.parametrize("who", ["applicant", "operator", "supplier"])
def test_what_waits_leads_to_the_very_block_of_the_case(world: World, who: str) -> None:
    browser = world.browser(who)
    links = part(browser.open("/"), "waiting").select("li a.go")
    assert links
    for link in links:
        address = urlsplit(str(link["href"]))
        page = browser.open(address.path)
        assert page.status == 200 and page.soup.find(id=address.fragment), link["href"]


def test_the_rest_of_what_waits_is_a_link_to_the_list_that_shows_it(world: World) -> None:
    # A refusal to sign waits for an answer too, but the list «Ждут нас» does not know of signatures.
    with world.app.app_context():
        declined = select(SignatureSlot).where(SignatureSlot.state == "declined")
        staff = world.people["operator"].actor
        for slot in db.session.scalars(declined).all():
            decline_actions.answer(slot.case_id, slot.id, "Исправили.", by=staff, at=clock.now())
    browser = world.browser("operator")
    waiting = part(browser.open("/"), "waiting")
    rest = waiting.find(id="todo-more")
    assert isinstance(rest, Tag)
    shown, more = len(waiting.select("a.go")), int(rest.get_text().removeprefix("и еще "))
    page = browser.open(str(rest["href"]))
    assert page.status == 200
    assert (shown, len(page.soup.select("tbody tr"))) == (SHOWN, SHOWN + more)


def test_a_figure_of_the_queue_leads_to_as_many_cases(world: World) -> None:
    browser = world.browser("operator")
    views = section(browser.open("/"), "Очередь").select("nav a")
    assert views
    for view in views:
        figure = view.find("span")
        assert figure is not None
        rows = browser.open(str(view["href"])).soup.select("tbody tr")
        assert len(rows) == int(figure.get_text()), view


def test_drafts_say_how_far_they_are_and_lead_to_the_questionnaire(world: World) -> None:
    browser = world.browser("applicant")
    drafts = section(browser.open("/"), "Черновики")
    words = " ".join(drafts.get_text(" ").split())
    empty, full = world.cases["draft with a question"], world.cases["draft"]
    assert f"№ {full} Заявка на подключение" in words and "Заполнено 8 из 8" in words
    links = {str(link["href"]): link.get_text(" ", strip=True) for link in drafts.find_all("a")}
    assert links[f"/cases/{empty}/form"].startswith("Редактировать")
    assert links[f"/cases/{full}/form/check"].startswith("Проверить и отправить")
    assert f"/cases/{empty}/form/check" not in links


def test_the_latest_cases_show_their_marks(world: World) -> None:
    case_id, staff = world.cases["checking"], world.people["operator"].actor
    with world.app.app_context():
        send_message(case_id, "Приедем в четверг.", [], channel="company", by=staff, at=clock.now())
    latest = section(world.browser("applicant").open("/"), "Заявки и обращения").select("li")
    assert len(latest) == 5 and f"№ {case_id} " in latest[0].get_text()
    marks = {mark.get_text() for mark in latest[0].select(".new")}
    assert marks == {"Новый статус от Сетевой", "Новое сообщение от Сетевой"}


def test_a_newcomer_meets_what_can_be_begun_and_nothing_that_waits(world: World) -> None:
    with world.app.app_context():
        newcomer = applicant("Новикова", snils="11223344595")
    page = signed_in(world.app, newcomer).open("/")
    assert page.link("Создать заявку") == "/cases/new"
    assert page.link("Создать обращение") == "/cases/new/message"
    assert page.text.index("Создать заявку") < page.text.index("Отсутствуют обращения")
    assert page.soup.find(id="waiting") is None and "Черновики" not in page.text


def test_an_unconfirmed_account_is_told_what_to_bring_until_the_office_has_seen_it(world: World) -> None:
    browser, own, staff = (
        world.browser("neighbour"),
        world.people["neighbour"],
        world.people["operator"].actor,
    )
    words = " ".join(part(browser.open("/"), "account").get_text(" ").split())
    for needed in ("документ, удостоверяющий личность", "телефон, указанный при регистрации", "доверенность"):
        assert needed in words
    assert "отправлять заявки можно уже сейчас" in words
    with world.app.app_context():
        staff_actions.confirm_account(own.id, Shown("passport", "паспорт"), by=staff, at=clock.now())
    page = browser.open("/")
    assert page.soup.find(id="account") is None
    assert "Подтверждена" in section(page, "Учетная запись").get_text()


def test_an_office_that_wants_to_see_people_first_says_so(world: World) -> None:
    with world.app.app_context():
        change_settings({"unconfirmed.may_send": False}, valid_from=SINCE, at=clock.now())
    words = part(world.browser("neighbour").open("/"), "account").get_text(" ")
    assert "отправить их можно будет после подтверждения" in " ".join(words.split())


def test_those_who_answer_are_offered_no_application_and_no_account_of_an_applicant(world: World) -> None:
    for who in ("operator", "supplier", "administrator"):
        page = world.browser(who).open("/")
        assert "Создать заявку" not in page.text and page.soup.find(id="account") is None, who


def test_a_supplier_reads_own_words_and_no_deadline_of_the_company(world: World) -> None:
    place_all_but(world, "preparing_offer")
    page = world.browser("supplier").open("/")
    rows = [row.get_text(" ") for row in part(page, "waiting").select("li.tap")]
    # What the supplier owes stays owed after the connection, too.
    contracts = [row for row in rows if "Разместите договор энергоснабжения" in row]
    appeal, *numbers = rows[len(contracts) :]
    # A day stands there for what the supplier owes, never for what the company does.
    assert len(contracts) == 2 and all(" до " in row for row in contracts)
    assert "Подготовьте ответ" in appeal and "Сообщение к АО «Энергосбыт»" in appeal and " до " in appeal
    assert len(numbers) == SHOWN - 1 - len(contracts)
    for row in numbers:
        assert "Присвойте заявке свой номер" in row and " до " not in row
    assert "в которых выбран ваш поставщик" in page.text


def place_all_but(world: World, case: str) -> None:
    """The supplier has placed a contract wherever one is waited for, but in one case."""
    by, kept = world.people["supplier"].actor, world.cases[case]
    waits = select(SupplyPackage.case_id).where(
        SupplyPackage.supplier_id == by.supplier_id, SupplyPackage.state == "preparing"
    )
    open_cases = waits.join(Case, Case.id == SupplyPackage.case_id).where(Case.status.in_(codes_in("active")))
    with world.app.app_context():
        for case_id in db.session.scalars(open_cases.where(Case.id != kept)).all():
            place(case_id, Typed("contract"), [pdf(f"supply-{case_id}")], by=by, at=clock.now())


def test_an_administrator_is_led_to_the_set_up_and_sees_no_case(world: World) -> None:
    browser = world.browser("administrator")
    page = browser.open("/")
    assert browser.open(page.link("Открыть настройку")).path == "/admin"
    assert page.soup.find(id="waiting") is None and "Заявки и обращения" not in page.text


@pytest.mark.parametrize("who", ["applicant", "operator", "supplier", "administrator"])
def test_the_page_costs_six_queries_whoever_opens_it_and_however_much_there_is(
    world: World, who: str
) -> None:
    browser = world.browser(who)
    browser.open("/")
    costs = []
    for cases in (0, 12):
        fill(world, cases)
        with queries() as asked:
            browser.open("/")
        costs.append(len(asked))
    assert costs[0] == costs[1] <= 6


# The open page


def ask(browser: Browser, path: str, headers: dict[str, str] = PARTIAL) -> Page:
    return Page(browser.client.get(path, base_url=BASE, headers=headers))


def waiting_address(page: Page) -> str:
    return str(part(page, "waiting")["hx-get"])


@pytest.mark.parametrize("who", ["applicant", "operator", "supplier"])
def test_the_answer_to_the_open_page_is_the_very_part_of_the_page(world: World, who: str) -> None:
    browser = world.browser(who)
    page = browser.open("/")
    fragment = ask(browser, "/waiting?seen=older")
    assert fragment.status == 200
    assert str(part(fragment, "waiting")) == str(part(page, "waiting"))
    assert fragment.soup.find(id="unread-badge") is not None
    assert ask(browser, "/waiting", {}).response.headers["Location"] == "/"


def test_nothing_new_is_answered_by_nothing_and_is_no_activity_of_the_person(world: World) -> None:
    browser = world.browser("operator")
    address = waiting_address(browser.open("/"))
    world.forget_visits(timedelta(minutes=6))
    with unchanged(world.app):
        same = ask(browser, address)
    assert (same.status, same.html) == (204, "")
    with world.app.app_context():
        case_id = world.cases["submitted"]
        office.register(case_id, by=world.people["operator"].actor, at=clock.now())
    changed = ask(browser, address)
    assert changed.status == 200 and "Примите заявку к рассмотрению" in changed.html
    assert ask(browser, waiting_address(changed)).status == 204


@pytest.fixture(scope="module")
def chrome(names: Loopback) -> Iterator[Chromium]:
    with chromium(*names.arguments) as made:
        yield made


def test_a_request_for_corrections_appears_on_the_open_page_and_the_focus_stays(
    chrome: Chromium, live_world: World, tmp_path: Path
) -> None:
    client, own = live_world.browser("applicant"), live_world.people["applicant"].actor
    with live_world.app.app_context():
        # Whatever else waits for the applicant, there is room for both lines.
        for case in ("awaiting_payment", "contract_sent", BY_CERTIFICATE, "contract_disputed"):
            actions.withdraw(live_world.cases[case], "Передумал", by=own, at=clock.now())
    with script_window(chrome, BASE, "applicant", 390, tmp_path, client=client) as window:
        window.open("/")
        window.sees("Сейчас ваш ход")
        axe(window)
        first = window.page.get_by_role("link", name="Исправьте 2 замечания")
        expect(first).to_have_count(1)
        first.focus()
        with live_world.app.app_context():
            asked = [("document", "plan", "Не видно границ участка.")]
            by = live_world.people["operator"].actor
            decision_actions.request_fixes(live_world.cases["checking"], asked, "", by=by, at=clock.now())
        window.sees("Исправьте 1 замечание")
        expect(first).to_be_focused()
        axe(window)
        window.picture("waiting")
