"""The search: one table of words and expected hits for three audiences, the same on both databases."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import text

from app import clock
from app.accounts.models import Applicant
from app.actor import APPLICANT, OPERATOR, Actor
from app.cases import search_queries
from app.cases.list_figures import figures
from app.cases.list_filters import parse_filter
from app.cases.list_queries import find_neighbours, find_page
from app.cases.message_steps import add_message
from app.cases.models import Case
from app.cases.search_actions import reindex
from app.cases.search_models import CaseSearch
from app.cases.search_queries import find_hits
from app.cases.search_steps import forget_case, index_case
from app.cases.search_words import parse_query
from app.cases.steps import create_draft, move, set_card
from app.company import queries as company
from app.connections.draft_actions import delete_draft
from app.extensions import db
from app.transaction import transaction
from tests.case_world import (
    Person,
    applicant,
    draft,
    make_move,
    operator,
    register_case,
    sent,
    supplier_person,
)


class World:
    """One case that says everything, and what nobody but its side may find."""

    def __init__(self) -> None:
        self.ivanov, self.kuznetsov = applicant(), applicant("Кузнецов", snils="10289803962", email="")
        self.office, self.sbyt = operator(), supplier_person()
        self.other = supplier_person("ООО «Другой сбыт»", email="")
        at = clock.now()
        with transaction():
            db.session.get_one(Applicant, self.ivanov.applicant_id).inn = "417487389021"
        self.case_id = sent(
            self.ivanov,
            place="п. Посёлок-Южный, ул. Лесная, д. 12а",
            cadastral="59:01:4410000:123, 59:01:4410000:77",
            facts="≤15 кВт · постоянная схема",
        )
        register_case(self.case_id, self.office, number="ТП-299/26")
        with transaction():
            case = db.session.get_one(Case, self.case_id)
            case.answers = {
                "object_name": "Насосная станция",
                "comment": "Просим побыстрее",
                "passport_number": "654321",
            }
            set_card(case, at=at, supplier_id=self.sbyt.actor.supplier_id, supplier_name="АО «Энергосбыт»")
            add_message(case, "Когда приедет **бригада**?", channel="company", by=self.ivanov.actor, at=at)
            add_message(case, "Нужен тариф", channel="supplier", by=self.ivanov.actor, at=at)
            add_message(case, "Клиент скандальный", channel="internal", by=self.office.actor, at=at)
        self.unsent = draft(self.kuznetsov, place="ул. Тайная, 1")
        self.asked = draft(self.kuznetsov, place="ул. Скрытая, 2")
        with transaction():
            case = db.session.get_one(Case, self.asked)
            case.draft_opened_at = at
            add_message(case, "Подскажите про емкость", channel="company", by=self.kuznetsov.actor, at=at)

    def found_by(self, who: Person, typed: str) -> set[int]:
        hits = find_hits(parse_query(typed), who.actor)
        assert hits is not None
        assert set(hits.ids) == {
            row.id
            for tab in ("active", "drafts")
            for row in find_page(
                parse_filter({"tab": tab, "size": "50"}, works_here=who.applicant_id is None),
                who.actor,
                company.today(),
                hits,
            ).rows
        }
        return set(hits.ids)


@pytest.fixture
def world(context: Flask) -> Iterator[World]:
    yield World()


#: What is typed, and for whom it finds the sent case: applicant (a), company (c), supplier (s).
TABLE = [
    ("поселок", "acs"),
    ("ПОСЁЛОК", "acs"),
    ("посёлка", ""),  # another stem than the word has
    ("поселке южном", ""),
    ("южной лесной", "acs"),
    ("по-сёлок", "acs"),
    ("посёлок-южный", "acs"),
    ("посёлокюжный", "acs"),
    ("лесн", "acs"),
    ("есная", ""),
    ("лесная 12а", "acs"),
    ("лесная 12 а", "acs"),
    ("лесная 13", ""),
    ("тп-299/26", "acs"),
    ("ТП 299", "acs"),
    ("№ 299", "acs"),
    ("№299/26", "acs"),
    ("рег. № тп29926", ""),  # «рег.» stands in no case
    ("тп29926", "acs"),
    ("59:01:4410000:123", "acs"),
    ("59014410000123", "acs"),
    ("59 01 4410000 123", "acs"),
    ("59-01-4410000/77", "acs"),
    ("59:02:4410000:123", ""),
    ("4410000", "acs"),
    ("417487389021", "acs"),
    ("4174 8738 9021", "acs"),
    ("417487389022", ""),
    ("91866342037", ""),  # СНИЛС is nothing to search by
    ("иванов", "acs"),
    ("Иванову Петру", "acs"),
    ("иванов сидоров", ""),
    ("насосной станции", "acs"),
    ("технологическое присоединение", "acs"),
    ("энергосбыт", "acs"),
    ("побыстрее", "ac"),
    ("654321", ""),
    ("бригаду", "ac"),
    ("**бригада**", "ac"),
    ("тарифы", "as"),
    ("скандал", "c"),
    ("скандальный клиент", "c"),
    ("%", None),
    ("_", None),
    ("'; DROP TABLE cases; --", ""),
    ('"лесная" AND (NEAR', ""),
    ("лесная' | 'x", ""),
    ("лесная:*", "acs"),
    ("(((", None),
    ("а\x00б", ""),
    ("😀 лесная", "acs"),
    ("🏠", None),
    ("л" * 10_000, ""),
    ("8-9-" * 75, ""),
    (" ".join(["лесная"] * 300), "acs"),
    ("\ud800лесная", "acs"),
    ("§", None),
]


def test_the_table_of_words_and_hits(world: World) -> None:
    people = {"a": world.ivanov, "c": world.office, "s": world.sbyt}
    wrong = []
    for typed, expected in TABLE:
        for code, who in people.items():
            if expected is None:
                assert find_hits(parse_query(typed), who.actor) is None
                continue
            found = world.case_id in world.found_by(who, typed)
            if found != (code in expected):
                wrong.append((typed[:40], code, found))
    assert wrong == []


def test_the_own_number_finds_the_case(world: World) -> None:
    for who in (world.ivanov, world.office, world.sbyt):
        assert world.case_id in world.found_by(who, f"№ {world.case_id}")


def test_a_draft_is_found_by_its_applicant_alone(world: World) -> None:
    assert world.found_by(world.kuznetsov, "тайная") == {world.unsent}
    assert world.found_by(world.office, "тайная") == set()
    assert world.found_by(world.office, "кузнецова") == {world.asked}
    assert world.found_by(world.office, "ёмкости") == {world.asked}
    assert world.found_by(world.office, "скрытая") == set()
    with transaction():
        case = db.session.get_one(Case, world.asked)
        case.answers_shared = True
        index_case(case)
    assert world.found_by(world.office, "скрытая") == {world.asked}


def test_nobody_finds_what_is_anothers(world: World) -> None:
    assert world.found_by(world.kuznetsov, "лесная") == set()
    assert world.found_by(world.other, "лесная") == set()
    assert find_hits(parse_query("лесная"), Actor(1, "Админ", frozenset())) is not None


def test_a_clerk_finds_no_own_case_by_what_colleagues_wrote_in_it(world: World) -> None:
    both = Actor(
        world.office.id, "Иванова", frozenset({APPLICANT, OPERATOR}), world.ivanov.actor.applicant_ids
    )
    found = find_hits(parse_query("скандальный"), both)
    assert found is not None and found.ids == ()
    found = find_hits(parse_query("лесная"), both)
    assert found is not None and found.ids == (world.case_id,)


def test_what_changes_is_found_at_once_and_what_goes_is_not(world: World) -> None:
    with transaction():
        case = db.session.get_one(Case, world.case_id)
        set_card(case, at=clock.now(), place="ул. Полевая, 4")
    assert world.found_by(world.office, "лесная") == set()
    assert world.found_by(world.office, "полевая") == {world.case_id}
    delete_draft(world.unsent, by=world.kuznetsov.actor, at=clock.now())
    assert world.found_by(world.kuznetsov, "тайная") == set()
    if db.engine.dialect.name == "sqlite":
        with transaction():
            db.session.execute(text("INSERT INTO case_words (case_words) VALUES ('integrity-check')"))


def test_sending_opens_a_draft_to_the_search_of_the_company(world: World) -> None:
    make_move(world.unsent, "submit", world.kuznetsov)
    assert world.found_by(world.office, "тайная") == {world.unsent}


def test_a_refused_action_leaves_the_index_as_it_was(world: World) -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        set_card(db.session.get_one(Case, world.case_id), at=clock.now(), place="ул. Полевая, 4")
        1 / 0  # noqa: B018
    assert world.found_by(world.office, "лесная") == {world.case_id}


def test_an_action_makes_the_words_of_a_case_once(context: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[list[int]] = []
    monkeypatch.setattr("app.cases.search_steps.index_cases", made.append)
    ivanov, at = applicant(), clock.now()
    with transaction():
        case = create_draft(
            "application", db.session.get_one(Applicant, ivanov.applicant_id), by=ivanov.actor, at=at
        )
        set_card(case, at=at, place="ул. Полевая, 4")
        move(case, "submit", by=ivanov.actor, at=at)
        assert made == []
    assert made == [[case.id]]


def test_cases_without_words_get_them_by_one_command(app: Flask) -> None:
    with app.app_context():
        ivanov, office = applicant(), operator()
        case_id, kept = sent(ivanov, place="ул. Лесная, 1"), sent(ivanov, place="ул. Полевая, 1")
        with transaction():
            forget_case(case_id)
        assert db.session.get(CaseSearch, case_id) is None
    runner = app.test_cli_runner()
    assert "обновлено: 1." in runner.invoke(args=["cases", "reindex", "--missing"]).output
    assert "обновлено: 0." in runner.invoke(args=["cases", "reindex", "--missing"]).output
    assert "обновлено: 2." in runner.invoke(args=["cases", "reindex"]).output
    with app.app_context():
        for word, found in (("лесная", case_id), ("полевая", kept)):
            hits = find_hits(parse_query(word), office.actor)
            assert hits is not None and hits.ids == (found,)


def test_a_word_of_every_case_finds_the_newest_and_says_that_there_are_more(
    context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_queries, "MOST_HITS", 3)
    ivanov, office = applicant(), operator()
    cases = [sent(ivanov) for _ in range(5)]
    hits = find_hits(parse_query("заявка"), office.actor)
    assert hits is not None and hits.bounded and set(cases[-3:]) <= set(hits.ids)
    assert cases[0] not in hits.ids
    hits = find_hits(parse_query("заявка"), ivanov.actor)
    assert hits is not None and not hits.bounded and list(hits.ids) == cases


def test_figures_under_a_search_count_what_was_found(world: World) -> None:
    for who, works_here in ((world.ivanov, False), (world.office, True)):
        view = parse_filter({"q": "лесная"}, works_here=works_here)
        hits = find_hits(view.search, who.actor)
        told = figures(view, who.actor, company.today(), hits)
        assert told.tabs["active"] == 1 and told.tabs["drafts"] == 0 and told.total(view) == 1
    assert told.tabs["nobody"] == 1 and told.tabs["mine"] == 0
    view = parse_filter({"q": "сидоров"}, works_here=True)
    told = figures(view, world.office.actor, company.today(), find_hits(view.search, world.office.actor))
    assert set(told.tabs.values()) == {0} and told.unread == 0


def test_an_indexed_message_keeps_to_the_limit(context: Flask) -> None:
    ivanov = applicant()
    case_id = sent(ivanov)
    at = clock.now()
    with transaction():
        case = db.session.get_one(Case, case_id)
        for part in range(8):
            words = " ".join(f"слово{part * 2000 + n}" for n in range(2000))
            add_message(case, words, channel="company", by=ivanov.actor, at=at)
    assert len(db.session.get_one(CaseSearch, case_id).company_text) <= 100_000
    hits = find_hits(parse_query("слово15999"), ivanov.actor)
    assert hits is not None and hits.ids == (case_id,)
    assert reindex() == 1


def test_the_neighbours_of_a_case_are_those_of_its_view(context: Flask) -> None:
    ivanov, office = applicant(), operator()
    cases = [sent(ivanov, place=f"ул. {'Лесная' if n % 2 else 'Полевая'}, {n}") for n in range(6)]
    actor, today = office.actor, company.today()
    plain = parse_filter({"tab": "nobody"}, works_here=True)
    order = [row.id for row in find_page(plain, actor, today).rows]
    assert sorted(order) == cases
    for place, case_id in enumerate(order):
        before, after = find_neighbours(plain, case_id, actor, today)
        assert before == (order[place - 1] if place else None)
        assert after == (order[place + 1] if place + 1 < len(order) else None)
    found = parse_filter({"q": "лесная"}, works_here=True)
    hits = find_hits(found.search, actor)
    assert find_neighbours(found, cases[3], actor, today, hits) == (cases[1], cases[5])


def test_after_a_case_that_has_left_its_view_the_view_begins_anew(context: Flask) -> None:
    ivanov, office = applicant(), operator()
    cases = [sent(ivanov) for _ in range(3)]
    actor, today, ours = office.actor, company.today(), parse_filter({"tab": "ours"}, works_here=True)
    assert find_neighbours(ours, cases[2], actor, today) == (cases[1], None)
    make_move(cases[2], "withdraw", ivanov)
    assert find_neighbours(ours, cases[2], actor, today)[1] == cases[0]
