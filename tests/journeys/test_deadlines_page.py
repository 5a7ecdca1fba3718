"""The page «Сроки» as the company's people and others meet it."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from app import clock
from app.cases import assign_actions
from tests.case_world import applicant, operator, register_case, sent, signed_in, supplier_person

MONDAY = datetime(2026, 8, 3, 9, tzinfo=UTC)


@pytest.fixture
def wednesday(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """Two days after the applications came: the term of a number is over."""
    later = MONDAY.replace(day=5)
    monkeypatch.setattr(clock, "now", lambda: later)
    return later


def test_the_menu_leads_to_what_is_late(app: Flask, context: Flask, wednesday: datetime) -> None:
    office = operator(at=MONDAY)
    case_id = sent(applicant(at=MONDAY), at=MONDAY)
    browser = signed_in(app, office)
    page = browser.open(browser.open("/").link("Сроки"))
    assert page.status == 200
    assert "Просрочены: 1" in page.text
    assert "срок истек 4 августа (вт), 1 рабочий день назад" in page.text
    assert "Ваш ход: присвойте номер и проверьте документы" in page.text
    assert page.link(f"№ {case_id}") == f"/cases/{case_id}"


def test_a_day_without_deadlines_says_so(app: Flask, context: Flask) -> None:
    page = signed_in(app, operator()).open("/deadlines")
    assert "На ближайшие дни сроков нет, ничего не просрочено." in page.text
    assert (
        "У обращений, которые вы взяли, нет сроков на ближайшие дни."
        in signed_in(app, operator("Сидорова", email="s@example.org")).open("/deadlines?whose=mine").text
    )


def test_one_looks_at_what_one_has_taken(app: Flask, context: Flask, wednesday: datetime) -> None:
    office, ivanov = operator(at=MONDAY), applicant(at=MONDAY)
    left, taken = sent(ivanov, at=MONDAY), sent(ivanov, at=MONDAY)
    register_case(taken, office, at=MONDAY)
    assign_actions.take(taken, by=office.actor, at=MONDAY)
    page = signed_in(app, office).open("/deadlines?whose=mine")
    assert page.link(f"№ {taken}") == f"/cases/{taken}"
    assert f"/cases/{left}" not in [link["href"] for link in page.soup.find_all("a")]


@pytest.mark.parametrize("who", [applicant, supplier_person])
def test_others_have_no_such_page(app: Flask, context: Flask, who: object) -> None:
    browser = signed_in(app, who())  # type: ignore[operator]
    assert browser.open("/deadlines").status in (403, 404)
    assert "Сроки" not in browser.open("/").text
