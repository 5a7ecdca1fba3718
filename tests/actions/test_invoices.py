"""Invoices: one number each whatever happens at the same time, drafted, issued, void and open again."""

from datetime import date, timedelta
from functools import partial

import pytest
from flask import Flask

from app import clock
from app.cases.queries import documents_of, locked_case
from app.cases.staff_actions import post_documents
from app.contracts import contract_steps, invoice_actions, invoice_steps
from app.contracts.invoice_queries import debts, waiting_invoices
from app.contracts.models import Invoice
from app.contracts.payment_actions import record_payment
from app.errors import Conflict, Forbidden, InvalidForm, NotFound
from app.extensions import db
from app.notifications.models import OutboxRow
from app.transaction import transaction
from tests.application_world import pdf
from tests.at_once import at_once
from tests.case_world import Person, applicant, moment, operator, sent
from tests.money_world import (
    FEE,
    awaiting,
    case_of,
    fill_requisites,
    invoices,
    money,
    people,
    signed_contract,
)
from tests.unchanged import unchanged


def draft(case_id: int, staff: Person, *, part: int = 1, total: int = FEE) -> str:
    with transaction():
        case = locked_case(staff.actor, case_id)
        contract = contract_steps.begun_contract(case, by=staff.actor, at=clock.now())
        found = invoice_steps.draft_invoice(
            case, contract, part=part, total=total, by=staff.actor, at=clock.now()
        )
        return found.number


def test_a_draft_that_is_redone_keeps_its_number(context: Flask) -> None:
    ivanov, office = people()
    case_id = sent(ivanov)
    assert draft(case_id, office) == draft(case_id, office, total=700_00) == "1"
    assert draft(case_id, office, part=2) == "2"
    assert [(one.part, one.total, one.state) for one in invoices(case_id)] == [
        (1, 700_00, "draft"),
        (2, FEE, "draft"),
    ]


def test_an_issued_invoice_is_not_drafted_again(context: Flask) -> None:
    ivanov, office = people()
    case_id = awaiting(ivanov, office)
    with pytest.raises(Conflict, match="уже выставлен"):
        draft(case_id, office)


def test_an_issued_invoice_is_due_within_the_term_of_the_stage(context: Flask) -> None:
    ivanov, office = people()
    (invoice,) = invoices(awaiting(ivanov, office))
    # Monday 3 August and five working days.
    assert (invoice.state, invoice.issued_on, invoice.due_on) == ("open", date(2026, 8, 3), date(2026, 8, 10))


def test_a_later_part_of_an_offer_gets_its_day_when_the_contract_is_made(context: Flask) -> None:
    ivanov, office = people()
    case_id = awaiting(ivanov, office, totals=(300_00, 200_00))
    first, second = invoices(case_id)
    assert second.due_on is None
    with transaction():
        contract = contract_steps.contract_of(locked_case(office.actor, case_id))
        assert contract is not None
        contract.filled = {"offer_terms": {"fee": "500", "shares": "60 % — 0 дней\n40 % — 30 дней"}}
    record_payment(case_id, first.id, money(300_00), by=office.actor, at=moment(12, day=6))
    assert invoices(case_id)[1].due_on == date(2026, 9, 4)


def test_twenty_invoices_at_once_get_twenty_numbers(app: Flask) -> None:
    with app.app_context():
        ivanov, office = people()
        cases = [sent(ivanov) for _ in range(20)]
    numbers = at_once(app, [partial(draft, case_id, office) for case_id in cases])
    assert sorted(numbers, key=str) == sorted(map(str, range(1, 21)))
    with app.app_context():
        assert db.session.query(Invoice).count() == 20


def test_void_invoices_wait_for_nothing_and_open_again_with_a_new_day(context: Flask) -> None:
    ivanov, office = people()
    case_id = awaiting(ivanov, office, totals=(300_00, 200_00))
    record_payment(case_id, invoices(case_id)[0].id, money(100_00), by=office.actor, at=moment(12, day=6))
    with transaction():
        invoice_steps.void_open(locked_case(office.actor, case_id))
    assert [one.state for one in invoices(case_id)] == ["void", "void"]
    assert waiting_invoices(office.actor) == []
    with transaction():
        again = invoice_steps.reopen(
            locked_case(office.actor, case_id), by=office.actor, at=moment(12, day=20)
        )
        assert [one.part for one in again] == [1, 2]
    assert [one.state for one in invoices(case_id)] == ["open", "open"]
    assert invoices(case_id)[0].due_on == date(2026, 8, 27)
    (first, _) = waiting_invoices(office.actor)
    assert first.remaining == 200_00


