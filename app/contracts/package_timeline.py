"""How the supplier's package is told in the timeline of a case; the supplier is named beside as who did it."""

from collections.abc import Callable, Mapping
from typing import Any

from app.contracts.package_rules import REQUISITES

Sentence = Callable[[Mapping[str, Any]], str]


def _placed(details: Mapping[str, Any]) -> str:
    if details.get("form") == REQUISITES:
        return "Сообщены реквизиты и номер лицевого счета"
    return "Размещен проект договора энергоснабжения"


def _replaced(details: Mapping[str, Any]) -> str:
    what = (
        "реквизиты и номер лицевого счета" if details.get("form") == REQUISITES else "договор энергоснабжения"
    )
    reason = details.get("reason")
    return f"Заменено: {what}" + (f". Причина: {reason}" if reason else "")


PACKAGE_TIMELINE: Mapping[str, Sentence] = {
    "supply_placed": _placed,
    "supply_replaced": _replaced,
    "supply_signed": lambda _details: "Договор энергоснабжения подписан обеими сторонами",
}
