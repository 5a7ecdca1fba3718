"""Reading the lines of bank statements, and what is proposed for each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from app.actor import Actor
from app.contracts.invoice_queries import waiting_invoices
from app.contracts.matching import Proposal, propose
from app.contracts.models import Invoice, Payment, StatementLine
from app.contracts.statement import IncomingPayment
from app.errors import NotFound
from app.extensions import db

#: How many lines the page shows at once; the next ones come when these are decided.
SHOWN = 50


@dataclass(frozen=True)
class ProposedLine:
    """A line that waits for a decision: what is proposed, and a mark by hand that is likely the same money."""

    line: StatementLine
    proposal: Proposal
    marked: "MarkedByHand | None"


@dataclass(frozen=True)
class MarkedByHand:
    """A payment that staff have entered by hand and no statement has brought yet."""

    payment_id: int
    number: str
    case_id: int


def waiting_lines(actor: Actor, today: date) -> tuple[list[ProposedLine], int]:
    """Lines that nobody has decided about, the oldest money first, at most `SHOWN`; and how many there are.

    `today` is the company's.
    """
    new = StatementLine.state == "new"
    query = select(StatementLine).where(new).order_by(StatementLine.received_on, StatementLine.id)
    lines = list(db.session.scalars(query.limit(SHOWN)))
    count = db.session.scalar(select(func.count()).select_from(StatementLine).where(new)) or 0
    return proposed(lines, actor, today), count


def waiting_count() -> int:
    """How many lines wait for a decision."""
    query = select(func.count()).select_from(StatementLine).where(StatementLine.state == "new")
    return db.session.scalar(query) or 0


def proposed(lines: Sequence[StatementLine], actor: Actor, today: date) -> list[ProposedLine]:
    """The lines with what is proposed for each over all open invoices; `today` is the company's."""
    if not lines:
        return []
    found = propose([_payment_of(line) for line in lines], waiting_invoices(actor), today=today)
    by_hand = _by_hand(lines)
    pairs = zip(lines, found, strict=True)
    return [ProposedLine(line, one, by_hand.get((line.total, line.received_on))) for line, one in pairs]


def line_of(_actor: Actor, line_id: int) -> StatementLine:
    """One line of a statement; raises NotFound."""
    found = db.session.get(StatementLine, line_id)
    if found is None:
        raise NotFound
    return found


def same_by_hand(line: StatementLine) -> MarkedByHand | None:
    """The mark by hand that is likely the money of a line: the same sum on the same day."""
    return _by_hand([line]).get((line.total, line.received_on))


def _by_hand(lines: Sequence[StatementLine]) -> dict[tuple[int, object], MarkedByHand]:
    known = select(StatementLine.payment_id).where(StatementLine.payment_id.is_not(None))
    query = (
        select(Payment.total, Payment.received_on, Payment.id, Invoice.number, Invoice.case_id)
        .join(Invoice, Invoice.id == Payment.invoice_id)
        .where(
            Payment.source == "hand",
            Payment.state == "counted",
            Payment.total.in_({line.total for line in lines}),
            Payment.received_on.in_({line.received_on for line in lines}),
            Payment.id.not_in(known),
        )
        .order_by(Payment.id.desc())
    )
    return {(row[0], row[1]): MarkedByHand(row[2], row[3], row[4]) for row in db.session.execute(query)}


def _payment_of(line: StatementLine) -> IncomingPayment:
    return IncomingPayment(
        identity=line.identity,
        number=line.document,
        dated=line.received_on,
        received_on=line.received_on,
        received_is_stated=True,
        kopecks=line.total,
        account="",
        payer=line.payer,
        payer_inn=line.payer_inn,
        payer_account="",
        purpose=line.purpose,
        line=0,
    )
