"""Numbers of contracts and invoices: from a counter row, which is the lock that keeps them unique."""

from datetime import datetime
from typing import Literal

from sqlalchemy import select

from app import clock
from app.cases.number_steps import begin_counter, next_of
from app.cases.numbering import format_number
from app.company import queries as company
from app.contracts.models import Contract, Invoice
from app.extensions import db
from app.transaction import require_transaction

_NUMBERED = {"contract": Contract.number, "invoice": Invoice.number}


def next_number(what: Literal["contract", "invoice"], at: datetime) -> str:
    """The next number that nobody has, by the company's pattern (settings `number.contract`, `number.invoice`)."""
    require_transaction()
    profile = company.profile()
    pattern, day = str(profile.settings[f"number.{what}"]), clock.day_in(profile.zone, at)
    column = _NUMBERED[what]
    begin_counter(what)
    while True:
        number = format_number(pattern, next_of(what), day)
        if db.session.scalar(select(column).where(column == number)) is None:
            return number
