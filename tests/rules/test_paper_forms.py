"""What the office fills in for papers, the parts of the fee, and what stands on the sheets."""

from datetime import date
from typing import Any

import pytest

from app.contracts.paper_data import Applicant, Known, names, vat_in, vat_words
from app.contracts.paper_fields import FIELDS, kept, read
from app.contracts.paper_kinds import PAPERS
from app.contracts.paper_names import TEMPLATED, sample
from app.contracts.paper_rules import first_typed, mark_of, next_act, papers_now
from app.contracts.paper_sheets import bill, sheet
from app.contracts.schedule_rules import instalments, parse_shares, schedule_in
from app.errors import InvalidForm, InvalidValue
from tests.paper_world import ANSWERS

SOMEBODY = Applicant(
    "Иванов Петр Григорьевич", "individual", "", "", "", "", "г. Пермь", "+7 950 400-00-01", "a@b.ru"
)


def known(mode: str = "A", **changes: Any) -> Known:
    told: dict[str, Any] = {
        "settings": {"company.name": "ООО «Сети»", "company.head_name": "Сидоров А. П."},
        "applicant": SOMEBODY,
        "mode": mode,
        "case_number": "299",
        "sent_on": date(2026, 11, 2),
        "supplier": "",
        "contract_number": "12-ТП/2026",
        "concluded_on": None,
        "payment_term": "5 рабочих дней",
        "facts": {},
    }
    return Known(**{**told, **changes})


def test_every_kind_of_paper_has_a_form() -> None:
    assert set(FIELDS) == set(PAPERS)


@pytest.mark.parametrize("kind", TEMPLATED)
def test_the_values_of_a_paper_are_those_that_its_text_may_use(kind: str) -> None:
    tree, documented = names(kind, known(), read(kind, ANSWERS[kind])), sample(kind)
    for group, told in documented.items():
        assert set(told) <= set(tree[group]), group
        for name, example in told.items():
            assert type(tree[group][name]) is type(example), f"{group}.{name}"


@pytest.mark.parametrize("kind", FIELDS)
def test_an_empty_form_names_every_field_that_is_needed(kind: str) -> None:
    with pytest.raises(InvalidForm) as refused:
        read(kind, {})
    assert set(refused.value.errors) == {field.code for field in FIELDS[kind] if not field.optional}


@pytest.mark.parametrize("kind", FIELDS)
def test_what_was_kept_is_read_again_as_it_was(kind: str) -> None:
    values = read(kind, ANSWERS[kind])
    again = first_typed(kind, {kind: kept(kind, ANSWERS[kind], values)}, {}, "02.12.2026")
    assert read(kind, again) == values


def test_a_later_form_begins_with_what_earlier_papers_said() -> None:
    filled = {
        "conditions": kept("conditions", ANSWERS["conditions"], read("conditions", ANSWERS["conditions"]))
    }
    typed = first_typed("connection_act", filled, {"object": "другое"}, "02.12.2026")
    assert typed["object"] == ANSWERS["conditions"]["object"]
    assert typed["points"] == ANSWERS["conditions"]["points"]
    assert typed["date"] == "02.12.2026" and typed["border"] == ""


def test_parts_are_percents_and_days_that_make_the_whole_fee() -> None:
    shares = parse_shares("15 % — 10\n30% 60\n45 - 180 дней\n10, 180")
    assert shares == [(1500, 10), (3000, 60), (4500, 180), (1000, 180)]
    parts = instalments(100_000_01, shares)
    assert [one.total for one in parts] == [15_000_00, 30_000_00, 45_000_00, 10_000_01]
    assert instalments(500_00, [])[0].total == 500_00


@pytest.mark.parametrize(
    "text",
    ["100 % 10", "50 10\n40 20", "50 20\n50 10", "а\nб", "0 1\n100 2", "50 9999\n50 9999", "1 1\n" * 13],
)
def test_parts_that_are_none_are_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(InvalidValue, match="Части оплаты"):
        parse_shares(text)


def test_the_schedule_is_what_invoices_are_made_by() -> None:
    typed = {**ANSWERS["contract"], "fee": "10 000", "shares": "20 5\n80 100"}
    filled = {"contract": kept("contract", typed, read("contract", typed))}
    assert filled["contract"]["schedule"] == [5, 100]
    assert [(one.part, one.total, one.days) for one in schedule_in(filled)] == [
        (1, 2_000_00, 5),
        (2, 8_000_00, 100),
    ]
    assert schedule_in({}) == [] and schedule_in({"contract": {"fee": "x"}}) == []


def test_the_tax_is_inside_of_the_sum() -> None:
    assert vat_in(122_00, 22) == 22_00
    assert vat_in(75_000_00, 22) == 13_524_59
    assert vat_words(122_00, 0) == "НДС не облагается"


def test_who_signs_follows_the_mode() -> None:
    values = read("connection_act", ANSWERS["connection_act"])
    one = sheet("connection_act", known("A"), values, "")
    both = sheet("connection_act", known("B"), values, "")
    assert [side["role"] for side in one["sides"]] == ["Сетевая организация"]
    assert [side["role"] for side in both["sides"]] == ["Сетевая организация", "Заявитель"]
    terms = sheet("offer_terms", known("A"), read("offer_terms", ANSWERS["offer_terms"]), "")
    assert [side["signs"] for side in terms["sides"]] == [True, False] and terms["requisites"]


def test_an_invoice_says_that_the_money_makes_the_contract_only_where_it_does() -> None:
    values = read("invoice", ANSWERS["invoice"])

    def shown(found: Known) -> Any:
        return bill(found, values, number="7", parts=1, purpose="", qr="")["conclusion"]

    assert shown(known("A"))
    assert not shown(known("B")) and not shown(known("A", concluded_on=date(2026, 12, 1)))


def test_an_invoice_names_the_term_that_the_contract_names() -> None:
    values = read("invoice", ANSWERS["invoice"])

    def due(mode: str, parts: int) -> str:
        return str(bill(known(mode), values, number="7", parts=parts, purpose="", qr="")["due"])

    assert "рабочих дней" in due("A", 1) and "рабочих дней" in due("A", 3) and "рабочих дней" in due("B", 1)
    assert due("B", 3).startswith("Срок оплаты указан"), "its parts have days of their own"


def test_which_papers_are_made_at_a_stage() -> None:
    def codes(status: str, mode: str) -> list[str]:
        return [paper.code for paper in papers_now(status, mode)]

    assert codes("preparing_offer", "A") == ["offer_terms", "conditions", "invoice", "instruction", "notice"]
    assert codes("preparing_contract", "B") == ["contract", "conditions"]
    assert codes("contract_disputed", "B") == ["contract", "conditions"]
    assert codes("works", "B") == ["invoice"]
    assert codes("meter_admission", "A") == ["meter_act", "invoice"]
    assert codes("meter_admitted", "B") == ["connection_act", "invoice"]
    assert codes("act_sent", "B") == ["connection_act", "invoice"], "an act that was declined is made anew"
    assert codes("connected", "A") == ["invoice"], "parts may be due later"
    assert codes("checking", "A") == codes("terminated", "A") == codes("awaiting_payment", "A") == []
    assert next_act("meter_admitted", "A") == "connect" and next_act("meter_admitted", "B") == "publish_act"


def test_a_form_that_was_filled_in_since_has_another_mark() -> None:
    assert mark_of({}, "contract") == mark_of({"conditions": {"date": "1"}}, "contract")
    assert mark_of({}, "contract") != mark_of({"contract": {"date": "1"}}, "contract")
