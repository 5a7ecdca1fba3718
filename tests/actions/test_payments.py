"""Money that came: parts of it, too much of it, on which day, by whom marked; it makes the contract of mode A."""

from datetime import date, timedelta
from functools import partial

import pytest
from flask import Flask

from app import clock
from app.actor import Actor
from app.cases.document_steps import attach
from app.cases.models import CaseClock, CaseMark
from app.cases.queries import document_in, documents_of, locked_case
from app.cases.timeline import past
from app.company import queries as company
from app.contracts import invoice_actions, payment_actions
from app.contracts.contract_steps import contract_of
from app.contracts.invoice_queries import bills_of
from app.contracts.invoice_steps import void_open
from app.contracts.payment_queries import unassigned
from app.contracts.payment_steps import Counted
from app.documents.intake import received
from app.errors import AlreadyDone, Conflict, Forbidden, InvalidForm, NotFound
from app.extensions import db
from app.journal.models import JournalEntry
from app.notifications.models import OutboxRow
from app.transaction import transaction
from tests.application_world import pdf
from tests.at_once import at_once
from tests.case_world import Person, applicant, make_move, moment, named, supplier_person
from tests.money_world import (
    FEE,
    awaiting,
    case_of,
    fill_requisites,
    invoices,
    money,
    payments,
    people,
    signed_contract,
)
from tests.unchanged import unchanged

AT = moment(12, day=6)


def mark(case_id: int, staff: Person, total: int = FEE, *, part: int = 0, **rest: object) -> Counted:
    invoice = invoices(case_id)[part]
    at = rest.pop("at", AT)
    day = rest.pop("day", date(2026, 8, 5))
    return payment_actions.record_payment(
        case_id,
        invoice.id,
        money(total, day),  # type: ignore[arg-type]
        by=staff.actor,
        at=at,  # type: ignore[arg-type]
        **rest,  # type: ignore[arg-type]
    )


def letters(kind: str) -> list[OutboxRow]:
    return db.session.query(OutboxRow).filter_by(kind=kind).order_by(OutboxRow.id).all()


def test_the_whole_first_part_makes_the_contract_on_the_day_the_money_came(context: Flask) -> None:
    ivanov, office = people()
    sbyt = supplier_person()
    case_id = awaiting(ivanov, office, **named(sbyt))
    counted = mark(case_id, office)
    assert (counted.left, counted.over, counted.concluded_on) == (0, 0, date(2026, 8, 5))
    case = case_of(case_id)
    contract = contract_of(case)
    assert case.status == "contract_concluded" and contract is not None
    assert (contract.state, contract.concluded_on) == ("concluded", date(2026, 8, 5))
    running = db.session.query(CaseClock).filter_by(case_id=case_id, ended_on=None).one()
    assert running.started_on == date(2026, 8, 5)
    told = {letter.address: letter.subject for letter in letters("contract-concluded")}
    assert set(told) == {"ivanov@example.org", "sbyt@example.org"}
    assert set(told.values()) == {"Договор заключен 05.08.2026, № 1"}
    assert not letters("payment-received"), "one letter tells it all"


def test_what_was_invoiced_and_paid_is_not_the_supplier_s_to_read(context: Flask) -> None:
    ivanov, office = people()
    sbyt = supplier_person()
    case_id = awaiting(ivanov, office, **named(sbyt))
    case = case_of(case_id)
    for kind in ("invoice", "conditions"):
        with received([pdf(kind)]) as files, transaction():
            attach(case, files, kind=kind, title=kind, side="company", by=office.actor, at=AT)
    mark(case_id, office)
    case = case_of(case_id)
    told = {
        who: " ".join(one.sentence for one in past(case, for_staff=False, for_supplier=who == "supplier"))
        for who in ("applicant", "supplier")
    }
    assert "5 000,00 ₽" in told["applicant"].replace("\xa0", " ")
    assert "₽" not in told["supplier"] and "договор заключен" in told["supplier"]
    kinds = {one.kind for one in documents_of(case, sbyt.actor)}
    assert "conditions" in kinds and "invoice" not in kinds
    hidden = next(one for one in documents_of(case, ivanov.actor) if one.kind == "invoice")
    with pytest.raises(NotFound):
        document_in(case, sbyt.actor, hidden.id)


