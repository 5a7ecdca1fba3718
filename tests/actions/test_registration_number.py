"""A registration number is given once, to one case, whatever happens at the same time."""

from datetime import date, timedelta
from functools import partial

import pytest
from flask import Flask

from app import clock
from app.actor import Actor
from app.cases import staff_actions
from app.cases.actions import send_message
from app.cases.models import Case, CaseMark
from app.cases.queries import visible_case
from app.errors import AlreadyDone, Conflict, Forbidden, IllegalMove, InvalidForm, NotFound
from app.extensions import db
from app.journal.models import JournalEntry
from app.notifications.models import OutboxRow
from tests.at_once import at_once
from tests.case_world import Person, applicant, draft, make_move, moment, operator, register_case, sent
from tests.unchanged import unchanged


def case_of(case_id: int) -> Case:
    db.session.expire_all()
    return db.session.get_one(Case, case_id)


def refusal(case_id: int, typed: str, staff: Person) -> str:
    with pytest.raises(InvalidForm) as refused:
        staff_actions.register(case_id, typed, by=staff.actor, at=clock.now())
    return " ".join(refused.value.errors["number"])


def test_the_counter_gives_the_next_number_and_the_case_moves_on(context: Flask) -> None:
    ivanov, office = applicant(), operator()
    first, second = sent(ivanov), sent(ivanov)
    assert [register_case(case_id, office) for case_id in (first, second)] == ["1", "2"]
    case = case_of(first)
    assert (case.number, case.status, case.mover) == ("1", "registered", "company")
    assert case.registered_at is not None


def test_the_checking_term_counts_from_the_day_of_sending(context: Flask) -> None:
    office = operator()
    # Thursday, 19:30 UTC: it is Friday already in the company's zone, so three working days end on Wednesday.
    case_id = sent(applicant(), at=moment(19, 30, day=6))
    register_case(case_id, office, at=moment(5, day=11))
    assert case_of(case_id).due_on == date(2026, 8, 12)


def test_the_applicant_gets_a_letter_a_mark_and_a_line(context: Flask) -> None:
    ivanov, office = applicant(), operator()
    case_id = sent(ivanov)
    register_case(case_id, office, number="ТП-299/2026")
    letter = db.session.query(OutboxRow).filter_by(kind="number-given").one()
    assert (letter.address, letter.subject) == ("ivanov@example.org", "Присвоен № ТП-299/2026")
    mark = db.session.query(CaseMark).one()
    assert (mark.user_id, mark.kind, mark.side) == (ivanov.id, "status", "company")
    entry = db.session.query(JournalEntry).order_by(JournalEntry.id.desc()).first()
    assert entry is not None and entry.public and entry.body["number"] == "ТП-299/2026"


def test_staff_may_type_a_number_and_the_counter_goes_round_it(context: Flask) -> None:
    ivanov, office = applicant(), operator()
    typed, counted = sent(ivanov), sent(ivanov)
    assert register_case(typed, office, number=" № 1 ") == "1"
    assert register_case(counted, office) == "2"


def test_a_taken_number_is_refused_with_a_sentence(app: Flask, context: Flask) -> None:
    ivanov, office = applicant(), operator()
    first, second = sent(ivanov), sent(ivanov)
    register_case(first, office, number="299")
    with unchanged(app):
        assert refusal(second, "299", office) == ("Номер 299 уже присвоен другому обращению. Укажите другой.")


@pytest.mark.parametrize("typed", ["29{9}", "<script>", "№", "9" * 41, "2\x009", "٢٩٩", "/-/"])
def test_an_unusable_number_is_refused_and_changes_nothing(app: Flask, context: Flask, typed: str) -> None:
    office, case_id = operator(), sent(applicant())
    with unchanged(app):
        assert refusal(case_id, typed, office).startswith("Регистрационный номер")


