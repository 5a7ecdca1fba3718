"""What an address may ask of the list; garbage gives the first page of the active cases."""

import pytest

from app.cases.list_filters import ListFilter, Place, parse_filter
from app.cases.list_words import empty_words, found_words, title_words


def test_an_empty_address_asks_for_the_latest_active_cases_of_an_applicant() -> None:
    view = parse_filter({}, works_here=False)
    assert (view.tab, view.kind, view.read, view.sort, view.size, view.place) == (
        "active",
        "all",
        "all",
        "-updated",
        10,
        None,
    )


def test_an_empty_address_asks_staff_for_what_is_due_first() -> None:
    view = parse_filter({}, works_here=True)
    assert (view.tab, view.sort, view.size) == ("active", "due", 50)
    assert parse_filter({"tab": "archive"}, works_here=True).sort == "-updated"


@pytest.mark.parametrize(
    "garbage",
    [
        {"size": "100000"},
        {"size": "0"},
        {"size": "-1"},
        {"size": "1e9"},
        {"size": "١٠"},
        {"sort": "password_hash"},
        {"sort": "id;drop table cases"},
        {"sort": "due"},
        {"tab": "ours"},
        {"tab": "mine"},
        {"tab": "unread"},
        {"tab": "\x00"},
        {"kind": "message'--"},
        {"read": "[]"},
        {"after": "1"},
        {"after": "-1-1"},
        {"after": "1-0"},
        {"after": "1-07"},
        {"after": "n-1"},
        {"after": "9" * 18 + "-1"},
        {"after": "1-" + "9" * 19},
        {"after": "١-١"},
        {"after": "1-1\n"},
        {"before": "null"},
        {"after": "1" * 4400},
        {"page": "-1"},
        {"q": " \x00 "},
    ],
)
def test_garbage_is_the_same_as_nothing(garbage: dict[str, str]) -> None:
    assert parse_filter(garbage, works_here=False) == parse_filter({}, works_here=False)


@pytest.mark.parametrize("day", ["0-1", "3652060-1", "99999999999999999-1"])
def test_a_day_that_no_calendar_has_is_the_first_page(day: str) -> None:
    assert parse_filter({"after": day}, works_here=True).place is None


@pytest.mark.parametrize(
    ("place", "address"),
    [(Place(1_790_000_000_000_000, 299), "after"), (Place(5, 1, backwards=True), "before")],
)
def test_a_place_survives_its_address(place: Place, address: str) -> None:
    assert parse_filter({address: str(place)}, works_here=False).place == place


def test_a_case_without_a_term_has_a_place_too() -> None:
    assert parse_filter({"after": "n-7"}, works_here=True).place == Place(None, 7)


def test_an_address_says_only_what_differs_and_every_change_begins_anew() -> None:
    view = parse_filter({"tab": "done", "read": "unread", "size": "20", "after": "5-1"}, works_here=False)
    assert view.parameters() == {"tab": "done", "read": "unread", "size": "20"}
    assert view.parameters(read="all") == {"tab": "done", "size": "20"}
    assert view.page_parameters() == {**view.parameters(), "after": "5-1"}


def test_another_tab_has_its_own_order() -> None:
    view = parse_filter({"sort": "created"}, works_here=True)
    assert view.parameters() == {"sort": "created"}
    assert view.parameters(tab="archive") == {"tab": "archive"}
    assert parse_filter(view.parameters(tab="archive"), works_here=True).sort == "-updated"


def test_the_order_is_said_in_words_beside_the_arrow() -> None:
    assert (
        parse_filter({"sort": "created"}, works_here=False).order_words == "↓ Дата создания, сначала старые"
    )
    assert "due" not in parse_filter({}, works_here=False).sorts
    assert "due" in parse_filter({}, works_here=True).sorts


def test_every_reader_has_their_own_tabs_and_views() -> None:
    applicant, clerk = parse_filter({}, works_here=False), parse_filter({}, works_here=True)
    supplier = parse_filter({}, works_here=True, supplier=True)
    assert (list(applicant.tabs), list(applicant.views)) == (
        ["active", "drafts", "done", "rejected", "archive"],
        [],
    )
    assert list(clerk.views.values()) == [
        "Ждут нас",
        "Мои",
        "Без исполнителя",
        "Просрочены",
        "Ждем заявителя",
        "Непрочитанные",
    ]
    assert "drafts" not in supplier.tabs and not {"mine", "nobody"} & supplier.views.keys()
    for tab in ("drafts", "mine", "nobody"):
        assert parse_filter({"tab": tab}, works_here=True, supplier=True).tab == "active"


def test_the_words_of_a_search_go_with_every_change_of_the_view() -> None:
    view = parse_filter({"q": " иванов ", "tab": "done", "after": "5-1"}, works_here=False)
    assert view.parameters(tab="archive") == {"tab": "archive", "q": "иванов"}
    assert view.parameters(q="") == {"tab": "done"}
    assert parse_filter(view.page_parameters(), works_here=False) == view


def test_the_view_of_what_is_unread_has_no_filter_by_reading() -> None:
    view = parse_filter({"tab": "unread", "read": "read"}, works_here=True)
    assert (view.read, view.sort) == ("all", "-updated")


def told(total: int, cap: int | None = None, **asked: str) -> str:
    return found_words(parse_filter(asked, works_here=cap is not None), total, cap)


def test_how_much_was_found_is_said_in_words() -> None:
    assert told(1) == "«Активные»: 1 обращение"
    assert told(0, tab="drafts") == "«Черновики»: обращений нет"
    assert told(3, q="лес") == "«Активные»: найдено 3 обращения"
    assert told(0, q="лес") == "«Активные»: ничего не найдено"
    assert told(99, 100) == "«Активные»: 99 обращений"
    assert told(100, 100, tab="theirs") == "«Ждем заявителя»: больше 99 обращений"


def test_the_title_of_the_window_names_the_tab() -> None:
    def title(**asked: str) -> str:
        return title_words(parse_filter(asked, works_here=True))

    assert title() == "Список обращений"
    assert title(tab="archive") == "Архив — Список обращений"
    assert title(q="лес", tab="mine") == "Поиск — Мои — Список обращений"


def test_every_empty_view_says_something_of_its_own() -> None:
    def empty(view: ListFilter) -> str:
        return empty_words(view)

    for works_here in (False, True):
        plain = parse_filter({}, works_here=works_here)
        for tab in [*plain.tabs, *plain.views]:
            assert empty(parse_filter({"tab": tab}, works_here=works_here))
    assert empty(parse_filter({"read": "unread"}, works_here=False)) == "Непрочитанных обращений здесь нет."
