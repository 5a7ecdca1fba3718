"""Reading what applicants say they have paid."""

from dataclasses import dataclass

from sqlalchemy import func, literal_column, select

from app.actor import Actor
from app.cases.company_duty import Check
from app.cases.models import Case
from app.cases.queries import visible_to
from app.connections.contract_lifecycle import AWAITING_PAYMENT
from app.contracts.models import Invoice, PaymentClaim
from app.extensions import db

#: How many the page of the office shows.
SHOWN = 50

#: A literal: SQLite uses the index of open claims only for what it reads in the statement itself.
_OPEN = PaymentClaim.state == literal_column("'open'")
#: For the home page and the company's board of deadlines.
CHECK = Check(
    words="Найдите деньги: заявитель сообщил об оплате",
    panel="payments",
    title="Заявитель сообщил об оплате, проверьте",
    waiting=select(PaymentClaim.case_id).where(_OPEN),
    until=(
        select(PaymentClaim.due_on)
        .where(PaymentClaim.case_id == Case.id, _OPEN)
        .correlate(Case)
        .scalar_subquery()
    ),
    instead_of=frozenset({AWAITING_PAYMENT}),
)


@dataclass(frozen=True)
class WaitingClaim:
    """An applicant's word that the office has not checked yet."""

    claim: PaymentClaim
    invoice: Invoice
    case_id: int
    applicant: str


def open_claim(case: Case) -> PaymentClaim | None:
    """The applicant's «Я оплатил» that nobody has answered; while it stands nothing is annulled for want of money."""
    query = select(PaymentClaim).where(PaymentClaim.case_id == case.id, PaymentClaim.state == "open")
    return db.session.scalars(query).one_or_none()


def last_claim(case: Case) -> PaymentClaim | None:
    """The newest claim of a case, answered or not."""
    query = select(PaymentClaim).where(PaymentClaim.case_id == case.id)
    return db.session.scalars(query.order_by(PaymentClaim.id.desc()).limit(1)).first()


def waiting_claims(actor: Actor) -> tuple[list[WaitingClaim], int]:
    """Claims to be checked, the most urgent first, at most `SHOWN`; and how many there are.

    In the archive nothing can be answered any more.
    """
    query = (
        select(PaymentClaim, Invoice, Case.id, Case.applicant_name)
        .join(Invoice, Invoice.id == PaymentClaim.invoice_id)
        .join(Case, Case.id == PaymentClaim.case_id)
        .where(PaymentClaim.state == "open", Case.archived_at.is_(None), visible_to(actor))
    )
    count = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = db.session.execute(query.order_by(PaymentClaim.due_on, PaymentClaim.id).limit(SHOWN))
    return [WaitingClaim(*row) for row in rows], count
