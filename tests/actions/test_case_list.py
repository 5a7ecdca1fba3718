"""The list's queries give the same on both databases: every case once, in one order, forwards and backwards."""

from datetime import timedelta

import pytest
from flask import Flask

from app import clock
from app.cases import staff_actions
from app.cases.actions import set_unread
from app.cases.list_figures import figures
from app.cases.list_filters import SORTS, TABS, VIEWS, ListFilter, parse_filter
from app.cases.list_queries import FoundPage, find_page
from app.cases.models import Case
from app.company import queries as company
from app.extensions import db
from app.transaction import transaction
from tests.appeal_world import appeal_to
from tests.case_world import (
    Person,
    applicant,
    draft,
    ended,
    make_move,
    named,
    operator,
    register_case,
    sent,
    supplier_person,
)


def view_of(works_here: bool, **asked: object) -> ListFilter:
    return parse_filter({name: str(value) for name, value in asked.items()}, works_here=works_here)


def page_of(who: Person, works_here: bool, **asked: object) -> FoundPage:
    return find_page(view_of(works_here, **asked), who.actor, company.today())


def walk(who: Person, works_here: bool, **asked: object) -> tuple[list[int], list[int]]:
    """All ids of a view page by page to the end, and back again."""
    page = page_of(who, works_here, **asked)
    there = [row.id for row in page.rows]
    while page.later:
        page = page_of(who, works_here, **asked, after=page.later)
        there += [row.id for row in page.rows]
    back = [row.id for row in page.rows]
    while page.earlier:
        page = page_of(who, works_here, **asked, before=page.earlier)
        back = [row.id for row in page.rows] + back
    return there, back


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("works_here", [False, True], ids=["applicant", "staff"])
def test_pages_hold_every_case_once_whatever_the_order(context: Flask, sort: str, works_here: bool) -> None:
    ivanov, office, at = applicant(), operator(), clock.now()
    cases = [sent(ivanov, at=at - timedelta(days=n % 3)) for n in range(23)]
    for case_id in cases[:7]:
        register_case(case_id, office, at=at)
    with transaction():
        db.session.execute(db.update(Case).where(Case.id.in_(cases[9:13])).values(due_on=None))
    who = office if works_here else ivanov
    there, back = walk(who, works_here, sort=sort, size=10)
    assert sorted(there) == cases and back == there
    kept = {case.id: case for case in db.session.query(Case)}
    _, column, descending = SORTS[sort if works_here or sort != "due" else "-updated"]
    keys = [(getattr(kept[case_id], column), case_id) for case_id in there]
    known = [key for key in keys if key[0] is not None]
    assert known == sorted(known, reverse=descending)
    assert keys[len(known) :] == sorted(key for key in keys if key[0] is None)


def test_figures_say_how_many_rows_each_tab_has(context: Flask) -> None:
    ivanov, office, at = applicant(), operator(), clock.now()
    for case_id in [sent(ivanov) for _ in range(4)][:2]:
        register_case(case_id, office)
    waiting = sent(ivanov)
    register_case(waiting, office)
    make_move(waiting, "accept", office)
    make_move(waiting, "request_fixes", office)
    late = sent(ivanov, at=at - timedelta(days=40))
    draft(ivanov)
    for case_id in [ended(ivanov) for _ in range(3)][:2]:
        staff_actions.move_to_archive(case_id, by=office.actor, at=at)
    set_unread(late, True, by=office.actor, at=at)
    for who, works_here in ((ivanov, False), (office, True)):
        told = figures(view_of(works_here), who.actor, company.today())
        for tab in TABS | (VIEWS if works_here else {}):
            assert told.tabs[tab] == len(page_of(who, works_here, tab=tab, size=50).rows), (tab, works_here)
    told = figures(view_of(True), office.actor, company.today())
    assert told.unread == len(page_of(office, True, read="unread").rows) == 1
    assert len(page_of(office, True, read="read").rows) == told.tabs["active"] - 1


def test_a_supplier_is_waited_for_in_their_own_deeds_alone(context: Flask) -> None:
    ivanov, office, sbyt, at = applicant(), operator(), supplier_person(), clock.now()
    early = at - timedelta(days=40)
    unnumbered, numbered = (sent(ivanov, at=early, **named(sbyt)) for _ in range(2))
    register_case(unnumbered, office, at=early)
    register_case(numbered, office, at=early)
    staff_actions.register(numbered, "15", by=sbyt.actor, at=at)
    unanswered, answered = (appeal_to(ivanov, sbyt, status, at=early) for status in ("new", "answered"))

    def stand_in(tab: str) -> set[int]:
        view = parse_filter({"tab": tab}, works_here=True, supplier=True)
        found = {row.id for row in find_page(view, sbyt.actor, company.today()).rows}
        assert figures(view, sbyt.actor, company.today()).tabs[tab] == len(found)
        return found

    assert stand_in("ours") == {unnumbered, unanswered}
    assert stand_in("overdue") == {unanswered}, "the company's terms are not the supplier's"
    assert stand_in("active") == {unnumbered, numbered, unanswered}
    assert answered in stand_in("done")
