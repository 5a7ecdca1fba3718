"""Categories of applicants: versions with days, the one that an application has, the term of its works."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.actor import Actor
from app.administration import category_actions
from app.administration.category_queries import versions_of
from app.company import queries as company
from app.company.categories import SHIPPED
from app.company.category_queries import categories_on, category_versions, forget_categories
from app.company.models import ConnectionCategory
from app.company.seed import seed
from app.connections import actions, decision_actions, draft_actions
from app.contracts.paper_queries import typed_facts
from app.errors import AlreadyDone, Forbidden, InvalidForm, NotFound, Overtaken
from app.extensions import db
from app.journal.models import JournalEntry
from app.journal.queries import broken_links
from tests import factories as make
from tests.actions.test_decisions import case_of, last_letter
from tests.application_world import asked, checking, complete_draft, filer, home_form, submit_draft
from tests.at_once import at_once
from tests.case_world import make_move, operator
from tests.databases import COMPANY
from tests.unchanged import unchanged

#: Wednesday and Thursday of one week at noon where the company is; the new limit holds from the Thursday.
BEFORE = datetime(2026, 8, 5, 7, 0, tzinfo=UTC)
FROM = datetime(2026, 8, 6, 7, 0, tzinfo=UTC)
EIGHTEEN = {"power_new": ["18"]}


@pytest.fixture
def administrator(context: Flask) -> Actor:
    return make.actor_of(make.make_administrator())


def add(
    by: Actor,
    code: str = "clause_14",
    *,
    at: datetime = BEFORE,
    seen: str | None = None,
    press: str = "",
    **changes: Any,
) -> None:
    """A new version: as the newest one is, but for the changes; by default it holds from the Thursday."""
    newest = versions_of(code)[-1]
    names = ("clause", "title", "mode", "watts_most", "works_term", "active")
    values = {name: getattr(newest, name) for name in names} | {"valid_from": FROM.date()} | changes
    mark = category_actions.mark_of(versions_of(code)) if seen is None else seen
    category_actions.add_version(code, values, seen=mark, by=by, at=at, press=press)


def last_entry() -> JournalEntry:
    return db.session.scalars(select(JournalEntry).order_by(JournalEntry.id.desc()).limit(1)).one()


def test_the_seed_brings_every_category_once_and_never_over_the_office_s(
    context: Flask, administrator: Actor
) -> None:
    # `SHIPPED` is in the order of the places already.
    assert [one.code for one in categories_on(BEFORE.date())] == [one.code for one in SHIPPED]
    assert [dict(one.conditions) for one in category_versions()] == [dict(one.conditions) for one in SHIPPED]
    add(administrator, watts_most=20_000)
    count = len(category_versions())
    seed(clock.now(), COMPANY)
    forget_categories()
    assert len(category_versions()) == count


def test_an_application_keeps_the_limit_of_the_day_on_which_it_was_sent(
    context: Flask, administrator: Actor
) -> None:
    add(administrator, watts_most=20_000)
    ivanov, petrova = filer(), operator()
    former = submit_draft(ivanov, at=BEFORE, **EIGHTEEN)
    later = submit_draft(ivanov, at=FROM, **EIGHTEEN)
    assert (case_of(former).category, case_of(former).mode) == ("general", "B")
    assert (case_of(later).category, case_of(later).mode) == ("clause_14", "A")
    assert case_of(former).facts.endswith("не соответствует п. 14 Правил")

    # Mended after the change, it is still judged by the day of its first sending.
    mended = asked(ivanov, petrova, ("topic", "object", "адрес"), at=BEFORE, **EIGHTEEN)
    changed = home_form(FROM.date(), **{**EIGHTEEN, "place": ["Полевая, 7"]})
    draft_actions.save_topic(mended, "object", changed, by=ivanov.actor, at=FROM)
    actions.send_fixes(mended, "", by=ivanov.actor, at=FROM)
    assert (case_of(mended).category, case_of(mended).mode) == ("general", "B")


def test_a_draft_begun_before_is_judged_by_the_day_of_sending(context: Flask, administrator: Actor) -> None:
    ivanov = filer()
    case_id = complete_draft(ivanov, at=BEFORE, **EIGHTEEN)
    add(administrator, watts_most=20_000)
    actions.submit(case_id, by=ivanov.actor, at=FROM)
    assert case_of(case_id).category == "clause_14"


def test_a_version_is_written_with_its_journal_and_the_past_stays(
    context: Flask, administrator: Actor
) -> None:
    add(administrator, watts_most=20_000, title="физическое лицо, до 20 кВт")
    old, new = versions_of("clause_14")
    assert (old.watts_most, old.valid_from.year, new.watts_most, new.valid_from) == (
        15_000,
        2020,
        20_000,
        FROM.date(),
    )
    assert (new.conditions, new.position) == (old.conditions, old.position)
    entry = last_entry()
    assert (entry.kind, entry.actor_id) == ("category_changed", administrator.user_id)
    assert entry.body["changes"] == {
        "watts_most": [15_000, 20_000],
        "title": [old.title, "физическое лицо, до 20 кВт"],
    }
    assert entry.body["valid_from"] == "2026-08-06"
    assert list(broken_links()) == []


def test_a_version_for_the_same_day_gives_way(context: Flask, administrator: Actor) -> None:
    add(administrator, watts_most=200_000)
    add(administrator, watts_most=20_000)
    assert [one.watts_most for one in versions_of("clause_14")] == [15_000, 20_000]


@pytest.mark.parametrize(
    ("code", "changes", "field"),
    [
        ("clause_14", {}, "valid_from"),  # nothing differs
        ("clause_14", {"watts_most": 20_000, "valid_from": date(2026, 8, 4)}, "valid_from"),
        ("clause_14", {"watts_most": None}, "limit"),
        ("clause_12_1", {"active": False}, "active"),
        ("general", {"active": False}, "active"),
        ("from_150", {"watts_most": 100_000}, "limit"),
    ],
)
def test_what_may_not_be_is_refused_at_its_field(
    context: Flask, administrator: Actor, code: str, changes: dict[str, Any], field: str
) -> None:
    with unchanged(context):
        with pytest.raises(InvalidForm) as refused:
            add(administrator, code, **changes)
        assert list(refused.value.errors) == [field]


def test_the_day_is_the_company_s(context: Flask, administrator: Actor) -> None:
    late = datetime(2026, 8, 5, 20, 0, tzinfo=UTC)  # already Thursday where the company is
    with unchanged(context), pytest.raises(InvalidForm):
        add(administrator, at=late, watts_most=20_000, valid_from=date(2026, 8, 6))
    add(administrator, at=late, watts_most=20_000, valid_from=date(2026, 8, 7))


def test_a_category_changed_meanwhile_is_not_written_over(context: Flask, administrator: Actor) -> None:
    seen = category_actions.mark_of(versions_of("clause_14"))
    add(administrator, watts_most=20_000)
    with unchanged(context), pytest.raises(Overtaken):
        add(administrator, seen=seen, watts_most=30_000, valid_from=date(2027, 1, 1))


def test_the_same_button_writes_once(context: Flask, administrator: Actor) -> None:
    add(administrator, press="one", watts_most=20_000)
    with unchanged(context), pytest.raises(AlreadyDone):
        add(administrator, press="one", watts_most=30_000)


def test_of_two_at_once_one_writes(context: Flask, administrator: Actor) -> None:
    seen = category_actions.mark_of(versions_of("clause_14"))
    db.session.rollback()
    results = at_once(
        context,
        [
            lambda: add(administrator, seen=seen, watts_most=20_000),
            lambda: add(administrator, seen=seen, watts_most=30_000),
        ],
    )
    assert sorted(type(one).__name__ for one in results) == ["NoneType", "Overtaken"]
    rows = db.session.scalars(select(ConnectionCategory).where(ConnectionCategory.code == "clause_14")).all()
    assert len(rows) == 2


@pytest.mark.parametrize("role", ["applicant", "operator", "signatory", "supplier"])
def test_only_an_administrator_changes_categories(context: Flask, administrator: Actor, role: str) -> None:
    other = Actor(administrator.user_id, "", frozenset({role}))
    with unchanged(context):
        with pytest.raises(Forbidden):
            add(other, watts_most=20_000)
        with pytest.raises(NotFound):
            category_actions.add_version("nothing", {}, seen="", by=administrator, at=BEFORE)


def test_another_category_of_the_same_mode_is_told_with_the_mode_that_stays(context: Flask) -> None:
    ivanov, petrova = filer(), operator()
    case_id = checking(ivanov, petrova, at=BEFORE)
    decision_actions.change_mode(
        case_id, "clause_13_5", "есть солнечная станция", by=petrova.actor, at=BEFORE
    )
    case = case_of(case_id)
    assert (case.mode, case.category) == ("A", "clause_13_5")
    assert case.facts.endswith(" · соответствует п. 13(5) Правил")
    body = last_letter("mode-changed").body
    assert "Теперь: п. 13(5), микрогенерация вместе с потреблением, физическое лицо." in body
    assert "Порядок заключения договора остался прежним: по оплате счета" in body
    entry = db.session.query(JournalEntry).filter_by(kind="mode_changed").one()
    assert entry.body["category"] == ["clause_14", "clause_13_5"]


def test_what_staff_have_decided_outlives_corrections(context: Flask) -> None:
    ivanov, petrova = filer(), operator()
    case_id = checking(ivanov, petrova, at=BEFORE)
    decision_actions.change_mode(case_id, "clause_13_5", "станция", by=petrova.actor, at=BEFORE)
    decision_actions.request_fixes(case_id, [("topic", "params", "")], "", by=petrova.actor, at=BEFORE)
    draft_actions.save_topic(
        case_id, "params", home_form(FROM.date(), power_new=["10"]), by=ivanov.actor, at=FROM
    )
    actions.send_fixes(case_id, "", by=ivanov.actor, at=FROM)
    assert (case_of(case_id).category, case_of(case_id).mode) == ("clause_13_5", "A")


TO_WORKS_A = ("complete", "publish_offer", "conclude", "start_works")
TO_WORKS_B = ("complete", "publish_contract", "sign_contract", "start_works")


def in_works(moves: Sequence[str], at: datetime, **changes: Sequence[str]) -> int:
    ivanov, petrova = filer(), operator()
    case_id = checking(ivanov, petrova, at=at, **changes)
    for name in moves:
        make_move(case_id, name, petrova, at=at)
    return case_id


def test_the_works_take_as_long_as_the_category_says(context: Flask) -> None:
    start = BEFORE.date()
    home = in_works(TO_WORKS_A, BEFORE)
    assert case_of(home).due_on == company.last_day("works", start) == date(2027, 2, 5)


def test_the_works_of_the_general_order_take_a_year(context: Flask) -> None:
    case_id = in_works(TO_WORKS_B, BEFORE, **EIGHTEEN)
    assert case_of(case_id).due_on == company.last_day("works_year", BEFORE.date()) == date(2027, 8, 5)


def test_the_term_of_the_works_is_that_of_the_version_by_which_the_application_was_sent(
    context: Flask, administrator: Actor
) -> None:
    add(administrator, works_term="works_30_days", valid_from=FROM.date())
    ivanov, petrova = filer(), operator()
    former, later = (checking(ivanov, petrova, at=at) for at in (BEFORE, FROM))
    for case_id in (former, later):
        for name in TO_WORKS_A:
            make_move(case_id, name, petrova, at=FROM + timedelta(days=1))
    start = FROM.date() + timedelta(days=1)
    assert case_of(former).due_on == company.last_day("works", start)
    assert case_of(later).due_on == company.last_day("works_30_days", start)


def test_the_contract_s_form_is_filled_with_the_term_of_the_category(context: Flask) -> None:
    ivanov, petrova = filer(), operator()
    for changes, words in (({}, "6 месяцев"), (EIGHTEEN, "12 месяцев")):
        case = case_of(checking(ivanov, petrova, at=BEFORE, **changes))
        assert typed_facts(case, petrova.actor)["works_term"] == words
