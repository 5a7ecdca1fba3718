"""How the journal entries of money are told in the timeline of a case. Pure."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from app.contracts.money import format_money

Sentence = Callable[[Mapping[str, Any]], str]


def _sum(details: Mapping[str, Any], name: str = "sum") -> str:
    return format_money(int(details.get(name) or 0))


def _day(details: Mapping[str, Any]) -> str:
    try:
        return f"{date.fromisoformat(str(details.get('on'))):%d.%m.%Y}"
    except ValueError:
        return ""


def _number(details: Mapping[str, Any]) -> str:
    return f"№\u00a0{details.get('number', '')}"


def _received(details: Mapping[str, Any]) -> str:
    words = f"Оплата получена: {_sum(details)} по счету {_number(details)}, деньги пришли {_day(details)}"
    if details.get("over"):
        return f"{words}. Переплата: {_sum(details, 'over')}"
    return f"{words}. Осталось: {_sum(details, 'left')}" if details.get("left") else words


def _claimed(details: Mapping[str, Any]) -> str:
    receipt = ", чек приложен" if details.get("receipt") else ""
    return f"Заявитель сообщил, что оплатил счет {_number(details)} {_day(details)}{receipt}"


MONEY_TIMELINE: Mapping[str, Sentence] = {
    "invoice_issued": lambda details: f"Выставлен счет {_number(details)} на {_sum(details)}",
    "payment_received": _received,
    "payment_taken_back": lambda details: (
        f"Отменена отметка об оплате {_sum(details)} по счету {_number(details)}: {details.get('reason', '')}"
    ),
    "payment_returned": lambda details: (
        f"Возвращено {_sum(details)} по счету {_number(details)}: {_day(details)}, {details.get('document', '')}"
    ),
    "payment_claimed": _claimed,
    "payment_not_found": lambda details: (
        f"Оплата счета {_number(details)} не найдена: {details.get('text', '')}"
    ),
}
