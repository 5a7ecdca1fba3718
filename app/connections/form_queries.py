"""The form of an application with its answers as they are now, and the newest paper of a kind that was asked for."""

from datetime import date
from typing import Any

from sqlalchemy import func, select

from app.actor import Actor
from app.cases.models import Case
from app.cases.policy import may_see_answers, party_of
from app.cases.rendering_models import Rendering
from app.cases.rendering_queries import UNFINISHED
from app.company import queries as company
from app.connections import queries
from app.connections.form_data import Filer, Receiver, form_of
from app.connections.wording import LEGAL_FORM_WORDS, RESPONSIBILITY, numbers_of
from app.errors import Forbidden
from app.extensions import db

#: The kinds of papers of this subject that a worker makes.
FORM, RECEIPT = "application_form", "receipt"

_COLUMNS = ("legal_form", "snils", "inn", "ogrn", "kpp")


def shown_form(actor: Actor, case_id: int) -> Case:
    """The application whose form the actor may have: the applicant's own, the company's when it sees the answers.

    Raises NotFound for any other case, Forbidden for a supplier and for a draft that is not shown.
    """
    case = queries.application(actor, case_id)
    side = party_of(actor, case)
    if side not in ("applicant", "company") or not may_see_answers(side, case):
        raise Forbidden
    return case


def form_now(case: Case, actor: Actor, today: date) -> dict[str, Any]:
    """The plain form (see `form_data`) with the answers that are kept now."""
    found, about, profile = queries.dossier(case, actor, today), queries.applicant_of(case), company.profile()
    return form_of(
        found.answers,
        found.context,
        filer=Filer(
            about.name,
            LEGAL_FORM_WORDS[about.legal_form],
            numbers_of({name: getattr(about, name) for name in _COLUMNS}),
        ),
        receiver=Receiver(profile.name, profile.address),
        number=case.id,
        status=case.status,
        papers=found.items,
        present=found.present,
        responsibility=RESPONSIBILITY,
    )


def newest_made(case: Case, kind: str) -> Rendering | None:
    """The paper of a kind that was asked for last, finished or not."""
    query = select(Rendering).where(
        Rendering.case_id == case.id, Rendering.kind == kind, Rendering.state != "dropped"
    )
    return db.session.scalars(query.order_by(Rendering.id.desc()).limit(1)).first()


def waiting_elsewhere(case: Case, actor: Actor) -> int:
    """How many forms that the actor has asked for in other applications are still to be printed."""
    query = select(func.count(Rendering.id)).where(
        Rendering.state.in_(UNFINISHED),
        Rendering.kind == FORM,
        Rendering.asked_by == actor.user_id,
        Rendering.case_id != case.id,
    )
    return db.session.scalar(query) or 0
