"""Bank statements: a file brought twice changes nothing, a line is decided once, by whoever is first."""

import re
from datetime import date
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.contracts import payment_actions, statement_actions
from app.contracts.models import Payment, StatementLine
from app.contracts.payment_queries import unassigned
from app.contracts.payment_steps import Counted
from app.contracts.statement_actions import Imported
from app.contracts.statement_queries import waiting_count, waiting_lines
from app.errors import Conflict, Forbidden, InvalidForm, NotFound
from app.extensions import db
from tests.at_once import at_once
from tests.case_world import Person, moment
from tests.money_world import FEE, awaiting, case_of, fill_requisites, invoices, money, payments, people
from tests.statements import incoming, outgoing, statement
from tests.unchanged import unchanged

AT = moment(12, day=6)
TODAY = AT.date()


def bring(staff: Person, *documents: str) -> Imported:
    return statement_actions.import_statement(statement(documents), by=staff.actor, at=AT)


def lines() -> list[StatementLine]:
    db.session.expire_all()
    return db.session.query(StatementLine).order_by(StatementLine.id).all()


def test_the_same_statement_twice_changes_nothing(app: Flask, context: Flask) -> None:
    _, office = people()
    documents = [incoming(number, 100_00 + number, "Оплата") for number in range(12)]
    assert bring(office, *documents, outgoing(7)) == Imported(12, 12, 1)
    with unchanged(app):
        assert bring(office, *documents, outgoing(7)) == Imported(12, 0, 1)
    assert bring(office, *documents, incoming(99, 1_00, "Новый")) == Imported(13, 1, 0)
    assert waiting_count() == 13


def test_two_equal_payments_of_one_file_are_two_lines(context: Flask) -> None:
    _, office = people()
    twin = incoming(1, 100_00, "Оплата")
    assert bring(office, twin, twin) == Imported(2, 2, 0)
    assert bring(office, twin, twin) == Imported(2, 0, 0)


def test_the_same_file_brought_by_many_at_once_is_taken_in_once(app: Flask) -> None:
    with app.app_context():
        _, office = people()
    documents = [incoming(number, 100_00 + number, "Оплата") for number in range(30)]
    got = at_once(app, [partial(bring, office, *documents)] * 6)
    assert sum(one.new for one in got) == 30
    with app.app_context():
        assert len(lines()) == 30


def test_a_large_statement_is_taken_in_whole(context: Flask) -> None:
    _, office = people()
    documents = [incoming(number, 100 + number, "Оплата") for number in range(1203)]
    assert bring(office, *documents) == Imported(1203, 1203, 0)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"PDF", statement([])[:-20]])
def test_what_is_no_statement_is_refused_at_its_field(app: Flask, context: Flask, content: bytes) -> None:
    _, office = people()
    with unchanged(app), pytest.raises(InvalidForm) as refused:
        statement_actions.import_statement(content, by=office.actor, at=AT)
    assert set(refused.value.errors) == {"statement"}


def test_a_statement_of_another_account_is_refused(app: Flask, context: Flask) -> None:
    ivanov, office = people()
    fill_requisites()
    other = statement([], account="40702810938000000002")
    with unchanged(app), pytest.raises(InvalidForm) as refused:
        statement_actions.import_statement(other, by=office.actor, at=AT)
    assert "не по счету" in refused.value.errors["statement"][0]
    with unchanged(app), pytest.raises(Forbidden):
        statement_actions.import_statement(statement([]), by=ivanov.actor, at=AT)


def test_a_line_is_proposed_confirmed_and_makes_the_contract(context: Flask) -> None:
    ivanov, office = people()
    case_id = awaiting(ivanov, office)
    bring(office, incoming(45, FEE, "Оплата по счету № 1 от 03.08.2026"))
    ((one,), count) = waiting_lines(office.actor, TODAY)
    assert count == 1 and one.proposal.invoice is not None
    assert (one.proposal.invoice.number, one.proposal.confidence) == ("1", "exact")
    counted = statement_actions.count_line(one.line.id, "1", by=office.actor, at=AT)
    assert counted.concluded_on is not None and case_of(case_id).status == "contract_concluded"
    (payment,) = payments()
    assert (payment.source, payment.document) == ("statement", "платежное поручение № 45 от 05.08.2026")
    assert [line.state for line in lines()] == ["counted"]
    assert waiting_count() == 0


def test_a_file_with_a_day_that_no_payment_has_is_refused_whole(app: Flask, context: Flask) -> None:
    _, office = people()
    good = incoming(1, 100_00, "Оплата")
    for told in ("01.01.0001", "31.12.1999", "09.08.2027", "31.12.9999"):
        with unchanged(app), pytest.raises(InvalidForm) as refused:
            bring(office, good, incoming(2, 100_00, "Оплата").replace("05.08.2026", told))
        assert re.match(rf"Строка \d+: в поле «Дата» стоит {told}:", refused.value.errors["statement"][0])


