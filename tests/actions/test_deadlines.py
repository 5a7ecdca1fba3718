"""The board of deadlines: which cases stand in which of its groups, for whom."""

from dataclasses import replace
from datetime import UTC, date, datetime

from flask import Flask

from app.cases import assign_actions
from app.cases.deadline_queries import SHOWN, deadline_groups
from app.cases.models import Case
from app.company import queries as company
from app.extensions import db
from tests.case_world import Person, applicant, draft, make_move, operator, register_case, sent

#: A Monday; the term of a number is one working day, that of the documents three.
MONDAY = datetime(2026, 8, 3, 9, tzinfo=UTC)


def board(who: Person, today: date, *, mine: bool = False) -> dict[str, list[int]]:
    """Ids of the cases of each group."""
    found = deadline_groups(who.actor, today, company.calendar(), mine=mine)
    return {group.code: [row.id for row in group.rows] for group in found}


def waiting_for_corrections(person: Person, office: Person) -> int:
    """A case in which the applicant has until 31 August."""
    case_id = sent(person, at=MONDAY)
    register_case(case_id, office, at=MONDAY)
    for name in ("accept", "request_fixes"):
        make_move(case_id, name, office, at=MONDAY)
    return case_id


def due(case_id: int) -> date | None:
    return db.session.get_one(Case, case_id).due_on


def test_a_case_goes_from_soon_over_today_to_late(context: Flask) -> None:
    office, case_id = operator(), sent(applicant(), at=MONDAY)
    assert due(case_id) == date(2026, 8, 4)
    assert board(office, date(2026, 8, 3))["soon"] == [case_id]
    assert board(office, date(2026, 8, 4))["today"] == [case_id]
    assert board(office, date(2026, 8, 5))["late"] == [case_id]


def test_soon_counts_working_days_over_a_weekend(context: Flask) -> None:
    office = operator()
    case_id = waiting_for_corrections(applicant(), office)
    assert due(case_id) == date(2026, 8, 31)
    # Wednesday: Thursday, Friday and Monday are the three working days; on Tuesday there are four.
    assert board(office, date(2026, 8, 26))["soon"] == [case_id]
    assert not any(board(office, date(2026, 8, 25)).values())


def test_what_an_applicant_let_pass_stands_apart_from_what_the_company_is_late_with(context: Flask) -> None:
    office = operator()
    theirs = waiting_for_corrections(applicant(), office)
    ours = sent(applicant("Сергеев", snils="10289803962"), at=MONDAY)
    found = board(office, date(2026, 9, 1))
    assert (found["late"], found["unanswered"]) == ([ours], [theirs])


def test_the_latest_stands_first_and_drafts_and_ended_cases_do_not_stand_at_all(context: Flask) -> None:
    office, ivanov = operator(), applicant()
    newer = sent(ivanov, at=MONDAY.replace(day=4))
    older = sent(ivanov, at=MONDAY)
    draft(ivanov)
    make_move(sent(ivanov, at=MONDAY), "withdraw", ivanov, at=MONDAY)
    assert board(office, date(2026, 8, 10))["late"] == [older, newer]


def test_the_board_shows_what_one_has_taken_or_everything(context: Flask) -> None:
    office, ivanov = operator(), applicant()
    sent(ivanov, at=MONDAY)
    taken = sent(ivanov, at=MONDAY)
    assign_actions.take(taken, by=office.actor, at=MONDAY)
    assert board(office, date(2026, 8, 4), mine=True)["today"] == [taken]
    assert len(board(office, date(2026, 8, 4))["today"]) == 2


def test_a_long_group_is_cut_and_says_so(context: Flask) -> None:
    office, ivanov = operator(), applicant()
    for _ in range(SHOWN + 1):
        sent(ivanov, at=MONDAY)
    late = deadline_groups(office.actor, date(2026, 8, 10), company.calendar())[0]
    assert (len(late.rows), late.more) == (SHOWN, True)


def test_somebody_of_the_company_does_not_keep_the_terms_of_their_own_application(context: Flask) -> None:
    office, own = operator(), applicant()
    case_id = sent(own, at=MONDAY)
    both = Person(replace(office.actor, applicant_ids=own.actor.applicant_ids))
    assert board(office, date(2026, 8, 4))["today"] == [case_id]
    assert board(both, date(2026, 8, 4))["today"] == []
