"""Forgetting lists of revoked certificates that prove nothing: large authorities publish some megabytes twice a day."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, or_, select

from app.extensions import db
from app.signing.certificate_models import MachineAuthority
from app.signing.models import Signature
from app.signing.trust_models import RevocationList
from app.transaction import transaction

#: A signature waits for thirty days at most; what lay so long past its end is looked at for some days, then left for good.
_AFTER = timedelta(days=35)
_LOOKED_FOR = timedelta(days=30)


def forget_lists(*, at: datetime) -> int:
    """Delete lists out of date for long that are the newest of no address and that no signature names; how many."""
    newest = select(func.max(RevocationList.id)).group_by(RevocationList.issuer_sha256, RevocationList.url)
    query = select(
        RevocationList.id, RevocationList.sha256, RevocationList.this_update, RevocationList.next_update
    ).where(
        RevocationList.next_update < at - _AFTER,
        RevocationList.next_update > at - _AFTER - _LOOKED_FOR,
        RevocationList.id.not_in(newest),
    )
    useless = [row.id for row in db.session.execute(query).all() if not _named(*row[1:])]
    if useless:
        with transaction():
            db.session.execute(delete(RevocationList).where(RevocationList.id.in_(useless)))
    return len(useless)


def _named(sha256: str, since: datetime, until: datetime) -> bool:
    """Whether evidence of the time when the list held names it; powers of attorney do not tell, and keep all of theirs."""
    records = select(Signature.record).where(
        Signature.kind == "certificate", Signature.signed_at.between(since, until)
    )
    if any(sha256 in record.get("check", {}).get("lists_used", ()) for record in db.session.scalars(records)):
        return True
    authorities = select(MachineAuthority.id).where(
        or_(
            MachineAuthority.sent_at.between(since, until),
            MachineAuthority.decided_at.between(since, until),
        )
    )
    return db.session.scalar(authorities.limit(1)) is not None
