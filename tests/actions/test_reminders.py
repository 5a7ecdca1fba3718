"""Who is reminded of what, on which day, and that nobody is reminded twice, at night, or of what was done."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from app.actor import ADMINISTRATOR
from app.cases import assign_actions, pause_actions, reminder_actions, reminder_queries
from app.cases.models import Case
from app.cli.daily import Daily
from app.company.models import CalendarDay
from app.contracts import claim_actions
from app.extensions import db
from app.notifications.models import OutboxRow
from app.transaction import transaction
from tests import contract_world as contracts
from tests.application_world import pdf
from tests.case_world import (
    Person,
    add_person,
    applicant,
    draft,
    make_move,
    operator,
    register_case,
    sent,
)
from tests.signing_world import mark, paper_to_sign

#: Monday, 3 August 2026, noon in Moscow.
MONDAY = datetime(2026, 8, 3, 9, tzinfo=UTC)


def noon(day: int, month: int = 8) -> datetime:
    return datetime(2026, month, day, 9, tzinfo=UTC)


def corrections(person: Person, office: Person) -> int:
    """A case in which the applicant has until Monday, 31 August."""
    case_id = sent(person, at=MONDAY)
    register_case(case_id, office, at=MONDAY)
    for name in ("accept", "request_fixes"):
        make_move(case_id, name, office, at=MONDAY)
    return case_id


def letters(*kinds: str) -> list[tuple[str, str]]:
    """Subjects and addresses of the reminders so far."""
    rows = db.session.query(OutboxRow).filter(OutboxRow.kind.in_(kinds)).order_by(OutboxRow.id)
    return [(row.subject, row.address) for row in rows]


def told() -> list[str]:
    return [subject for subject, _ in letters("term-reminder")]


def test_an_applicant_is_reminded_five_days_and_one_day_before_the_last(context: Flask) -> None:
    case_id = corrections(applicant(), operator())
    written = {}
    for day in range(4, 32):
        before = len(told())
        reminder_actions.remind(at=noon(day))
        if len(told()) > before:
            written[day] = told()[-1]
    number = db.session.get_one(Case, case_id).number
    assert written == {
        24: f"Напоминание: срок до 31 августа (пн), № {number}",
        28: f"Напоминание: срок до 31 августа (пн), № {number}",
    }
    body = db.session.query(OutboxRow).filter_by(kind="term-reminder").first().body  # type: ignore[union-attr]
    assert "сейчас ваш ход. Что сделать: исправьте замечания." in body
    assert "Срок: до 31 августа (пн), осталось 5 рабочих дней." in body
    assert "Если не ответить в срок, сетевая организация может аннулировать заявку." in body


def test_a_second_look_on_the_same_day_writes_nothing(context: Flask) -> None:
    corrections(applicant(), operator())
    assert reminder_actions.remind(at=noon(24)) == 1
    assert reminder_actions.remind(at=noon(24)) == 0
    assert reminder_actions.remind(at=noon(24) + timedelta(hours=5)) == 0


def test_a_dispatcher_that_was_off_writes_the_nearest_reminder_alone(context: Flask) -> None:
    corrections(applicant(), operator())
    reminder_actions.remind(at=noon(28))
    assert len(told()) == 1
    assert "остался 1 рабочий день" in db.session.query(OutboxRow).filter_by(kind="term-reminder").one().body


def test_what_was_answered_a_moment_ago_is_reminded_of_no_more(
    context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, ivanov = operator(), applicant()
    case_id = corrections(ivanov, office)

    def and_answers(found: list[reminder_queries.Reminder]) -> list[reminder_queries.Reminder]:
        monkeypatch.setattr(reminder_actions, "untold", reminder_queries.untold)
        make_move(case_id, "send_fixes", ivanov, at=noon(24))
        return found

    monkeypatch.setattr(reminder_actions, "untold", and_answers)
    assert reminder_actions.remind(at=noon(24)) == 0
    assert told() == []


def test_a_paused_term_is_reminded_of_by_its_new_last_day(context: Flask) -> None:
    office = operator()
    case_id = corrections(applicant(), office)
    pause_actions.pause(case_id, "ждем выписку", by=office.actor, at=noon(10))
    for day in (24, 28, 31):
        reminder_actions.remind(at=noon(day))
    assert told() == []
    pause_actions.resume(case_id, by=office.actor, at=noon(31))
    # Fifteen working days were lost: from 31 August to 21 September.
    reminder_actions.remind(at=noon(11, 9))
    assert told() == []
    reminder_actions.remind(at=noon(14, 9))
    assert len(told()) == 1


def test_a_draft_is_spoken_of_after_a_week_and_after_a_month(context: Flask) -> None:
    case_id = draft(applicant(), at=MONDAY)
    written = []
    for day in range(1, 61):
        if reminder_actions.remind(at=MONDAY + timedelta(days=day)):
            written.append(day)
    assert written == [7, 30]
    assert letters("draft-reminder") == [(f"Черновик ждет отправки, № {case_id}", "ivanov@example.org")] * 2


def test_the_office_is_reminded_of_the_works(context: Flask) -> None:
    house = contracts.office()
    case_id = contracts.preparing(house, "A", at=MONDAY)
    contracts.walk(case_id, house, contracts.ROAD_A[:3], at=MONDAY)
    due = contracts.case_of(case_id).due_on
    assert due is not None
    start = datetime(due.year, due.month, due.day, 9, tzinfo=UTC)
    left = []
    for days in range(40, -1, -1):
        before = len(letters("term-reminder-office"))
        reminder_actions.remind(at=start - timedelta(days=days))
        if len(letters("term-reminder-office")) > before:
            left.append(days)
    assert left == [30, 10, 3]
    addresses = {address for _, address in letters("term-reminder-office")}
    assert addresses == {"office@example.org", "head@example.org"}


def test_an_instalment_is_reminded_of_until_it_is_paid(context: Flask) -> None:
    house = contracts.office()
    case_id = contracts.preparing(house, "A", at=MONDAY)
    contracts.walk(case_id, house, contracts.ROAD_A[:1], at=MONDAY)
    first = contracts.invoices(case_id)[0]
    contracts.walk(case_id, house, contracts.ROAD_A[1:2], at=MONDAY)
    reopened = {"state": "open", "total": contracts.FEE * 2, "due_on": date(2026, 8, 14)}
    with transaction():
        db.session.execute(update(type(first)).where(type(first).id == first.id).values(**reopened))
    written = []
    for day in range(4, 15):
        before = len(letters("invoice-reminder"))
        reminder_actions.remind(at=noon(day))
        if len(letters("invoice-reminder")) > before:
            written.append(day)
    assert written == [12, 14]
    body = db.session.query(OutboxRow).filter_by(kind="invoice-reminder").first().body  # type: ignore[union-attr]
    assert "Осталось заплатить: 5\u00a0000,00\u00a0₽." in body


def test_who_says_that_they_have_paid_is_not_reminded_to_pay(context: Flask) -> None:
    house = contracts.office()
    ids = [contracts.preparing(house, "A", at=MONDAY) for _ in range(2)]
    for case_id in ids:
        contracts.walk(case_id, house, contracts.ROAD_A[:1], at=MONDAY)
    first = contracts.invoices(ids[0])[0]
    receipt = [pdf("receipt")]
    claim_actions.claim_paid(ids[0], first.id, date(2026, 8, 4), receipt, by=house.own.actor, at=noon(4))
    reminder_actions.remind(at=noon(6))
    reminded = db.session.query(OutboxRow.case_id).filter_by(kind="term-reminder").all()
    assert reminded == [(ids[1],)]


def test_a_signature_that_no_term_minds_is_spoken_of_after_three_and_after_ten_working_days(
    context: Flask,
) -> None:
    own, clerk = applicant(), operator()
    case_id = sent(own, at=MONDAY)
    register_case(case_id, clerk, at=MONDAY)
    paper_to_sign(case_id, clerk, ("company",), title="Технические условия", at=MONDAY)
    counts = []
    for day in (3, 4, 5, 6, 7, 10, 14, 17, 18, 28):
        reminder_actions.remind(at=noon(day))
        counts.append(len(letters("signature-reminder-office")))
    assert counts == [0, 0, 0, 1, 1, 1, 1, 2, 2, 2]
    assert letters("signature-reminder") == [], "it is not the applicant's to sign"
    (body,) = {
        row.body for row in db.session.query(OutboxRow).filter_by(kind="signature-reminder-office").limit(1)
    }
    assert "03.08.2026" in body
    assert "Технические условия" in body


def test_what_was_signed_meanwhile_is_reminded_of_no_more(context: Flask) -> None:
    own, clerk = applicant(), operator()
    case_id = sent(own, at=MONDAY)
    register_case(case_id, clerk, at=MONDAY)
    (slot_id,) = paper_to_sign(case_id, clerk, ("company",), at=MONDAY)
    mark(case_id, slot_id, clerk)
    reminder_actions.remind(at=noon(6))
    assert letters("signature-reminder-office") == []


def test_the_office_gets_one_list_a_day_of_what_is_late_and_ends_today(context: Flask) -> None:
    office, ivanov = operator(), applicant()
    late, ours = sent(ivanov, at=noon(3)), sent(ivanov, at=noon(4))
    theirs = corrections(ivanov, office)
    assign_actions.take(ours, by=office.actor, at=noon(4))
    reminder_actions.remind(at=noon(3))
    assert letters("deadlines") == []
    for _ in range(2):
        reminder_actions.remind(at=noon(5))
    row = db.session.query(OutboxRow).filter_by(kind="deadlines").one()
    assert (row.address, row.case_id) == ("office@example.org", None)
    assert (
        f"Просрочены:\n- № {late}, Иванов Петр Григорьевич: Заявка отправлена, срок истек 4 августа (вт)"
        in row.body
    )
    assert f"Сегодня последний день:\n- № {ours}, " in row.body
    assert "исполнитель Петрова А. И." in row.body
    assert f"№ {theirs}," not in row.body
    assert "/deadlines" in row.body


def test_on_a_day_off_the_office_gets_no_list(context: Flask) -> None:
    operator()
    sent(applicant(), at=MONDAY)
    reminder_actions.remind(at=noon(8))
    assert letters("deadlines") == []
    with transaction():
        db.session.add(CalendarDay(day=date(2026, 8, 8), working=True))
    db.session.info.clear()
    reminder_actions.remind(at=noon(8))
    assert len(letters("deadlines")) == 1


def test_who_only_administers_gets_no_list(context: Flask) -> None:
    with transaction():
        add_person("Карпов", roles=(ADMINISTRATOR,), email="admin@example.org")
    sent(applicant(), at=MONDAY)
    reminder_actions.remind(at=noon(10))
    assert letters("deadlines") == []


def test_a_letter_that_cannot_be_written_stops_no_other(
    context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = operator()
    first = corrections(applicant(), office)
    corrections(applicant("Сергеев", snils="10289803962", email="sergeev@example.org"), office)
    tell: Callable[..., object] = reminder_actions.tell_applicant

    def fails_once(case: Case, *rest: object, **more: object) -> object:
        if case.id == first:
            raise RuntimeError("no such template")
        return tell(case, *rest, **more)

    monkeypatch.setattr(reminder_actions, "tell_applicant", fails_once)
    assert reminder_actions.remind(at=noon(24)) == 1
    assert [address for _, address in letters("term-reminder")] == ["sergeev@example.org"]
    monkeypatch.setattr(reminder_actions, "tell_applicant", tell)
    assert reminder_actions.remind(at=noon(24)) == 1


@pytest.mark.parametrize(
    ("hour", "day"),
    [(3, None), (4, date(2026, 8, 24)), (14, date(2026, 8, 24)), (15, None), (21, None)],
)
def test_reminders_are_written_by_day_alone(context: Flask, hour: int, day: date | None) -> None:
    """Hours in UTC; in Yekaterinburg it is five hours later."""
    assert reminder_actions.day_to_remind(noon(24).replace(hour=hour)) == day


def test_the_dispatcher_reminds_once_a_day_and_only_the_active_one(context: Flask) -> None:
    corrections(applicant(), operator())
    daily = Daily()
    daily.step(active=False, at=noon(24), tick=0)
    daily.step(active=True, at=noon(24).replace(hour=2), tick=60)
    assert told() == []
    daily.step(active=True, at=noon(24), tick=120)
    assert (len(told()), daily.reminded) == (1, date(2026, 8, 24))
    daily.step(active=True, at=noon(28), tick=130)
    assert len(told()) == 1
    daily.step(active=True, at=noon(28), tick=200)
    assert len(told()) == 2
