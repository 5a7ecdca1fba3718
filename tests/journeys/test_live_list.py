"""The list and the queue with htmx: one part changes, nothing typed is disturbed, addresses, titles and focus are right."""

import re
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect

from app import clock
from app.cases.actions import send_message, set_unread
from tests.browser import BASE
from tests.case_world import sent
from tests.journeys.chromium import Window, axe, chromium, lacks_htmx, script_window
from tests.journeys.loopback import Loopback
from tests.whole_site import NEIGHBOURS, World

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}
#: The part that changes, by who looks.
ROOTS = {"applicant": "list", "operator": "queue", "supplier": "queue"}


@pytest.fixture(scope="module")
def chrome(names: Loopback) -> Iterator[Chromium]:
    with chromium(*names.arguments) as browser:
        yield browser


def part_of(page: str, root: str) -> str:
    """The part of a page from its root to what stands after it, without what differs in every answer."""
    found = re.search(rf'<div id="{root}".*?\n</div>\n', page, re.DOTALL)
    assert found is not None
    return re.sub(r'name="csrf_token" value="[^"]+"', "", found.group())


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?tab=drafts",
        "?tab=archive&size=50",
        "?read=unread",
        "?kind=message",
        "?sort=created",
        "?q=иванов",
        "?q=zzz",
        "?tab=unread",
    ],
)
@pytest.mark.parametrize("who", ROOTS)
def test_a_partial_request_gets_the_very_part_of_the_page(still_world: World, who: str, query: str) -> None:
    browser = still_world.browser(who).client
    whole = browser.get(f"/cases{query}", base_url=BASE)
    part = browser.get(f"/cases{query}", base_url=BASE, headers=PARTIAL)
    assert part.status_code == 200 and part.headers["Cache-Control"] == "no-store"
    assert {"HX-Request", "HX-Request-Type"} <= set(part.vary)
    assert "<!doctype" in whole.text and "<!doctype" not in part.text
    assert part.text.lstrip().startswith(f'<div id="{ROOTS[who]}"')
    assert part_of(part.text, ROOTS[who]) == part_of(whole.text, ROOTS[who])
    title = re.search("<title>.*</title>", whole.text)
    assert title is not None and title.group() in part.text


def stay(window: Window) -> None:
    """Remember the page: what is remembered goes when a page is loaded."""
    window.page.evaluate("window.stayed = true")


def stayed(window: Window) -> bool:
    return bool(window.page.evaluate("window.stayed === true"))


def at_rest(window: Window) -> Page:
    """The page as it is when a person presses Back or Forward: loaded, and htmx has taken it up."""
    window.page.wait_for_load_state("load")
    window.page.wait_for_function("typeof htmx !== 'undefined'")
    window.page.locator("[data-htmx-powered]").first.wait_for(state="attached")
    return window.page


def go_back(window: Window) -> None:
    at_rest(window).go_back()


def focused(window: Window) -> str:
    return str(window.page.evaluate("document.activeElement.id"))


def asked(window: Window) -> dict[str, list[str]]:
    return parse_qs(urlsplit(window.page.url).query)


@pytest.mark.parametrize("width", [390, 1280])
def test_a_tab_changes_the_list_alone_and_back_gives_a_whole_page(
    chrome: Chromium, live_world: World, tmp_path: Path, width: int
) -> None:
    with script_window(
        chrome, BASE, "applicant", width, tmp_path, client=live_world.browser("applicant")
    ) as me:
        me.open("/cases")
        stay(me)
        me.tab("Черновики")
        expect(me.page.locator("#tab-drafts")).to_have_attribute("aria-current", "true")
        expect(me.page.locator("#found")).to_have_text(re.compile("«Черновики»: [0-9]+ обращени"))
        expect(me.page).to_have_title(re.compile("^Черновики — Список обращений — Личный кабинет"))
        assert me.path == "/cases?tab=drafts" and stayed(me)
        assert focused(me) == "tab-drafts"
        axe(me)
        me.picture("drafts")
        me.tab("Архив")
        expect(me.page.locator("#found")).to_have_text(re.compile("«Архив»"))
        go_back(me)
        expect(me.page).to_have_title(re.compile("^Черновики — Список обращений"))
        assert me.path == "/cases?tab=drafts" and not stayed(me)
        me.reads("Список обращений")
        go_back(me)
        expect(me.page.locator("#tab-active")).to_have_attribute("aria-current", "true")
        assert me.path == "/cases"
        at_rest(me).go_forward()
        expect(me.page.locator("#tab-drafts")).to_have_attribute("aria-current", "true")
        assert me.page.locator("header").count() >= 1 and me.page.locator("h1").count() == 1