def test_what_would_be_refused_because_of_its_day_is_not_proposed(app: Flask, context: Flask) -> None:
    ivanov, office = people()
    awaiting(ivanov, office)  # issued on 03.08.2026
    for number, day in enumerate((date(2026, 8, 2), date(2026, 8, 7), date(2026, 8, 3)), start=1):
        bring(office, incoming(number, FEE, "Оплата по счету № 1", day=day))
    found, _ = waiting_lines(office.actor, TODAY)
    assert [one.line.received_on.day for one in found if one.proposal.invoice] == [3]
    for one in found:
        if one.proposal.invoice is None:
            assert "не предложен" in one.proposal.reasons[0]
            with unchanged(app), pytest.raises(InvalidForm) as refused:
                statement_actions.count_line(one.line.id, "1", by=office.actor, at=AT)
            assert refused.value.errors["received_on"][0] in one.proposal.reasons[0]


def test_a_line_is_counted_once(app: Flask) -> None:
    with app.app_context():
        ivanov, office = people()
        cases = [awaiting(ivanov, office) for _ in range(4)]
        numbers = [invoices(case_id)[0].number for case_id in cases]
        bring(office, incoming(45, FEE, "Оплата"))
        line_id = lines()[0].id
    count = partial(statement_actions.count_line, line_id, by=office.actor, at=AT)
    got = at_once(app, [partial(count, number) for number in [*numbers, *numbers]])
    assert sum(isinstance(one, Counted) for one in got) == 1
    refused = [one for one in got if not isinstance(one, Counted)]
    assert all(isinstance(one, Conflict) and "уже разнес" in one.message for one in refused), refused
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Payment)) == 1


def test_a_number_that_nobody_has_is_refused_and_too_much_is_asked_about(app: Flask, context: Flask) -> None:
    ivanov, office = people()
    awaiting(ivanov, office)
    bring(office, incoming(45, FEE + 1, "Оплата"))
    line_id = lines()[0].id
    with unchanged(app):
        for number, field in (("77", "number"), ("", "number"), ("1", "over")):
            with pytest.raises(InvalidForm) as refused:
                statement_actions.count_line(line_id, number, by=office.actor, at=AT)
            assert set(refused.value.errors) == {field}
        with pytest.raises(NotFound):
            statement_actions.count_line(10**9, "1", by=office.actor, at=AT)
    assert statement_actions.count_line(line_id, "1", by=office.actor, at=AT, over=True).over == 1


def test_money_put_aside_is_assigned_later_and_its_line_follows(app: Flask, context: Flask) -> None:
    ivanov, office = people()
    case_id = awaiting(ivanov, office)
    bring(office, incoming(45, FEE, "За свет"))
    line_id = lines()[0].id
    with unchanged(app), pytest.raises(InvalidForm):
        statement_actions.put_aside(line_id, " ", by=office.actor, at=AT)
    payment_id = statement_actions.put_aside(line_id, "Спросить банк", by=office.actor, at=AT).id
    assert (lines()[0].state, unassigned()[1], waiting_count()) == ("put_aside", 1, 0)
    with pytest.raises(Conflict, match="отложен"):
        statement_actions.count_line(line_id, "1", by=office.actor, at=AT)
    payment_actions.assign(payment_id, "1", by=office.actor, at=AT)
    assert (lines()[0].state, case_of(case_id).status) == ("counted", "contract_concluded")


def test_a_mark_by_hand_is_not_counted_twice_when_the_statement_brings_it(context: Flask) -> None:
    ivanov, office = people()
    case_id = awaiting(ivanov, office)
    payment_actions.record_payment(case_id, invoices(case_id)[0].id, money(), by=office.actor, at=AT)
    bring(office, incoming(45, FEE, "Оплата по счету № 1"), incoming(46, FEE, "Оплата по счету № 1"))
    found, _ = waiting_lines(office.actor, TODAY)
    assert [one.marked is not None and one.marked.number for one in found] == ["1", "1"]
    assert statement_actions.same_as_marked(found[0].line.id, by=office.actor, at=AT) == "1"
    # The second line is other money: the mark is taken.
    with pytest.raises(Conflict):
        statement_actions.same_as_marked(found[1].line.id, by=office.actor, at=AT)
    assert len(payments()) == 1


def test_a_line_whose_mark_was_a_mistake_waits_again(context: Flask) -> None:
    ivanov, office = people()
    case_id = awaiting(ivanov, office)
    bring(office, incoming(45, 1_00, "Оплата"))
    counted = statement_actions.count_line(lines()[0].id, "1", by=office.actor, at=AT)
    payment_actions.take_payment_back(case_id, counted.payment.id, "Не тот счет", by=office.actor, at=AT)
    (line,) = lines()
    assert (line.state, line.payment_id) == ("new", None)
    statement_actions.count_line(line.id, "1", by=office.actor, at=AT)
    assert [one.state for one in payments()] == ["returned", "counted"]
