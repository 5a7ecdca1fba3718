"""Registration numbers: unique whatever happens at the same time, from one counter row or typed by staff."""

from datetime import date

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app.cases.models import REGISTRATION_COUNTER, Case, Counter
from app.cases.numbering import format_number, parse_number
from app.errors import InvalidValue
from app.extensions import db
from app.transaction import require_transaction


def give_number(case: Case, *, pattern: str, day: date, typed: str = "") -> str:
    """Give the case its registration number and return it: the typed one, or the next of the counter.

    Raises InvalidValue when the typed one is taken or unusable.
    """
    require_transaction()
    if typed.strip():
        number = parse_number(typed)
        if _taken(number):
            raise _is_taken(number)
    else:
        number = format_number(pattern, _next(), day)
        while _taken(number):
            number = format_number(pattern, _next(), day)
    case.number = number
    try:
        db.session.flush()
    except IntegrityError as error:  # somebody typed the same number at the same moment
        raise _is_taken(number) from error
    return number


def _is_taken(number: str) -> InvalidValue:
    return InvalidValue(f"Номер {number} уже присвоен другому обращению. Укажите другой.")


def _next() -> int:
    """Take the next value; the row's lock (or SQLite's only writer) keeps everybody else waiting."""
    taken = db.session.execute(
        update(Counter)
        .where(Counter.name == REGISTRATION_COUNTER)
        .values(value=Counter.value + 1)
        .returning(Counter.value)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if taken is None:
        raise RuntimeError("the counter of registration numbers is not seeded")
    return int(taken)


def _taken(number: str) -> bool:
    return db.session.scalar(select(Case.id).where(Case.number == number)) is not None
