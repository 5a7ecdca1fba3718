"""Learning from right chains where lists of revoked certificates lie, and keeping the lists that came."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from app import gateways
from app.extensions import db
from app.gateways.certificates import Certificate, RevokedList
from app.gateways.downloads import DownloadFailed, check_url
from app.signing.revocation_rules import check_dates
from app.signing.trust_models import RevocationList, RevocationSource, TrustedCertificate
from app.signing.trust_queries import believed, certificate_with
from app.signing.trust_steps import believe
from app.transaction import require_transaction

#: No certificate names more addresses that are worth asking.
MOST_ADDRESSES = 4


def keep_chain(found: Sequence[Certificate], issuers: Mapping[str, str], *, at: datetime) -> None:
    """Keep the authorities of a chain that is proved (the signer first) and the addresses of their lists.

    `issuers` as `revocation_queries.issuers_of` has found them before the transaction.
    """
    require_transaction()
    if not {found[-1].subject, found[-1].issuer} & {row.subject for row in believed(at)}:
        return  # who stood above it when it was proved is believed no more
    for one in found[1:]:
        if one.authority and not one.self_signed:
            believe(one, "intermediate", by=None, at=at)
    learn_addresses(found, issuers, at=at)


def learn_addresses(children: Iterable[Certificate], issuers: Mapping[str, str], *, at: datetime) -> None:
    """Note under each authority where its lists lie, as proved certificates issued by it say; a source for each address."""
    require_transaction()
    rows = {row.sha256: row for row in believed(at)}
    for child in children:
        parent = rows.get(issuers.get(child.sha256, ""))
        if parent is None:
            continue
        for url in usable_addresses(child.list_urls):
            if url not in parent.list_urls:
                parent.list_urls = [*parent.list_urls, url]
            _add_source(url, parent, at)


def keep_list(
    found: RevokedList, issuer: TrustedCertificate, *, url: str, at: datetime
) -> RevocationList | None:
    """Keep a list that the authority has signed; None when it is there already.

    Raises InvalidValue for a list out of date, without an end, or older than the one that is there.
    """
    require_transaction()
    query = select(RevocationList).where(
        RevocationList.issuer_sha256 == issuer.sha256, RevocationList.url == url
    )
    newest = db.session.scalars(query.order_by(RevocationList.id.desc()).limit(1)).first()
    until = check_dates(
        found.this_update, found.next_update, at=at, newest=newest.this_update if newest else None
    )
    there = select(RevocationList.id).where(RevocationList.sha256 == found.sha256)
    if db.session.scalar(there) is not None:
        return None
    row = RevocationList(
        issuer_sha256=issuer.sha256,
        url=url,
        sha256=found.sha256,
        der=found.der,
        this_update=found.this_update,
        next_update=until,
        fetched_at=at,
    )
    db.session.add(row)
    db.session.flush()
    return row


def usable_addresses(urls: Iterable[str]) -> list[str]:
    """The addresses that this server may ask, a few."""
    usable = []
    for url in urls:
        try:
            check_url(url, gateways.current().downloads.allowed)
        except DownloadFailed:
            continue
        usable.append(url)
    return usable[:MOST_ADDRESSES]


def _add_source(url: str, issuer: TrustedCertificate, at: datetime) -> None:
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    values = {"url": url, "issuer_sha256": issuer.sha256, "next_at": at, "tries": 0, "last_error": ""}
    db.session.execute(insert(RevocationSource).values(**values).on_conflict_do_nothing())
    source = db.session.scalars(select(RevocationSource).where(RevocationSource.url == url)).one()
    if source.issuer_sha256 == issuer.sha256:
        return
    # An address follows its authority to a newer certificate; no other authority takes it away.
    before = certificate_with(source.issuer_sha256)
    if before is None or before.removed_at or before.not_after <= at or before.subject == issuer.subject:
        source.issuer_sha256, source.next_at = issuer.sha256, at