def test_the_supplier_s_letter_says_nothing_of_the_money(context: Flask) -> None:
    ivanov, office = people()
    case_id = awaiting(ivanov, office, **named(supplier_person()))
    mark(case_id, office)
    bodies = {letter.address: letter.body for letter in letters("contract-concluded")}
    assert all("Срок: до " in body for body in bodies.values()), "until when the works are done"
    assert "5 000,00" in bodies["ivanov@example.org"].replace("\u00a0", " ")
    assert "5 000,00" not in bodies["sbyt@example.org"].replace("\u00a0", " ")


def test_a_part_of_the_money_concludes_nothing_and_says_how_much_is_left(context: Flask) -> None:
    ivanov, office = people()
    case_id = awaiting(ivanov, office)
    counted = mark(case_id, office, 2_000_00)
    assert (counted.left, counted.concluded_on) == (3_000_00, None)
    assert case_of(case_id).status == "awaiting_payment"
    (letter,) = letters("payment-received")
    assert "Осталось оплатить по этому счету: 3 000,00 ₽" in letter.body.replace("\u00a0", " ")
    # The rest came earlier than the first was entered: the contract is of the day on which the sum was whole.
    counted = mark(case_id, office, 3_000_00, day=date(2026, 8, 4), at=moment(12, day=7))
    assert counted.concluded_on == date(2026, 8, 5)
    assert invoices(case_id)[0].state == "paid"


def test_the_second_part_pays_itself_and_moves_nothing(context: Flask) -> None:
    ivanov, office = people()
    case_id = awaiting(ivanov, office, totals=(300_00, 200_00))
    mark(case_id, office, 200_00, part=1)
    assert case_of(case_id).status == "awaiting_payment"
    mark(case_id, office, 300_00)
    assert case_of(case_id).status == "contract_concluded"
    assert [one.state for one in invoices(case_id)] == ["paid", "paid"]


def test_in_mode_b_money_moves_nothing(context: Flask) -> None:
    ivanov, office = people()
    case_id = signed_contract(ivanov, office, at=clock.now() - timedelta(days=2))
    fill_requisites()
    invoice_actions.issue_invoice(case_id, part=1, total=FEE, due_on=None, by=office.actor, at=clock.now())
    mark(case_id, office, day=company.today(), at=clock.now())
    assert case_of(case_id).status == "contract_signed"
    assert invoices(case_id)[0].state == "paid"


def test_too_much_is_asked_about_and_then_told(app: Flask, context: Flask) -> None:
    ivanov, office = people()
    case_id = awaiting(ivanov, office)
    with unchanged(app), pytest.raises(InvalidForm) as refused:
        mark(case_id, office, FEE + 1_00)
    assert set(refused.value.errors) == {"over"}
    counted = mark(case_id, office, FEE + 1_00, over=True)
    assert (counted.over, case_of(case_id).status) == (1_00, "contract_concluded")
    (letter,) = letters("contract-concluded")
    assert "Оплачено больше, чем нужно, на 1,00" in letter.body


@pytest.mark.parametrize("day", [date(2026, 8, 7), date(2026, 8, 2)])
def test_money_comes_neither_tomorrow_nor_before_its_invoice(app: Flask, context: Flask, day: date) -> None:
    ivanov, office = people()
    case_id = awaiting(ivanov, office)
    with unchanged(app), pytest.raises(InvalidForm) as refused:
        mark(case_id, office, day=day)
    assert set(refused.value.errors) == {"received_on"}


def test_everything_about_money_stands_in_the_journal_for_the_applicant(context: Flask) -> None:
    ivanov, office = people()
    case_id = awaiting(ivanov, office)
    mark(case_id, office, 1_00)
    entry = db.session.query(JournalEntry).filter_by(kind="payment_received").one()
    assert entry.public and entry.body["sum"] == 1_00
    assert db.session.query(CaseMark).filter_by(user_id=ivanov.id, kind="status").count() == 1


