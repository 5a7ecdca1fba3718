"""Where the company is paid and who signs for it: settings that are right only together. Pure."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from app.administration.editable_rules import Editable, line
from app.contracts.bank_details import parse_account, parse_bank_details, parse_bik, parse_correspondent
from app.errors import InvalidForm

PAYMENT = (
    Editable("company.bank", "Банк", line("Банк", 200), "Наименование, как в реквизитах счета", True),
    Editable("company.bik", "БИК", parse_bik, "9 цифр", True, width="s", inputmode="numeric"),
    Editable(
        "company.account",
        "Расчетный счет",
        partial(parse_account, bik=""),
        "20 цифр",
        True,
        width="s",
        inputmode="numeric",
    ),
    Editable(
        "company.correspondent",
        "Корреспондентский счет",
        partial(parse_correspondent, bik=""),
        "20 цифр; нет только у подразделений Банка России",
        True,
        width="s",
        inputmode="numeric",
    ),
    Editable(
        "company.head_post",
        "Должность подписанта",
        line("Должность подписанта", 150),
        "Кто подписывает договоры, например генеральный директор",
        True,
    ),
    Editable(
        "company.head_name",
        "Фамилия и инициалы подписанта",
        line("Фамилия и инициалы подписанта", 150),
        "Например: Сидоров А. П.",
        True,
    ),
    Editable(
        "company.head_basis",
        "На основании чего действует",
        line("На основании чего действует", 200),
        "Как в договоре: Устава; доверенности № 1 от 01.11.2026",
    ),
)


def check_together(values: Mapping[str, Any]) -> None:
    """Refuse values that are right one by one and wrong together: an account that is not of its bank.

    Raises InvalidForm with sentences by the keys of the settings. Nothing told of the account is fine.
    """
    told = {name: str(values.get(f"company.{name}", "")) for name in ("bik", "account", "correspondent")}
    if not any(told.values()):
        return
    errors: dict[str, list[str]] = {}
    try:
        parse_bank_details(**told)
    except InvalidForm as refused:
        errors = {f"company.{name}": sentences for name, sentences in refused.errors.items()}
    if not values.get("company.bank"):
        errors["company.bank"] = ["Банк: укажите наименование, без него не выставить счет."]
    if errors:
        raise InvalidForm(errors)
