"""Reading whom certificates are believed from: roots, intermediates, the fresh lists of what was revoked."""

from datetime import datetime

from sqlalchemy import func, select

from app.actor import Actor
from app.errors import NotFound
from app.extensions import db
from app.gateways.cms import Trust
from app.signing.trust_models import RevocationList, TrustedCertificate


def trust(at: datetime) -> Trust:
    """Everything that a signature is checked against at an instant: what is believed and valid then, fresh lists alone."""
    rows = believed(at)
    pems = {kind: tuple(row.pem for row in rows if row.kind == kind) for kind in ("root", "intermediate")}
    lists = tuple(row.der for row in fresh_lists(at))
    return Trust(roots=pems["root"], intermediates=pems["intermediate"], lists=lists)


def believed(at: datetime) -> list[TrustedCertificate]:
    """Certificates that are believed and within their dates, in the order they came."""
    query = select(TrustedCertificate).where(
        TrustedCertificate.removed_at.is_(None),
        TrustedCertificate.not_before <= at,
        TrustedCertificate.not_after > at,
    )
    return list(db.session.scalars(query.order_by(TrustedCertificate.id)))


def fresh_lists(at: datetime) -> list[RevocationList]:
    """The newest list of each address of each authority that is still believed, unless it is out of date.

    An older list is never kept after a newer one, so the newest is the one that came last.
    """
    alive = select(TrustedCertificate.sha256).where(TrustedCertificate.removed_at.is_(None))
    newest = select(func.max(RevocationList.id)).group_by(RevocationList.issuer_sha256, RevocationList.url)
    query = select(RevocationList).where(
        RevocationList.id.in_(newest),
        RevocationList.issuer_sha256.in_(alive),
        RevocationList.next_update > at,
    )
    return list(db.session.scalars(query.order_by(RevocationList.id)))


def all_certificates() -> list[TrustedCertificate]:
    """Every certificate that was ever believed, roots first, the newest first."""
    query = select(TrustedCertificate).order_by(TrustedCertificate.kind.desc(), TrustedCertificate.id.desc())
    return list(db.session.scalars(query))


def certificate_with(sha256: str) -> TrustedCertificate | None:
    """The row with this hash, believed or not."""
    query = select(TrustedCertificate).where(TrustedCertificate.sha256 == sha256)
    return db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def certificate(actor: Actor, row_id: int) -> TrustedCertificate:
    """One certificate, believed or not; raises NotFound."""
    found = db.session.get(TrustedCertificate, row_id)
    if found is None:
        raise NotFound
    return found


def has_root(at: datetime) -> bool:
    """Whether any root is believed and valid: without one every certificate is refused."""
    return any(row.kind == "root" for row in believed(at))


def last_root(row: TrustedCertificate, at: datetime) -> bool:
    """Whether no other root is believed and valid: without it no signature by certificate is taken."""
    return not any(other.kind == "root" and other.id != row.id for other in believed(at))
