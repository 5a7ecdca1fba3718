"""Tables of what follows a complete application: contract, invoices, money, the supplier's package.

Money is whole kopecks. Days are days of the company's zone.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import BigId, Model, UtcDateTime

CONTRACT_STATES = ("draft", "offered", "concluded", "annulled", "terminated")
INVOICE_STATES = ("draft", "open", "paid", "void")
PAYMENT_STATES = ("counted", "misdirected", "returned")
CLAIM_STATES = ("open", "found", "not_found")
LINE_STATES = ("new", "counted", "put_aside")
PACKAGE_STATES = ("preparing", "placed", "signed")


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({','.join(map(repr, values))})"


class Contract(Model):
    """The contract of a case, from its draft on: its number, its money, when it came about."""

    __tablename__ = "contracts"
    __table_args__ = (
        CheckConstraint(_one_of("state", CONTRACT_STATES), name="state_known"),
        CheckConstraint("fee IS NULL OR fee > 0", name="fee_positive"),
        CheckConstraint("parts BETWEEN 1 AND 12", name="parts_known"),
        CheckConstraint(
            "concluded_on IS NOT NULL OR state NOT IN ('concluded','terminated')", name="concluded_has_day"
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), unique=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    state: Mapped[str] = mapped_column(String(12), default="draft")
    #: What the connection costs, in kopecks; None until the office has filled it in.
    fee: Mapped[int | None] = mapped_column(BigInteger)
    #: In how many invoices the fee is paid.
    parts: Mapped[int] = mapped_column(Integer, default=1)
    #: From which version of the company's text it was made; None for the company's own file.
    template_version: Mapped[int | None] = mapped_column(Integer)
    #: Mode A: the day on which the money came; mode B: the day of the last signature.
    concluded_on: Mapped[date | None] = mapped_column(Date)
    ended_on: Mapped[date | None] = mapped_column(Date)
    #: Whether the technical conditions ask something of the applicant.
    applicant_part: Mapped[bool] = mapped_column(Boolean, default=True)
    #: What the forms of the papers were filled with last, by the kind of paper: the next form begins with it.
    filled: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    made_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer, default=1)

    __mapper_args__ = {"version_id_col": version}


class Invoice(Model):
    """One invoice for the fee or a part of it."""

    __tablename__ = "invoices"
    __table_args__ = (
        CheckConstraint("total > 0", name="total_positive"),
        CheckConstraint(_one_of("state", INVOICE_STATES), name="state_known"),
        CheckConstraint("part BETWEEN 1 AND 12", name="part_known"),
        Index(
            "uq_invoices_case_id_part",
            "case_id",
            "part",
            unique=True,
            sqlite_where=text("state <> 'void'"),
            postgresql_where=text("state <> 'void'"),
        ),
        Index("ix_invoices_open", "state", "due_on"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    contract_id: Mapped[int] = mapped_column(ForeignKey("contracts.id", ondelete="CASCADE"))
    number: Mapped[str] = mapped_column(String(40), unique=True)
    part: Mapped[int] = mapped_column(Integer, default=1)
    total: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(8), default="draft")
    issued_on: Mapped[date | None] = mapped_column(Date)
    due_on: Mapped[date | None] = mapped_column(Date)
    payer_inn: Mapped[str] = mapped_column(String(12), default="")
    case_document_id: Mapped[int | None] = mapped_column(ForeignKey("case_documents.id", ondelete="SET NULL"))
    made_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer, default=1)

    __mapper_args__ = {"version_id_col": version}


class Payment(Model):
    """Money that came: for an invoice, or misdirected. Never deleted; a mistake is marked as returned with a note."""

    __tablename__ = "payments"
    __table_args__ = (
        CheckConstraint("total > 0", name="total_positive"),
        CheckConstraint(_one_of("state", PAYMENT_STATES), name="state_known"),
        CheckConstraint("state <> 'counted' OR invoice_id IS NOT NULL", name="counted_has_invoice"),
        CheckConstraint("source IN ('hand','statement')", name="source_known"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id", ondelete="SET NULL"), index=True)
    invoice_id: Mapped[int | None] = mapped_column(ForeignKey("invoices.id", ondelete="SET NULL"), index=True)
    total: Mapped[int] = mapped_column(BigInteger)
    received_on: Mapped[date] = mapped_column(Date)
    #: «платежное поручение № 12 от 01.12.2026», as typed or as the statement says.
    document: Mapped[str] = mapped_column(String(200), default="")
    payer: Mapped[str] = mapped_column(String(320), default="")
    state: Mapped[str] = mapped_column(String(12), default="counted")
    source: Mapped[str] = mapped_column(String(10), default="hand")
    note: Mapped[str] = mapped_column(String(1000), default="")
    made_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PaymentClaim(Model):
    """«Я оплатил»: the applicant's word with a receipt; while it is open nothing is annulled for want of money."""

    __tablename__ = "payment_claims"
    __table_args__ = (
        CheckConstraint(_one_of("state", CLAIM_STATES), name="state_known"),
        Index(
            "uq_payment_claims_open",
            "case_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoices.id", ondelete="CASCADE"))
    paid_on: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(10), default="open")
    answer: Mapped[str] = mapped_column(String(1000), default="")
    claimed_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    claimed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_on: Mapped[date] = mapped_column(Date)
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class StatementLine(Model):
    """One incoming payment of a bank statement; its identity keeps a second import from doubling it."""

    __tablename__ = "statement_lines"
    __table_args__ = (
        CheckConstraint("total > 0", name="total_positive"),
        CheckConstraint(_one_of("state", LINE_STATES), name="state_known"),
        CheckConstraint("(state = 'new') = (payment_id IS NULL)", name="decided_has_payment"),
        Index("ix_statement_lines_state", "state", "received_on", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    #: A hash; the second of several equal payments of a file carries «-2» after it.
    identity: Mapped[str] = mapped_column(String(80), unique=True)
    total: Mapped[int] = mapped_column(BigInteger)
    received_on: Mapped[date] = mapped_column(Date)
    document: Mapped[str] = mapped_column(String(200), default="")
    payer: Mapped[str] = mapped_column(String(320), default="")
    payer_inn: Mapped[str] = mapped_column(String(12), default="")
    purpose: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(10), default="new")
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payments.id"), unique=True)
    imported_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer, default=1)

    __mapper_args__ = {"version_id_col": version}


class SupplyPackage(Model):
    """What the supplier brings into an application: a project of the supply contract, or requisites with an account.

    It has ten working days of its own beside the company's clock.
    """

    __tablename__ = "supply_packages"
    __table_args__ = (
        CheckConstraint(_one_of("state", PACKAGE_STATES), name="state_known"),
        CheckConstraint("form IN ('','contract','requisites')", name="form_known"),
        CheckConstraint("(state = 'preparing') = (placed_at IS NULL)", name="placed_has_time"),
        Index("ix_supply_packages_due", "state", "due_on"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"), primary_key=True)
    state: Mapped[str] = mapped_column(String(10), default="preparing")
    form: Mapped[str] = mapped_column(String(12), default="")
    started_on: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date] = mapped_column(Date)
    personal_account: Mapped[str] = mapped_column(String(40), default="")
    requisites: Mapped[str] = mapped_column(String(1000), default="")
    case_document_id: Mapped[int | None] = mapped_column(ForeignKey("case_documents.id", ondelete="SET NULL"))
    placed_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    placed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer, default=1)

    __mapper_args__ = {"version_id_col": version}