def test_the_first_case_is_seen_on_a_phone_without_scrolling(
    chrome: Chromium, live_world: World, tmp_path: Path
) -> None:
    with script_window(chrome, BASE, "me", 390, tmp_path, client=live_world.browser("applicant")) as me:
        me.open("/cases")
        box = me.page.locator("article h2").first.bounding_box()
        assert box is not None and box["y"] + box["height"] < 844
        me.picture("phone")


def test_filters_stay_open_while_one_chooses_among_them(
    chrome: Chromium, live_world: World, tmp_path: Path
) -> None:
    with script_window(chrome, BASE, "me", 1280, tmp_path, client=live_world.browser("applicant")) as me:
        me.open("/cases")
        me.unfold("Фильтры")
        me.page.locator("#kind-message").click()
        expect(me.page.locator("#kind-message")).to_have_attribute("aria-current", "true")
        expect(me.page.locator("article h2").first).to_contain_text("Сообщение к")
        assert focused(me) == "kind-message"
        me.page.locator("#sort-created").click()
        expect(me.page.locator("#sort-created")).to_have_attribute("aria-current", "true")
        assert asked(me) == {"kind": ["message"], "sort": ["created"]}
        axe(me)
        me.tab("Выполнены")
        expect(me.page.locator("#tab-done")).to_have_attribute("aria-current", "true")
        assert asked(me)["kind"] == ["message"]
        expect(me.page.locator("#filters")).not_to_have_attribute("open", "")


def test_typing_searches_without_disturbing_what_is_typed(
    chrome: Chromium, live_world: World, tmp_path: Path
) -> None:
    with script_window(chrome, BASE, "me", 1280, tmp_path, client=live_world.browser("operator")) as me:
        me.open("/cases")
        stay(me)
        field = me.page.get_by_label("Поиск")
        field.press_sequentially("соседо", delay=30)
        expect(me.page.locator("#found")).to_have_text(re.compile("найдено 1 обращение"))
        field.press_sequentially("в", delay=30)
        expect(me.page).to_have_url(re.compile("q=%D1%81%D0%BE%D1%81%D0%B5%D0%B4%D0%BE%D0%B2$"))
        assert field.input_value() == "соседов" and focused(me) == "f-q" and stayed(me)
        expect(me.page).to_have_title(re.compile("^Поиск — Список обращений"))
        axe(me)
        me.picture("found")
        me.page.locator("#tab-theirs").click()
        expect(me.page.locator("#tab-theirs")).to_have_attribute("aria-current", "true")
        assert asked(me) == {"tab": ["theirs"], "q": ["соседов"]} and field.input_value() == "соседов"
        me.sees("Отсутствуют обращения", "нет обращений со словами «соседов»")
        go_back(me)
        expect(me.page.locator("#found")).to_have_text(re.compile("найдено 1 обращение"))
        go_back(me)  # typing was one step, however many answers came meanwhile
        expect(me.page.locator("#found")).to_have_text(re.compile("«Активные»: [0-9]+ обращ"))
        assert me.path == "/cases" and me.page.get_by_label("Поиск").input_value() == ""


