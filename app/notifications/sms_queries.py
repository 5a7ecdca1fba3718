"""Reading the SMS of the outbox: how many there were, which are due, which ones an operator has to be asked about."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, literal_column, or_, select

from app.company import queries as company
from app.extensions import db
from app.gateways.sms import KEPT
from app.notifications import queries, sms_rules
from app.notifications.kinds import kind_words
from app.notifications.models import OutboxRow
from app.notifications.queries import Due
from app.notifications.rules import STATE_WORDS
from app.notifications.sms_rules import DELIVERY_WORDS, Awaited, Limits, Wait, Written

#: As the index of these rows is written.
SMS = OutboxRow.channel == literal_column("'sms'")


@dataclass(frozen=True)
class SmsLine:
    """One SMS as the office sees it, in words and without its text, which may hold a code."""

    id: int
    words: str
    phone: str
    state: str
    tone: str
    error: str
    provider: str
    at: datetime
    delivered_at: datetime | None


@dataclass(frozen=True)
class Day:
    """How many SMS the site has written today, and how many it may."""

    count: int
    limit: int


def wait(phone: str, asked_from: str, *, at: datetime) -> Wait | None:
    """Why no SMS may be asked for now to this number from this address of the network, or None when one may."""
    limits = Limits.of(company.profile().settings)
    begins, ends = day_of(at)
    written = Written(
        to_number=_times(OutboxRow.address == phone, limits.number_day, at - sms_rules.DAY),
        from_address=_times(OutboxRow.asked_from == asked_from, limits.address_hour, at - sms_rules.HOUR)
        if asked_from
        else (),
        on_site=written_since(begins),
    )
    return sms_rules.wait(limits, written, at=at, day_ends=ends)


def today(at: datetime) -> Day:
    """The site's SMS of the present day of the company."""
    limits = Limits.of(company.profile().settings)
    return Day(written_since(day_of(at)[0]), limits.site_day)


def day_of(at: datetime) -> tuple[datetime, datetime]:
    """When the company's day of an instant began and when it ends."""
    zone = ZoneInfo(company.profile().zone)
    begins = datetime.combine(at.astimezone(zone).date(), time(), tzinfo=zone)
    return begins, datetime.combine(begins.date() + timedelta(days=1), time(), tzinfo=zone)


def written_since(since: datetime) -> int:
    """How many SMS were written since an instant."""
    return db.session.scalar(select(func.count(OutboxRow.id)).where(SMS, OutboxRow.created_at >= since)) or 0


def due_sms(at: datetime, *, limit: int) -> list[Due]:
    """SMS to be tried now, the longest waiting first."""
    return queries.due(at, limit=limit, channel="sms")


def due_reports(at: datetime, *, limit: int) -> list[Due]:
    """SMS whose operator has to be asked what became of them."""
    query = select(OutboxRow.id, OutboxRow.tries).where(is_asked_about(at))
    rows = db.session.execute(query.order_by(OutboxRow.next_at, OutboxRow.id).limit(limit))
    return [Due(row_id, tries) for row_id, tries in rows]


def is_asked_about(at: datetime) -> ColumnElement[bool]:
    """The condition «taken by a gateway, not known to have arrived, time to ask again» on rows of the outbox."""
    return and_(
        SMS,
        OutboxRow.created_at > at - sms_rules.ASKED_FOR - sms_rules.DAY,
        OutboxRow.state == "sent",
        OutboxRow.provider_id != "",
        OutboxRow.delivery.in_(("", "queued", "sent")),
        or_(OutboxRow.next_at <= at, OutboxRow.next_at > at + queries.FURTHEST),
    )


def awaited_words(row: OutboxRow) -> Awaited:
    """How an SMS stands for who waits for it at the screen."""
    return sms_rules.awaited(row.state, row.delivery, row.last_error, kept=row.provider == KEPT)


def newest_sms(limit: int) -> list[SmsLine]:
    """The SMS written last, the newest first."""
    rows = db.session.execute(
        select(
            OutboxRow.id,
            OutboxRow.kind,
            OutboxRow.address,
            OutboxRow.state,
            OutboxRow.delivery,
            OutboxRow.last_error,
            OutboxRow.provider,
            OutboxRow.sent_at,
            OutboxRow.created_at,
            OutboxRow.delivered_at,
        )
        .where(SMS)
        .order_by(OutboxRow.created_at.desc(), OutboxRow.id.desc())
        .limit(limit)
    )
    return [_line(row) for row in rows]


def _times(which: ColumnElement[bool], most: int, since: datetime) -> list[datetime]:
    """The newest instants at which SMS were written, as many as a limit looks at."""
    query = select(OutboxRow.created_at).where(SMS, which, OutboxRow.created_at > since)
    return list(db.session.scalars(query.order_by(OutboxRow.created_at.desc()).limit(most)))


def _state_words(row: Any) -> tuple[str, str]:
    if row.state != "sent":
        return sms_rules.UNKNOWN_WORDS if row.delivery == "unknown" else STATE_WORDS[row.state]
    return sms_rules.KEPT_WORDS if row.provider == KEPT else DELIVERY_WORDS[row.delivery]


def _line(row: Any) -> SmsLine:
    state, tone = _state_words(row)
    return SmsLine(
        id=row.id,
        words=kind_words(row.kind),
        phone=sms_rules.masked(row.address),
        state=state,
        tone=tone,
        error=sms_rules.reason_words(row.last_error) if row.state in ("retry", "dead") else "",
        provider=row.provider,
        at=row.sent_at or row.created_at,
        delivered_at=row.delivered_at,
    )