def test_the_list_of_the_office_begins_with_the_longest_overdue(context: Flask) -> None:
    ivanov, office = people()
    later = awaiting(ivanov, office, at=moment(12, day=5))
    earlier = awaiting(ivanov, office, at=moment(12, day=3))
    found, count = debts(office.actor)
    assert ([one.case_id for one in found], count) == ([earlier, later], 2)


def test_a_contract_that_is_signed_is_invoiced_part_by_part(context: Flask) -> None:
    ivanov, office = people()
    fill_requisites()
    case_id = signed_contract(ivanov, office, at=clock.now() - timedelta(days=3))
    day = clock.now().date() + timedelta(days=30)
    press = {"by": office.actor, "at": clock.now()}
    invoice_actions.issue_invoice(case_id, part=1, total=300_00, due_on=day, **press)
    (invoice,) = invoices(case_id)
    assert (invoice.state, invoice.due_on) == ("open", day)
    letter = db.session.query(OutboxRow).filter_by(kind="invoice-issued").one()
    assert letter.subject.startswith("Выставлен счет № 1, оплатите до ")
    with pytest.raises(Conflict, match="уже выставлен"):
        invoice_actions.issue_invoice(case_id, part=1, total=300_00, due_on=None, **press)
    invoice_actions.issue_invoice(case_id, part=2, total=200_00, due_on=None, **press)
    assert [one.number for one in invoices(case_id)] == ["1", "2"]


def test_the_file_that_was_prepared_goes_out_with_its_invoice_and_with_no_other(
    app: Flask, context: Flask
) -> None:
    ivanov, office = people()
    fill_requisites()
    case_id = signed_contract(ivanov, office, at=clock.now() - timedelta(days=3))
    draft(case_id, office)
    post_documents(case_id, [pdf("invoice")], kind="invoice", internal=True, by=office.actor, at=clock.now())
    press = {"part": 1, "due_on": None, "by": office.actor, "at": clock.now()}
    with unchanged(app), pytest.raises(InvalidForm) as refused:
        invoice_actions.issue_invoice(case_id, total=700_00, **press)
    assert "подготовлен на часть 1" in refused.value.errors["total"][0]
    with transaction():
        invoices(case_id)[0].due_on = clock.now().date() + timedelta(days=30)
    with unchanged(app), pytest.raises(InvalidForm) as refused:
        invoice_actions.issue_invoice(case_id, total=FEE, **press)
    assert "В файле счета стоит «до " in refused.value.errors["due_on"][0]
    with transaction():
        invoices(case_id)[0].due_on = None
    assert documents_of(case_of(case_id), ivanov.actor) == []
    invoice_actions.issue_invoice(case_id, total=FEE, **press)
    (paper,) = documents_of(case_of(case_id), ivanov.actor)
    assert (paper.kind, invoices(case_id)[0].case_document_id) == ("invoice", paper.id)


def test_nothing_is_invoiced_without_a_contract_requisites_or_right(app: Flask, context: Flask) -> None:
    ivanov, office = people()
    case_id, early = signed_contract(ivanov, office), sent(ivanov)
    stranger, at = applicant("Соседов", snils="10289803962", email="s@example.org"), clock.now()
    issue = partial(invoice_actions.issue_invoice, part=1, total=1, due_on=None, at=at)
    with unchanged(app), pytest.raises(Conflict, match="реквизитах"):
        issue(case_id, by=office.actor)
    fill_requisites()
    with unchanged(app):
        with pytest.raises(Conflict, match="договор"):
            issue(early, by=office.actor)
        with pytest.raises(Forbidden):
            issue(case_id, by=ivanov.actor)
        with pytest.raises(NotFound):
            issue(case_id, by=stranger.actor)
        for wrong in ({"part": 13}, {"due_on": date(2026, 1, 1)}):
            with pytest.raises(InvalidForm):
                invoice_actions.issue_invoice(
                    case_id, **{"part": 1, "total": 1, "due_on": None, **wrong}, by=office.actor, at=at
                )


def test_another_person_of_the_office_sees_the_same_debts(context: Flask) -> None:
    ivanov, office = people()
    awaiting(ivanov, office)
    other = operator("Сидорова", email="other@example.org")
    assert debts(other.actor)[1] == 1
    assert debts(ivanov.actor)[1] == 1, "an applicant's own: the page itself is staff's"
