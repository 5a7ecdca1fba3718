"""Who may change which part of an application, what was answered of a request, and how far the hub is."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest

from app.connections.checklist import checklist
from app.connections.corrections import is_given, item_title, may_be_asked, unanswered
from app.connections.hub import first_open, progress, tasks, topic_after
from app.connections.lifecycle import STAGES
from app.connections.policy import may_add_files, may_change_mode, may_edit_topic, may_remove_file
from app.connections.questionnaire import HUB_TOPICS
from tests.rules.applications import HOME, SHOP, home, shop

ASKED = {("document", "plan"), ("topic", "object")}
NOON = datetime(2026, 7, 30, 12, tzinfo=UTC)
STATUSES = [stage.code for stage in STAGES]


@pytest.mark.parametrize("status", STATUSES)
def test_topics_are_open_in_a_draft_and_where_they_were_asked_for(status):
    assert may_edit_topic("applicant", status, "object", ASKED) == (status in ("draft", "needs_fix"))
    assert may_edit_topic("applicant", status, "params", ASKED) == (status == "draft")


@pytest.mark.parametrize("status", STATUSES)
def test_slots_are_open_in_a_draft_and_where_they_were_asked_for(status):
    assert may_add_files("applicant", status, "plan", ASKED) == (status in ("draft", "needs_fix"))
    assert may_add_files("applicant", status, "title", ASKED) == (status == "draft")


@pytest.mark.parametrize("party", ["company", "supplier", None])
@pytest.mark.parametrize("status", STATUSES)
def test_nobody_else_changes_answers_or_files(party, status):
    assert not may_edit_topic(party, status, "object", ASKED)
    assert not may_add_files(party, status, "plan", ASKED)
    assert not may_remove_file(party, status, added_at=NOON, asked_at=NOON - timedelta(days=1), own=True)


def test_what_was_sent_is_not_taken_back_and_what_was_added_since_may_be():
    def may(status, added, asked, own=True):
        return may_remove_file("applicant", status, added_at=added, asked_at=asked, own=own)

    later = NOON + timedelta(minutes=1)
    assert may("draft", NOON, None) and not may("draft", NOON, None, own=False)
    assert may("needs_fix", later, NOON) and not may("needs_fix", NOON, NOON)
    assert not may("needs_fix", later, None) and not may("checking", later, NOON)


@pytest.mark.parametrize("status", STATUSES)
def test_staff_change_the_mode_until_the_set_is_complete(status):
    early = status in ("submitted", "registered", "checking", "needs_fix")
    assert may_change_mode("company", status) == early
    assert not may_change_mode("applicant", status)


class Item(NamedTuple):
    subject: str
    code: str
    remark: str = ""


def test_a_document_is_given_by_a_fresh_file_alone():
    assert is_given(Item("document", "plan"), home(), home(), {"plan"}, HOME)
    assert not is_given(Item("document", "plan"), home(), home(), {"title"}, HOME)


def test_a_topic_is_given_when_it_was_changed_and_lacks_nothing():
    changed = home(place=["Полевая, 7"])
    assert is_given(Item("topic", "object"), changed, home(), set(), HOME)
    assert not is_given(Item("topic", "object"), home(), home(), set(), HOME)
    assert not is_given(Item("topic", "params"), changed, home(), set(), HOME)
    lacking = home(place=None)
    assert not is_given(Item("topic", "object"), lacking, home(), set(), HOME)


def test_what_is_not_given_is_named():
    items = [Item("document", "plan"), Item("topic", "object")]
    assert unanswered(items, home(), home(), {"plan"}, HOME) == ["Анкета: Объект подключения"]
    assert item_title("document", "identity") == "Паспорт"


def test_documents_are_offered_before_topics():
    offered = may_be_asked([HUB_TOPICS[0]][:0], HUB_TOPICS[:2])
    assert offered == [
        ("topic", "applicant", "Анкета: Заявитель"),
        ("topic", "type", "Анкета: Тип присоединения"),
    ]


def test_an_empty_draft_has_nothing_ready_and_begins_with_the_applicant():
    found = tasks({}, checklist({}, HOME), set(), HOME)
    assert progress(found) == (0, 8)
    first = first_open(found)
    assert first is not None and first.topic.code == "applicant"


def test_the_comment_may_stay_empty():
    answers = home()
    found = tasks(answers, checklist(answers, HOME), {"identity", "plan", "title"}, HOME)
    assert progress(found) == (8, 8) and first_open(found) is None
    assert [task.topic.code for task in found if task.optional] == ["comment"]


def test_missing_documents_are_the_task_that_is_left():
    answers = home()
    first = first_open(tasks(answers, checklist(answers, HOME), {"identity"}, HOME))
    assert first is not None and (first.topic.code, first.state) == ("documents", "started")


def test_topics_that_ask_nothing_are_passed_over():
    temporary = shop(connection_type=["temporary_mobile"], temporary_until=["01.12.2026"])
    assert topic_after("params", temporary, SHOP) == "supplier"
    assert topic_after("params", shop(), SHOP) == "stages"
    assert topic_after("supplier", shop(), SHOP) == "documents"
    assert topic_after("comment", shop(), SHOP) is None
