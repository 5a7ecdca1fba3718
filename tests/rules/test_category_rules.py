"""What a new version of a category may be, and settings that are right only together."""

from dataclasses import replace
from datetime import date

import pytest

from app.administration.bank_rules import check_together
from app.administration.category_rules import (
    changes,
    check_version,
    held_on,
    parse_limit,
    parse_valid_from,
    standing,
)
from app.company.categories import SHIPPED, WORKS_TERMS
from app.company.seed import TERMS
from app.errors import InvalidForm, InvalidValue

TODAY = date(2026, 11, 30)
HOME = SHIPPED[0]
NEXT = replace(HOME, valid_from=date(2027, 1, 1), watts_most=20_000)
BANK = {
    "company.bank": "ПАО Сбербанк",
    "company.bik": "044525225",
    "company.account": "40702810938000000001",
    "company.correspondent": "30101810400000000225",
}


@pytest.mark.parametrize(
    ("typed", "day"), [("01.12.2026", date(2026, 12, 1)), ("01.01.2027", date(2027, 1, 1))]
)
def test_a_version_holds_from_tomorrow_or_later(typed, day):
    assert parse_valid_from(typed, TODAY) == day


@pytest.mark.parametrize(
    "typed", ["30.11.2026", "29.11.2026", "01.01.2020", "", "завтра", "31.02.2027", "01.01.2099"]
)
def test_a_day_that_has_begun_is_far_off_or_none_is_refused(typed):
    with pytest.raises(InvalidValue):
        parse_valid_from(typed, TODAY)


def test_no_limit_is_none_and_a_limit_is_in_watts():
    assert (parse_limit(" "), parse_limit("150"), parse_limit("669,99")) == (None, 150_000, 669_990)
    with pytest.raises(InvalidValue, match="Предел мощности"):
        parse_limit("много")


@pytest.mark.parametrize(
    ("day", "watts"),
    [(date(2020, 1, 1), 15_000), (date(2026, 12, 31), 15_000), (date(2027, 1, 1), 20_000)],
)
def test_the_newest_version_that_has_begun_holds(day, watts):
    assert held_on((HOME, NEXT), day).watts_most == watts


def test_a_version_is_compared_with_what_would_hold_on_its_day():
    same = replace(HOME, valid_from=date(2026, 12, 1))
    with pytest.raises(InvalidForm):
        check_version((HOME, NEXT), same)
    back = replace(HOME, valid_from=date(2027, 6, 1))
    check_version((HOME, NEXT), back)
    assert changes((HOME, NEXT), back) == {"watts_most": [20_000, 15_000]}


def test_the_list_tells_what_holds_and_what_is_planned_and_puts_what_is_off_last():
    off = replace(SHIPPED[2], valid_from=TODAY, active=False)
    present, planned = standing((*SHIPPED, NEXT, off), TODAY)
    assert [one.code for one in present] == [
        *(one.code for one in SHIPPED if one.code != off.code),
        off.code,
    ]
    assert planned == [NEXT]


def test_every_shipped_category_has_a_term_of_the_works_that_is_seeded():
    assert {one.works_term for one in SHIPPED} <= set(WORKS_TERMS) <= set(TERMS)


def test_codes_and_places_of_the_shipped_categories_are_their_own():
    assert len({one.code for one in SHIPPED}) == len({one.position for one in SHIPPED}) == len(SHIPPED)


def test_a_right_account_and_none_at_all_are_taken():
    check_together(BANK)
    check_together({"company.bank": "", "company.head_name": "Сидоров А. П."})


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"company.account": "40702810938000000002"}, ["company.account"]),
        ({"company.bik": ""}, ["company.bik"]),
        ({"company.bank": ""}, ["company.bank"]),
        ({"company.correspondent": ""}, ["company.correspondent"]),
        ({"company.bik": "044525974"}, ["company.account", "company.correspondent"]),
    ],
)
def test_what_does_not_go_together_is_told_at_its_field(change, fields):
    with pytest.raises(InvalidForm) as refused:
        check_together({**BANK, **change})
    assert sorted(refused.value.errors) == fields
