"""Reading the journal: the timeline of a case and the check of the chains."""

from collections.abc import Iterator

from sqlalchemy import select

from app.extensions import db
from app.journal.chain import GENESIS, details_hash, entry_hash
from app.journal.models import JournalEntry, JournalHead


def timeline(case_id: int, *, public_only: bool) -> list[JournalEntry]:
    """Entries of one case in the order they happened."""
    query = select(JournalEntry).where(JournalEntry.case_id == case_id).order_by(JournalEntry.id)
    if public_only:
        query = query.where(JournalEntry.public)
    return list(db.session.scalars(query))


def broken_links() -> Iterator[str]:
    """One line (chain and place) for each link that does not fit; nothing when every chain is whole."""
    heads = {head.chain: head for head in db.session.scalars(select(JournalHead))}
    last: dict[str, tuple[int, str]] = {}
    for entry in db.session.scalars(select(JournalEntry).order_by(JournalEntry.chain, JournalEntry.seq)):
        seq, previous = last.get(entry.chain, (0, GENESIS))
        if entry.seq != seq + 1 or entry.hash != _expected(entry, previous):
            yield f"{entry.chain} № {entry.seq}"
        if not _details_fit(entry):
            yield f"{entry.chain} № {entry.seq}: подробности"
        last[entry.chain] = (entry.seq, entry.hash)
    for chain in sorted(heads.keys() | last.keys()):
        head = heads.get(chain)
        if head is None or last.get(chain, (0, GENESIS)) != (head.seq, head.hash):
            yield f"{chain}: конец цепочки"


def _details_fit(entry: JournalEntry) -> bool:
    """Whether the details are those that were written, or are gone by an act that says so."""
    found = entry.details
    if found is None or found.body is None:
        return found is not None and bool(found.erased_by_act)
    return details_hash(found.body) == entry.details_hash


def _expected(entry: JournalEntry, previous: str) -> str:
    return entry_hash(
        previous,
        chain=entry.chain,
        seq=entry.seq,
        at=entry.at,
        kind=entry.kind,
        party=entry.party,
        actor_id=entry.actor_id,
        public=entry.public,
        details=entry.details_hash,
    )
