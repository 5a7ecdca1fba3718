"""Corrections: exactly what was asked for is open, and sending them begins the check anew."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from app import clock
from app.cases.models import Case, CaseClock, CaseDocument, CaseSnapshot
from app.connections import actions, decision_actions, draft_actions, file_actions, queries
from app.connections.models import CorrectionRequest
from app.errors import AlreadyDone, Conflict, Forbidden, InvalidForm
from app.extensions import db
from app.journal.models import JournalEntry
from app.notifications.models import OutboxRow
from tests.application_world import asked, checking, filer, home_form, pdf, stored_files, world
from tests.case_world import operator, supplier_person

THURSDAY = datetime(2026, 7, 30, 5, 0, tzinfo=UTC)
MONDAY = THURSDAY + timedelta(days=4)


def case_of(case_id: int) -> Case:
    db.session.expire_all()
    return db.session.get_one(Case, case_id)


def test_sent_corrections_begin_the_check_anew_and_tell_the_company(context: Flask) -> None:
    ivanov, petrova = filer(), operator()
    case_id = asked(ivanov, petrova, at=THURSDAY)
    file_actions.add_files(case_id, "plan", [pdf("новый план")], by=ivanov.actor, at=MONDAY)
    url = actions.send_fixes(case_id, "Границы теперь видны", by=ivanov.actor, at=MONDAY)
    case = case_of(case_id)
    assert url == f"/cases/{case_id}"
    assert (case.status, case.mover, case.due_on) == ("checking", "company", date(2026, 8, 6))
    request = db.session.query(CorrectionRequest).one()
    assert (request.answer, request.answered_at) == ("Границы теперь видны", MONDAY)
    letter = db.session.query(OutboxRow).filter_by(kind="fixes-sent").one()
    assert letter.address == "office@example.org" and "Границы теперь видны" in letter.body
    clocks = db.session.query(CaseClock).filter_by(case_id=case_id).order_by(CaseClock.id).all()
    assert [(one.term_code, one.ended_on is None) for one in clocks][-2:] == [
        ("corrections", False),
        ("completeness", True),
    ]


def test_every_sending_keeps_what_stood_in_it(context: Flask) -> None:
    ivanov, petrova = filer(), operator()
    case_id = asked(ivanov, petrova, ("topic", "object", "другой адрес"), at=THURSDAY)
    form = home_form(MONDAY.date(), place=["п. Калиново, ул. Полевая, 7"])
    draft_actions.save_topic(case_id, "object", form, by=ivanov.actor, at=MONDAY)
    actions.send_fixes(case_id, "", by=ivanov.actor, at=MONDAY)
    first, second = db.session.query(CaseSnapshot).order_by(CaseSnapshot.id)
    assert (first.move, second.move) == ("submit", "send_fixes")
    assert first.answers["place"] == "п. Калиново, ул. Лесная, 12"
    assert second.answers["place"] == case_of(case_id).place == "п. Калиново, ул. Полевая, 7"
    changed = db.session.query(JournalEntry).filter_by(kind="answers_changed").one()
    assert (changed.body, changed.public) == ({"topic": "object"}, False)


def test_only_what_was_asked_for_is_open(context: Flask) -> None:
    ivanov, petrova = filer(), operator()
    case_id = asked(ivanov, petrova, ("document", "plan", ""), ("topic", "object", ""))
    before = world()
    now = clock.now()
    with pytest.raises(Conflict):
        draft_actions.save_topic(case_id, "params", {"power_new": ["10"]}, by=ivanov.actor, at=now)
    with pytest.raises(Conflict):
        file_actions.add_files(case_id, "title", [pdf("право")], by=ivanov.actor, at=now)
    with pytest.raises(Forbidden):
        file_actions.add_files(case_id, "plan", [pdf("план 2")], by=petrova.actor, at=now)
    with pytest.raises(Conflict):
        draft_actions.change_applicant(case_id, ivanov.applicant_id or 0, by=ivanov.actor, at=now)
    assert world() == before


def test_what_was_sent_stays_and_what_was_added_since_may_go(context: Flask) -> None:
    ivanov, petrova = filer(), operator()
    case_id = asked(ivanov, petrova, at=THURSDAY)
    old = db.session.query(CaseDocument).filter_by(kind="plan").one().id
    file_actions.add_files(case_id, "plan", [pdf("не тот план")], by=ivanov.actor, at=MONDAY)
    new = db.session.query(CaseDocument).filter(CaseDocument.kind == "plan", CaseDocument.id != old).one().id
    before = world()
    with pytest.raises(Conflict):
        file_actions.remove_file(case_id, old, by=ivanov.actor, at=MONDAY)
    assert world() == before
    file_actions.remove_file(case_id, new, by=ivanov.actor, at=MONDAY)
    assert len(stored_files()) == 3
    actions.send_fixes(case_id, "Другого плана нет", by=ivanov.actor, at=MONDAY)


def test_without_what_was_asked_for_the_reason_has_to_be_told(context: Flask) -> None:
    ivanov, petrova = filer(), operator()
    case_id = asked(ivanov, petrova, ("document", "plan", ""), ("topic", "object", ""), at=THURSDAY)
    before = world()
    with pytest.raises(InvalidForm) as refused:
        actions.send_fixes(case_id, "  ", by=ivanov.actor, at=MONDAY)
    assert refused.value.errors == {
        "text": [
            "Приложите или исправьте то, о чем просят, либо напишите здесь, почему этого нет: "
            "План; Анкета: Объект подключения."
        ]
    }
    assert world() == before
    actions.send_fixes(case_id, "План готовят, адрес верен", by=ivanov.actor, at=MONDAY)
    assert case_of(case_id).status == "checking"


def test_a_topic_left_incomplete_is_not_mended(context: Flask) -> None:
    ivanov, petrova = filer(), operator()
    case_id = asked(ivanov, petrova, ("topic", "object", ""), at=THURSDAY)
    form = home_form(MONDAY.date(), place=["Полевая, 7"], object_name=None)
    draft_actions.save_topic(case_id, "object", form, by=ivanov.actor, at=MONDAY)
    with pytest.raises(InvalidForm):
        actions.send_fixes(case_id, "", by=ivanov.actor, at=MONDAY)


def test_answering_late_is_possible_as_long_as_the_application_stands(context: Flask) -> None:
    ivanov, petrova = filer(), operator()
    case_id = asked(ivanov, petrova, at=THURSDAY)
    late = THURSDAY + timedelta(days=60)
    file_actions.add_files(case_id, "plan", [pdf("поздний план")], by=ivanov.actor, at=late)
    actions.send_fixes(case_id, "", by=ivanov.actor, at=late)
    assert case_of(case_id).status == "checking"


def test_after_annulment_nothing_can_be_sent(context: Flask) -> None:
    ivanov, petrova = filer(), operator()
    case_id = asked(ivanov, petrova, at=THURSDAY)
    late = THURSDAY + timedelta(days=60)
    decision_actions.annul(case_id, by=petrova.actor, at=late)
    before = world()
    for act in (
        lambda: actions.send_fixes(case_id, "вот", by=ivanov.actor, at=late),
        lambda: actions.save_answer(case_id, "вот", by=ivanov.actor, at=late),
        lambda: file_actions.add_files(case_id, "plan", [pdf("план")], by=ivanov.actor, at=late),
    ):
        with pytest.raises(Conflict):
            act()
    assert world() == before


def test_the_explanation_waits_until_it_is_sent(context: Flask) -> None:
    ivanov, petrova = filer(), operator()
    case_id = asked(ivanov, petrova)
    actions.save_answer(case_id, "План будет в среду", by=ivanov.actor, at=clock.now())
    request = queries.open_request(case_of(case_id))
    assert request is not None and request.answer == "План будет в среду" and request.answered_at is None
    with pytest.raises(InvalidForm) as refused:
        actions.save_answer(case_id, "я" * 5001, by=ivanov.actor, at=clock.now())
    assert list(refused.value.errors) == ["text"]


def test_corrections_pressed_twice_are_sent_once(context: Flask) -> None:
    ivanov, petrova = filer(), operator()
    case_id = asked(ivanov, petrova)
    actions.send_fixes(case_id, "Плана нет", by=ivanov.actor, at=clock.now(), key="fix")
    before = world()
    with pytest.raises((AlreadyDone, Conflict)):
        actions.send_fixes(case_id, "Плана нет", by=ivanov.actor, at=clock.now(), key="fix")
    assert world() == before
    assert db.session.query(OutboxRow).filter_by(kind="fixes-sent").count() == 1


def test_other_power_changes_the_mode_unless_staff_have_decided(context: Flask) -> None:
    ivanov, petrova = filer(), operator()
    form = home_form(MONDAY.date(), power_new=["100"])
    plain = asked(ivanov, petrova, ("topic", "params", "мощность"), at=THURSDAY)
    draft_actions.save_topic(plain, "params", form, by=ivanov.actor, at=MONDAY)
    assert case_of(plain).mode == "A"  # decided by sending, not by saving
    actions.send_fixes(plain, "", by=ivanov.actor, at=MONDAY)
    assert case_of(plain).mode == "B"

    decided = checking(ivanov, petrova, at=THURSDAY, power_new=["100"])
    decision_actions.change_mode(decided, "clause_14", "считаем по п. 14", by=petrova.actor, at=THURSDAY)
    decision_actions.request_fixes(decided, [("topic", "object", "")], "", by=petrova.actor, at=THURSDAY)
    changed = home_form(MONDAY.date(), place=["Полевая, 7"])
    draft_actions.save_topic(decided, "object", changed, by=ivanov.actor, at=MONDAY)
    actions.send_fixes(decided, "", by=ivanov.actor, at=MONDAY)
    case = case_of(decided)
    assert case.mode == "A" and case.facts.endswith(" · соответствует п. 14 Правил")


def test_another_supplier_takes_the_application_over_when_it_is_sent(context: Flask) -> None:
    first, second = supplier_person(), supplier_person("ООО «Электроторг»", email="torg@example.org")
    ivanov, petrova = filer(), operator()
    named = {"supplier": [str(first.actor.supplier_id)], "contract_kind": ["supply"]}
    case_id = asked(ivanov, petrova, ("topic", "supplier", ""), at=THURSDAY, **named)
    form = home_form(MONDAY.date(), supplier=[str(second.actor.supplier_id)], contract_kind=["supply"])
    draft_actions.save_topic(case_id, "supplier", form, by=ivanov.actor, at=MONDAY)
    assert case_of(case_id).supplier_id == first.actor.supplier_id
    actions.send_fixes(case_id, "", by=ivanov.actor, at=MONDAY)
    assert case_of(case_id).supplier_name == "ООО «Электроторг»"


def test_a_second_request_asks_for_new_files_again(context: Flask) -> None:
    ivanov, petrova = filer(), operator()
    case_id = asked(ivanov, petrova, at=THURSDAY)
    file_actions.add_files(case_id, "plan", [pdf("план 2")], by=ivanov.actor, at=MONDAY)
    actions.send_fixes(case_id, "", by=ivanov.actor, at=MONDAY)
    later = MONDAY + timedelta(days=1)
    decision_actions.request_fixes(
        case_id, [("document", "plan", "и этот не тот")], "", by=petrova.actor, at=later
    )
    with pytest.raises(InvalidForm):
        actions.send_fixes(case_id, "", by=ivanov.actor, at=later)
    assert [one.answered_at is None for one in queries.requests_of(case_of(case_id))] == [False, True]