def test_who_may_not_mark_cannot(app: Flask, context: Flask) -> None:
    ivanov, office = people()
    sbyt = supplier_person()
    case_id = awaiting(ivanov, office, **named(sbyt))
    other = awaiting(ivanov, office)
    both = Person(Actor(ivanov.id, "Иванов", office.actor.roles, ivanov.actor.applicant_ids))
    stranger = applicant("Соседов", snils="10289803962", email="s@example.org")
    wrong = invoices(other)[0].id
    with unchanged(app):
        for who, kind in ((ivanov, Forbidden), (both, Forbidden), (sbyt, Forbidden), (stranger, NotFound)):
            with pytest.raises(kind):
                mark(case_id, who)
        with pytest.raises(InvalidForm):  # an invoice of another case
            payment_actions.record_payment(case_id, wrong, money(), by=office.actor, at=AT)


def test_one_button_pressed_twenty_times_counts_the_money_once(app: Flask) -> None:
    with app.app_context():
        ivanov, office = people()
        case_id = awaiting(ivanov, office)
        invoice_id = invoices(case_id)[0].id
    press = partial(
        payment_actions.record_payment,
        case_id,
        invoice_id,
        money(1_00),
        by=office.actor,
        at=AT,
        key="a" * 32,
    )
    got = at_once(app, [press] * 20)
    assert (
        sum(isinstance(one, Counted) for one in got) + sum(isinstance(one, AlreadyDone) for one in got) == 20
    )
    with app.app_context():
        first = [one for one in got if isinstance(one, Counted)]
        assert len(first) == len(payments())


def test_a_wrong_mark_is_taken_back_and_stays_in_the_books(context: Flask) -> None:
    ivanov, office = people()
    case_id = awaiting(ivanov, office)
    counted = mark(case_id, office, 1_000_00)
    payment_id = counted.payment.id
    payment_actions.take_payment_back(
        case_id, payment_id, "Чужой платеж.", by=office.actor, at=moment(13, day=6)
    )
    (payment,) = payments()
    assert (payment.state, payment.note, payment.invoice_id) == (
        "returned",
        "Чужой платеж.",
        invoices(case_id)[0].id,
    )
    (letter,) = letters("payment-taken-back")
    assert "Чужой платеж." in letter.body
    with pytest.raises(NotFound):
        payment_actions.take_payment_back(case_id, payment_id, "x", by=office.actor, at=AT)
    assert mark(case_id, office).concluded_on == date(2026, 8, 5)


def test_an_invoice_that_is_paid_no_more_is_open_again(context: Flask) -> None:
    ivanov, office = people()
    case_id = awaiting(ivanov, office, totals=(300_00, 200_00))
    counted = mark(case_id, office, 200_00, part=1)
    payment_actions.take_payment_back(case_id, counted.payment.id, "Ошибка", by=office.actor, at=AT)
    assert [one.state for one in invoices(case_id)] == ["open", "open"]


def test_the_mark_that_made_the_contract_stays(app: Flask, context: Flask) -> None:
    ivanov, office = people()
    case_id = awaiting(ivanov, office)
    payment_id = mark(case_id, office).payment.id
    with unchanged(app), pytest.raises(Conflict, match=r"договор заключен 05\.08\.2026"):
        payment_actions.take_payment_back(case_id, payment_id, "Ошибка", by=office.actor, at=AT)


def test_a_mark_is_not_taken_back_without_a_reason(app: Flask, context: Flask) -> None:
    ivanov, office = people()
    case_id = awaiting(ivanov, office)
    payment_id = mark(case_id, office, 1_00).payment.id
    with unchanged(app), pytest.raises(InvalidForm):
        payment_actions.take_payment_back(case_id, payment_id, " ", by=office.actor, at=AT)


def test_an_ended_application_takes_no_money(app: Flask, context: Flask) -> None:
    ivanov, office = people()
    case_id = awaiting(ivanov, office)
    make_move(case_id, "withdraw", ivanov)
    with transaction():
        void_open(locked_case(office.actor, case_id))
    with unchanged(app), pytest.raises(InvalidForm) as refused:
        mark(case_id, office)
    assert "invoice" in refused.value.errors


def give_back(payment_id: int, case_id: int, who: Person, day: date = date(2026, 8, 10)) -> None:
    payment_actions.give_back(case_id, payment_id, day, "п/п № 71", by=who.actor, at=moment(13, day=10))


