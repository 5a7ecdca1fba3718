"""Printed sheets of evidence make room after a month; they are printed again when somebody asks."""

import os
from datetime import timedelta
from pathlib import Path

from flask import Flask

from app import clock, gateways
from app.signing.sheet_tidy_actions import forget_sheets


def printed(name: str, days_ago: int) -> Path:
    folder = gateways.current().files.root.parent / "printed"
    folder.mkdir(exist_ok=True)
    made = folder / name
    made.write_bytes(b"%PDF-1.7")
    when = (clock.now() - timedelta(days=days_ago)).timestamp()
    os.utime(made, (when, when))
    return made


def test_sheets_of_more_than_a_month_ago_go_and_others_stay(context: Flask) -> None:
    old, half, new = printed("a.pdf", 31), printed(".half", 40), printed("b.pdf", 29)
    assert forget_sheets(at=clock.now()) == 2
    assert [one.exists() for one in (old, half, new)] == [False, False, True]


def test_without_any_printed_sheet_nothing_happens(context: Flask) -> None:
    assert forget_sheets(at=clock.now()) == 0
