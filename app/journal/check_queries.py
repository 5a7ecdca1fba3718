"""The check of the whole journal: every link, its details, the ends of the chains and the anchors that left by letter.

One sentence in Russian for each thing that does not fit, in the order of the chains. Reads row by row: a journal of years
does not stand in memory.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, select

from app.extensions import db
from app.journal.chain import GENESIS, SITE, anchor_hash, case_chain, details_hash, entry_hash
from app.journal.models import JournalAnchor, JournalDetails, JournalEntry, JournalHead

_AT_ONCE = 500


@dataclass
class _Anchored:
    """What anchors say of the chains: (chain, length) → the hash there and the day."""

    points: dict[tuple[str, int], tuple[str, date]] = field(default_factory=dict)

    def met(self, entry: JournalEntry) -> str:
        """Check off one entry; the day when an anchor knows it with another hash, else nothing."""
        found = self.points.pop((entry.chain, entry.seq), None)
        return "" if found is None or found[0] == entry.hash else f"{found[1]:%d.%m.%Y}"


def broken_links() -> Iterator[str]:
    """One sentence for each place where the journal is not what was written; nothing when all of it is whole."""
    anchored = _Anchored()
    anchors = list(_broken_anchors(anchored))
    yield from _broken_entries(anchored)
    for (chain, seq), (_hash, day) in sorted(anchored.points.items()):
        yield f"{_named(chain)}: записи {seq} нет, а в якоре от {day:%d.%m.%Y} она есть, журнал обрезан"
    yield from anchors


def erased() -> int:
    """Of how many entries the details were erased by an act."""
    query = select(func.count()).select_from(JournalDetails).where(JournalDetails.erased_by_act.is_not(None))
    return db.session.scalar(query) or 0


def counted() -> tuple[int, int]:
    """How many chains and how many entries there are."""
    row = db.session.execute(
        select(func.count(), func.coalesce(func.sum(JournalHead.seq), 0)).where(JournalHead.seq > 0)
    ).one()
    return int(row[0]), int(row[1])


def anchor_of(hash_: str) -> JournalAnchor | None:
    """The anchor with a hash that somebody kept."""
    return db.session.scalars(select(JournalAnchor).where(JournalAnchor.hash == hash_)).one_or_none()


def _broken_entries(anchored: _Anchored) -> Iterator[str]:
    last: dict[str, tuple[int, str]] = {}
    query = select(JournalEntry).order_by(JournalEntry.chain, JournalEntry.seq)
    for entry in db.session.scalars(query.execution_options(yield_per=_AT_ONCE)):
        seq, previous = last.get(entry.chain, (0, GENESIS))
        where = f"{_named(entry.chain)}, запись {entry.seq} от {entry.at:%d.%m.%Y}"
        if entry.seq != seq + 1:
            yield f"{where}: перед ней не запись {entry.seq - 1}, часть записей пропала или добавлена"
        elif entry.hash != _expected(entry, previous):
            yield f"{where}: запись изменена"
        if why := _wrong_details(entry):
            yield f"{where}: {why}"
        if day := anchored.met(entry):
            yield f"{where}: не та, что в якоре от {day}, журнал переписан"
        last[entry.chain] = (entry.seq, entry.hash)
    yield from _broken_ends(last)


def _broken_ends(last: dict[str, tuple[int, str]]) -> Iterator[str]:
    heads = {head.chain: (head.seq, head.hash) for head in db.session.scalars(select(JournalHead))}
    for chain in sorted(heads.keys() | last.keys()):
        if heads.get(chain) != last.get(chain, (0, GENESIS)):
            yield f"{_named(chain)}: конец цепочки не тот, последних записей нет или они лишние"


def _broken_anchors(anchored: _Anchored) -> Iterator[str]:
    previous, before = GENESIS, None
    for anchor in db.session.scalars(select(JournalAnchor).order_by(JournalAnchor.day)):
        told: dict[str, Any] = {"day": anchor.day, "chains": anchor.chains, "entries": anchor.entries}
        expected = anchor_hash(previous, **told, heads=anchor.heads, made_at=anchor.made_at)
        if anchor.hash != expected:
            after = f"после якоря от {before:%d.%m.%Y}" if before else "первый"
            yield f"якорь от {anchor.day:%d.%m.%Y} ({after}): изменен или вставлен"
        for chain, (seq, hash_) in anchor.heads.items():
            anchored.points[chain, int(seq)] = (str(hash_), anchor.day)
        previous, before = anchor.hash, anchor.day


def _named(chain: str) -> str:
    """«обращение № 31 (case:31)» or «журнал сайта (site)»."""
    case_id = chain.removeprefix("case:")
    return f"обращение № {case_id} ({chain})" if case_id != chain else f"журнал сайта ({chain})"


def _wrong_details(entry: JournalEntry) -> str:
    """Why the details are not those that were written; nothing when they are, or are gone by an act that says so."""
    if entry.chain != (SITE if entry.case_id is None else case_chain(entry.case_id)):
        return "она отнесена к другому обращению"
    found = entry.details
    if found is None or (found.body is None and not found.erased_by_act):
        return "подробности пропали без акта"
    if found.body is None:
        return ""
    if found.erased_by_act:
        return "подробности названы стертыми, но не стерты"
    return "" if details_hash(found.body) == entry.details_hash else "подробности изменены"


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
