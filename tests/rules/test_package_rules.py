"""What a supplier may place: for whom requisites are enough, what an account looks like, who signs the contract."""

import pytest

from app.contracts.package_rules import (
    CONTRACT,
    REQUISITES,
    clean_account,
    forms_of,
    is_agreed,
    is_household,
    signers,
)
from app.errors import InvalidValue


@pytest.mark.parametrize(
    ("legal_form", "household", "enough"),
    [
        ("individual", "yes", True),
        ("individual", "no", False),
        ("individual", None, False),
        ("sole_trader", "yes", False),
        ("legal_entity", "yes", False),
    ],
)
def test_requisites_are_enough_for_the_household_of_a_person_alone(
    legal_form: str, household: str | None, enough: bool
) -> None:
    answers = {"household": household} if household else {}
    assert is_household(legal_form, answers) == enough
    assert list(forms_of(enough)) == ([REQUISITES, CONTRACT] if enough else [CONTRACT])


@pytest.mark.parametrize(
    ("typed", "account"),
    [
        ("1", "1"),
        (" 5900-123456 ", "5900-123456"),
        ("5900–12", "5900-12"),
        ("ЭС-00Ё1a", "ЭС-00Ё1a"),
        ("12\u200b3", "123"),
        ("9" * 40, "9" * 40),
    ],
)
def test_an_account_is_up_to_forty_letters_digits_and_dashes(typed: str, account: str) -> None:
    assert clean_account(typed) == account


@pytest.mark.parametrize(
    "typed", ["", "  ", "9" * 41, "12 34", "12/34", "12\n34", "№12", "12\x0034", "\ud800"]
)
def test_anything_else_is_no_account(typed: str) -> None:
    with pytest.raises(InvalidValue, match="Лицевой счет: "):
        clean_account(typed)


@pytest.mark.parametrize(
    ("household", "mode", "expected"),
    [
        (True, "A", ()),
        (True, "B", ()),
        (False, "A", ("supplier",)),
        (False, "B", ("supplier", "applicant")),
    ],
)
def test_who_signs_the_supply_contract(household: bool, mode: str, expected: tuple[str, ...]) -> None:
    assert signers(household, mode) == expected


@pytest.mark.parametrize(
    ("form", "parties", "signed", "paid", "agreed"),
    [
        (CONTRACT, ("supplier", "applicant"), (), True, False),
        (CONTRACT, ("supplier", "applicant"), ("supplier",), True, False),
        (CONTRACT, ("supplier", "applicant"), ("supplier", "applicant"), False, True),
        (CONTRACT, ("supplier",), ("supplier",), False, False),
        (CONTRACT, ("supplier",), ("supplier",), True, True),
        (CONTRACT, (), (), True, True),
        (REQUISITES, (), (), True, False),
    ],
)
def test_a_project_stays_once_the_applicant_has_signed_it_or_paid_where_they_sign_nothing(
    form: str, parties: tuple[str, ...], signed: tuple[str, ...], paid: bool, agreed: bool
) -> None:
    assert is_agreed(form, parties, signed, paid=paid) is agreed
