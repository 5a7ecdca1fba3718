"""Sums, days and words of an invoice: what is left of it, on which day it was covered, what the payer writes. Pure.

Money is whole kopecks. Source of the parts: the Rules of technological connection (No. 861) let the fee be paid in
instalments whose days stand in the contract.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from app.contracts.schedule_rules import Instalment


def left_of(total: int, paid: int) -> int:
    """What is still to be paid; nothing once more than the total came."""
    return max(0, total - paid)


def covered_on(total: int, payments: Iterable[tuple[date, int]]) -> date | None:
    """The day on which the money that came made the total whole; None while it lacks.

    `payments` are pairs of the day the money came and its sum, in any order: they may be entered later than they came.
    """
    came = 0
    for day, kopecks in sorted(payments):
        came += kopecks
        if came >= total:
            return day
    return None


def instalment_day(schedule: Iterable[Instalment], part: int, concluded_on: date) -> date | None:
    """The last day of a part by the contract's schedule; None when the schedule does not tell it."""
    days = next((one.days for one in schedule if one.part == part), None)
    return concluded_on + timedelta(days=days) if days is not None else None


def purpose_of(number: str, contract_number: str) -> str:
    """What the payer writes, so that the money is found: the invoice and the contract."""
    return f"Оплата по счету № {number}, договор ТП № {contract_number}"
