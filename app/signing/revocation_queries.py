"""Reading the sources of revocation lists: what is due, how each stands, which signatures wait for a list."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from app import gateways
from app.actor import Actor
from app.errors import NotFound
from app.extensions import db
from app.gateways.certificates import Certificate, read_certificate
from app.gateways.openssl import EngineAway
from app.notifications.queries import Due
from app.signing.certificate_models import CertificateAttempt
from app.signing.revocation_rules import LATEST, state_of_list
from app.signing.trust_models import RevocationList, RevocationSource, TrustedCertificate
from app.signing.trust_queries import believed

#: No pause and no lease of ours reaches further: an instant beyond it was written by a clock that has been put back.
_FURTHEST = 2 * LATEST

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SourceLine:
    """One address with its authority and the newest list from it, as the page shows it."""

    source: RevocationSource
    authority: str
    believed: bool
    until: datetime | None

    def fresh(self, at: datetime) -> bool:
        """Whether there is a list from here that still holds."""
        return self.until is not None and self.until > at


@dataclass(frozen=True)
class ListLine:
    """The newest list of one authority that was put in by hand; `fetched_until` is how long one from an address holds."""

    authority: str
    believed: bool
    this_update: datetime
    until: datetime
    at: datetime
    fetched_until: datetime | None

    def state(self, at: datetime) -> str:
        """«good», «soon», «over»; «fetched» when nobody has to put a list in, «left» when its authority is not believed."""
        if not self.believed:
            return "left"
        if self.fetched_until and self.fetched_until > at:
            return "fetched"
        return state_of_list(self.this_update, self.until, at)


def due(at: datetime, *, limit: int) -> list[Due]:
    """Sources to be asked now, the longest waiting first; those of authorities that are not believed any more rest."""
    query = select(RevocationSource.id, RevocationSource.tries).where(is_due(at))
    rows = db.session.execute(query.order_by(RevocationSource.next_at, RevocationSource.id).limit(limit))
    return [Due(row_id, tries) for row_id, tries in rows]


def is_due(at: datetime) -> ColumnElement[bool]:
    """The condition «to be asked now, and nobody does»."""
    return and_(
        _past(RevocationSource.next_at, at),
        or_(RevocationSource.lease_until.is_(None), _past(RevocationSource.lease_until, at)),
        RevocationSource.issuer_sha256.in_(_alive()),
    )


def source(actor: Actor, source_id: int) -> RevocationSource:
    """One source; raises NotFound."""
    found = db.session.get(RevocationSource, source_id)
    if found is None:
        raise NotFound
    return found


def source_lines() -> list[SourceLine]:
    """All sources with how they stand, by authority."""
    until = (
        select(func.max(RevocationList.next_update))
        .where(RevocationList.issuer_sha256 == RevocationSource.issuer_sha256)
        .where(RevocationList.url.in_((RevocationSource.url, "")))
        .scalar_subquery()
    )
    query = (
        select(RevocationSource, TrustedCertificate.subject, TrustedCertificate.removed_at, until)
        .join(TrustedCertificate, TrustedCertificate.sha256 == RevocationSource.issuer_sha256)
        .order_by(TrustedCertificate.subject, RevocationSource.id)
    )
    rows = db.session.execute(query)
    return [SourceLine(source, name, removed is None, last) for source, name, removed, last in rows]


def uploaded_lists(at: datetime) -> list[ListLine]:
    """The newest list of each authority that was put in by hand, the first to end first."""
    newest = select(func.max(RevocationList.id)).where(RevocationList.url == "")
    fetched = aliased(RevocationList)
    fetched_until = (
        select(func.max(fetched.next_update))
        .where(fetched.issuer_sha256 == RevocationList.issuer_sha256, fetched.url != "")
        .correlate(RevocationList)
        .scalar_subquery()
    )
    query = (
        select(
            TrustedCertificate.subject,
            and_(TrustedCertificate.removed_at.is_(None), TrustedCertificate.not_after > at),
            RevocationList.this_update,
            RevocationList.next_update,
            RevocationList.fetched_at,
            fetched_until,
        )
        .join(TrustedCertificate, TrustedCertificate.sha256 == RevocationList.issuer_sha256)
        .where(RevocationList.id.in_(newest.group_by(RevocationList.issuer_sha256)))
        .order_by(RevocationList.next_update, RevocationList.id)
    )
    return [ListLine(*row) for row in db.session.execute(query)]


def newest_list() -> int:
    """The id of the list that came last; 0 for none."""
    return db.session.scalar(select(func.max(RevocationList.id))) or 0


def waiting_attempts(*, after: int, limit: int) -> list[int]:
    """Ids of the signatures that wait for a list, the longest waiting first, beyond the id `after`."""
    query = select(CertificateAttempt.id).where(
        CertificateAttempt.state == "waits_list", CertificateAttempt.id > after
    )
    return list(db.session.scalars(query.order_by(CertificateAttempt.id).limit(limit)))


def issuers_of(children: Sequence[Certificate], *, at: datetime) -> dict[str, str]:
    """Who issued these certificates, hash by hash: an authority that is believed, or one of themselves.

    Authorities keep their name when they take a new key: OpenSSL is asked which one it was, so outside a transaction.
    """
    pool = {row.sha256: read_certificate(row.pem) for row in believed(at)}
    pool |= {one.sha256: one for one in children if one.authority and not one.self_signed}
    found = {}
    for child in children:
        named = [one for one in pool.values() if not child.self_signed and one.issued(child)]
        if parent := named[0] if len(named) == 1 else _signer(child, named, at):
            found[child.sha256] = parent.sha256
    return found


def _signer(child: Certificate, named: Sequence[Certificate], at: datetime) -> Certificate | None:
    ask = gateways.current().authorities.issued
    try:
        return next((one for one in reversed(named) if ask(child.pem, one.pem, at=at)), None)
    except EngineAway as away:
        log.warning("the issuer of a certificate is not known: %s", away)
        return None


def _past(column: Any, at: datetime) -> ColumnElement[bool]:
    return or_(column <= at, column > at + _FURTHEST)


def _alive() -> Select[str]:
    return select(TrustedCertificate.sha256).where(TrustedCertificate.removed_at.is_(None))
