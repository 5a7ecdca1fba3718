"""The form of an application as a PDF: asked for, and taken out of a case that it tells no more."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from app.actor import Actor
from app.cases.document_steps import detach
from app.cases.models import Case, CaseDocument
from app.cases.rendering_models import Rendering
from app.cases.rendering_steps import ask_for
from app.connections.form_queries import FORM
from app.extensions import db
from app.transaction import require_transaction


def ask_for_form(case: Case, form: Mapping[str, Any], *, by: Actor, at: datetime) -> Rendering:
    """Have the form printed; the applicant's side sees it, the company when it sees the answers, a supplier never."""
    return ask_for(
        case,
        kind=FORM,
        title="Форма заявки из кабинета",
        file_name=f"Форма заявки № {case.id}.pdf",
        layout=FORM,
        data=form,
        by=by,
        at=at,
        internal=False,
        sensitive=True,
    )


def drop_forms(case: Case) -> list[str]:
    """Take the printed forms out of a case, and whatever is being printed; gives the keys of the files to delete."""
    require_transaction()
    query = select(CaseDocument).where(CaseDocument.case_id == case.id, CaseDocument.kind == FORM)
    printed = db.session.scalars(query).all()
    db.session.execute(delete(Rendering).where(Rendering.case_id == case.id, Rendering.kind == FORM))
    keys = [detach(found) for found in printed]
    return [key for key in keys if key]