def test_a_search_keeps_the_tab_and_filters_chosen_before(
    chrome: Chromium, live_world: World, tmp_path: Path
) -> None:
    with script_window(chrome, BASE, "me", 1280, tmp_path, client=live_world.browser("operator")) as me:
        me.open("/cases")
        me.page.locator("#tab-rejected").click()
        expect(me.page.locator("#tab-rejected")).to_have_attribute("aria-current", "true")
        me.page.get_by_label("Поиск").fill("иванов")
        expect(me.page.locator("#found")).to_have_text(re.compile("«Отклонены»: найдено [1-9]"))
        assert asked(me) == {"tab": ["rejected"], "q": ["иванов"]}
        me.press("Найти")
        expect(me.page.locator("#found")).to_have_text(re.compile("«Отклонены»: найдено [1-9]"))
        me.page.get_by_label("Поиск").fill("")
        expect(me.page.locator("#found")).to_have_text(re.compile("«Отклонены»: [1-9]"))
        assert asked(me) == {"tab": ["rejected"]}


def test_a_search_without_hits_says_so_and_offers_the_whole_list(
    chrome: Chromium, live_world: World, tmp_path: Path
) -> None:
    with script_window(chrome, BASE, "me", 390, tmp_path, client=live_world.browser("applicant")) as me:
        me.open("/cases")
        me.page.get_by_label("Поиск").fill("такого слова нет")
        me.sees("Отсутствуют обращения", "Сбросить поиск")
        axe(me)
        me.picture("nothing")
        me.follow("Сбросить поиск")
        me.sees("«Активные»")
        assert me.path == "/cases" and me.page.get_by_label("Поиск").input_value() == ""


def test_the_toggle_changes_card_and_menu_and_keeps_the_focus(
    chrome: Chromium, live_world: World, tmp_path: Path
) -> None:
    case_id = live_world.cases["checking"]
    with live_world.app.app_context():
        for other in live_world.cases.values():
            if other != live_world.cases[NEIGHBOURS]:
                set_unread(other, False, by=live_world.people["applicant"].actor, at=clock.now())
        send_message(case_id, "Здравствуйте", by=live_world.people["operator"].actor, at=clock.now())
    with script_window(chrome, BASE, "me", 1280, tmp_path, client=live_world.browser("applicant")) as me:
        me.open("/cases?size=50")
        stay(me)
        badge = me.page.locator("#unread-badge .badge")
        expect(badge).to_have_text("1")
        button = me.page.locator(f"#mark{case_id}")
        button.click()
        expect(button).to_have_text("Пометить непрочитанным")
        expect(badge).to_have_count(0)
        assert focused(me) == f"mark{case_id}" and stayed(me) and me.path == "/cases?size=50"
        button.click()
        expect(button).to_have_text("Пометить прочитанным")
        expect(badge).to_have_text("1")
        axe(me)
        me.open("/cases?read=unread&size=50")
        stay(me)
        button.click()
        expect(button).to_have_count(0)
        me.sees("Отсутствуют обращения")
        assert focused(me) == "tab-active" and stayed(me)


def test_pages_follow_each_other_from_their_top(chrome: Chromium, live_world: World, tmp_path: Path) -> None:
    with live_world.app.app_context():
        for _ in range(12):
            sent(live_world.people["neighbour"])
    with script_window(chrome, BASE, "me", 390, tmp_path, client=live_world.browser("operator")) as me:
        me.open("/cases?size=10&sort=created")
        first = me.page.locator("tbody tr").first.get_attribute("id")
        me.follow("Дальше")
        expect(me.page.locator("#earlier")).to_be_visible()
        assert me.page.locator("tbody tr").first.get_attribute("id") != first
        assert "after" in asked(me) and focused(me) in ("later", "tab-active")
        assert me.page.locator("#queue").bounding_box()["y"] >= -1  # type: ignore[index]
        axe(me)
        me.follow("Назад")
        expect(me.page.locator(f"tbody #{first}")).to_be_visible()


