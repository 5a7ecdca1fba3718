"""How one typed text becomes one answer, by the kind of its question; and back, for showing the form
again.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from app.accounts.contacts import parse_personal_account
from app.accounts.identity_papers import parse_date
from app.cases.message_text import clean_line, clean_text
from app.characters import bare_number, refuse_not_digits
from app.connections.cadastral import parse_cadastral_numbers
from app.connections.fields import NO_SUPPLIER, Answers, Context, Field
from app.connections.months import format_month, month_code, parse_month
from app.connections.power import format_kilowatts, parse_kilowatts
from app.connections.spans import until_today
from app.errors import InvalidValue

#: How a form sends a ticked flag and how it is shown ticked again.
TICKED = "yes"
_MOST_NUMBER = 100


def first(raw: Mapping[str, Sequence[str]], name: str) -> str:
    """The first value sent under a name; an empty text when there is none."""
    values = raw.get(name, ())
    return values[0] if values else ""


def read(field: Field, text: str, answers: Answers, context: Context) -> Any:
    """The answer in a typed text, or None when it is empty; raises InvalidValue."""
    if field.kind == "flag":
        return bool(text.strip())
    if not text.strip():
        return None
    value = _READERS[field.kind](field, text, context)
    if value in ("", []):
        return None
    if field.check is not None:
        field.check(value, answers, context)
    return value


def typed_value(field: Field, value: Any) -> str:
    """A stored answer as the form shows it."""
    if field.kind == "flag":
        return TICKED if value else ""
    if field.kind == "power":
        return format_kilowatts(value).removesuffix(" кВт")
    if field.kind == "date":
        return f"{date.fromisoformat(value):%d.%m.%Y}"
    if field.kind == "month":
        return format_month(value)
    return ", ".join(value) if field.kind == "cadastral" else str(value)


def _read_text(field: Field, text: str, context: Context) -> str:
    label = field.listed_as(context)
    if field.parse is not None:
        return field.parse(text)
    return clean_line(text, label=label, max_length=field.max_length, required=False)


def _read_lines(field: Field, text: str, context: Context) -> str:
    return clean_text(text, label=field.listed_as(context), max_length=field.max_length, required=False)


def _read_choice(field: Field, text: str, context: Context) -> str:
    if all(choice.code != text for choice in field.choices):
        raise InvalidValue(f"{field.listed_as(context)}: выберите один из вариантов.")
    return text


def _read_power(field: Field, text: str, context: Context) -> int:
    return parse_kilowatts(text, label=field.listed_as(context), zero_allowed=True)


def _read_number(field: Field, text: str, context: Context) -> int:
    label = field.listed_as(context)
    digits = bare_number(text, label=label)
    refuse_not_digits(digits, label=label)
    number = int(digits) if 0 < len(digits) <= len(str(_MOST_NUMBER)) else 0
    if not 1 <= number <= _MOST_NUMBER:
        raise InvalidValue(f"{label}: введите число от 1 до {_MOST_NUMBER}.")
    return number


def _read_date(field: Field, text: str, context: Context) -> str:
    earliest, latest = (field.span or until_today)(context.today)
    label, example = field.listed_as(context), field.example or context.today
    return parse_date(text, earliest=earliest, latest=latest, label=label, example=example).isoformat()


def _read_month(field: Field, text: str, context: Context) -> str:
    span = (field.span or until_today)(context.today)
    return month_code(parse_month(text, span=span, label=field.listed_as(context)))


def _read_cadastral(field: Field, text: str, context: Context) -> list[str]:
    return parse_cadastral_numbers(text)


def _read_account(field: Field, text: str, context: Context) -> str:
    return parse_personal_account(text, context.account_pattern)


def _read_supplier(field: Field, text: str, context: Context) -> int | str:
    if text == NO_SUPPLIER:
        return NO_SUPPLIER
    for supplier_id in context.supplier_options:
        if text == str(supplier_id):
            return supplier_id
    raise InvalidValue(f"{field.listed_as(context)}: выберите компанию из списка или «Не планируется».")


_READERS: Mapping[str, Callable[[Field, str, Context], Any]] = {
    "text": _read_text,
    "lines": _read_lines,
    "choice": _read_choice,
    "power": _read_power,
    "number": _read_number,
    "date": _read_date,
    "month": _read_month,
    "cadastral": _read_cadastral,
    "account": _read_account,
    "supplier": _read_supplier,
}
