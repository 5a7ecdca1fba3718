"""All powers of attorney that the office has read or has to read, and which documents each was used for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from app import clock
from app.company import queries as company
from app.extensions import db
from app.signing.authority_queries import ACCEPTED, REFUSED, WAITING, content_of
from app.signing.certificate_models import CertificateAttempt, MachineAuthority
from app.signing.models import Signature

#: So many of each kind are shown: those whose end is nearest, and of what is past those decided last.
MOST_SHOWN = 100


@dataclass(frozen=True)
class PowerLine:
    """One power of attorney: who gave it to whom, how many signatures were taken by it, whether its days are over."""

    row: MachineAuthority
    principal: str
    representative: str
    used: int
    over: bool


@dataclass(frozen=True)
class Powers:
    """What waits for the office, what is accepted now, and what is accepted no more or over."""

    waiting: Sequence[PowerLine]
    accepted: Sequence[PowerLine]
    past: Sequence[PowerLine]


def powers(at: datetime) -> Powers:
    """All powers of attorney of all cases as the office sees them."""
    today = clock.day_in(company.profile().zone, at)
    holds, end = MachineAuthority.valid_until >= today, MachineAuthority.valid_until
    rows = select(MachineAuthority).limit(MOST_SHOWN)
    waiting = rows.where(MachineAuthority.state == WAITING).order_by(MachineAuthority.id)
    accepted = rows.where(MachineAuthority.state == ACCEPTED, holds).order_by(end, MachineAuthority.id)
    past = rows.where(
        (MachineAuthority.state == REFUSED) | ((MachineAuthority.state == ACCEPTED) & ~holds)
    ).order_by(MachineAuthority.decided_at.desc(), MachineAuthority.id.desc())
    found = [list(db.session.scalars(query)) for query in (waiting, accepted, past)]
    used = _used([row.id for rows in found for row in rows])
    lines = [[_line(row, used.get(row.id, 0), today) for row in rows] for rows in found]
    return Powers(*lines)


def signed_by(row: MachineAuthority) -> list[Signature]:
    """The signatures that were taken by a power of attorney, in whichever case, the newest first."""
    query = (
        select(Signature)
        .join(CertificateAttempt, CertificateAttempt.slot_id == Signature.slot_id)
        .where(CertificateAttempt.authority_id == row.id, CertificateAttempt.state == "accepted")
        .order_by(Signature.id.desc())
    )
    return list(db.session.scalars(query.limit(MOST_SHOWN)))


def _used(ids: Sequence[int]) -> dict[int, int]:
    query = select(CertificateAttempt.authority_id, func.count(CertificateAttempt.id)).where(
        CertificateAttempt.authority_id.in_(ids), CertificateAttempt.state == "accepted"
    )
    rows = db.session.execute(query.group_by(CertificateAttempt.authority_id))
    return {authority_id: count for authority_id, count in rows if authority_id is not None}


def _line(row: MachineAuthority, used: int, today: date) -> PowerLine:
    content, signed = content_of(row), row.verdict.get("owner") or {}
    people = content.representatives if content else ()
    numbers = (row.representative_snils, row.representative_inn)
    named = next((one.name for one in people if (one.snils[:11], one.inn[:12]) == numbers), "")
    principal = (content.principal if content else "") or str(signed.get("organisation", ""))
    return PowerLine(row, principal, named, used, row.valid_until < today)