def test_a_case_gets_one_number_only(app: Flask, context: Flask) -> None:
    office, case_id = operator(), sent(applicant())
    register_case(case_id, office)
    with unchanged(app), pytest.raises(IllegalMove):
        register_case(case_id, office)


def test_a_second_press_of_the_button_leads_to_the_first_result(context: Flask) -> None:
    office, case_id = operator(), sent(applicant())
    staff_actions.register(case_id, by=office.actor, at=clock.now(), key="one-button")
    with pytest.raises(AlreadyDone) as again:
        staff_actions.register(case_id, by=office.actor, at=clock.now(), key="one-button")
    assert again.value.url == f"/cases/{case_id}"
    assert db.session.query(OutboxRow).filter_by(kind="number-given").count() == 1


def test_nobody_numbers_an_own_case_a_draft_or_a_withdrawn_one(app: Flask, context: Flask) -> None:
    ivanov, office = applicant(), operator()
    both = Person(Actor(ivanov.id, "Иванов", office.actor.roles, ivanov.actor.applicant_ids))
    case_id, unsent, gone = sent(ivanov), draft(ivanov), sent(ivanov)
    make_move(gone, "withdraw", ivanov)
    with unchanged(app):
        for case, who, kind in (
            (case_id, both, Forbidden),
            (case_id, ivanov, Forbidden),
            (unsent, office, NotFound),
            (gone, office, IllegalMove),
            (10**17, office, NotFound),
        ):
            with pytest.raises(kind):
                register_case(case, who)


def test_a_draft_with_a_question_cannot_be_numbered_either(context: Flask) -> None:
    ivanov, office = applicant(), operator()
    case_id = draft(ivanov)
    send_message(case_id, "Можно?", by=ivanov.actor, at=clock.now())
    assert visible_case(office.actor, case_id).id == case_id
    with pytest.raises(Conflict, match="черновик"):
        register_case(case_id, office)


def test_twenty_registrations_at_once_give_twenty_different_numbers(app: Flask) -> None:
    with app.app_context():
        ivanov, office = applicant(), operator()
        cases = [sent(ivanov) for _ in range(20)]
    numbers = at_once(app, [partial(register_case, case_id, office) for case_id in cases])
    assert sorted(numbers, key=str) == sorted(map(str, range(1, 21)))
    with app.app_context():
        kept = {case.id: case.number for case in db.session.query(Case)}
        assert kept == dict(zip(cases, numbers, strict=True))
        assert db.session.query(OutboxRow).filter_by(kind="number-given").count() == 20


def test_the_same_number_typed_by_two_at_once_goes_to_one(app: Flask) -> None:
    with app.app_context():
        ivanov, office = applicant(), operator()
        cases = [sent(ivanov) for _ in range(8)]
    got = at_once(app, [partial(register_case, case_id, office, number="299") for case_id in cases])
    assert got.count("299") == 1
    refused = [one for one in got if one != "299"]
    assert {type(one) for one in refused} == {InvalidForm}
    with app.app_context():
        assert [case.number for case in db.session.query(Case).where(Case.number.is_not(None))] == ["299"]


def test_twenty_presses_of_one_button_give_one_number_and_one_letter(app: Flask) -> None:
    with app.app_context():
        office, case_id = operator(), sent(applicant())
    press = partial(staff_actions.register, case_id, by=office.actor, at=clock.now(), key="same")
    got = at_once(app, [press] * 20)
    assert got.count("1") == 1
    assert all(isinstance(one, AlreadyDone) for one in got if one != "1")
    with app.app_context():
        assert db.session.query(OutboxRow).filter_by(kind="number-given").count() == 1


def test_a_term_already_over_is_shown_as_it_is(context: Flask) -> None:
    office, long_ago = operator(), clock.now() - timedelta(days=30)
    case_id = sent(applicant(), at=long_ago)
    register_case(case_id, office)
    due = case_of(case_id).due_on
    assert due is not None and due < clock.now().date()
