"""«Я оплатил»: the applicant's word waits for an answer of the office, and nothing is annulled meanwhile."""

from datetime import date, timedelta
from functools import partial

import pytest
from flask import Flask

from app import clock
from app.cases.deadline_queries import deadline_groups
from app.cases.models import CaseDocument
from app.cases.queries import documents_of, visible_case
from app.company import queries as company
from app.contracts import act_actions, claim_actions
from app.contracts.claim_queries import last_claim, open_claim, waiting_claims
from app.contracts.payment_actions import record_payment
from app.errors import AlreadyDone, Conflict, Forbidden, InvalidForm, NotFound
from app.extensions import db
from app.notifications.models import OutboxRow
from app.portal.queries import home_of
from tests.application_world import pdf, stored_files
from tests.at_once import at_once
from tests.case_world import Person, applicant, moment, named, supplier_person
from tests.money_world import awaiting, case_of, invoices, money, people
from tests.unchanged import unchanged

AT = moment(12, day=5)


def claim(case_id: int, who: Person, *, day: date = date(2026, 8, 5), files: int = 0, **rest: object) -> str:
    return claim_actions.claim_paid(
        case_id,
        invoices(case_id)[0].id,
        day,
        [pdf(f"receipt-{number}") for number in range(files)],
        by=who.actor,
        **{"at": AT, **rest},  # type: ignore[arg-type]
    )


def test_a_claim_tells_the_office_by_when_to_check(context: Flask) -> None:
    ivanov, office = people()
    case_id = awaiting(ivanov, office)
    claim(case_id, ivanov, files=1)
    found = open_claim(case_of(case_id))
    assert found is not None
    # Wednesday 5 August and two working days.
    assert (found.paid_on, found.due_on) == (date(2026, 8, 5), date(2026, 8, 7))
    letter = db.session.query(OutboxRow).filter_by(kind="payment-claimed").one()
    assert letter.address == "office@example.org"
    assert letter.subject == "Заявитель сообщил об оплате, проверьте до 7 августа (пт), № 1"
    assert "5 000,00" in letter.body.replace("\u00a0", " ")
    ((waiting,), count) = waiting_claims(office.actor)
    assert (waiting.case_id, count) == (case_id, 1)
    case_of(case_id).archived_at = AT
    db.session.commit()
    assert waiting_claims(office.actor) == ([], 0), "nobody can answer it there"


def test_the_receipt_is_the_applicant_s_and_the_company_s_to_see(context: Flask) -> None:
    ivanov, office = people()
    sbyt = supplier_person()
    case_id = awaiting(ivanov, office, **named(sbyt))
    claim(case_id, ivanov, files=1)
    case = visible_case(office.actor, case_id)
    assert [one.title for one in documents_of(case, office.actor)] == ["Чек об оплате"]
    assert [one.title for one in documents_of(case, ivanov.actor)] == ["Чек об оплате"]
    assert documents_of(case, sbyt.actor) == []


def test_the_same_receipt_is_not_kept_twice(context: Flask) -> None:
    ivanov, office = people()
    case_id = awaiting(ivanov, office)
    claim(case_id, ivanov, files=1)
    claim_actions.not_found(case_id, "Не видим.", by=office.actor, at=AT)
    claim(case_id, ivanov, files=1)
    assert db.session.query(CaseDocument).count() == 1
    assert len(stored_files()) == 1


def test_one_claim_waits_at_a_time(app: Flask) -> None:
    with app.app_context():
        ivanov, office = people()
        case_id = awaiting(ivanov, office)
        invoice_id = invoices(case_id)[0].id
    press = partial(
        claim_actions.claim_paid, case_id, invoice_id, date(2026, 8, 5), [], by=ivanov.actor, at=AT
    )
    got = at_once(app, [press] * 8)
    assert got.count(f"/cases/{case_id}") == 1
    assert {type(one) for one in got if not isinstance(one, str)} == {Conflict}
    with app.app_context():
        assert db.session.query(OutboxRow).filter_by(kind="payment-claimed").count() == 1


def test_a_second_press_of_the_button_leads_to_the_first_result(context: Flask) -> None:
    ivanov, office = people()
    case_id = awaiting(ivanov, office)
    claim(case_id, ivanov, key="a" * 32)
    with pytest.raises((AlreadyDone, Conflict)):
        claim(case_id, ivanov, key="a" * 32)


def test_the_money_itself_answers_the_claim(context: Flask) -> None:
    ivanov, office = people()
    case_id = awaiting(ivanov, office)
    claim(case_id, ivanov)
    record_payment(case_id, invoices(case_id)[0].id, money(1_00), by=office.actor, at=moment(13, day=5))
    assert open_claim(case_of(case_id)) is None
    found = last_claim(case_of(case_id))
    assert found is not None and (found.state, found.answered_by) == ("found", office.id)


