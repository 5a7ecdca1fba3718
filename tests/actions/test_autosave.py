"""Answers that save themselves while a topic is filled: what is kept, what is not, and who was faster."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import pytest
from flask import Flask

from app import clock
from app.cases.models import Case
from app.connections import draft_actions, queries
from app.connections.draft_actions import Kept
from app.errors import Conflict, Forbidden, InvalidForm, NotFound, Overtaken
from app.extensions import db
from app.journal.models import JournalEntry
from tests.application_world import asked, filer, make_draft, submit_draft, world
from tests.case_world import Person, operator, supplier_person

Form = Mapping[str, Sequence[str]]
PAGE = "the-key-of-one-page"


def case_of(case_id: int) -> Case:
    db.session.expire_all()
    return db.session.get_one(Case, case_id)


def mark_of(case_id: int, topic: str) -> str:
    return queries.topic_mark(topic, case_of(case_id).answers)


def keep(who: Person, case_id: int, topic: str, form: Form, *, seen: str, page: str = PAGE) -> Kept:
    return draft_actions.keep_topic(case_id, topic, form, by=who.actor, at=clock.now(), seen=seen, page=page)


def test_what_is_typed_is_kept_and_the_mark_that_comes_back_is_the_next_one(context: Flask) -> None:
    ivanov = filer()
    case_id = make_draft(ivanov)
    first = keep(ivanov, case_id, "object", {"place": ["Лесная"]}, seen=mark_of(case_id, "object"))
    second = keep(ivanov, case_id, "object", {"place": ["Лесная, 12"]}, seen=first.mark)
    assert (first.refused, second.refused) == ({}, {})
    assert case_of(case_id).answers["place"] == "Лесная, 12"
    assert case_of(case_id).place == "Лесная, 12"
    assert second.mark == mark_of(case_id, "object")


def test_a_value_wrong_in_shape_is_told_and_the_rest_is_kept(context: Flask) -> None:
    ivanov = filer()
    case_id = make_draft(ivanov)
    seen = mark_of(case_id, "params")
    form = {"power_new": ["15"], "points": ["1"]}
    seen = keep(ivanov, case_id, "params", form, seen=seen).mark
    kept = keep(ivanov, case_id, "params", {"power_new": ["пятнадцать"], "points": ["2"]}, seen=seen)
    answers = case_of(case_id).answers
    assert (answers["power_new"], answers["points"]) == (15_000, 2), "the good answer of before stays"
    with pytest.raises(InvalidForm) as refused:
        draft_actions.save_topic(
            case_id, "params", {"power_new": ["пятнадцать"]}, by=ivanov.actor, at=clock.now()
        )
    assert kept.refused == {"power_new": refused.value.errors["power_new"]}, (
        "in the same words as at the field"
    )


def test_an_emptied_field_is_empty_in_the_draft_too(context: Flask) -> None:
    ivanov = filer()
    case_id = make_draft(ivanov)
    mark = keep(ivanov, case_id, "object", {"place": ["Лесная"]}, seen=mark_of(case_id, "object")).mark
    keep(ivanov, case_id, "object", {"place": [" "]}, seen=mark)
    assert "place" not in case_of(case_id).answers


@pytest.mark.parametrize(
    "form", [{}, {"place": [""]}, {"cadastral_absent": [""]}, {"cadastral_numbers": ["нет"]}]
)
def test_nothing_is_written_when_nothing_was_changed(context: Flask, form: Form) -> None:
    ivanov = filer()
    case_id = make_draft(ivanov)
    seen, before = mark_of(case_id, "object"), world()
    assert keep(ivanov, case_id, "object", form, seen=seen).mark == seen
    assert world() == before


def test_the_same_again_is_written_once(context: Flask) -> None:
    ivanov = filer()
    case_id = make_draft(ivanov)
    form = {"place": ["Лесная, 12"]}
    mark = keep(ivanov, case_id, "object", form, seen=mark_of(case_id, "object")).mark
    before = world()
    assert keep(ivanov, case_id, "object", form, seen=mark).mark == mark
    assert keep(ivanov, case_id, "object", form, seen="something old").mark == mark
    assert world() == before


def test_a_draft_that_saves_itself_says_nothing_to_the_journal(context: Flask) -> None:
    ivanov = filer()
    case_id = make_draft(ivanov)
    before = db.session.query(JournalEntry).count()
    keep(ivanov, case_id, "object", {"place": ["Лесная"]}, seen=mark_of(case_id, "object"))
    assert db.session.query(JournalEntry).count() == before


def test_another_window_is_not_overwritten(context: Flask) -> None:
    ivanov = filer()
    case_id = make_draft(ivanov)
    seen = mark_of(case_id, "object")
    keep(ivanov, case_id, "object", {"place": ["Лесная"]}, seen=seen, page="first")
    before = world()
    with pytest.raises(Overtaken):
        keep(ivanov, case_id, "object", {"place": ["Полевая"]}, seen=seen, page="second")
    assert world() == before


def test_a_page_whose_answer_was_lost_on_the_way_is_no_other_window(context: Flask) -> None:
    ivanov = filer()
    case_id = make_draft(ivanov)
    seen = mark_of(case_id, "object")
    keep(ivanov, case_id, "object", {"place": ["Лесная"]}, seen=seen)
    keep(ivanov, case_id, "object", {"place": ["Лесная, 1"]}, seen=seen)
    draft_actions.save_topic(
        case_id, "object", {"place": ["Лесная, 12"]}, by=ivanov.actor, at=clock.now(), seen=seen, page=PAGE
    )
    assert case_of(case_id).answers["place"] == "Лесная, 12"


def test_a_page_that_comes_back_to_what_it_had_before_is_no_other_window_either(context: Flask) -> None:
    ivanov = filer()
    case_id = make_draft(ivanov)
    seen = mark_of(case_id, "object")
    for place in ("Лесная", "Полевая", "Лесная", "Садовая"):
        keep(ivanov, case_id, "object", {"place": [place]}, seen=seen)
    assert case_of(case_id).answers["place"] == "Садовая"


def test_another_window_after_a_lost_answer_is_still_another_window(context: Flask) -> None:
    ivanov = filer()
    case_id = make_draft(ivanov)
    seen = mark_of(case_id, "object")
    mark = keep(ivanov, case_id, "object", {"place": ["Лесная"]}, seen=seen).mark
    keep(ivanov, case_id, "object", {"place": ["Полевая"]}, seen=mark, page="other")
    with pytest.raises(Overtaken):
        keep(ivanov, case_id, "object", {"place": ["Лесная, 1"]}, seen=seen)


def test_a_button_pressed_while_its_own_autosave_is_under_way_meets_no_conflict(context: Flask) -> None:
    ivanov = filer()
    case_id = make_draft(ivanov)
    seen, form = mark_of(case_id, "object"), {"place": ["Лесная, 12"]}
    for _ in range(2):
        draft_actions.save_topic(case_id, "object", form, by=ivanov.actor, at=clock.now(), seen=seen)
    assert case_of(case_id).answers["place"] == "Лесная, 12"


def test_only_a_draft_saves_itself(context: Flask) -> None:
    ivanov, petrova = filer(), operator()
    sent = submit_draft(ivanov)
    open_for_fixes = asked(ivanov, petrova, ("topic", "object", "уточните адрес"))
    before = world()
    for case_id in (sent, open_for_fixes):
        with pytest.raises(Conflict):
            keep(ivanov, case_id, "object", {"place": ["Лесная"]}, seen="")
    assert world() == before


def test_nobody_saves_into_a_draft_of_others(context: Flask) -> None:
    case_id = make_draft(filer())
    others = [filer("Сидоров", snils="10289803962", email="s@example.org"), operator(), supplier_person()]
    before = world()
    for person in others:
        with pytest.raises((NotFound, Forbidden)):
            keep(person, case_id, "object", {"place": ["x"]}, seen="")
    assert world() == before


def test_a_saved_draft_is_the_last_touched_of_the_list(context: Flask) -> None:
    ivanov = filer()
    case_id = make_draft(ivanov, at=clock.now() - timedelta(hours=2))
    keep(ivanov, case_id, "object", {"place": ["Лесная"]}, seen="")
    assert clock.now() - case_of(case_id).updated_at < timedelta(minutes=1)
