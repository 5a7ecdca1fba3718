"""Fetching one list of revoked certificates: claim the source, ask its address, prove the list, keep it.

The source is claimed by one UPDATE with a lease, as letters are. The network and openssl are asked outside any
transaction. An authority whose chain no longer leads to a root of ours is asked nothing.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import update

from app import gateways
from app.errors import InvalidValue
from app.extensions import db
from app.gateways.certificates import RevokedList, Unreadable, read_list
from app.gateways.downloads import DownloadFailed
from app.gateways.openssl import EngineAway
from app.signing import revocation_queries as queries
from app.signing.revocation_rules import next_fetch, pause_after
from app.signing.revocation_steps import keep_list
from app.signing.trust_models import RevocationSource, TrustedCertificate
from app.signing.trust_queries import believed, certificate_with
from app.transaction import transaction

Result = Literal["new", "same", "retry", "skipped"]
Now = Callable[[], datetime]

NOT_SIGNED = "Список не подписан этим удостоверяющим центром: он не принят."
NOT_A_LIST = "По этому адресу лежит не список отзыва."
NO_CHAIN = (
    "Сертификат удостоверяющего центра больше не ведет к доверенному корневому: адрес не запрашивается."
)
_LONGEST_ERROR = 300

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Claim:
    source_id: int
    url: str
    tries: int
    issuer: TrustedCertificate
    roots: tuple[str, ...]
    between: tuple[str, ...]


def fetch(source_id: int, *, now: Now, lease_seconds: float) -> Result:
    """Ask one source once; safe to call twice and by several workers. `now` tells the time.

    «new» a list was kept, «same» it was there already, «retry» nothing came and the source says why, «skipped» there is
    nothing to do: somebody else asks, it is not due or its authority is not believed.
    """
    claim = _claim(source_id, at=now(), lease_seconds=lease_seconds)
    if claim is None:
        return "skipped"
    try:
        return _kept(claim, _fetched(claim, now()), at=now())
    except (DownloadFailed, EngineAway) as error:
        return _failed(claim, str(error), at=now())
    except InvalidValue as error:
        return _failed(claim, error.message, at=now())
    except Unreadable:
        return _failed(claim, NOT_A_LIST, at=now())


def free_lost(*, at: datetime) -> int:
    """Nothing to give back: a lease that has run out makes a source due again by itself."""
    return 0


def _claim(source_id: int, *, at: datetime, lease_seconds: float) -> _Claim | None:
    with transaction():
        query = update(RevocationSource).where(RevocationSource.id == source_id, queries.is_due(at))
        until = at + timedelta(seconds=lease_seconds)
        values = {"lease_until": until, "tries": RevocationSource.tries + 1}
        taken = query.values(**values).returning(RevocationSource.id)
        if db.session.scalar(taken.execution_options(synchronize_session=False)) is None:
            return None
        source = db.session.get_one(RevocationSource, source_id, populate_existing=True)
        issuer = certificate_with(source.issuer_sha256)
        if issuer is None:
            return None
        rows = believed(at)
        roots = tuple(row.pem for row in rows if row.kind == "root")
        between = tuple(row.pem for row in rows if row.kind != "root")
        claim = _Claim(source.id, source.url, source.tries, issuer, roots, between)
        db.session.expunge(issuer)
        return claim


def _fetched(claim: _Claim, at: datetime) -> RevokedList:
    doors = gateways.current()
    if not doors.authorities.leads_to_root(claim.issuer.pem, claim.roots, claim.between, at=at):
        raise InvalidValue(NO_CHAIN)
    found = read_list(doors.downloads.get(claim.url))
    if not doors.authorities.issued_list(found.der, claim.issuer.pem):
        raise InvalidValue(NOT_SIGNED)
    return found


def _kept(claim: _Claim, found: RevokedList, *, at: datetime) -> Result:
    with transaction():
        source = _held(claim)
        if source is None:
            return "skipped"
        row = keep_list(found, claim.issuer, url=claim.url, at=at)
        source.lease_until, source.tries, source.last_error = None, 0, ""
        source.fetched_at, source.next_at = at, next_fetch(found.next_update or at, at)
        return "new" if row is not None else "same"


def _failed(claim: _Claim, reason: str, *, at: datetime) -> Result:
    with transaction():
        source = _held(claim)
        if source is None:
            return "skipped"
        source.lease_until, source.last_error = None, reason[:_LONGEST_ERROR]
        source.next_at = at + pause_after(claim.tries)
    log.warning(
        "a list of revoked certificates did not come: source %s, try %s", claim.source_id, claim.tries
    )
    return "retry"


def _held(claim: _Claim) -> RevocationSource | None:
    """The source, unless somebody else asks it by now."""
    found = db.session.get(RevocationSource, claim.source_id, populate_existing=True, with_for_update=True)
    return found if found is not None and found.tries == claim.tries else None
