"""What staff decide about an application, what the applicant is told, and what they may not do."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from app import clock
from app.actor import APPLICANT, OPERATOR, Actor
from app.cases.models import Case, CaseMark
from app.connections import decision_actions
from app.connections.models import CorrectionRequest
from app.errors import AlreadyDone, Conflict, Forbidden, IllegalMove, InvalidForm, NotFound
from app.extensions import db
from app.journal.models import JournalEntry
from app.notifications.models import OutboxRow
from tests.application_world import asked, checking, filer, make_draft, submit_draft, world
from tests.case_world import operator, register_case, supplier_person

THURSDAY = datetime(2026, 7, 30, 5, 0, tzinfo=UTC)


def case_of(case_id: int) -> Case:
    db.session.expire_all()
    return db.session.get_one(Case, case_id)


def last_letter(kind: str) -> OutboxRow:
    found = db.session.query(OutboxRow).filter_by(kind=kind).order_by(OutboxRow.id.desc()).first()
    assert found is not None, kind
    return found


def letters(kind: str) -> list[str]:
    return [row.address for row in db.session.query(OutboxRow).filter_by(kind=kind).order_by(OutboxRow.id)]


def test_an_application_taken_up_is_told_by_its_status(context: Flask) -> None:
    ivanov, petrova = filer(), operator()
    case_id = checking(ivanov, petrova, at=THURSDAY)
    case = case_of(case_id)
    assert (case.status, case.mover, case.due_on) == ("checking", "company", date(2026, 8, 4))
    letter = last_letter("status-added")
    assert letter.address == "ivanov@example.org"
    assert letter.subject.startswith("Добавлен статус: Заявка принята к рассмотрению")
    marks = db.session.query(CaseMark).filter_by(user_id=ivanov.id, kind="status").all()
    assert [(mark.case_id, mark.side) for mark in marks] == [(case_id, "company")]


@pytest.mark.parametrize(
    ("rule_fits", "status", "due_on"),
    [("yes", "preparing_offer", date(2026, 8, 13)), ("no", "preparing_contract", date(2026, 8, 27))],
)
def test_a_complete_set_leads_to_the_contract_by_the_mode(
    context: Flask, rule_fits: str, status: str, due_on: date
) -> None:
    sbyt, ivanov, petrova = supplier_person(), filer(), operator()
    supplier = [str(sbyt.actor.supplier_id)]
    case_id = checking(
        ivanov, petrova, at=THURSDAY, supplier=supplier, contract_kind=["supply"], rule_fits=[rule_fits]
    )
    decision_actions.complete(case_id, by=petrova.actor, at=THURSDAY)
    case = case_of(case_id)
    assert (case.status, case.mover, case.due_on) == (status, "company", due_on)
    assert letters("supplier-new-application") == ["sbyt@example.org"]
    assert "Срок: до" in last_letter("supplier-new-application").body
    assert last_letter("status-added").address == "ivanov@example.org"


def test_without_a_supplier_nobody_else_is_written_to(context: Flask) -> None:
    petrova = operator()
    case_id = checking(filer(), petrova)
    decision_actions.complete(case_id, by=petrova.actor, at=clock.now())
    assert letters("supplier-new-application") == []


def test_a_request_lists_each_thing_with_its_remark_until_a_day(context: Flask) -> None:
    petrova = operator()
    case_id = asked(
        filer(),
        petrova,
        ("document", "plan", "не видны границы участка"),
        ("topic", "object", ""),
        at=THURSDAY,
        text="Здравствуйте! Пришлите, пожалуйста.",
    )
    case = case_of(case_id)
    assert (case.status, case.mover, case.due_on) == ("needs_fix", "applicant", date(2026, 8, 27))
    request = db.session.query(CorrectionRequest).one()
    assert (request.due_on, request.text) == (case.due_on, "Здравствуйте! Пришлите, пожалуйста.")
    assert [(item.subject, item.code, item.remark) for item in request.items] == [
        ("document", "plan", "не видны границы участка"),
        ("topic", "object", ""),
    ]
    body = last_letter("fixes-requested").body
    assert "План: не видны границы участка" in body and "Анкета: Объект подключения" in body
    assert "Срок: до 27 августа" in body


def test_a_request_for_nothing_is_refused(context: Flask) -> None:
    petrova = operator()
    case_id = checking(filer(), petrova)
    before = world()
    with pytest.raises(InvalidForm) as refused:
        decision_actions.request_fixes(case_id, [], "Исправьте", by=petrova.actor, at=clock.now())
    assert refused.value.errors == {"items": ["Отметьте хотя бы один документ или раздел анкеты."]}
    assert world() == before


def test_every_bad_remark_is_told_at_its_own_field(context: Flask) -> None:
    petrova = operator()
    case_id = checking(filer(), petrova)
    items = [("document", "plan", "я" * 1001), ("topic", "object", "a\x00"), ("topic", "type", "верно")]
    before = world()
    with pytest.raises(InvalidForm) as refused:
        decision_actions.request_fixes(case_id, items, "", by=petrova.actor, at=clock.now())
    assert set(refused.value.errors) == {"remark-document-plan", "remark-topic-object"}
    assert world() == before


def test_the_category_and_its_mode_are_changed_with_a_reason_and_a_letter(context: Flask) -> None:
    petrova = operator()
    case_id = checking(filer(), petrova)
    decision_actions.change_mode(
        case_id, "general", "В точке присоединения есть еще 10 кВт", by=petrova.actor, at=clock.now()
    )
    case = case_of(case_id)
    assert (case.mode, case.category, case.status) == ("B", "general", "checking")
    assert case.facts == "≤15 кВт · постоянная схема · не соответствует п. 14 Правил"
    body = last_letter("mode-changed").body
    assert "Теперь: общий порядок, остальные заявки." in body
    assert "Изменился и порядок заключения договора. Теперь: подписание договора обеими сторонами." in body
    assert "В точке присоединения есть еще 10 кВт" in body
    entry = db.session.query(JournalEntry).filter_by(kind="mode_changed").one()
    assert entry.public and (entry.body["from"], entry.body["to"]) == ("A", "B")
    decision_actions.complete(case_id, by=petrova.actor, at=clock.now())
    assert case_of(case_id).status == "preparing_contract"


@pytest.mark.parametrize(
    ("category", "reason", "fields"),
    [
        ("clause_14", "причина", {"category"}),
        ("clause_12_1", "причина", {"category"}),  # of a business
        ("B", "причина", {"category"}),
        ("", "", {"category", "reason"}),
        ("general", " ", {"reason"}),
        ("general", "я" * 1001, {"reason"}),
    ],
)
def test_a_change_needs_another_category_of_this_applicant_and_a_reason(
    context: Flask, category: str, reason: str, fields: set[str]
) -> None:
    petrova = operator()
    case_id = checking(filer(), petrova)
    before = world()
    with pytest.raises(InvalidForm) as refused:
        decision_actions.change_mode(case_id, category, reason, by=petrova.actor, at=clock.now())
    assert set(refused.value.errors) == fields
    assert world() == before


def test_the_mode_stands_once_the_set_is_complete(context: Flask) -> None:
    petrova = operator()
    case_id = checking(filer(), petrova)
    decision_actions.complete(case_id, by=petrova.actor, at=clock.now())
    with pytest.raises(Conflict):
        decision_actions.change_mode(case_id, "general", "поздно", by=petrova.actor, at=clock.now())


def test_a_refusal_tells_why_and_what_next_to_the_applicant_and_the_supplier(context: Flask) -> None:
    sbyt, petrova = supplier_person(), operator()
    supplier = [str(sbyt.actor.supplier_id)]
    case_id = checking(filer(), petrova, supplier=supplier, contract_kind=["supply"])
    decision_actions.reject(case_id, "Объект не в наших сетях", by=petrova.actor, at=clock.now())
    case = case_of(case_id)
    assert (case.status, case.mover, case.due_on) == ("rejected", "nobody", None)
    assert letters("refused") == ["ivanov@example.org", "sbyt@example.org"]
    body = last_letter("refused").body
    assert "Причина: Объект не в наших сетях" in body and "Что дальше:" in body


def test_a_refusal_without_a_reason_is_refused(context: Flask) -> None:
    petrova = operator()
    case_id = checking(filer(), petrova)
    before = world()
    for text in ("", " \n", "\u200b"):
        with pytest.raises(InvalidForm) as refused:
            decision_actions.reject(case_id, text, by=petrova.actor, at=clock.now())
        assert refused.value.errors == {
            "reason": ["Напишите причину: заявитель увидит ее в письме и в кабинете."]
        }
    assert world() == before


def test_an_application_is_annulled_only_after_the_day_for_its_corrections(context: Flask) -> None:
    petrova = operator()
    case_id = asked(filer(), petrova, at=THURSDAY)
    due = datetime(2026, 8, 27, 18, 0, tzinfo=UTC)  # still the 27th in the company's zone
    before = world()
    with pytest.raises(Conflict, match="Срок исправлений еще не прошел: до 27 августа"):
        decision_actions.annul(case_id, by=petrova.actor, at=due)
    assert world() == before
    decision_actions.annul(case_id, by=petrova.actor, at=due + timedelta(hours=2))
    case = case_of(case_id)
    assert (case.status, case.mover) == ("annulled_incomplete", "nobody")
    assert "Замечания не исправлены в срок: он закончился 27.08.2026." in last_letter("refused").body


def test_nothing_else_is_annulled(context: Flask) -> None:
    petrova = operator()
    case_id = checking(filer(), petrova, at=THURSDAY)
    with pytest.raises(IllegalMove):
        decision_actions.annul(case_id, by=petrova.actor, at=THURSDAY + timedelta(days=60))


ACTS: dict[str, Callable[[int, Actor], str]] = {
    "accept": lambda case_id, by: decision_actions.accept(case_id, by=by, at=clock.now()),
    "complete": lambda case_id, by: decision_actions.complete(case_id, by=by, at=clock.now()),
    "request": lambda case_id, by: decision_actions.request_fixes(
        case_id, [("document", "plan", "")], "", by=by, at=clock.now()
    ),
    "mode": lambda case_id, by: decision_actions.change_mode(
        case_id, "general", "так", by=by, at=clock.now()
    ),
    "reject": lambda case_id, by: decision_actions.reject(case_id, "нет", by=by, at=clock.now()),
    "annul": lambda case_id, by: decision_actions.annul(case_id, by=by, at=clock.now()),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_only_staff_decide_and_never_about_their_own_application(
    context: Flask, act: Callable[[int, Actor], str]
) -> None:
    sbyt, ivanov = supplier_person(), filer()
    stranger = filer("Сидоров", snils="10289803962", email="s@example.org")
    case_id = checking(ivanov, operator(), supplier=[str(sbyt.actor.supplier_id)], contract_kind=["supply"])
    own = Actor(ivanov.id, ivanov.actor.name, frozenset({APPLICANT, OPERATOR}), ivanov.actor.applicant_ids)
    before = world()
    for actor, refusal in (
        (ivanov.actor, Forbidden),
        (own, Forbidden),
        (sbyt.actor, Forbidden),
        (stranger.actor, NotFound),
    ):
        with pytest.raises(refusal):
            act(case_id, actor)
    assert world() == before


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_drafts_and_sent_applications_without_a_number_wait(
    context: Flask, act: Callable[[int, Actor], str]
) -> None:
    ivanov, petrova = filer(), operator()
    draft, sent = make_draft(ivanov), submit_draft(ivanov)
    with pytest.raises(NotFound):
        act(draft, petrova.actor)
    if act in (ACTS["mode"], ACTS["reject"]):
        return  # these may come at any time
    before = world()
    with pytest.raises(Conflict):
        act(sent, petrova.actor)
    assert world() == before


def test_a_decision_pressed_twice_is_one_decision(context: Flask) -> None:
    ivanov, petrova = filer(), operator()
    case_id = submit_draft(ivanov)
    register_case(case_id, petrova)
    decision_actions.accept(case_id, by=petrova.actor, at=clock.now(), key="accept")
    before = world()
    with pytest.raises((AlreadyDone, IllegalMove)):
        decision_actions.accept(case_id, by=petrova.actor, at=clock.now(), key="accept")
    assert world() == before


def test_everything_wrong_in_a_request_is_told_at_once(context: Flask) -> None:
    petrova = operator()
    case_id = checking(filer(), petrova)
    with pytest.raises(InvalidForm) as refused:
        decision_actions.request_fixes(case_id, [], "я" * 5001, by=petrova.actor, at=clock.now())
    assert set(refused.value.errors) == {"items", "text"}
