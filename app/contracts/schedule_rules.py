"""The parts in which the fee is paid: read from the form of the contract, counted to the kopeck. Pure.

What was typed is kept in `Contract.filled`; invoices are made by it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from app.contracts.money import parse_money
from app.errors import InvalidValue

MOST_PARTS = 12
LONGEST_DAYS = 1100
#: The kinds of papers that tell the fee and its parts.
TERMS_KINDS = ("offer_terms", "contract")
_LINE = re.compile(r"([0-9]{1,3})(?:[.,]([0-9]{1,2}))?\s*%?[\s,;:—–-]+([0-9]{1,4})\s*(?:дн\w*|день)?\.?")
_EXAMPLE = "Например: «15 % — 30» значит 15 процентов через 30 дней после заключения договора."


@dataclass(frozen=True, slots=True)
class Instalment:
    """One part of the fee: its number from 1, its share in hundredths of a percent, its sum in kopecks.

    `days` are calendar days after the contract was made; the first part of mode A is paid by the term of the invoice
    instead.
    """

    part: int
    share: int
    total: int
    days: int


def parse_shares(text: str) -> list[tuple[int, int]]:
    """Pairs (hundredths of a percent, days), one of each line; raises InvalidValue unless they make 100 percent."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not 2 <= len(lines) <= MOST_PARTS:
        raise InvalidValue(
            f"Части оплаты: от 2 до {MOST_PARTS} строк, каждая часть на своей. Если платеж один, оставьте пустым."
        )
    shares = [_share(place, line) for place, line in enumerate(lines, start=1)]
    total = sum(share for share, _ in shares)
    if total != 100_00:
        raise InvalidValue(f"Части оплаты: вместе должно быть 100 %, а получается {total / 100:g} %.")
    if any(later[1] < earlier[1] for earlier, later in pairwise(shares)):
        raise InvalidValue("Части оплаты: дни следующей части не меньше дней предыдущей.")
    return shares


def _share(place: int, line: str) -> tuple[int, int]:
    found = _LINE.fullmatch(line) if len(line) <= 60 else None
    share = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")) if found else 0
    if not found or not share or int(found[3]) > LONGEST_DAYS:
        raise InvalidValue(f"Части оплаты, строка {place}: напишите процент и число дней. {_EXAMPLE}")
    return share, int(found[3])


def instalments(fee: int, shares: list[tuple[int, int]]) -> list[Instalment]:
    """The parts of a fee in kopecks, whole roubles but for the last, which takes the rest; raises InvalidValue.

    Without shares the fee is one part.
    """
    found: list[Instalment] = []
    left = fee
    for part, (share, days) in enumerate(shares or [(100_00, 0)], start=1):
        last = part == max(len(shares), 1)
        total = left if last else fee * share // 100_00 // 100 * 100
        if total <= 0:
            raise InvalidValue("Части оплаты: сумма слишком мала для стольких частей.")
        left -= total
        found.append(Instalment(part, share, total, days))
    return found


def schedule_in(filled: Mapping[str, Any]) -> list[Instalment]:
    """The parts as the form of the contract was filled last (`Contract.filled`); empty when it never was."""
    for kind in TERMS_KINDS:
        typed = filled.get(kind)
        if not typed:
            continue
        try:
            shares = parse_shares(typed["shares"]) if typed.get("shares", "").strip() else []
            return instalments(parse_money(typed["fee"]), shares)
        except (InvalidValue, KeyError):
            return []
    return []
