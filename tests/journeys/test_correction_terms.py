"""A request for corrections as both sides see it: its things with their states, and until when it is to be answered."""

from datetime import timedelta

from flask import Flask

from app import clock
from app.cases import pause_actions
from app.cases.models import Case
from app.company import queries as company
from app.extensions import db
from tests.application_world import asked, filer
from tests.case_world import Person, operator, signed_in


def panel(app: Flask, person: Person, case_id: int) -> str:
    found = signed_in(app, person).open(f"/cases/{case_id}").soup.find(id="corrections")
    return " ".join(found.get_text(" ").split())


def test_both_sides_see_the_things_their_states_and_the_day(app: Flask) -> None:
    with app.app_context():
        ivanov, petrova = filer(), operator()
        case_id = asked(ivanov, petrova, ("document", "plan", "не видны границы"), ("topic", "object", ""))
        due = company.calendar().due_words(company.today(), company.last_day("corrections", company.today()))
    for person, state in ((ivanov, "Ждем от вас"), (petrova, "Ждем заявителя")):
        told = panel(app, person, case_id)
        assert f"Срок ответа: {due}" in told
        assert f"План не видны границы {state}" in told
        assert f"Анкета: Объект подключения {state}" in told


def test_a_paused_request_says_so_and_then_the_day_is_the_new_one(app: Flask) -> None:
    with app.app_context():
        ivanov, petrova = filer(), operator()
        start = clock.now() - timedelta(days=10)
        case_id = asked(ivanov, petrova, at=start)
        before = db.session.get_one(Case, case_id).due_on
        pause_actions.pause(case_id, "Ждем выписку.", by=petrova.actor, at=clock.now() - timedelta(days=8))
    own = signed_in(app, ivanov)
    assert "Срок ответа: срок приостановлен" in panel(app, ivanov, case_id)
    page = own.open(f"/cases/{case_id}/answer")
    assert "срок приостановлен" in page.text and "Срок прошел" not in page.text
    with app.app_context():
        pause_actions.resume(case_id, by=petrova.actor, at=clock.now())
        case = db.session.get_one(Case, case_id)
        assert case.due_on is not None and before is not None and case.due_on > before
        due = company.calendar().due_words(company.today(), case.due_on)
    assert f"Срок ответа: {due}" in panel(app, petrova, case_id)
    assert due in own.open(f"/cases/{case_id}/answer").text
