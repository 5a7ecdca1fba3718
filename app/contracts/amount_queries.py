"""The fee of a case beside the papers that state it."""

from collections.abc import Mapping

from sqlalchemy import select

from app.cases.models import Case, CaseDocument
from app.contracts.contract_steps import contract_of
from app.contracts.money import format_money
from app.extensions import db

_STATE_THE_FEE = ("contract", "offer_terms")


def fees(case: Case) -> Mapping[int, str]:
    """«плата за присоединение 75 000,00 ₽» for each paper of the company that states the fee; nothing while there is none."""
    contract = contract_of(case)
    if contract is None or contract.fee is None:
        return {}
    papers = select(CaseDocument.id).where(
        CaseDocument.case_id == case.id,
        CaseDocument.kind.in_(_STATE_THE_FEE),
        CaseDocument.side == "company",
    )
    words = f"плата за присоединение {format_money(contract.fee)}"
    return dict.fromkeys(db.session.scalars(papers), words)
