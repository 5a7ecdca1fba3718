"""How far each of several drafts is, by one query: what the hub of the questionnaire counts, for a list of drafts."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, func, select

from app.accounts.models import Applicant, UserApplicant
from app.actor import Actor
from app.cases.models import Case, CaseDocument
from app.company import queries as company
from app.company.category_queries import categories_on
from app.connections import hub
from app.connections.checklist import checklist
from app.connections.fields import NO_SUPPLIER, Context
from app.connections.queries import KIND
from app.extensions import db


@dataclass(frozen=True)
class Progress:
    """«Заполнено 5 из 7»: how many topics that have to be filled are ready, and how many there are."""

    ready: int
    total: int

    @property
    def is_full(self) -> bool:
        """Whether nothing is left but to check and to send."""
        return self.ready == self.total


def progress_of(case_ids: Collection[int], actor: Actor, today: date) -> dict[int, Progress]:
    """How far these drafts of the actor's applicants are; other numbers are left out."""
    if not case_ids:
        return {}
    kinds = (
        select(func.aggregate_strings(CaseDocument.kind, ","))
        .where(
            CaseDocument.case_id == Case.id,
            CaseDocument.side == "applicant",
            CaseDocument.message_id.is_(None),
        )
        .correlate(Case)
        .scalar_subquery()
    )
    mine = and_(UserApplicant.applicant_id == Case.applicant_id, UserApplicant.user_id == actor.user_id)
    query = (
        select(
            Case.id,
            Case.answers,
            Applicant.legal_form,
            UserApplicant.capacity,
            kinds.label("kinds"),
        )
        .join(Applicant, Applicant.id == Case.applicant_id)
        .join(UserApplicant, mine)
        .where(Case.id.in_(case_ids), Case.kind == KIND, Case.applicant_id.in_(actor.applicant_ids))
    )
    rows = db.session.execute(query).all()
    named = any(row.answers.get("supplier", NO_SUPPLIER) != NO_SUPPLIER for row in rows)
    suppliers = company.active_suppliers() if named else {}
    return {row.id: _progress(row, suppliers, today) for row in rows}


def _progress(row: Any, suppliers: Mapping[int, str], today: date) -> Progress:
    context = Context(
        legal_form=row.legal_form,
        acts_as=row.capacity,
        supplier_options=suppliers,
        today=today,
        account_pattern=str(company.profile().settings["personal_account.pattern"]),
        categories=categories_on(today),
    )
    present = frozenset((row.kinds or "").split(",")) - {""}
    tasks = hub.tasks(row.answers, checklist(row.answers, context), present, context)
    return Progress(*hub.progress(tasks))
