"""Bank statements: taken in once however often they are brought, each line decided by staff."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from app import clock
from app.accounts.steps import claim_key
from app.actor import Actor
from app.cases.held_case import require_open
from app.cases.queries import locked_case, party, require
from app.company import queries as company
from app.connections.refusals import at_field
from app.contracts import payment_queries
from app.contracts.invoice_steps import held_invoice
from app.contracts.models import Payment, StatementLine
from app.contracts.payment_rules import Money, bare_invoice_number, no_such, read_note
from app.contracts.payment_steps import Counted, count_payment, noted
from app.contracts.statement import IncomingPayment, parse_statement
from app.contracts.statement_queries import line_of, same_by_hand
from app.errors import Conflict, InvalidForm
from app.extensions import db
from app.journal.steps import record
from app.transaction import transaction

PAGE = "/payments/statement"
#: Rows of one INSERT: SQLite takes 32 766 values at once.
_ROWS = 500


@dataclass(frozen=True)
class Imported:
    """What a file held: payments to the company, those not known before, documents of another kind."""

    payments: int
    new: int
    other: int


def import_statement(content: bytes, *, by: Actor, at: datetime, key: str = "") -> Imported:
    """Take in the incoming payments of a 1CClientBankExchange file; what is known already changes nothing.

    Raises InvalidForm (`statement`) for a file that is no statement of the company's account.
    """
    with at_field("statement"):
        profile = company.profile()
        account, today = str(profile.settings["company.account"]), clock.day_in(profile.zone, at)
        statement = parse_statement(content, account=account, today=today)
    with transaction():
        require(by.is_staff)
        claim_key(by.user_id, key, url=PAGE, at=at, sent=[payment.identity for payment in statement.payments])
        new = sum(_insert(rows) for rows in _chunks(statement.payments, by, at))
        if new:
            record(
                "statement_imported",
                party="company",
                actor_id=by.user_id,
                at=at,
                details={"payments": len(statement.payments), "new": new},
            )
        return Imported(len(statement.payments), new, statement.other_documents)


def _chunks(payments: Sequence[IncomingPayment], by: Actor, at: datetime) -> Iterator[list[dict[str, Any]]]:
    for start in range(0, len(payments), _ROWS):
        yield [_row(payment, by, at) for payment in payments[start : start + _ROWS]]


def _row(payment: IncomingPayment, by: Actor, at: datetime) -> dict[str, Any]:
    number = f" № {payment.number}" if payment.number else ""
    return {
        "identity": payment.identity,
        "total": payment.kopecks,
        "received_on": payment.received_on,
        "document": f"платежное поручение{number} от {payment.dated:%d.%m.%Y}",
        "payer": payment.payer,
        "payer_inn": payment.payer_inn,
        "purpose": payment.purpose,
        "state": "new",
        "imported_by": by.user_id,
        "imported_at": at,
        "version": 1,
    }


def _insert(rows: list[dict[str, Any]]) -> int:
    """How many of the rows were not there."""
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    statement = insert(StatementLine).values(rows).on_conflict_do_nothing(index_elements=["identity"])
    return len(list(db.session.scalars(statement.returning(StatementLine.id))))


def count_line(
    line_id: int, number: str, *, by: Actor, at: datetime, over: bool = False, key: str = ""
) -> Counted:
    """Count the money of a line for the invoice with a number, as if it were marked by hand.

    Raises InvalidForm (`number`, `over`, `received_on`); Conflict when somebody has decided about the line already.
    """
    with transaction():
        claim_key(by.user_id, key, url=PAGE, at=at, sent=(str(line_id), number, str(over)))
        found = payment_queries.invoice_by_number(by, bare_invoice_number(number))
        if found is None:
            _held_line(line_id, by)
            raise InvalidForm({"number": [no_such(number)]})
        case = locked_case(by, found[0].case_id)
        require_open(case, party(by, case))
        line = _held_line(line_id, by)
        invoice = held_invoice(case, found[0].id)
        if invoice is None:
            raise InvalidForm({"number": [no_such(number)]})
        counted = count_payment(case, invoice, _money(line), by=by, at=at, over=over)
        line.state, line.payment_id = "counted", counted.payment.id
        return counted


def put_aside(line_id: int, note: str, *, by: Actor, at: datetime, key: str = "") -> Payment:
    """Nobody knows whose money it is: it stands among the money without an invoice, with a note.

    Raises InvalidForm (`note`); Conflict when the line was decided about.
    """
    with transaction():
        require(by.is_staff)
        claim_key(by.user_id, key, url=PAGE, at=at, sent=(str(line_id), note))
        line = _held_line(line_id, by)
        with at_field("note"):
            words = read_note(note)
        payment = noted(_money(line, words), by=by, at=at)
        line.state, line.payment_id = "put_aside", payment.id
        told = {"payment": payment.id, "sum": payment.total, "note": words}
        record("money_noted", party="company", actor_id=by.user_id, at=at, details=told)
        return payment


def same_as_marked(line_id: int, *, by: Actor, at: datetime, key: str = "") -> str:
    """The money of a line was marked by hand already: tie the two, count nothing; returns the invoice's number.

    Raises Conflict when there is no such mark any more.
    """
    with transaction():
        require(by.is_staff)
        claim_key(by.user_id, key, url=PAGE, at=at, sent=(str(line_id),))
        line = _held_line(line_id, by)
        marked = same_by_hand(line)
        if marked is not None:
            # Two equal lines may meet one mark: whoever holds it first has it.
            db.session.get(Payment, marked.payment_id, with_for_update=True)
            marked = same_by_hand(line)
        if marked is None:
            raise Conflict("Отметки на эту сумму и этот день уже нет. Обновите страницу и проверьте.")
        line.state, line.payment_id = "counted", marked.payment_id
        return marked.number


def _held_line(line_id: int, by: Actor) -> StatementLine:
    """The line read afresh and held; of two who decide about it the second is told."""
    line = line_of(by, line_id)
    db.session.refresh(line, with_for_update=True)
    if line.state == "counted":
        raise Conflict("Этот платеж уже разнес другой сотрудник. Обновите страницу и проверьте.")
    if line.state != "new":
        raise Conflict("Этот платеж уже отложен: он стоит среди неразнесенных.")
    return line


def _money(line: StatementLine, note: str = "") -> Money:
    return Money(line.total, line.received_on, line.document, line.payer, source="statement", note=note)
