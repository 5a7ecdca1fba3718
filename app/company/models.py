"""Tables of the company. What the law or the office may change is a row with a date, never a constant."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import BigId, Model, UtcDateTime


class Setting(Model):
    """One value of a setting from a day on; older rows stay as history. Labels of stages are settings too."""

    __tablename__ = "settings"
    __table_args__ = (UniqueConstraint("key", "valid_from"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(String(80))
    value: Mapped[Any] = mapped_column(JSON)
    valid_from: Mapped[date] = mapped_column(Date)
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Whose change it was; None: the program's or the operator's at the command line.
    set_by: Mapped[int | None] = mapped_column(BigId)


class Supplier(Model):
    """A supplier of electricity (гарантирующий поставщик) that an application may name."""

    __tablename__ = "suppliers"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(300), unique=True)
    email: Mapped[str] = mapped_column(String(254), default="")
    #: By these a certificate is known to be theirs; empty ones match nothing.
    inn: Mapped[str] = mapped_column(String(10), default="")
    ogrn: Mapped[str] = mapped_column(String(13), default="")
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    version: Mapped[int] = mapped_column(Integer, default=1)

    __mapper_args__ = {"version_id_col": version}


class AppealTopic(Model):
    """A topic that an appeal may have; one that is no longer offered stays for the appeals that carry it."""

    __tablename__ = "appeal_topics"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    title: Mapped[str] = mapped_column(String(200), unique=True)
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    position: Mapped[int] = mapped_column(Integer)
    version: Mapped[int] = mapped_column(Integer, default=1)

    __mapper_args__ = {"version_id_col": version}


class DocumentKind(Model):
    """A kind of document of the company's own making, beside those that the program brings; never deleted."""

    __tablename__ = "document_kinds"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[str] = mapped_column(String(100), unique=True)
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    version: Mapped[int] = mapped_column(Integer, default=1)

    __mapper_args__ = {"version_id_col": version}


class CalendarDay(Model):
    """A day that differs from the plain week: a holiday on a weekday or a working Saturday."""

    __tablename__ = "calendar_days"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    working: Mapped[bool] = mapped_column(Boolean)
    title: Mapped[str] = mapped_column(String(200), default="")


class Term(Model):
    """A deadline: how many working days a stage may take, by which clause, from which day on."""

    __tablename__ = "terms"
    __table_args__ = (
        UniqueConstraint("code", "valid_from"),
        CheckConstraint("days > 0", name="days_positive"),
        CheckConstraint("unit IN ('working_days', 'days', 'months')", name="unit_known"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(String(40))
    days: Mapped[int] = mapped_column(Integer)
    unit: Mapped[str] = mapped_column(String(20), default="working_days")
    clause: Mapped[str] = mapped_column(String(200), default="")
    valid_from: Mapped[date] = mapped_column(Date)


class LegalText(Model):
    """One version of a text that people accept; a new wording is a new row, never an edit."""

    __tablename__ = "legal_texts"
    __table_args__ = (UniqueConstraint("code", "version"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(String(40))
    version: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DocumentTemplate(Model):
    """One version of the text from which a kind of paper is made; a new wording is a new row, never an edit."""

    __tablename__ = "document_templates"
    __table_args__ = (UniqueConstraint("code", "version"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(String(40))
    version: Mapped[int] = mapped_column(Integer)
    body: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: None: the program brought it.
    published_by: Mapped[int | None] = mapped_column(BigId)


class ConnectionCategory(Model):
    """A category of applicants by the Rules of technological connection, as it holds from a day on.

    Categories are tried in the order of `position`; the first whose conditions all hold is the application's. Empty
    conditions hold for everybody. `watts_most` is new plus existing power.
    """

    __tablename__ = "connection_categories"
    __table_args__ = (
        UniqueConstraint("code", "valid_from"),
        CheckConstraint("mode IN ('A','B')", name="mode_known"),
        CheckConstraint("watts_most IS NULL OR watts_most > 0", name="watts_positive"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(String(40))
    valid_from: Mapped[date] = mapped_column(Date)
    position: Mapped[int] = mapped_column(Integer)
    #: «п. 14», as pages name it.
    clause: Mapped[str] = mapped_column(String(100))
    title: Mapped[str] = mapped_column(String(300))
    mode: Mapped[str] = mapped_column(String(1))
    watts_most: Mapped[int | None] = mapped_column(BigInteger)
    #: As `categories.Category` tells them; what is not there holds for everybody.
    conditions: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    #: The code of the term of the works for this category.
    works_term: Mapped[str] = mapped_column(String(40), default="works")
    active: Mapped[bool] = mapped_column(Boolean, default=True)
