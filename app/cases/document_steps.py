"""Files of a case: put in, taken out of a draft."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select

from app.actor import Actor
from app.cases.models import Case, CaseDocument, Message
from app.documents.intake import Received
from app.documents.models import Document, DocumentVersion
from app.documents.steps import add_document, remove_version
from app.errors import InvalidForm
from app.extensions import db
from app.transaction import require_transaction

#: What each side may put into a case: nobody fills up the room that another side needs for its answer.
MAX_FILES = 50
MAX_BYTES = 300 * 1024 * 1024
#: Anybody may register and begin any number of drafts: what one person may send within a day bounds what they can fill.
MAX_BYTES_A_DAY = 500 * 1024 * 1024


def attach(
    case: Case,
    files: Sequence[Received],
    *,
    kind: str,
    title: str,
    side: str,
    by: Actor,
    at: datetime,
    sensitive: bool = False,
    internal: bool = False,
    message: Message | None = None,
) -> list[CaseDocument]:
    """Put taken-in files into the case as documents of one kind; a file that is there already is not doubled.

    The applicant's files belong to the applicant; with an empty title each file stands under its own name. Those of a
    message are seen by whoever reads its channel. The bytes of what was not put in are for `left_over`. Raises
    InvalidForm when the case would hold too much.
    """
    require_transaction()
    have = _hashes(case, kind)
    fresh = [one for one in files if one.stored.sha256 not in have or message is not None]
    _check_quota(case, side, fresh)
    if side == "applicant":
        _check_day(fresh, by, at)
    owner = case.applicant_id if side == "applicant" else None
    supplier_id = message.supplier_id if message else case.supplier_id if side == "supplier" else None
    rows = []
    for one in fresh:
        version = add_document(one, owner_applicant_id=owner, by=by.user_id, at=at)
        rows.append(
            CaseDocument(
                case_id=case.id,
                document_version_id=version.id,
                kind=kind,
                title=title or one.name,
                side=side,
                sensitive=sensitive,
                internal=internal,
                message_id=message.id if message else None,
                channel=message.channel if message else "",
                supplier_id=supplier_id,
                added_by=by.user_id,
                added_at=at,
            )
        )
    db.session.add_all(rows)
    db.session.flush()
    return rows


def left_over(files: Sequence[Received], attached: Sequence[CaseDocument]) -> list[str]:
    """Storage keys of files that `attach` did not take; the action deletes their bytes after its commit."""
    kept = {row.version.storage_key for row in attached}
    return [one.stored.key for one in files if one.stored.key not in kept]


#: Steps of subjects above that keep what is evidence: each says whether a document must stay.
_KEEPERS: dict[Callable[[CaseDocument], bool], None] = {}
#: The kind of a paper that had to stay when another took its place.
FORMER = "former_paper"


def register_keeper(keeps: Callable[[CaseDocument], bool]) -> None:
    """Have a step asked before a document goes; each stands there once."""
    _KEEPERS[keeps] = None


def detach(found: CaseDocument) -> str | None:
    """Take a file out of a case; the storage key comes back when nothing else uses the file.

    What is evidence stays in the case as a former paper.
    """
    require_transaction()
    if any([keeps(found) for keeps in _KEEPERS]):
        found.kind = FORMER
        db.session.flush()
        return None
    version = found.version
    db.session.delete(found)
    db.session.flush()
    used = db.session.scalar(
        select(func.count()).select_from(CaseDocument).where(CaseDocument.document_version_id == version.id)
    )
    return None if used else remove_version(version)


def _hashes(case: Case, kind: str) -> set[str]:
    query = (
        select(DocumentVersion.sha256)
        .join(CaseDocument, CaseDocument.document_version_id == DocumentVersion.id)
        .where(CaseDocument.case_id == case.id, CaseDocument.kind == kind)
    )
    return set(db.session.scalars(query))


def _check_quota(case: Case, side: str, files: Sequence[Received]) -> None:
    count, size = db.session.execute(
        select(func.count(), func.coalesce(func.sum(DocumentVersion.size), 0))
        .select_from(CaseDocument)
        .join(DocumentVersion, CaseDocument.document_version_id == DocumentVersion.id)
        .where(CaseDocument.case_id == case.id, CaseDocument.side == side)
    ).one()
    if count + len(files) > MAX_FILES:
        left = max(0, MAX_FILES - count)
        raise InvalidForm(
            {"files": [f"В одном обращении помещается {MAX_FILES} файлов, можно добавить еще {left}."]}
        )
    left_bytes = MAX_BYTES - int(size)
    if sum(one.stored.size for one in files) > left_bytes:
        left_mb = max(0, left_bytes) // (1024 * 1024)
        raise InvalidForm({"files": [f"В одном обращении помещается 300 МБ файлов, свободно {left_mb} МБ."]})


def _check_day(files: Sequence[Received], by: Actor, at: datetime) -> None:
    """What one person has sent for all their applicants since this time yesterday, and is still there."""
    query = (
        select(func.coalesce(func.sum(DocumentVersion.size), 0))
        .join(Document, Document.id == DocumentVersion.document_id)
        .where(
            Document.owner_applicant_id.in_(by.applicant_ids),
            DocumentVersion.uploaded_by == by.user_id,
            DocumentVersion.uploaded_at > at - timedelta(days=1),
        )
    )
    left = MAX_BYTES_A_DAY - int(db.session.scalar(query) or 0)
    if sum(one.stored.size for one in files) > left:
        left_mb, most_mb = (max(0, size) // (1024 * 1024) for size in (left, MAX_BYTES_A_DAY))
        raise InvalidForm(
            {
                "files": [
                    f"За сутки можно приложить {most_mb} МБ файлов, осталось {left_mb} МБ. Приложите остальные завтра."
                ]
            }
        )
