"""What a supplier brings into an application: a project of the supply contract, or requisites with an account. Pure.

For a household the requisites and the number of the personal account are enough: its contract is a public offer (basic
provisions of the retail market, No. 442). Everybody else gets a project of the contract.
"""

import re
from collections.abc import Collection, Mapping
from typing import Any, Literal

from app.characters import plain_dashes, without_invisible
from app.errors import InvalidValue

Side = Literal["applicant", "supplier"]

PREPARING, PLACED, SIGNED = "preparing", "placed", "signed"
CONTRACT, REQUISITES = "contract", "requisites"

#: The term of the supplier, in the table of terms.
TERM = "supply"

FORM_WORDS: Mapping[str, str] = {
    REQUISITES: "Реквизиты и номер лицевого счета",
    CONTRACT: "Проект договора энергоснабжения",
}

_LONGEST_ACCOUNT = 40
_NOT_IN_ACCOUNT = re.compile(r"[^0-9A-Za-zА-Яа-яЁё-]")


def is_household(legal_form: str, answers: Mapping[str, Any]) -> bool:
    """Whether electricity is for the household of a person: only then requisites can take the place of a contract."""
    return legal_form == "individual" and answers.get("household") == "yes"


def forms_of(household: bool) -> dict[str, str]:
    """What may be placed, with its words; the usual one first."""
    return dict(FORM_WORDS) if household else {CONTRACT: FORM_WORDS[CONTRACT]}


def clean_account(text: str) -> str:
    """The number of a supplier's personal account: 1 to 40 letters, digits and dashes; raises InvalidValue."""
    account = plain_dashes(without_invisible(text)).strip()
    if not account:
        raise InvalidValue("Лицевой счет: заполните это поле.")
    if len(account) > _LONGEST_ACCOUNT:
        raise InvalidValue(f"Лицевой счет: не больше {_LONGEST_ACCOUNT} знаков, сейчас {len(account)}.")
    if _NOT_IN_ACCOUNT.search(account):
        raise InvalidValue("Лицевой счет: подходят буквы, цифры и дефис, без пробелов.")
    return account


def signers(household: bool, mode: str) -> tuple[Side, ...]:
    """Who signs the project of the contract, in order: nobody for a household, in mode A the supplier alone."""
    if household:
        return ()
    return ("supplier", "applicant") if mode == "B" else ("supplier",)


def is_agreed(form: str, parties: Collection[str], signed: Collection[str], *, paid: bool) -> bool:
    """Whether both sides are bound by the project that was placed, so that the supplier alone cannot replace it.

    The applicant is bound by their signature where they sign; elsewhere by paying the company's invoice (`paid`: the
    contract of connection is made), which makes the supply contract, too (Rules No. 861, section X). A contract is not
    changed by one side (Civil Code, art. 310 and 450). Requisites and an account only inform: they are mended until the
    connection.
    """
    if form != CONTRACT:
        return False
    return "applicant" in signed if "applicant" in parties else paid
