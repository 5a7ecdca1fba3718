"""Who of the company works on a case."""

from functools import partial

import pytest
from flask import Flask

from app import clock
from app.actor import Actor
from app.cases import assign_actions
from app.cases.assign_queries import assignable
from app.cases.models import Case, CaseMark
from app.cases.timeline import past
from app.errors import AlreadyDone, Conflict, Forbidden, InvalidForm, NotFound
from app.extensions import db
from app.notifications.models import OutboxRow
from tests.at_once import at_once
from tests.case_world import Person, appeal, applicant, draft, named, operator, sent, supplier_person
from tests.unchanged import unchanged


def take(case_id: int, who: Person, **rest: str) -> None:
    assign_actions.take(case_id, by=who.actor, at=clock.now(), **rest)


def assign(case_id: int, to: Person | None, who: Person) -> str:
    return assign_actions.assign(case_id, to.id if to else None, by=who.actor, at=clock.now())


def assignee(case_id: int) -> int | None:
    db.session.expire_all()
    return db.session.get_one(Case, case_id).assignee_id


def lines(case_id: int, *, for_staff: bool) -> list[str]:
    return [line.sentence for line in past(db.session.get_one(Case, case_id), for_staff=for_staff)]


def test_a_case_is_taken_and_only_the_company_learns_of_it(context: Flask) -> None:
    ivanov, office = applicant(), operator()
    case_id = sent(ivanov)
    stood = db.session.get_one(Case, case_id).updated_at
    take(case_id, office)
    assert assignee(case_id) == office.id
    assert lines(case_id, for_staff=True)[-1] == "Исполнитель: Петрова А. И."
    assert "Исполнитель" not in " ".join(lines(case_id, for_staff=False))
    assert db.session.get_one(Case, case_id).updated_at == stood
    assert db.session.query(OutboxRow).count() == db.session.query(CaseMark).count() == 0


def test_a_case_that_a_colleague_has_is_not_taken_away(app: Flask, context: Flask) -> None:
    office, colleague = operator(), operator("Сидорова", email="s@example.org")
    case_id = sent(applicant())
    take(case_id, office)
    with unchanged(app):
        with pytest.raises(Conflict, match="Петрова"):
            take(case_id, colleague)
        take(case_id, office)


def test_of_many_who_take_a_case_at_once_one_has_it(app: Flask) -> None:
    with app.app_context():
        people = [operator(f"Петрова{letter}", email="") for letter in "абвгд"]
        case_id = sent(applicant())
    got = at_once(app, [partial(take, case_id, who) for who in people])
    assert sorted(type(one).__name__ for one in got) == ["Conflict"] * 4 + ["NoneType"]


def test_a_colleague_who_is_given_a_case_has_it_unread(context: Flask) -> None:
    office, colleague = operator(), operator("Сидорова", email="s@example.org")
    case_id = sent(applicant())
    assert assign(case_id, colleague, office) == "Сидорова А. И."
    mark = db.session.query(CaseMark).one()
    assert (mark.user_id, mark.side) == (colleague.id, "own")
    assert db.session.query(OutboxRow).count() == 0


def test_a_case_is_given_back(context: Flask) -> None:
    office = operator()
    case_id = sent(applicant())
    take(case_id, office)
    assert assign(case_id, None, office) == ""
    assert assignee(case_id) is None
    assert lines(case_id, for_staff=True)[-1] == "Без исполнителя, раньше: Петрова А. И."


def test_giving_it_to_whoever_has_it_writes_nothing(app: Flask, context: Flask) -> None:
    office = operator()
    case_id = sent(applicant())
    take(case_id, office)
    with unchanged(app):
        assign(case_id, office, office)


def test_only_people_who_may_answer_the_case_can_have_it(app: Flask, context: Flask) -> None:
    ivanov, sbyt, office = applicant(), supplier_person(), operator()
    case_id = sent(ivanov, **named(sbyt))
    assert list(assignable(db.session.get_one(Case, case_id))) == [office.id]
    with unchanged(app):
        for somebody in (ivanov, sbyt, Person(Actor(10**9, "", frozenset()))):
            with pytest.raises(InvalidForm) as refused:
                assign(case_id, somebody, office)
            assert refused.value.errors == {"assignee": ["Выберите сотрудника из списка."]}


def test_nobody_is_given_their_own_application(app: Flask, context: Flask) -> None:
    ivanov, office = applicant(), operator()
    case_id = sent(ivanov)
    both = Person(Actor(ivanov.id, "Иванов", office.actor.roles, ivanov.actor.applicant_ids))
    with unchanged(app):
        with pytest.raises(Forbidden):
            take(case_id, both)
        with pytest.raises(InvalidForm):
            assign(case_id, both, office)


def test_applicants_suppliers_and_drafts_have_no_assignees(app: Flask, context: Flask) -> None:
    ivanov, sbyt, office = applicant(), supplier_person(), operator()
    case_id, unsent, theirs = sent(ivanov, **named(sbyt)), draft(ivanov), appeal(ivanov, sbyt)
    with unchanged(app):
        for case, who, kind in (
            (case_id, ivanov, Forbidden),
            (case_id, sbyt, Forbidden),
            (unsent, office, NotFound),
            (theirs, office, NotFound),
        ):
            with pytest.raises(kind):
                take(case, who)
            with pytest.raises(kind):
                assign(case, office, who)


def test_taking_twice_with_one_press_is_taking_once(context: Flask) -> None:
    office, case_id = operator(), sent(applicant())
    take(case_id, office, key="one-press")
    with pytest.raises(AlreadyDone):
        take(case_id, office, key="one-press")
