"""Terms and the working calendar as an administrator changes them: from a day on, running terms untouched."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.actor import Actor
from app.administration import calendar_actions, term_actions
from app.administration.calendar_actions import Press
from app.administration.calendar_queries import days_of
from app.administration.calendar_queries import mark_of as mark_of_year
from app.administration.calendar_rules import public_holidays
from app.administration.term_queries import mark_of, term_lines, versions_of
from app.cases.models import Case
from app.company import queries as company
from app.errors import AlreadyDone, Conflict, Forbidden, InvalidForm, NotFound, Overtaken
from app.extensions import db
from app.journal.models import JournalEntry
from app.journal.queries import broken_links
from tests import factories as make
from tests.case_world import applicant, make_move, operator, register_case, sent
from tests.unchanged import unchanged

#: Monday, 3 August 2026.
MONDAY = datetime(2026, 8, 3, 9, tzinfo=UTC)
TODAY, TOMORROW = date(2026, 8, 3), date(2026, 8, 4)


@pytest.fixture
def administrator(context: Flask) -> Actor:
    return make.actor_of(make.make_administrator())


def put(by: Actor, code: str = "completeness", *, at: datetime = MONDAY, **changes: Any) -> None:
    told: dict[str, Any] = {
        "length": 7,
        "unit": "working_days",
        "clause": "п. 15 Правил",
        "valid_from": TODAY,
    }
    seen = changes.pop("seen", None) or mark_of(versions_of(code))
    term_actions.add_term(code, **{**told, **changes}, seen=seen, by=by, at=at)


def press(by: Actor, year: int = 2026, *, at: datetime = MONDAY, key: str = "", seen: str = "") -> Press:
    return Press(by, at, seen or mark_of_year(days_of(year)), key)


def last_entry() -> JournalEntry:
    return db.session.scalars(select(JournalEntry).order_by(JournalEntry.id.desc()).limit(1)).one()


def test_a_new_length_holds_from_its_day_and_the_former_one_until_then(
    context: Flask, administrator: Actor
) -> None:
    put(administrator, valid_from=TOMORROW)
    assert company.term("completeness", TODAY).days == 3
    found = company.term("completeness", TOMORROW)
    assert (found.days, found.unit, found.clause) == (7, "working_days", "п. 15 Правил")
    entry = last_entry()
    assert (entry.kind, entry.actor_id) == ("term_changed", administrator.user_id)
    assert entry.body == {
        "code": "completeness",
        "valid_from": "2026-08-04",
        "changes": {"days": [3, 7], "clause": ["", "п. 15 Правил"]},
    }
    assert not list(broken_links())


def test_terms_that_run_are_not_changed_and_keep_their_words(context: Flask, administrator: Actor) -> None:
    office = operator()
    case_id = sent(applicant(), at=MONDAY)
    register_case(case_id, office, at=MONDAY)
    before = db.session.get_one(Case, case_id).due_on
    put(administrator, length=2, unit="months")
    make_move(case_id, "accept", office, at=MONDAY)
    assert db.session.get_one(Case, case_id).due_on == before
    other = sent(applicant("Сергеев", snils="10289803962"), at=MONDAY)
    register_case(other, office, at=MONDAY)
    assert db.session.get_one(Case, other).due_on == date(2026, 10, 5)


def test_another_length_for_the_same_day_gives_way(context: Flask, administrator: Actor) -> None:
    put(administrator, length=70)
    put(administrator, length=7)
    assert [(one.valid_from, one.days) for one in versions_of("completeness")][1:] == [(TODAY, 7)]


def test_what_does_not_hold_yet_can_be_taken_back(context: Flask, administrator: Actor) -> None:
    put(administrator, valid_from=TOMORROW)
    line = next(one for one in term_lines(TODAY) if one.code == "completeness")
    assert [one.days for one in line.later] == [7]
    seen = mark_of(versions_of("completeness"))
    term_actions.remove_term("completeness", TOMORROW, seen=seen, by=administrator, at=MONDAY)
    assert len(versions_of("completeness")) == 1
    assert (last_entry().kind, last_entry().body["changes"]["days"]) == ("term_removed", [7, None])


def test_what_holds_is_history(context: Flask, administrator: Actor) -> None:
    seen = mark_of(versions_of("completeness"))
    with unchanged(context), pytest.raises(Conflict, match="уже действует"):
        term_actions.remove_term("completeness", date(2020, 1, 1), seen=seen, by=administrator, at=MONDAY)
    with unchanged(context), pytest.raises(NotFound):
        term_actions.remove_term("completeness", TOMORROW, seen=seen, by=administrator, at=MONDAY)
    with unchanged(context), pytest.raises(InvalidForm) as refused:
        put(administrator, valid_from=TODAY - timedelta(days=1))
    assert list(refused.value.errors) == ["valid_from"]
    with unchanged(context), pytest.raises(Conflict, match="менять нечего"):
        put(administrator, length=3, clause="")


def test_two_administrators_do_not_overwrite_each_other(context: Flask, administrator: Actor) -> None:
    seen = mark_of(versions_of("completeness"))
    put(administrator)
    with unchanged(context), pytest.raises(Overtaken):
        put(administrator, length=9, seen=seen)


@pytest.mark.parametrize("who", [make.make_operator, make.make_applicant_user])
def test_only_an_administrator_changes_terms_and_days(context: Flask, who: Any) -> None:
    other = make.actor_of(who())
    with unchanged(context), pytest.raises(Forbidden):
        put(other)
    with unchanged(context), pytest.raises(Forbidden):
        calendar_actions.mark_day(date(2026, 8, 8), working=True, title="", press=press(other))


def test_a_day_off_moves_and_new_terms_count_by_it(context: Flask, administrator: Actor) -> None:
    assert company.last_day("completeness", date(2026, 8, 6)) == date(2026, 8, 11)
    # Saturday the 8th becomes a working day, Monday the 10th a day off.
    calendar_actions.move_day_off(date(2026, 8, 8), date(2026, 8, 10), press=press(administrator))
    calendar = company.calendar()
    assert (calendar.is_working(date(2026, 8, 8)), calendar.is_working(date(2026, 8, 10))) == (True, False)
    assert company.last_day("completeness", date(2026, 8, 7)) == date(2026, 8, 12)
    assert last_entry().body == {
        "year": 2026,
        "changes": {"2026-08-08": [None, "working"], "2026-08-10": [None, "off"]},
    }
    assert [one.title for one in days_of(2026) if one.day.month == 8] == [
        "Рабочий день: выходной перенесен на 10.08.2026",
        "Выходной перенесен с 08.08.2026",
    ]


def test_terms_that_run_keep_their_last_day_when_the_calendar_changes(
    context: Flask, administrator: Actor
) -> None:
    case_id = sent(applicant(), at=MONDAY)
    calendar_actions.mark_day(TOMORROW, working=False, title="Траур", press=press(administrator))
    assert db.session.get_one(Case, case_id).due_on == TOMORROW
    assert company.last_day("registration", TODAY) == date(2026, 8, 5)


def test_a_day_goes_back_to_the_plain_week_both_ways(context: Flask, administrator: Actor) -> None:
    saturday, holiday = date(2026, 8, 8), date(2026, 11, 4)
    calendar_actions.mark_day(saturday, working=True, title="", press=press(administrator))
    calendar_actions.mark_day(saturday, working=False, title="", press=press(administrator))
    calendar_actions.forget_day(holiday, press=press(administrator))
    assert {saturday, holiday}.isdisjoint(one.day for one in days_of(2026))
    assert company.calendar().is_working(holiday)
    with unchanged(context), pytest.raises(NotFound):
        calendar_actions.forget_day(holiday, press=press(administrator))


def test_the_holidays_of_a_year_come_in_at_once(context: Flask, administrator: Actor) -> None:
    assert days_of(2029) == []
    count = calendar_actions.add_holidays(2029, press=press(administrator, 2029))
    assert [one.day for one in days_of(2029)] == list(public_holidays(2029))
    assert count == len(public_holidays(2029))
    with unchanged(context), pytest.raises(Conflict, match="уже внесены"):
        calendar_actions.add_holidays(2029, press=press(administrator, 2029))


def test_days_that_are_over_are_not_changed(context: Flask, administrator: Actor) -> None:
    with unchanged(context), pytest.raises(InvalidForm) as refused:
        calendar_actions.mark_day(date(2026, 8, 1), working=True, title="", press=press(administrator))
    assert refused.value.errors == {"day": ["01.08.2026 уже прошло: прошедшие дни не меняют."]}
    with unchanged(context), pytest.raises(Conflict, match="уже прошел"):
        calendar_actions.forget_day(date(2026, 1, 1), press=press(administrator))
    with unchanged(context), pytest.raises(InvalidForm) as refused:
        calendar_actions.move_day_off(date(2026, 8, 8), date(2026, 8, 9), press=press(administrator))
    assert list(refused.value.errors) == ["rested"]


def test_one_press_changes_the_calendar_once_and_a_late_page_nothing(
    context: Flask, administrator: Actor
) -> None:
    early = press(administrator, key="button")
    calendar_actions.mark_day(date(2026, 8, 8), working=True, title="", press=early)
    with unchanged(context), pytest.raises(AlreadyDone):
        calendar_actions.mark_day(date(2026, 8, 8), working=True, title="", press=early)
    late = Press(administrator, MONDAY, early.seen, "another")
    with unchanged(context), pytest.raises(Overtaken):
        calendar_actions.mark_day(date(2026, 8, 15), working=True, title="", press=late)
