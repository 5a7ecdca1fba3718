"""Sums, days and words of invoices and payments."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.contracts.invoice_numbers import number_key, numbers_in
from app.contracts.invoice_rules import covered_on, instalment_day, left_of, purpose_of
from app.contracts.payment_rules import (
    bare_invoice_number,
    concludes,
    day_refusal,
    holds_contract,
    over_refusal,
    read_day,
    read_money,
)
from app.contracts.payment_timeline import MONEY_TIMELINE
from app.contracts.schedule_rules import Instalment
from app.errors import InvalidForm, InvalidValue
from tests.rules.examples import QUICK

D = date(2026, 8, 5)
TODAY = date(2026, 8, 10)


def day(number: int) -> date:
    return date(2026, 8, number)


def test_an_invoice_is_covered_on_the_day_of_the_money_that_makes_it_whole() -> None:
    assert covered_on(500, []) is None
    assert covered_on(500, [(day(5), 499)]) is None
    assert covered_on(500, [(day(5), 500)]) == day(5)
    # Entered in another order than it came.
    assert covered_on(500, [(day(7), 200), (day(5), 300)]) == day(7)
    assert covered_on(500, [(day(7), 100), (day(5), 600)]) == day(5)


@given(st.lists(st.tuples(st.dates(), st.integers(1, 10**6)), max_size=8), st.integers(1, 10**6))
@QUICK
def test_it_is_covered_exactly_when_nothing_is_left(came: list[tuple[date, int]], total: int) -> None:
    paid = sum(kopecks for _, kopecks in came)
    assert (covered_on(total, came) is not None) == (left_of(total, paid) == 0)


@pytest.mark.parametrize(
    ("mode", "status", "part", "covered", "makes"),
    [
        ("A", "awaiting_payment", 1, True, True),
        ("A", "awaiting_payment", 1, False, False),
        ("A", "awaiting_payment", 2, True, False),
        ("A", "works", 1, True, False),
        ("B", "contract_signed", 1, True, False),
        (None, "awaiting_payment", 1, True, False),
    ],
)
def test_only_the_whole_first_part_of_mode_a_makes_the_contract(
    mode: str | None, status: str, part: int, covered: bool, makes: bool
) -> None:
    assert concludes(mode, status, part, covered) is makes


def test_money_on_which_the_contract_stands_is_told_apart() -> None:
    assert holds_contract(D, "A", 1, 500, [])
    # The rest covers the invoice as well, on the same day: the contract keeps its date.
    assert not holds_contract(D, "A", 1, 500, [(D, 500)])
    assert holds_contract(D, "A", 1, 500, [(day(6), 500)])
    assert not holds_contract(D, "B", 1, 500, [])
    assert not holds_contract(D, "A", 2, 500, [])
    assert not holds_contract(None, "A", 1, 500, [])


@pytest.mark.parametrize("text", ["вчера", "", "13.13.2026", "08/13/2026"])
def test_a_wrong_day_of_money_is_told_with_a_day_of_now(text: str) -> None:
    with pytest.raises(InvalidValue, match=r"10\.08\.2026"):
        read_day(text, today=TODAY, label="День оплаты")


def test_a_day_to_come_and_a_day_before_the_invoice_are_refused() -> None:
    assert "10.08.2026" in day_refusal(day(11), today=TODAY)
    assert "04.08.2026" in day_refusal(day(3), today=TODAY, issued_on=day(4))
    assert not day_refusal(day(4), today=TODAY, issued_on=day(4))
    assert not day_refusal(TODAY, today=TODAY)


def test_more_than_the_rest_is_asked_about() -> None:
    assert not over_refusal(500_00, 500_00)
    assert "больше на 100,00" in over_refusal(600_00, 500_00).replace("\u00a0", " ")
    assert "уже оплачен" in over_refusal(500_00, 0)


def test_typed_money_is_read_and_everything_wrong_is_told_at_once() -> None:
    typed = {"total": " 5 000,5 ₽", "received_on": "5.8.2026", "document": "п/п  № 12", "payer": ""}
    money = read_money(typed, today=TODAY)
    assert (money.total, money.received_on, money.document) == (500050, D, "п/п № 12")
    with pytest.raises(InvalidForm) as refused:
        read_money({"total": "-5", "received_on": "32.08.2026"}, today=TODAY, note_needed=True)
    assert set(refused.value.errors) == {"total", "received_on", "note"}
    with pytest.raises(InvalidForm) as later:
        read_money({"total": "5", "received_on": "11.08.2026"}, today=TODAY)
    assert set(later.value.errors) == {"received_on"}


def test_the_purpose_names_the_invoice_as_statements_are_read() -> None:
    purpose = purpose_of("12", "5-ТП/2026")
    assert purpose == "Оплата по счету № 12, договор ТП № 5-ТП/2026"
    assert number_key("12") in numbers_in(purpose)


def test_a_number_is_taken_as_staff_type_it() -> None:
    assert bare_invoice_number(" № 12 ") == "12"


def test_an_instalment_is_due_so_many_days_after_the_contract() -> None:
    schedule = [Instalment(1, 50_00, 250, 0), Instalment(2, 50_00, 250, 30)]
    assert instalment_day(schedule, 2, D) == date(2026, 9, 4)
    assert instalment_day(schedule, 3, D) is None


def test_the_timeline_tells_sums_and_days_in_words() -> None:
    told = MONEY_TIMELINE["payment_received"](
        {"sum": 500000, "number": "12", "on": "2026-08-05", "left": 100}
    )
    assert told.replace("\u00a0", " ") == (
        "Оплата получена: 5 000,00 ₽ по счету № 12, деньги пришли 05.08.2026. Осталось: 1,00 ₽"
    )
    over = MONEY_TIMELINE["payment_received"]({"sum": 1, "number": "1", "on": "2026-08-05", "over": 100})
    assert over.endswith("Переплата: 1,00\u00a0₽")
