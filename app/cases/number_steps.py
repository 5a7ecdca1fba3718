"""Registration numbers: unique whatever happens at the same time, from one counter row or typed by staff.

The company numbers all its cases in one row of figures, every supplier has a row of its own beside it.
"""

from datetime import date

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute

from app.cases.models import REGISTRATION_COUNTER, Case, Counter
from app.cases.numbering import format_number, parse_number
from app.cases.search_steps import index_case
from app.errors import InvalidValue
from app.extensions import db
from app.transaction import require_transaction

#: Suppliers have no pattern of their own: the counter's figure is the number.
SUPPLIER_PATTERN = "{n}"


def give_number(case: Case, *, pattern: str, day: date, typed: str = "") -> str:
    """Give the case its registration number and return it: the typed one, or the next of the counter.

    Raises InvalidValue when the typed one is taken or unusable.
    """
    require_transaction()
    number = _free_number(REGISTRATION_COUNTER, (), Case.number, pattern=pattern, day=day, typed=typed)
    case.number = number
    _keep(case, number)
    return number


def give_supplier_number(case: Case, *, day: date, typed: str = "") -> str:
    """Give the case the number of its supplier and return it; unique among the cases of that supplier.

    Raises InvalidValue when the typed one is taken or unusable.
    """
    require_transaction()
    counter = f"supplier:{case.supplier_id}"
    begin_counter(counter)
    theirs = (Case.supplier_id == case.supplier_id,)
    number = _free_number(
        counter, theirs, Case.supplier_number, pattern=SUPPLIER_PATTERN, day=day, typed=typed
    )
    case.supplier_number = number
    _keep(case, number)
    return number


def _free_number(
    counter: str,
    among: tuple[ColumnElement[bool], ...],
    column: InstrumentedAttribute[str | None],
    *,
    pattern: str,
    day: date,
    typed: str,
) -> str:
    """The typed number, which must be free, or the next of the counter that nobody has typed before."""

    def taken(number: str) -> bool:
        return db.session.scalar(select(Case.id).where(*among, column == number)) is not None

    if typed.strip():
        number = parse_number(typed)
        if taken(number):
            raise _is_taken(number)
        return number
    number = format_number(pattern, next_of(counter), day)
    while taken(number):
        number = format_number(pattern, next_of(counter), day)
    return number


def _keep(case: Case, number: str) -> None:
    try:
        db.session.flush()
    except IntegrityError as error:  # somebody typed the same number at the same moment
        raise _is_taken(number) from error
    index_case(case)


def _is_taken(number: str) -> InvalidValue:
    return InvalidValue(f"Номер {number} уже присвоен другому обращению. Укажите другой.")


def begin_counter(counter: str) -> None:
    """Have the row of a counter; of two who need it first the second waits for the first."""
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    db.session.execute(insert(Counter).values(name=counter, value=0).on_conflict_do_nothing())


def next_of(counter: str) -> int:
    """Take the next value; the row's lock (or SQLite's only writer) keeps everybody else waiting."""
    taken = db.session.execute(
        update(Counter)
        .where(Counter.name == counter)
        .values(value=Counter.value + 1)
        .returning(Counter.value)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if taken is None:
        raise RuntimeError("the counter of registration numbers is not seeded")
    return int(taken)