def test_a_clerk_takes_a_case_from_the_queue(chrome: Chromium, live_world: World, tmp_path: Path) -> None:
    case_id = live_world.cases["registered"]
    with script_window(chrome, BASE, "me", 1280, tmp_path, client=live_world.browser("operator")) as me:
        me.open("/cases?tab=nobody")
        stay(me)
        rows = [str(row.get_attribute("id")) for row in me.page.locator("tbody tr").all()]
        place = rows.index(f"case{case_id}")
        beside = rows[place + 1] if place + 1 < len(rows) else rows[place - 1]
        me.page.locator(f"#take{case_id}").click()
        expect(me.page.locator(f"#case{case_id}")).to_have_count(0)
        expect(me.page.locator(f"#{beside} a").first).to_be_focused()
        assert stayed(me) and me.path == "/cases?tab=nobody"
        me.page.locator("#tab-mine").click()
        expect(me.page.locator(f"#case{case_id}")).to_contain_text("Петрова А. И.")
        axe(me)
        me.picture("mine")


def test_a_case_opened_from_the_queue_leads_to_its_neighbours_and_back(
    chrome: Chromium, live_world: World, tmp_path: Path
) -> None:
    with script_window(chrome, BASE, "me", 1280, tmp_path, client=live_world.browser("operator")) as me:
        me.open("/cases?tab=ours&sort=created")
        order = [row.get_attribute("id") for row in me.page.locator("tbody tr").all()]
        me.follow(f"№ {str(order[0]).removeprefix('case')}")
        me.follow("следующее ›")
        assert urlsplit(me.path).path == f"/cases/{str(order[1]).removeprefix('case')}"
        me.follow("← Очередь", exact=False)
        expect(me.page.locator("#tab-ours")).to_have_attribute("aria-current", "true")
        assert asked(me) == {"tab": ["ours"], "sort": ["created"]}


def test_without_the_cdn_everything_is_links_and_forms(
    chrome: Chromium, names: Loopback, live_world: World, tmp_path: Path
) -> None:
    names.cdn.mode = "blocked"
    with script_window(chrome, BASE, "me", 1280, tmp_path, client=live_world.browser("applicant")) as me:
        me.open("/cases")
        assert lacks_htmx(me)
        me.tab("Черновики")
        expect(me.page.locator("#tab-drafts")).to_have_attribute("aria-current", "true")
        me.fill("Поиск: номер, адрес, имя", "Калиново")
        me.press("Найти")
        expect(me.page.locator("#found")).to_have_text(re.compile("«Черновики»: найдено"))
        assert asked(me) == {"q": ["Калиново"], "tab": ["drafts"]}
        me.page.locator("#list .over button").first.click()
        me.reads("Список обращений")
        assert asked(me) == {"q": ["Калиново"], "tab": ["drafts"]}


def test_words_whose_answer_has_not_come_count_for_the_tab_pressed_meanwhile(
    chrome: Chromium, live_world: World, tmp_path: Path
) -> None:
    pressed, site = Event(), live_world.app.wsgi_app

    def slow(environ: dict[str, Any], start_response: Any) -> Any:
        if environ.get("HTTP_HX_SOURCE") == "form#search":
            pressed.wait(10)
        return site(environ, start_response)

    live_world.app.wsgi_app = slow  # type: ignore[method-assign]
    with script_window(chrome, BASE, "me", 390, tmp_path, client=live_world.browser("applicant")) as me:
        me.open("/cases?q=zzz")
        stay(me)
        with me.page.expect_request("**/cases?q="):
            me.page.get_by_label("Поиск").fill("")
        me.page.locator("#tab-drafts").click()
        expect(me.page.locator("#found")).to_have_text(re.compile("«Черновики»: [1-9]"))
        assert asked(me) == {"tab": ["drafts"]}
        with me.page.expect_request("**/cases?*q=zzz*"):
            me.page.get_by_label("Поиск").fill("zzz")
        me.page.locator("#tab-active").click()
        expect(me.page.locator("#found")).to_have_text("«Активные»: ничего не найдено")
        assert asked(me) == {"q": ["zzz"]}
        pressed.set()
