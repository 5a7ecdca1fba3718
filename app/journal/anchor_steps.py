"""The anchor of a day: what the journal is at this moment, in one hash that continues the anchor before."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.journal.chain import GENESIS, anchor_hash
from app.journal.models import JournalAnchor, JournalHead
from app.transaction import require_transaction


def make_anchor(day: date, *, at: datetime) -> tuple[JournalAnchor, str] | None:
    """The anchor of a day and the hash before it; None when the day has one, or nothing was written since the last.

    It holds the ends of the chains that went on alone: all older ends stand in anchors before, and each hash covers those.
    """
    require_transaction()
    if db.session.scalar(select(JournalAnchor.id).where(JournalAnchor.day >= day).limit(1)) is not None:
        return None
    begun = select(JournalHead).where(JournalHead.seq > 0)
    heads = {head.chain: [head.seq, head.hash] for head in db.session.scalars(begun)}
    known, previous = _anchored()
    moved = {chain: head for chain, head in sorted(heads.items()) if known.get(chain) != head}
    if not moved:
        return None
    told: dict[str, Any] = {"day": day, "chains": len(heads), "heads": moved, "made_at": at}
    told["entries"] = sum(seq for seq, _hash in heads.values())
    anchor = JournalAnchor(**told, hash=anchor_hash(previous, **told))
    db.session.add(anchor)
    db.session.flush()
    return anchor, previous


def _anchored() -> tuple[dict[str, list[Any]], str]:
    """The end of each chain as the last anchor that named it says, and the hash of the last anchor."""
    known: dict[str, list[Any]] = {}
    previous = GENESIS
    query = select(JournalAnchor.heads, JournalAnchor.hash).order_by(JournalAnchor.day)
    for heads, hash_ in db.session.execute(query.execution_options(yield_per=50)):
        known.update({chain: list(head) for chain, head in heads.items()})
        previous = hash_
    return known, previous
