"""Bank details: БИК, account and correspondent account, and the key that ties them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts.identifiers import parse_inn
from app.cli.demo_company import COMPANY
from app.contracts.bank_details import (
    BankDetails,
    account_warning,
    parse_account,
    parse_bank_details,
    parse_bik,
    parse_correspondent,
)
from app.errors import InvalidForm, InvalidValue
from tests.rules.examples import QUICK

BIK = "044525225"
ACCOUNT = "40702810938000000001"
CORRESPONDENT = "30101810400000000225"
#: Of ООО «Энергия» in the demo world and in the manuals.
INN_OF_THE_FIRM = "4174873890"


def test_right_details_are_taken_with_the_spaces_people_type() -> None:
    details = parse_bank_details(
        bik=" 04 45 25 225", account="40702 810 9 3800 0000001", correspondent=CORRESPONDENT
    )
    assert details == BankDetails(BIK, ACCOUNT, CORRESPONDENT)


@pytest.mark.parametrize(
    ("bik", "said"),
    [
        ("", "введите 9 цифр"),
        ("04452522", "должно быть 9 цифр, у вас 8"),
        ("144525225", "начинается с цифр 04"),
        ("024525225", "начинается с цифр 04"),
        ("04452522O", "вместо буквы «O» наберите цифру 0"),
        ("000000000", "из одних нулей"),
    ],
)
def test_a_wrong_bik_is_refused(bik: str, said: str) -> None:
    with pytest.raises(InvalidValue, match=said):
        parse_bik(bik)


@pytest.mark.parametrize(
    ("account", "said"),
    [
        ("40702810938000000000", "контрольный ключ счета не сходится"),
        ("4070281093800000000", "должно быть 20 цифр, у вас 19"),
        ("0" * 20, "из одних нулей"),
        ("", "Расчетный счет: введите 20 цифр"),
    ],
)
def test_a_wrong_account_is_refused(account: str, said: str) -> None:
    with pytest.raises(InvalidValue, match=said):
        parse_account(account, bik=BIK)


@pytest.mark.parametrize(
    ("correspondent", "said"),
    [
        ("", "Корреспондентский счет: введите 20 цифр"),
        ("40702810938000000225", "начинается с цифр 301"),
        ("30101810400000000226", "три последние цифры"),
        ("30101810500000000225", "контрольный ключ не сходится"),
    ],
)
def test_a_wrong_correspondent_account_is_refused(correspondent: str, said: str) -> None:
    with pytest.raises(InvalidValue, match=said):
        parse_correspondent(correspondent, bik=BIK)


@QUICK
@given(st.integers(0, 19), st.integers(1, 9))
def test_one_mistyped_digit_of_an_account_is_always_found(place: int, step: int) -> None:
    wrong = ACCOUNT[:place] + str((int(ACCOUNT[place]) + step) % 10) + ACCOUNT[place + 1 :]
    if not account_warning(wrong):
        with pytest.raises(InvalidValue):
            parse_account(wrong, bik=BIK)


def test_all_wrong_numbers_are_told_at_once_and_an_account_is_not_blamed_for_a_wrong_bik() -> None:
    with pytest.raises(InvalidForm) as caught:
        parse_bank_details(bik="1", account="40702810938000000000", correspondent="2")
    assert list(caught.value.errors) == ["bik", "correspondent"]


def test_a_treasury_account_is_taken_with_a_warning() -> None:
    assert parse_account("03100643000000010001", bik="017003983")
    assert parse_correspondent("40102810545370000001", bik="017003983")
    assert "казначейский" in account_warning("03100643000000010001")
    assert account_warning(ACCOUNT) == ""


def test_a_unit_of_the_bank_of_russia_needs_no_correspondent_account() -> None:
    assert parse_correspondent(" ", bik="044525000") == ""


def test_the_demo_company_has_requisites_of_its_own() -> None:
    """Both sides of the demo's contracts would print one ИНН, and statements would find the wrong payer."""
    assert parse_inn(str(COMPANY["company.inn"]), length=10) != INN_OF_THE_FIRM
    assert parse_bank_details(
        bik=COMPANY["company.bik"],
        account=COMPANY["company.account"],
        correspondent=COMPANY["company.correspondent"],
    )
