"""Writing to the journal, inside the transaction of the action that did the thing."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.journal.chain import GENESIS, SITE, case_chain, details_hash, entry_hash
from app.journal.models import JournalDetails, JournalEntry, JournalHead
from app.transaction import require_transaction


def record(
    kind: str,
    *,
    party: str,
    actor_id: int | None,
    at: datetime,
    case_id: int | None = None,
    public: bool = False,
    details: Mapping[str, Any] | None = None,
) -> JournalEntry:
    """Append one entry to the chain of the case (or of the site) and give it back.

    `kind` is a past-tense code, `party` is applicant | company | supplier | system, `public` entries stand in the
    timeline that the applicant sees.
    """
    require_transaction()
    head = _locked_head(SITE if case_id is None else case_chain(case_id))
    body = dict(details or {})
    digest = details_hash(body)
    head.seq += 1
    told: dict[str, Any] = {"chain": head.chain, "seq": head.seq, "at": at, "kind": kind, "party": party}
    head.hash = entry_hash(head.hash, **told, actor_id=actor_id, public=public, details=digest)
    entry = JournalEntry(
        **told, actor_id=actor_id, case_id=case_id, public=public, details_hash=digest, hash=head.hash
    )
    db.session.add(entry)
    db.session.flush()
    db.session.add(JournalDetails(entry_id=entry.id, body=body))
    return entry


def _locked_head(chain: str) -> JournalHead:
    query = select(JournalHead).where(JournalHead.chain == chain).with_for_update()
    head = db.session.scalars(query).one_or_none()
    if head is None:
        # PostgreSQL: two first entries at once meet at the primary key; the action fails whole and can be repeated.
        head = JournalHead(chain=chain, seq=0, hash=GENESIS)
        db.session.add(head)
        db.session.flush()
    return head
