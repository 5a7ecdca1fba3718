"""Nobody acts on a case that has become another one since the form was shown, without having been told."""

from collections.abc import Callable

import pytest
from flask import Flask

from app import clock
from app.actor import Actor
from app.cases import assign_actions, staff_actions
from app.cases.actions import send_message
from app.cases.changes import CaseChanged, Changes, seen_now
from app.cases.models import Case
from app.connections import decision_actions
from app.errors import AlreadyDone
from app.extensions import db
from tests.application_world import checking, filer
from tests.case_world import (
    Person,
    applicant,
    make_move,
    named,
    operator,
    register_case,
    sent,
    supplier_person,
)
from tests.unchanged import unchanged


def seen(case_id: int) -> str:
    db.session.expire_all()
    return seen_now(db.session.get_one(Case, case_id))


def status(case_id: int, who: Person, shown: str, **rest: str) -> None:
    staff_actions.add_status_line(case_id, "Готово", by=who.actor, at=clock.now(), seen=shown, **rest)


def changes(case_id: int, who: Person, shown: str) -> Changes:
    with pytest.raises(CaseChanged) as refused:
        status(case_id, who, shown)
    return refused.value.changes


def test_what_a_colleague_has_done_meanwhile_is_told_and_nothing_is_done(app: Flask, context: Flask) -> None:
    office, colleague = operator(), operator("Сидорова", email="s@example.org")
    case_id = sent(applicant())
    shown = seen(case_id)
    register_case(case_id, colleague, number="299")
    with unchanged(app):
        told = changes(case_id, office, shown)
    assert [(line.sentence, line.person) for line in told.lines] == [
        ("Присвоен регистрационный номер: 299", "Сидорова А. И.")
    ]
    assert (told.status_then, told.status_now) == ("Заявка отправлена", "Присвоен регистрационный номер")
    assert told.messages == ""


def test_with_what_is_seen_now_the_act_goes_through(context: Flask) -> None:
    office, colleague = operator(), operator("Сидорова", email="s@example.org")
    case_id = sent(applicant())
    shown = seen(case_id)
    register_case(case_id, colleague)
    changes(case_id, office, shown)
    status(case_id, office, seen(case_id))


def test_new_messages_count_too(context: Flask) -> None:
    ivanov, office = applicant(), operator()
    case_id = sent(ivanov)
    shown = seen(case_id)
    for text in ("Раз", "Два"):
        send_message(case_id, text, by=ivanov.actor, at=clock.now())
    told = changes(case_id, office, shown)
    assert (told.messages, list(told.lines), told.status_then) == ("2 новых сообщения", [], "")


def test_ones_own_act_in_another_tab_is_told_like_any_other(context: Flask) -> None:
    office, case_id = operator(), sent(applicant())
    shown = seen(case_id)
    status(case_id, office, shown)
    assert [line.sentence for line in changes(case_id, office, shown).lines] == ["Готово"]


def test_what_the_reader_may_not_know_of_stops_nobody(context: Flask) -> None:
    ivanov, office, sbyt = applicant(), operator(), supplier_person()
    case_id = sent(ivanov, **named(sbyt))
    shown = seen(case_id)
    send_message(case_id, "Только поставщику", channel="supplier", by=ivanov.actor, at=clock.now())
    status(case_id, office, shown)
    shown = seen(case_id)
    assign_actions.take(case_id, by=office.actor, at=clock.now())
    send_message(case_id, "Только сетевой", by=ivanov.actor, at=clock.now())
    status(case_id, sbyt, shown)


def test_a_supplier_is_told_of_what_they_see(context: Flask) -> None:
    ivanov, office, sbyt = applicant(), operator(), supplier_person()
    case_id = sent(ivanov, **named(sbyt))
    shown = seen(case_id)
    register_case(case_id, office, number="299")
    send_message(case_id, "Только поставщику", channel="supplier", by=ivanov.actor, at=clock.now())
    told = changes(case_id, sbyt, shown)
    assert [(line.sentence, line.person) for line in told.lines] == [
        ("Присвоен регистрационный номер: 299", "")
    ]
    assert told.messages == "1 новое сообщение"


@pytest.mark.parametrize("shown", ["", "1", "x.y", "0.0", "99999999999.1", "1.1; DROP", "1.٣"])
def test_what_no_page_has_printed_says_nothing(context: Flask, shown: str) -> None:
    office, case_id = operator(), sent(applicant())
    register_case(case_id, office)
    status(case_id, office, shown)


def test_a_second_press_leads_to_the_first_result_and_is_no_conflict(context: Flask) -> None:
    office, case_id = operator(), sent(applicant())
    shown = seen(case_id)
    status(case_id, office, shown, key="one-press")
    with pytest.raises(AlreadyDone):
        status(case_id, office, shown, key="one-press")


def test_what_happened_in_the_end_is_told_even_when_the_act_is_impossible_now(context: Flask) -> None:
    ivanov, office = applicant(), operator()
    case_id = sent(ivanov)
    shown = seen(case_id)
    make_move(case_id, "withdraw", ivanov)
    staff_actions.move_to_archive(case_id, by=office.actor, at=clock.now())
    told = changes(case_id, office, shown)
    assert [line.sentence for line in told.lines] == ["Заявка отозвана заявителем", "Перенесено в архив"]


DECISIONS: dict[str, Callable[[int, Actor, str], str]] = {
    "complete": lambda case_id, by, shown: decision_actions.complete(
        case_id, by=by, at=clock.now(), seen=shown
    ),
    "request": lambda case_id, by, shown: decision_actions.request_fixes(
        case_id, [("document", "plan", "")], "", by=by, at=clock.now(), seen=shown
    ),
    "mode": lambda case_id, by, shown: decision_actions.change_mode(
        case_id, "general", "так", by=by, at=clock.now(), seen=shown
    ),
    "reject": lambda case_id, by, shown: decision_actions.reject(
        case_id, "нет", by=by, at=clock.now(), seen=shown
    ),
}


@pytest.mark.parametrize("decide", DECISIONS.values(), ids=DECISIONS)
def test_no_decision_is_made_on_a_case_that_has_changed(
    app: Flask, context: Flask, decide: Callable[[int, Actor, str], str]
) -> None:
    ivanov, office = filer(), operator()
    case_id = checking(ivanov, office)
    shown = seen(case_id)
    send_message(case_id, "Подождите", by=ivanov.actor, at=clock.now())
    with unchanged(app), pytest.raises(CaseChanged):
        decide(case_id, office.actor, shown)
    decide(case_id, office.actor, seen(case_id))
