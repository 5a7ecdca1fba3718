"""The term of a case stopped with a reason and a document, and let run again."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from flask import Flask

from app.cases import pause_actions
from app.cases.deadline_queries import deadline_groups
from app.cases.list_conditions import in_tab
from app.cases.models import Case, CaseClock, CaseDocument
from app.cases.timeline import past
from app.company import queries as company
from app.connections import decision_actions
from app.documents.intake import Upload
from app.errors import Conflict, DomainError, Forbidden, IllegalMove, InvalidForm, NotFound
from app.extensions import db
from app.notifications.models import OutboxRow
from tests.case_world import (
    PDF,
    Person,
    applicant,
    draft,
    ended,
    make_move,
    named,
    operator,
    register_case,
    sent,
    supplier_person,
)
from tests.unchanged import unchanged

#: Monday, 3 August 2026, noon of the company's zone.
MONDAY = datetime(2026, 8, 3, 9, tzinfo=UTC)
WHY = "ждем ответа администрации поселения"


def later(days: int) -> datetime:
    return MONDAY + timedelta(days=days)


def checking(person: Person, office: Person) -> int:
    """A case whose documents are checked until 6 August."""
    case_id = sent(person, at=MONDAY)
    register_case(case_id, office, at=MONDAY)
    make_move(case_id, "accept", office, at=MONDAY)
    return case_id


def stop(
    case_id: int, who: Person, *, reason: str = WHY, at: datetime = MONDAY, files: tuple[Upload, ...] = ()
) -> None:
    pause_actions.pause(case_id, reason, files, by=who.actor, at=at)


def go_on(case_id: int, who: Person, *, at: datetime) -> None:
    pause_actions.resume(case_id, by=who.actor, at=at)


def case_of(case_id: int) -> Case:
    return db.session.get_one(Case, case_id)


def running(case_id: int) -> CaseClock:
    return db.session.query(CaseClock).filter_by(case_id=case_id, ended_on=None).one()


def late(office: Person, today: date) -> dict[str, list[int]]:
    groups = deadline_groups(office.actor, today, company.calendar())
    return {group.code: [row.id for row in group.rows] for group in groups if group.rows}


def test_a_paused_term_is_due_on_no_day_and_goes_on_with_the_days_it_had(context: Flask) -> None:
    office = operator()
    case_id = checking(applicant(), office)
    assert case_of(case_id).due_on == date(2026, 8, 6)
    stop(case_id, office, at=later(1))
    case = case_of(case_id)
    assert (case.due_on, case.paused_on) == (None, date(2026, 8, 4))
    assert running(case_id).reason == WHY
    go_on(case_id, office, at=later(8))
    case, clock = case_of(case_id), running(case_id)
    # From Tuesday 4 to Tuesday 11 August: five working days.
    assert (case.due_on, case.paused_on) == (date(2026, 8, 13), None)
    assert (clock.due_on, clock.paused_days, clock.reason, clock.paused_on) == (
        date(2026, 8, 13),
        5,
        "",
        None,
    )


def test_a_paused_case_is_on_no_list_of_what_is_late(context: Flask) -> None:
    office = operator()
    case_id = checking(applicant(), office)
    in_autumn = date(2026, 10, 1)
    assert late(office, in_autumn) == {"late": [case_id]}
    stop(case_id, office)
    assert late(office, in_autumn) == {"paused": [case_id]}
    overdue = db.select(Case.id).where(*in_tab("overdue", office.actor, in_autumn))
    assert db.session.scalars(overdue).all() == []


def test_both_sides_read_why_and_the_document_is_a_letter_of_the_case(context: Flask) -> None:
    office = operator()
    case_id = checking(applicant(), office)
    stop(case_id, office, files=(Upload("Ответ.pdf", BytesIO(PDF)),))
    document = db.session.query(CaseDocument).one()
    assert (document.kind, document.side, document.internal) == ("letter", "company", False)
    assert running(case_id).document_version_id == document.document_version_id
    go_on(case_id, office, at=later(7))
    lines = [line.sentence for line in past(case_of(case_id), for_staff=False)]
    assert lines[-2:] == [
        f"Срок приостановлен: {WHY} (документ: Ответ.pdf)",
        "Срок возобновлен, он идет до 13.08.2026",
    ]


def test_the_applicant_gets_a_letter_for_each(context: Flask) -> None:
    office = operator()
    case_id = checking(applicant(), office)
    stop(case_id, office)
    go_on(case_id, office, at=later(1))
    letters = db.session.query(OutboxRow).filter(OutboxRow.kind.like("term-%")).order_by(OutboxRow.id).all()
    assert [(one.kind, one.address) for one in letters] == [
        ("term-paused", "ivanov@example.org"),
        ("term-resumed", "ivanov@example.org"),
    ]
    assert WHY in letters[0].body
    assert "Срок: до 7 августа (пт), осталось 3 рабочих дня." in letters[1].body


def test_a_move_within_the_term_ends_its_pause_and_keeps_the_days(context: Flask) -> None:
    office = operator()
    case_id = sent(applicant(), at=MONDAY)
    register_case(case_id, office, at=MONDAY)
    stop(case_id, office)
    make_move(case_id, "accept", office, at=later(2))
    assert (case_of(case_id).due_on, case_of(case_id).paused_on) == (date(2026, 8, 10), None)
    lines = [line.sentence for line in past(case_of(case_id), for_staff=False)]
    assert lines[-2] == "Срок возобновлен, он идет до 10.08.2026"


def test_a_move_to_another_term_ends_the_pause_with_the_old_one(context: Flask) -> None:
    office = operator()
    case_id = checking(applicant(), office)
    stop(case_id, office)
    make_move(case_id, "request_fixes", office, at=later(2))
    assert case_of(case_id).due_on == company.last_day("corrections", date(2026, 8, 5))
    assert case_of(case_id).paused_on is None
    lines = [line.sentence for line in past(case_of(case_id), for_staff=False)]
    assert lines[-2] == "Приостановка срока закончилась"


def test_a_number_given_after_a_pause_does_not_take_its_days_away(context: Flask) -> None:
    office = operator()
    case_id = sent(applicant(), at=MONDAY)
    stop(case_id, office)
    register_case(case_id, office, at=later(7))
    # Three working days from the day of sending, and the five of the pause.
    assert case_of(case_id).due_on == date(2026, 8, 13)


def test_nothing_is_annulled_while_its_term_stands_still(context: Flask) -> None:
    office = operator()
    case_id = checking(applicant(), office)
    make_move(case_id, "request_fixes", office, at=MONDAY)
    stop(case_id, office)
    with unchanged(context), pytest.raises(Conflict, match="возобновите"):
        decision_actions.annul(case_id, by=office.actor, at=later(200))


@pytest.mark.parametrize("reason", ["", "   ", "Я" * 301, "\x00"])
def test_a_pause_needs_a_reason(context: Flask, reason: str) -> None:
    office = operator()
    case_id = checking(applicant(), office)
    with unchanged(context), pytest.raises(InvalidForm) as refused:
        stop(case_id, office, reason=reason, files=(Upload("Ответ.pdf", BytesIO(PDF)),))
    assert list(refused.value.errors) == ["reason"]


def test_a_term_is_paused_once_and_resumed_once(context: Flask) -> None:
    office = operator()
    case_id = checking(applicant(), office)
    with unchanged(context), pytest.raises(IllegalMove, match="не приостановлен"):
        go_on(case_id, office, at=MONDAY)
    stop(case_id, office)
    with unchanged(context), pytest.raises(IllegalMove, match="уже приостановлен"):
        stop(case_id, office)


def test_what_is_late_already_is_not_hidden_by_a_pause(context: Flask) -> None:
    office = operator()
    case_id = checking(applicant(), office)
    with unchanged(context), pytest.raises(IllegalMove, match="уже прошел"):
        stop(case_id, office, at=later(4))


def test_only_the_company_stops_terms_of_what_is_under_way(context: Flask) -> None:
    office, ivanov, sbyt = operator(), applicant(), supplier_person()
    running_case = sent(ivanov, at=MONDAY, **named(sbyt))
    refused: list[tuple[int, Person, type[DomainError]]] = [
        (running_case, ivanov, Forbidden),
        (running_case, sbyt, Forbidden),
        (running_case, applicant("Соседов", snils="10289803962", email="s@example.org"), NotFound),
        (draft(ivanov, at=MONDAY), office, NotFound),
        (ended(ivanov, at=MONDAY), office, IllegalMove),
    ]
    for case_id, who, error in refused:
        with unchanged(context), pytest.raises(error):
            stop(case_id, who)