def test_nothing_is_annulled_for_want_of_money_while_a_claim_waits(app: Flask, context: Flask) -> None:
    ivanov, office = people()
    case_id = awaiting(ivanov, office)
    claim(case_id, ivanov)
    late = moment(12, day=20)
    annul = partial(act_actions.perform, case_id, "annul-unpaid", {}, [], by=office.actor, at=late)
    with unchanged(app), pytest.raises(Conflict):
        annul()
    claim_actions.not_found(case_id, "Не видим.", by=office.actor, at=late)
    letter = db.session.query(OutboxRow).filter_by(kind="payment-not-found").one()
    assert "\nСрок истек 10 августа" in letter.body and "Срок: срок" not in letter.body
    annul()
    assert case_of(case_id).status == "annulled_unpaid"
    assert [one.state for one in invoices(case_id)] == ["void"]


def test_what_was_not_found_is_told_and_may_be_claimed_again(context: Flask) -> None:
    ivanov, office = people()
    case_id = awaiting(ivanov, office)
    claim(case_id, ivanov)
    claim_actions.not_found(case_id, "За 5 августа поступлений нет.", by=office.actor, at=AT)
    letter = db.session.query(OutboxRow).filter_by(kind="payment-not-found").one()
    assert letter.address == "ivanov@example.org"
    assert "За 5 августа поступлений нет." in letter.body and "до 10 августа" in letter.body
    with pytest.raises(Conflict):
        claim_actions.not_found(case_id, "Еще раз", by=office.actor, at=AT)
    claim(case_id, ivanov)
    assert open_claim(case_of(case_id)) is not None


@pytest.mark.parametrize("day", [date(2026, 8, 6), date(2026, 8, 2)])
def test_nobody_has_paid_tomorrow_or_before_the_invoice(app: Flask, context: Flask, day: date) -> None:
    ivanov, office = people()
    case_id = awaiting(ivanov, office)
    with unchanged(app), pytest.raises(InvalidForm) as refused:
        claim(case_id, ivanov, day=day, files=1)
    assert set(refused.value.errors) == {"paid_on"}


def test_only_the_applicant_claims_and_only_the_office_answers(app: Flask, context: Flask) -> None:
    ivanov, office = people()
    sbyt = supplier_person()
    case_id = awaiting(ivanov, office, **named(sbyt))
    stranger = applicant("Соседов", snils="10289803962", email="s@example.org")
    with unchanged(app):
        for who, kind in ((office, Forbidden), (sbyt, Forbidden), (stranger, NotFound)):
            with pytest.raises(kind):
                claim(case_id, who, files=1)
    claim(case_id, ivanov)
    with unchanged(app):
        for who, kind in ((ivanov, Forbidden), (sbyt, Forbidden), (stranger, NotFound)):
            with pytest.raises(kind):
                claim_actions.not_found(case_id, "Нет", by=who.actor, at=AT)
        with pytest.raises(InvalidForm):
            claim_actions.not_found(case_id, " ", by=office.actor, at=AT)


def test_a_paid_invoice_is_not_claimed(app: Flask, context: Flask) -> None:
    ivanov, office = people()
    case_id = awaiting(ivanov, office)
    record_payment(case_id, invoices(case_id)[0].id, money(), by=office.actor, at=moment(13, day=5))
    with unchanged(app), pytest.raises(Conflict, match="оплачивать не нужно"):
        claim(case_id, ivanov, files=1)


def test_who_has_said_that_they_paid_is_not_asked_to_pay_again(context: Flask) -> None:
    ivanov, office = people()
    case_id = awaiting(ivanov, office, at=clock.now() - timedelta(days=1))
    assert [one.task.words for one in home_of(ivanov.actor).waiting.todos] == ["Оплатите счет"]
    claim(case_id, ivanov, day=company.today(), at=clock.now())
    assert home_of(ivanov.actor).waiting.todos == []
    claim_actions.not_found(case_id, "Поступлений нет.", by=office.actor, at=clock.now())
    assert [one.task.words for one in home_of(ivanov.actor).waiting.todos] == ["Оплатите счет"]


def test_a_term_that_is_over_asks_the_office_to_look_for_the_money_first(context: Flask) -> None:
    ivanov, office = people()
    case_id = awaiting(ivanov, office)
    (before,) = home_of(office.actor).waiting.todos
    claim(case_id, ivanov)
    (todo,) = home_of(office.actor).waiting.todos
    assert before.task.words != todo.task.words == "Найдите деньги: заявитель сообщил об оплате"
    assert todo.task.panel == "payments" and "7 августа" in todo.due


def test_a_claim_stands_among_the_deadlines_with_its_own_term_until_it_is_answered(context: Flask) -> None:
    ivanov, office = people()
    case_id = awaiting(ivanov, office)
    before, day = board(office, date(2026, 8, 20)), date(2026, 8, 20)
    assert (before["check"], before["unanswered"]) == ([], [case_id])
    claim(case_id, ivanov)
    found = {group.code: group.rows for group in deadline_groups(office.actor, day, company.calendar())}
    (row,) = found["check"]
    assert (row.id, row.due_on, row.mover) == (case_id, date(2026, 8, 7), "company")
    assert not found["unanswered"], "the applicant has answered"
    claim_actions.not_found(case_id, "Поступлений нет.", by=office.actor, at=AT)
    assert board(office, day) == before


def board(who: Person, today: date) -> dict[str, list[int]]:
    found = deadline_groups(who.actor, today, company.calendar())
    return {group.code: [row.id for row in group.rows] for group in found}
