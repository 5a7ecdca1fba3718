"""Putting certificates of authorities into the pool and taking them out again; the row stays for old signatures."""

from datetime import datetime
from typing import Literal

from app.extensions import db
from app.gateways.certificates import Certificate
from app.journal.steps import record
from app.signing.trust_models import TrustedCertificate
from app.signing.trust_queries import certificate_with
from app.transaction import require_transaction

CertificateKind = Literal["root", "intermediate"]
_LONGEST_NAME = 500


def believe(
    found: Certificate, kind: CertificateKind, *, by: int | None, at: datetime
) -> TrustedCertificate | None:
    """Believe a certificate from now on; `by` is an administrator, None for one that came with a right signature.

    None when nothing changes: it is believed already, or the office has taken it out and only the office puts it back.
    """
    require_transaction()
    row = certificate_with(found.sha256)
    if row is None:
        row = TrustedCertificate(sha256=found.sha256, pem=found.pem, list_urls=[])
        db.session.add(row)
    elif row.removed_at is None or by is None:
        return None
    row.kind, row.source = kind, "office" if by else "signature"
    row.subject, row.issuer = found.subject[:_LONGEST_NAME], found.issuer[:_LONGEST_NAME]
    row.not_before, row.not_after = found.not_before, found.not_after
    row.added_by, row.added_at, row.removed_by, row.removed_at = by, at, None, None
    db.session.flush()
    _record("trusted_certificate_added", row, by, at)
    return row


def disbelieve(row: TrustedCertificate, *, by: int, at: datetime) -> None:
    """Believe it no more; signatures accepted before stay what they are."""
    require_transaction()
    row.removed_by, row.removed_at = by, at
    _record("trusted_certificate_removed", row, by, at)


def _record(kind: str, row: TrustedCertificate, by: int | None, at: datetime) -> None:
    details = {"certificate": row.kind, "subject": row.subject, "sha256": row.sha256}
    party = "company" if by else "system"
    record(kind, party=party, actor_id=by, at=at, details=details)
