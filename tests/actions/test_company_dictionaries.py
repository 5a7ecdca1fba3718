"""Suppliers, topics of appeals and own kinds of documents: added, changed, put out of use."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.actor import Actor
from app.administration import queries, row_actions
from app.company import queries as company
from app.company.models import AppealTopic, DocumentKind, Supplier
from app.errors import AlreadyDone, Forbidden, InvalidForm, NotFound, Overtaken
from app.extensions import db
from app.journal.models import JournalEntry
from app.journal.queries import broken_links
from tests import factories as make
from tests.at_once import at_once
from tests.unchanged import unchanged

SUPPLIER = {"name": "АО «Энергосбыт»", "email": "office@example.org", "active": True}
TOPIC = {"title": "Тарифы", "position": 5, "active": True}
KIND = {"title": "Акт осмотра", "active": True}

#: What each dictionary is: how to add, how to change, its table, a row of it, the column of the name.
DICTIONARIES: dict[str, tuple[Callable[..., int], Callable[..., None], type, dict[str, Any], str]] = {
    "suppliers": (row_actions.add_supplier, row_actions.change_supplier, Supplier, SUPPLIER, "name"),
    "topics": (row_actions.add_topic, row_actions.change_topic, AppealTopic, TOPIC, "title"),
    "kinds": (row_actions.add_document_kind, row_actions.change_document_kind, DocumentKind, KIND, "title"),
}
every_dictionary = pytest.mark.parametrize("which", DICTIONARIES)


@pytest.fixture
def administrator(context: Flask) -> Actor:
    return make.actor_of(make.make_administrator())


def add(which: str, by: Actor, *, press: str = "", **changes: Any) -> int:
    make_row, _, _, values, _ = DICTIONARIES[which]
    return make_row({**values, **changes}, by=by, at=clock.now(), press=press)


def change(which: str, row_id: int, by: Actor, *, version: int = 1, press: str = "", **changes: Any) -> None:
    _, change_row, _, values, _ = DICTIONARIES[which]
    change_row(row_id, {**values, **changes}, version=version, by=by, at=clock.now(), press=press)


def row(which: str, row_id: int) -> Any:
    return db.session.get_one(DICTIONARIES[which][2], row_id)


def name_of(which: str) -> str:
    return DICTIONARIES[which][4]


@every_dictionary
def test_a_row_is_added_and_the_journal_says_by_whom(
    context: Flask, administrator: Actor, which: str
) -> None:
    row_id = add(which, administrator)
    assert row(which, row_id).version == 1
    entry = db.session.scalars(select(JournalEntry).order_by(JournalEntry.id.desc()).limit(1)).one()
    assert (entry.kind.endswith("_added"), entry.actor_id, entry.body["id"]) == (
        True,
        administrator.user_id,
        row_id,
    )
    assert list(broken_links()) == []


@every_dictionary
def test_a_change_says_in_the_journal_what_was_and_what_is(
    context: Flask, administrator: Actor, which: str
) -> None:
    row_id, column = add(which, administrator), name_of(which)
    before = getattr(row(which, row_id), column)
    change(which, row_id, administrator, **{column: "Другое", "active": False})
    assert (getattr(row(which, row_id), column), row(which, row_id).version) == ("Другое", 2)
    entry = db.session.scalars(select(JournalEntry).order_by(JournalEntry.id.desc()).limit(1)).one()
    assert entry.body["changes"] == {column: [before, "Другое"], "active": [True, False]}


@every_dictionary
def test_a_name_that_is_there_is_refused_at_its_field_in_any_writing(
    context: Flask, administrator: Actor, which: str
) -> None:
    column = name_of(which)
    add(which, administrator, **{column: "Ёлка"})
    other = add(which, administrator, **{column: "Сосна"})
    with unchanged(context):
        with pytest.raises(InvalidForm) as refused:
            add(which, administrator, **{column: "ЕЛКА"})
        assert list(refused.value.errors) == [column]
        with pytest.raises(InvalidForm):
            change(which, other, administrator, **{column: "елка"})
    change(which, other, administrator, **{column: "СОСНА"})  # its own name in another writing


@every_dictionary
def test_a_row_changed_meanwhile_is_not_written_over(
    context: Flask, administrator: Actor, which: str
) -> None:
    row_id, column = add(which, administrator), name_of(which)
    change(which, row_id, administrator, **{column: "Первое"})
    with unchanged(context), pytest.raises(Overtaken):
        change(which, row_id, administrator, version=1, **{column: "Второе"})
    change(which, row_id, administrator, version=1, **{column: "Первое"})  # both wanted the same


@every_dictionary
def test_the_same_button_adds_and_changes_once(context: Flask, administrator: Actor, which: str) -> None:
    row_id, column = add(which, administrator, press="first"), name_of(which)
    change(which, row_id, administrator, press="second", **{column: "Первое"})
    with unchanged(context):
        with pytest.raises(AlreadyDone):
            add(which, administrator, press="first")
        with pytest.raises(AlreadyDone):
            change(which, row_id, administrator, version=2, press="second", **{column: "Второе"})


@every_dictionary
def test_what_is_not_there_is_not_found(context: Flask, administrator: Actor, which: str) -> None:
    with unchanged(context), pytest.raises(NotFound):
        change(which, 10**9, administrator)


@every_dictionary
@pytest.mark.parametrize("role", ["applicant", "operator", "signatory", "supplier"])
def test_only_an_administrator_adds_and_changes(
    context: Flask, administrator: Actor, which: str, role: str
) -> None:
    row_id = add(which, administrator)
    other = Actor(administrator.user_id, "", frozenset({role}))
    with unchanged(context):
        with pytest.raises(Forbidden):
            add(which, other, **{name_of(which): "Чужое"})
        with pytest.raises(Forbidden):
            change(which, row_id, other, **{name_of(which): "Чужое"})


@every_dictionary
def test_of_two_people_who_add_one_name_at_the_same_moment_one_succeeds(
    context: Flask, administrator: Actor, which: str
) -> None:
    results = at_once(context, [lambda: add(which, administrator)] * 2)
    assert sum(isinstance(result, int) for result in results) == 1, results
    assert len([result for result in results if type(result).__name__ in ("InvalidForm", "Conflict")]) == 1


def test_a_supplier_out_of_use_is_no_longer_offered_but_still_there(
    context: Flask, administrator: Actor
) -> None:
    row_id = add("suppliers", administrator)
    assert company.active_suppliers()[row_id] == "АО «Энергосбыт»"
    change("suppliers", row_id, administrator, active=False)
    assert row_id not in company.active_suppliers()
    assert company.supplier(row_id).name == "АО «Энергосбыт»"


def test_topics_are_offered_in_the_order_of_the_office(context: Flask, administrator: Actor) -> None:
    add("topics", administrator, position=1)
    hidden = add("topics", administrator, title="Не предлагать", position=2, active=False)
    assert company.appeal_topics()[:2] == ["Тарифы", "Изменение условий договора"]
    assert hidden in [topic.id for topic in queries.topics()]


def test_own_kinds_of_documents_have_codes_that_no_kind_of_the_program_has(
    context: Flask, administrator: Actor
) -> None:
    add("kinds", administrator, title="Схема учета")
    add("kinds", administrator)
    add("kinds", administrator, title="Скрытый", active=False)
    assert company.own_document_kinds() == {"own-2": "Акт осмотра", "own-1": "Схема учета"}
