"""Everything a person has uploaded for those they act for, where it stands, and who of the other sides opened it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.accounts.models import User
from app.actor import Actor
from app.cases.captions import heading
from app.cases.models import Case, CaseDocument
from app.extensions import db
from app.journal.models import JournalEntry

#: So many newest files stand on the page; older ones are on the pages of their cases.
MOST = 300

_SIDES = {"company": "сетевая организация", "supplier": "гарантирующий поставщик"}


@dataclass(frozen=True)
class Opening:
    """That somebody who answers a case opened an identity paper."""

    at: datetime
    person: str
    side: str


@dataclass(frozen=True)
class OwnFile:
    """One uploaded file; `openings` are noted for identity papers alone (`sensitive`), the newest first."""

    id: int
    title: str
    name: str
    size: int
    added_at: datetime
    sensitive: bool
    openings: Sequence[Opening]


@dataclass(frozen=True)
class Folder:
    """The files of one case."""

    case_id: int
    heading: str
    files: Sequence[OwnFile]


def own_documents(actor: Actor) -> list[Folder]:
    """The files of the applicants' side in the cases of those for whom the person acts, by case, newest first."""
    query = (
        select(CaseDocument, Case)
        .join(Case, Case.id == CaseDocument.case_id)
        .where(Case.applicant_id.in_(actor.applicant_ids), CaseDocument.side == "applicant")
        .order_by(CaseDocument.id.desc())
        .limit(MOST)
    )
    by_case: dict[int, list[CaseDocument]] = defaultdict(list)
    cases: dict[int, Case] = {}
    for found, case in db.session.execute(query):
        cases[case.id] = case
        by_case[case.id].append(found)
    openings = _openings(
        [case_id for case_id, found in by_case.items() if any(one.sensitive for one in found)]
    )
    return [
        Folder(case_id, _heading(cases[case_id]), [_file(one, openings) for one in found])
        for case_id, found in by_case.items()
    ]


def _heading(case: Case) -> str:
    return heading(case.id, case.kind, case.status, case.title)


def _file(found: CaseDocument, openings: Mapping[int, Sequence[Opening]]) -> OwnFile:
    version = found.version
    return OwnFile(
        found.id,
        found.title,
        version.file_name,
        version.size,
        found.added_at,
        found.sensitive,
        openings.get(found.id, ()),
    )


def _openings(case_ids: Sequence[int]) -> Mapping[int, Sequence[Opening]]:
    """Who opened which identity paper, by the file's id in its case; the journal keeps it unchangeable."""
    query = (
        select(JournalEntry, User)
        .outerjoin(User, User.id == JournalEntry.actor_id)
        .where(JournalEntry.kind == "document_opened", JournalEntry.case_id.in_(case_ids))
        .order_by(JournalEntry.id.desc())
    )
    found: dict[int, list[Opening]] = defaultdict(list)
    for entry, user in db.session.execute(query):
        side = _SIDES.get(entry.party, "")
        found[int(entry.body.get("document", 0))].append(Opening(entry.at, user.short if user else "", side))
    return found
