"""Asking for a document that a worker makes from data, and what becomes of it. Every step needs an open transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, Update, select, update

from app.actor import Actor
from app.cases import rendering_rules as rules
from app.cases.document_steps import attach, detach
from app.cases.models import Case, CaseDocument
from app.cases.rendering_models import Rendering
from app.documents.intake import Received
from app.documents.models import DocumentVersion
from app.extensions import db
from app.journal.steps import record
from app.transaction import require_transaction


def ask_for(
    case: Case,
    *,
    kind: str,
    title: str,
    layout: str,
    data: Mapping[str, Any],
    by: Actor,
    at: datetime,
    file_name: str = "",
    template_version: int | None = None,
    internal: bool = True,
    sensitive: bool = False,
    side: str = "company",
) -> Rendering:
    """Have a document made: `templates/pdf/<layout>.html` over `data` (plain JSON values, frozen here).

    What was asked for of the same kind and is not made yet is dropped. The finished document stands in the case as
    `kind`, seen by the company alone while `internal`, and never by a supplier when `sensitive`.
    """
    require_transaction()
    drop(case, kind)
    row = Rendering(
        case_id=case.id,
        kind=kind,
        title=title,
        file_name=file_name or f"{title}.pdf",
        side=side,
        internal=internal,
        sensitive=sensitive,
        layout=layout,
        template_version=template_version,
        data=dict(data),
        next_at=at,
        asked_by=by.user_id,
        asked_at=at,
    )
    db.session.add(row)
    db.session.flush()
    return row


def drop(case: Case, kind: str) -> None:
    """Take back what was asked for of a kind and is not made yet: another document has come instead."""
    require_transaction()
    unmade = Rendering.state.in_(("new", "making", "retry", "failed"))
    _changed(
        update(Rendering)
        .where(Rendering.case_id == case.id, Rendering.kind == kind, unmade)
        .values(state="dropped", lease_until=None)
    )


def claim(free: ColumnElement[bool], *, owner: str, until: datetime) -> bool:
    """Take the row up for one try, if it is free; whether it was. One UPDATE: no two workers hold one row."""
    require_transaction()
    taken = update(Rendering).where(free)
    values = {
        "state": "making",
        "tries": Rendering.tries + 1,
        "lease_until": until,
        "lease_owner": owner[:100],
    }
    return _changed(taken.values(**values)) == 1


def held(row_id: int, case_id: int) -> tuple[Rendering, Case] | None:
    """The row and its case, read afresh and held, the case first as in every act; None when they are gone."""
    require_transaction()
    fresh = {"populate_existing": True}
    of_case = select(Case).where(Case.id == case_id).with_for_update()
    case = db.session.scalars(of_case, execution_options=fresh).one_or_none()
    of_row = select(Rendering).where(Rendering.id == row_id).with_for_update()
    row = db.session.scalars(of_row, execution_options=fresh).one_or_none()
    return (row, case) if case is not None and row is not None else None


def keep(row: Rendering, case: Case, files: Sequence[Received], *, at: datetime) -> list[str]:
    """Put the printed file into the case and end the row; storage keys of what it replaces come back.

    It replaces the document made from data of the same kind that nobody outside the company has seen yet. Raises
    InvalidForm when the case would hold too much.
    """
    require_transaction()
    gone = _replaced(row)
    by = Actor(row.asked_by, "", frozenset(), frozenset({case.applicant_id}))
    options = {"side": row.side, "internal": row.internal, "sensitive": row.sensitive}
    rows = attach(case, files, kind=row.kind, title=row.title, by=by, at=at, **options)  # type: ignore[arg-type]
    found = rows[0] if rows else _same(row, files[0])
    if not rows:
        gone += [one.stored.key for one in files]
    row.case_document_id, row.state, row.error = found.id, "done", ""
    row.done_at, row.lease_until = at, None
    _told(row, "paper_made", at, public=not row.internal, document=found.id)
    return gone


def fail(row: Rendering, reason: str, *, at: datetime) -> None:
    """The document cannot be made; `reason` is for the office."""
    require_transaction()
    row.state, row.error, row.lease_until = "failed", reason[:500], None
    _told(row, "paper_failed", at, public=False, reason=row.error)


def cut_off(row: Rendering, reason: str, *, at: datetime) -> None:
    """A try ended without a result: another one follows after a pause, up to a few."""
    require_transaction()
    if rules.is_given_up(row.tries):
        fail(row, rules.GIVEN_UP, at=at)
        return
    row.state, row.error, row.lease_until = "retry", reason[:500], None
    row.next_at = at + rules.pause_after(row.tries)


def wait(row: Rendering, reason: str, *, at: datetime) -> None:
    """Nothing can be printed on this machine now: the try is given back, as no printing has begun.

    The number of a try stays proof of who holds the row: whoever gives one back has ended, and all others who may come
    too late had smaller numbers.
    """
    require_transaction()
    if row.error != reason:  # said once, and not at every try
        _told(row, "paper_waits", at, public=False, reason=reason)
    row.state, row.error, row.lease_until = "retry", reason[:500], None
    row.tries -= 1
    row.next_at = at + rules.PAUSE_WITHOUT_PRINTER


def _replaced(row: Rendering) -> list[str]:
    older = (
        select(CaseDocument)
        .join(Rendering, Rendering.case_document_id == CaseDocument.id)
        .where(CaseDocument.case_id == row.case_id, CaseDocument.kind == row.kind, CaseDocument.internal)
    )
    keys = [detach(one) for one in db.session.scalars(older).unique().all()]
    return [key for key in keys if key is not None]


def _same(row: Rendering, file: Received) -> CaseDocument:
    """The document of the case that holds the very same bytes already."""
    query = (
        select(CaseDocument)
        .join(DocumentVersion, DocumentVersion.id == CaseDocument.document_version_id)
        .where(CaseDocument.case_id == row.case_id, CaseDocument.kind == row.kind)
        .where(DocumentVersion.sha256 == file.stored.sha256)
    )
    return db.session.scalars(query.limit(1)).unique().one()


def _told(row: Rendering, kind: str, at: datetime, *, public: bool, **more: Any) -> None:
    details = {"kind": row.kind, "title": row.title, **more}
    record(kind, party="system", actor_id=None, at=at, case_id=row.case_id, public=public, details=details)


def _changed(statement: Update) -> int:
    result = db.session.execute(statement, execution_options={"synchronize_session": False})
    return cast("CursorResult[Any]", result).rowcount
