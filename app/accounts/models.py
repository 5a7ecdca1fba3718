"""Users, how they sign in, whom they act for, their sessions, roles and consents.

A user is not an applicant: a user signs in, an applicant (заявитель) is who a case is filed for.
"""

from datetime import date, datetime

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.names import applicant_name, full_name, short_name
from app.extensions import BigId, Model, UtcDateTime


class User(Model):
    """A person who signs in. `notify_email` may differ from the login and may be empty."""

    __tablename__ = "users"
    __table_args__ = (CheckConstraint("state IN ('active','blocked')", name="state_known"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    last_name: Mapped[str] = mapped_column(String(100))
    first_name: Mapped[str] = mapped_column(String(100))
    middle_name: Mapped[str] = mapped_column(String(100), default="")
    phone: Mapped[str] = mapped_column(String(12), default="")
    notify_email: Mapped[str] = mapped_column(String(254), default="")
    #: When the person showed that the address and the number are theirs; None until then and after a change by others.
    email_confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    phone_confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: When the person themselves put another number in place of one that was confirmed.
    phone_changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    password_hash: Mapped[str] = mapped_column(String(200))
    password_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: A first password that somebody else has chosen: the person changes it before anything else.
    password_temporary: Mapped[bool] = mapped_column(Boolean, default=False)
    state: Mapped[str] = mapped_column(String(10), default="active")
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    default_applicant_id: Mapped[int | None] = mapped_column(ForeignKey("applicants.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer, default=1)

    __mapper_args__ = {"version_id_col": version}

    @property
    def name(self) -> str:
        """«Иванов Петр Григорьевич»."""
        return full_name(self.last_name, self.first_name, self.middle_name)

    @property
    def short(self) -> str:
        """«Иванов П. Г.»."""
        return short_name(self.last_name, self.first_name, self.middle_name)


class LoginId(Model):
    """One way to sign in (СНИЛС, ОГРН, ОГРНИП, e-mail key); it belongs to one user only."""

    __tablename__ = "login_ids"
    __table_args__ = (
        UniqueConstraint("kind", "value"),
        CheckConstraint("kind IN ('snils','ogrn','ogrnip','email')", name="kind_known"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    value: Mapped[str] = mapped_column(String(254))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)


class UserRole(Model):
    """One role of a user; rights are the union of the roles. Suppliers' staff name their supplier."""

    __tablename__ = "user_roles"
    __table_args__ = (
        CheckConstraint(
            "role IN ('applicant','operator','signatory','administrator','supplier')", name="role_known"
        ),
        CheckConstraint("(role = 'supplier') = (supplier_id IS NOT NULL)", name="supplier_named"),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(20), primary_key=True)
    supplier_id: Mapped[int | None] = mapped_column(ForeignKey("suppliers.id"))


class Applicant(Model):
    """Who a case is filed for: an individual, a sole trader or a legal entity, by their own numbers."""

    __tablename__ = "applicants"
    __table_args__ = (
        CheckConstraint("legal_form IN ('individual','sole_trader','legal_entity')", name="legal_form_known"),
        CheckConstraint("legal_form <> 'individual' OR snils <> ''", name="individual_has_snils"),
        CheckConstraint(
            "legal_form = 'individual' OR (inn <> '' AND ogrn <> '')", name="business_has_numbers"
        ),
        CheckConstraint("(legal_form = 'legal_entity') = (kpp <> '')", name="legal_entity_has_kpp"),
        CheckConstraint("legal_form <> 'legal_entity' OR title <> ''", name="legal_entity_has_title"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    legal_form: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(300), default="")
    last_name: Mapped[str] = mapped_column(String(100))
    first_name: Mapped[str] = mapped_column(String(100))
    middle_name: Mapped[str] = mapped_column(String(100), default="")
    snils: Mapped[str] = mapped_column(String(11), default="", index=True)
    inn: Mapped[str] = mapped_column(String(12), default="", index=True)
    ogrn: Mapped[str] = mapped_column(String(15), default="", index=True)
    kpp: Mapped[str] = mapped_column(String(9), default="")
    personal_account: Mapped[str] = mapped_column(String(40), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(Integer, default=1)

    __mapper_args__ = {"version_id_col": version}

    @property
    def name(self) -> str:
        """As pages and letters call the applicant: a person's full name, the same after «ИП», or the title of a firm."""
        person = full_name(self.last_name, self.first_name, self.middle_name)
        return applicant_name(self.legal_form, self.title, person)


class UserApplicant(Model):
    """That a user may act for an applicant, as whom and until when."""

    __tablename__ = "user_applicants"
    __table_args__ = (CheckConstraint("capacity IN ('self','head','representative')", name="capacity_known"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    applicant_id: Mapped[int] = mapped_column(ForeignKey("applicants.id"), primary_key=True)
    capacity: Mapped[str] = mapped_column(String(20))
    #: The power of attorney of a representative, as typed: number and day; `valid_until` is its last day.
    authority_number: Mapped[str] = mapped_column(String(100), default="")
    authority_day: Mapped[date | None] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)

    applicant: Mapped[Applicant] = relationship(lazy="joined")


class UserSession(Model):
    """One signed-in browser. The cookie holds a random token, the row its SHA-256; an ended row never revives."""

    __tablename__ = "sessions"
    __table_args__ = (Index("ix_sessions_user_id", "user_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    level: Mapped[str] = mapped_column(String(20), default="password")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    password_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: At its beginning there were legal texts to accept before anything else.
    owes_texts: Mapped[bool] = mapped_column(Boolean, default=False)
    address: Mapped[str] = mapped_column(String(60), default="")
    agent: Mapped[str] = mapped_column(String(300), default="")


class Consent(Model):
    """That a user accepted one version of a legal text: when, from where."""

    __tablename__ = "consents"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    legal_text_id: Mapped[int] = mapped_column(ForeignKey("legal_texts.id"))
    text_sha256: Mapped[str] = mapped_column(String(64))
    accepted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    address: Mapped[str] = mapped_column(String(60), default="")
    agent: Mapped[str] = mapped_column(String(300), default="")


class OfficeConfirmation(Model):
    """That staff saw a person in the office: who confirmed, when, by which document."""

    __tablename__ = "office_confirmations"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    confirmed_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    confirmed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    document_kind: Mapped[str] = mapped_column(String(40))
    document_note: Mapped[str] = mapped_column(String(300))
    remark: Mapped[str] = mapped_column(Text, default="")
    #: When it was taken back, by whom of the company (a user's id), why.
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_by: Mapped[int | None] = mapped_column(BigId)
    revoke_reason: Mapped[str] = mapped_column(String(300), default="")


class Attempt(Model):
    """One counted try (a wrong password, a taken identifier); limits are rules over these rows, for all processes."""

    __tablename__ = "attempts"
    __table_args__ = (Index("ix_attempts_scope_key_at", "scope", "key", "at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    scope: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ActionKey(Model):
    """The key of one pressed button: the second press gets the result of the first."""

    __tablename__ = "action_keys"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    result_url: Mapped[str] = mapped_column(String(300))
    used_at: Mapped[datetime] = mapped_column(UtcDateTime)
