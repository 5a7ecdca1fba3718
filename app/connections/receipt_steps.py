"""Asking for the receipt of a filing, inside the transaction of the sending: what is frozen is what was sent."""

from datetime import datetime

from app.actor import Actor
from app.cases.models import Case, CaseSnapshot
from app.cases.rendering_models import Rendering
from app.cases.rendering_steps import ask_for
from app.company import queries as company
from app.connections.fields import Context
from app.connections.form_queries import RECEIPT
from app.connections.receipt_data import brief_of, receipt
from app.connections.wording import numbers_of


def ask_for_receipt(
    case: Case, snapshot: CaseSnapshot, context: Context, *, by: Actor, at: datetime
) -> Rendering:
    """Have the receipt of this sending made; the applicant's side and the company see it, a supplier never does."""
    profile, fixes = company.profile(), snapshot.move != "submit"
    data = receipt(
        fixes=fixes,
        company=profile.name,
        company_address=profile.address,
        number=case.id,
        registered=case.number or "",
        applicant=snapshot.applicant,
        numbers=numbers_of(snapshot.applicant),
        at=at,
        zone=profile.zone,
        zone_label=profile.zone_label,
        brief=brief_of(snapshot.answers, context),
        files=snapshot.documents,
        snapshot=snapshot.id,
    )
    return ask_for(
        case,
        kind=RECEIPT,
        title=data["title"],
        file_name=f"{data['title']} № {case.id}.pdf",
        layout=RECEIPT,
        data=data,
        by=by,
        at=at,
        internal=False,
        sensitive=True,
    )
