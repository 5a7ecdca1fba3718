"""Asking for a document that a worker makes from data. Needs an open transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import update

from app.actor import Actor
from app.cases.models import Case
from app.cases.rendering_models import Rendering
from app.extensions import db
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
    side: str = "company",
) -> Rendering:
    """Have a document made: `templates/pdf/<layout>.html` over `data` (plain JSON values, frozen here).

    What was asked for of the same kind and is not made yet is dropped. The finished document stands in the case as
    `kind`, seen by the company alone while `internal`.
    """
    require_transaction()
    waiting = (Rendering.case_id == case.id, Rendering.kind == kind)
    unmade = Rendering.state.in_(("new", "making", "retry", "failed"))
    db.session.execute(
        update(Rendering)
        .where(*waiting, unmade)
        .values(state="dropped", lease_until=None)
        .execution_options(synchronize_session=False)
    )
    row = Rendering(
        case_id=case.id,
        kind=kind,
        title=title,
        file_name=file_name or f"{title}.pdf",
        side=side,
        internal=internal,
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
