"""What an address may ask of the list; garbage gives the first page of the active cases."""

import pytest

from app.cases.list_filters import Place, parse_filter


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
