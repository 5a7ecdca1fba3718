"""Reading the company: settings as of today, calendar, terms, suppliers, legal texts."""

from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from app import clock
from app.company.calendar import WorkingCalendar
from app.company.models import AppealTopic, CalendarDay, DocumentKind, LegalText, Setting, Supplier, Term
from app.errors import NotFound
from app.extensions import db

_CACHE = "company profile"
_CALENDAR = "working calendar"


@dataclass(frozen=True)
class Profile:
    """The company as pages and letters show it, with every setting as of today."""

    settings: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Full name, e.g. «ООО «Калиновские Электрические Сети»»."""
        return str(self.settings["company.name"])

    @property
    def phone(self) -> str:
        """Phone of the office, as printed."""
        return str(self.settings["company.phone"])

    @property
    def hours(self) -> str:
        """Office hours in words."""
        return str(self.settings["company.hours"])

    @property
    def address(self) -> str:
        """Address of the office, where accounts are confirmed."""
        return str(self.settings["company.address"])

    @property
    def zone(self) -> str:
        """IANA name of the time zone in which the company counts days."""
        return str(self.settings["company.zone"])

    @property
    def zone_label(self) -> str:
        """How letters and pages name the zone, e.g. «МСК+2»."""
        return str(self.settings["company.zone_label"])

    def label(self, code: str, default: str) -> str:
        """The office's own wording of a label, e.g. `stage.checking`, or the default of the program."""
        return str(self.settings.get(f"label.{code}") or default)


def profile() -> Profile:
    """The company's settings as of today, read once in a request or job."""
    session = db.session()
    cached: Profile | None = session.info.get(_CACHE)
    if cached is None:
        cached = session.info[_CACHE] = _expected.get() or Profile(settings_at(clock.now()))
    return cached


#: Differs after every change of the settings; a column for a query that is asked with every request.
SETTINGS_VERSION = (
    select(func.count(), func.max(Setting.id), func.max(Setting.set_at)).select_from(Setting).subquery()
)
_VERSIONS: dict[str, tuple[tuple[Any, ...], Profile]] = {}
#: What `profile` will say in this request without asking: no session of the ORM is opened for it.
_expected: ContextVar[Profile | None] = ContextVar("expected profile", default=None)


def expect_profile(version: Sequence[Any]) -> Profile:
    """The settings as this process knows them when they are of this version (a row of SETTINGS_VERSION) and day.

    Until `expect_nothing` they are what `profile` gives, too.
    """
    now = clock.now()
    # By the quarter of an hour: no day of any zone begins between two of them.
    asked = (db.engine, *version, now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0))
    known = _VERSIONS.get("profile")
    if known is None or known[0] != asked:
        known = _VERSIONS["profile"] = (asked, Profile(settings_at(now)))
    _expected.set(known[1])
    return known[1]


def expect_nothing() -> None:
    """Nobody has told the version of the settings: a request begins or is over."""
    _expected.set(None)


def forget_profile() -> None:
    """Read the settings anew at the next asking: they were changed in this request."""
    _expected.set(None)
    db.session().info.pop(_CACHE, None)


#: Asked for with every request.
_SETTINGS = select(Setting.key, Setting.value, Setting.valid_from).order_by(Setting.valid_from)


def settings_at(at: datetime) -> dict[str, Any]:
    """Settings as of the company's own day, whose zone is itself a setting; read afresh at every call."""
    rows = db.session.connection().execute(_SETTINGS)
    history = [(key, value, valid_from) for key, value, valid_from in rows]
    zone = str(_as_of(at.date(), history)["company.zone"])
    return _as_of(clock.day_in(zone, at), history)


def _as_of(day: date, history: list[tuple[str, Any, date]]) -> dict[str, Any]:
    return {key: value for key, value, valid_from in history if valid_from <= day}


def today() -> date:
    """The present day in the company's zone."""
    return clock.day_in(profile().zone, clock.now())


def calendar() -> WorkingCalendar:
    """The working calendar, as edited; read once in a request or job."""
    session = db.session()
    cached: WorkingCalendar | None = session.info.get(_CALENDAR)
    if cached is None:
        rows = db.session.execute(select(CalendarDay.day, CalendarDay.working))
        cached = session.info[_CALENDAR] = WorkingCalendar({day: working for day, working in rows})
    return cached


def forget_calendar() -> None:
    """Read the calendar anew at the next asking: it was changed in this request."""
    db.session().info.pop(_CALENDAR, None)


def term(code: str, on: date) -> Term:
    """The deadline `code` as valid on a day; raises NotFound when none is set."""
    query = select(Term).where(Term.code == code, Term.valid_from <= on).order_by(Term.valid_from.desc())
    found = db.session.scalars(query.limit(1)).first()
    if found is None:
        raise NotFound(f"Не задан срок «{code}».")
    return found


def last_day(code: str, start: date) -> date:
    """The last day of the deadline `code` that begins on a day, by the calendar; raises NotFound when none is set."""
    found = term(code, start)
    return calendar().add_term(start, found.days, found.unit)


def active_suppliers() -> dict[int, str]:
    """Suppliers that a new application may name: id → name, in alphabetical order."""
    rows = db.session.execute(select(Supplier.id, Supplier.name).where(Supplier.active))
    return dict(sorted(((key, name) for key, name in rows), key=lambda pair: pair[1].casefold()))


def supplier(supplier_id: int) -> Supplier:
    """One supplier; raises NotFound."""
    found = db.session.get(Supplier, supplier_id)
    if found is None:
        raise NotFound
    return found


def current_text(code: str) -> LegalText:
    """The newest version of a legal text; raises NotFound."""
    query = select(LegalText).where(LegalText.code == code).order_by(LegalText.version.desc())
    found = db.session.scalars(query.limit(1)).first()
    if found is None:
        raise NotFound
    return found


def appeal_topics() -> list[str]:
    """Topics that a new appeal may have, in the order of the office."""
    query = select(AppealTopic.title).where(AppealTopic.active)
    return list(db.session.scalars(query.order_by(AppealTopic.position, AppealTopic.id)))


def own_document_kinds() -> dict[str, str]:
    """Kinds of documents that the company has added and posts: code → title, in alphabetical order."""
    rows = db.session.execute(select(DocumentKind.code, DocumentKind.title).where(DocumentKind.active))
    return dict(sorted(((code, title) for code, title in rows), key=lambda pair: pair[1].casefold()))
