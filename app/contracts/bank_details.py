"""БИК, расчетный and корреспондентский счет: shape and the control key that binds an account to its bank.

The key is the one of the Bank of Russia's order of accounts (weights 7, 1, 3). Values are bare ASCII digits.
Knows nothing of whose the account is or whether the bank still works.
"""

import re
from dataclasses import dataclass

from app.characters import bare_number, refuse_not_digits
from app.connections.refusals import collected
from app.errors import InvalidForm, InvalidValue

_BIK = re.compile(r"0[14][0-9]{7}")
#: Units of the Bank of Russia: they keep accounts themselves and have no correspondent account.
_CASH_CENTRES = ("000", "001", "002")
#: Accounts of the treasury follow other rules than the key.
_TREASURY = ("03", "40102")


@dataclass(frozen=True, slots=True)
class BankDetails:
    """Checked numbers of one account; `correspondent` is empty for a unit of the Bank of Russia."""

    bik: str
    account: str
    correspondent: str


def parse_bank_details(*, bik: str, account: str, correspondent: str) -> BankDetails:
    """The three numbers checked together; raises InvalidForm with sentences under the names of the arguments.

    Accounts are checked against the БИК only when it is right itself.
    """
    errors: dict[str, list[str]] = {}
    good_bik = good_account = good_correspondent = ""
    with collected(errors, "bik"):
        good_bik = parse_bik(bik)
    with collected(errors, "account"):
        good_account = parse_account(account, bik=good_bik)
    with collected(errors, "correspondent"):
        good_correspondent = parse_correspondent(correspondent, bik=good_bik)
    if errors:
        raise InvalidForm(errors)
    return BankDetails(good_bik, good_account, good_correspondent)


def parse_bik(text: str) -> str:
    """The 9 digits of a БИК: 04 begins a bank's, 01 the treasury's; it has no control digit."""
    digits = _digits(text, "БИК", 9)
    if not _BIK.fullmatch(digits):
        raise InvalidValue("Проверьте БИК: он начинается с цифр 04, у казначейства — с 01.")
    return digits


def parse_account(text: str, *, bik: str) -> str:
    """The 20 digits of a расчетный счет, checked against a right `bik`; an empty `bik` leaves the key unchecked."""
    digits = _digits(text, "Расчетный счет", 20)
    if bik and not digits.startswith(_TREASURY):
        prefix = _centre_prefix(bik) if bik.endswith(_CASH_CENTRES) else bik[-3:]
        if not _key_is_right(prefix + digits):
            raise InvalidValue(
                "Проверьте расчетный счет и БИК: контрольный ключ счета не сходится с этим банком."
            )
    return digits


def parse_correspondent(text: str, *, bik: str) -> str:
    """The 20 digits of a корреспондентский счет, checked against a right `bik`.

    Empty only for a unit of the Bank of Russia, which has none.
    """
    if not text.strip() and bik.endswith(_CASH_CENTRES):
        return ""
    digits = _digits(text, "Корреспондентский счет", 20)
    if not bik or digits.startswith(_TREASURY):
        return digits
    if not digits.startswith("301"):
        raise InvalidValue("Проверьте корреспондентский счет: он начинается с цифр 301.")
    if digits[-3:] != bik[-3:]:
        raise InvalidValue(
            "Проверьте корреспондентский счет: три последние цифры должны быть такими же, как у БИК."
        )
    if not _key_is_right(_centre_prefix(bik) + digits):
        raise InvalidValue(
            "Проверьте корреспондентский счет и БИК: контрольный ключ не сходится с этим банком."
        )
    return digits


def account_warning(account: str) -> str:
    """A sentence for an account that is taken without a check of its key; empty for all others."""
    if not account.startswith(_TREASURY):
        return ""
    return "Это казначейский счет: контрольный ключ у него не проверяется. Сверьте номер с документом."


def _centre_prefix(bik: str) -> str:
    """What stands for the bank in the key of an account that the Bank of Russia keeps."""
    return "0" + bik[4:6]


def _key_is_right(digits: str) -> bool:
    return sum(int(digit) * (7, 1, 3)[place % 3] % 10 for place, digit in enumerate(digits)) % 10 == 0


def _digits(text: str, label: str, length: int) -> str:
    digits = bare_number(text, label=label)
    refuse_not_digits(digits, label=label)
    if not digits:
        raise InvalidValue(f"{label}: введите {length} цифр.")
    if len(digits) != length:
        raise InvalidValue(f"{label}: должно быть {length} цифр, у вас {len(digits)}.")
    if not digits.strip("0"):
        raise InvalidValue(f"{label}: номер не может состоять из одних нулей.")
    return digits