def test_money_of_an_ended_application_is_noted_as_sent_back_and_everybody_is_told(
    app: Flask, context: Flask
) -> None:
    ivanov, office = people()
    case_id = awaiting(ivanov, office)
    payment_id = mark(case_id, office, 2_000_00).payment.id
    with unchanged(app), pytest.raises(Conflict, match="отмените отметку"):
        give_back(payment_id, case_id, office)
    make_move(case_id, "withdraw", ivanov)
    with unchanged(app), pytest.raises(InvalidForm) as early:
        give_back(payment_id, case_id, office, date(2026, 8, 4))
    assert early.value.errors.keys() == {"returned_on"}
    with unchanged(app), pytest.raises(Forbidden):
        give_back(payment_id, case_id, ivanov)
    give_back(payment_id, case_id, office)
    (payment,) = payments()
    assert (payment.state, payment.note) == ("returned", "Вернули 10.08.2026: п/п № 71")
    told = [line.sentence for line in past(case_of(case_id), for_staff=False)][-1]
    assert told.replace("\u00a0", " ") == "Возвращено 2 000,00 ₽ по счету № 1: 10.08.2026, п/п № 71"
    (letter,) = letters("payment-returned")
    assert "п/п № 71" in letter.body and bills_of(case_of(case_id)) == []
    with unchanged(app), pytest.raises(NotFound):
        give_back(payment_id, case_id, office)


def test_money_of_nobody_is_noted_and_assigned_later(app: Flask, context: Flask) -> None:
    ivanov, office = people()
    case_id = awaiting(ivanov, office)
    noted = payment_actions.note_money(money(note="Звонили в банк"), by=office.actor, at=AT)
    found, count = unassigned()
    assert ([one.id for one in found], count) == ([noted.id], 1)
    with unchanged(app), pytest.raises(InvalidForm) as refused:
        payment_actions.assign(noted.id, "99", by=office.actor, at=AT)
    assert refused.value.errors == {"number": ["Счета № 99, по которому ждут деньги, нет. Проверьте номер."]}
    payment_actions.assign(noted.id, f"№ {invoices(case_id)[0].number}", by=office.actor, at=AT)
    assert case_of(case_id).status == "contract_concluded"
    assert unassigned() == ([], 0)
    with pytest.raises((Conflict, NotFound)):
        payment_actions.mark_returned(noted.id, "Вернули", by=office.actor, at=AT)


def test_noted_money_that_was_counted_by_mistake_has_no_invoice_again(context: Flask) -> None:
    ivanov, office = people()
    case_id = awaiting(ivanov, office)
    noted = payment_actions.note_money(money(1_000_00, note="Звонили в банк"), by=office.actor, at=AT).id
    payment_actions.assign(noted, invoices(case_id)[0].number, by=office.actor, at=AT)
    payment_actions.take_payment_back(case_id, noted, "Это деньги Петрова", by=office.actor, at=AT)
    (waits,), count = unassigned()
    assert (waits.id, waits.case_id, waits.invoice_id, count) == (noted, None, None, 1)
    assert waits.note == "Звонили в банк\nЭто деньги Петрова"
    assert [bill.left for bill in bills_of(case_of(case_id))] == [FEE]
    payment_actions.assign(noted, invoices(case_id)[0].number, by=office.actor, at=AT)
    assert unassigned() == ([], 0)


def test_money_of_nobody_is_sent_back(context: Flask) -> None:
    _, office = people()
    noted = payment_actions.note_money(money(note="Чье?"), by=office.actor, at=AT)
    payment_actions.mark_returned(noted.id, "Вернули 06.08.", by=office.actor, at=AT)
    (payment,) = payments()
    assert (payment.state, payment.note) == ("returned", "Чье?\nВернули 06.08.")
    with pytest.raises(Conflict):
        payment_actions.mark_returned(noted.id, "Еще раз", by=office.actor, at=AT)


def test_of_two_who_assign_the_same_money_one_does(app: Flask) -> None:
    with app.app_context():
        ivanov, office = people()
        cases = [awaiting(ivanov, office) for _ in range(4)]
        numbers = [invoices(case_id)[0].number for case_id in cases]
        noted = payment_actions.note_money(money(note="Чье?"), by=office.actor, at=AT).id
    got = at_once(
        app,
        [partial(payment_actions.assign, noted, number, by=office.actor, at=AT) for number in numbers],
    )
    assert sum(isinstance(one, Counted) for one in got) == 1
    assert {type(one) for one in got if not isinstance(one, Counted)} <= {Conflict, NotFound}
    with app.app_context():
        assert len(payments()) == 1
