"""How a paper would look, for the preview: reads only, gives no number and keeps nothing."""

from collections.abc import Mapping

from app.actor import Actor
from app.cases.models import Case
from app.contracts.invoice_rules import purpose_of
from app.contracts.models import Contract
from app.contracts.paper_data import NUMBER_TO_COME
from app.contracts.paper_fields import read
from app.contracts.paper_queries import known_of
from app.contracts.paper_sheets import bill
from app.contracts.paper_steps import Sheet, templated_sheet
from app.errors import InvalidForm, InvalidValue


def sheet_of(
    case: Case, actor: Actor, kind: str, typed: Mapping[str, str], contract: Contract | None
) -> Sheet:
    """The sheet over what was typed; raises InvalidForm for what cannot be used. An invoice has no payment code yet."""
    values, known = read(kind, typed), known_of(case, actor, contract)
    if kind != "invoice":
        try:
            return templated_sheet(kind, known, values)
        except InvalidValue as refused:
            raise InvalidForm({"": [refused.message]}) from refused
    parts = contract.parts if contract else 1
    purpose = purpose_of(NUMBER_TO_COME, known.contract_number or NUMBER_TO_COME)
    data = bill(known, values, number=NUMBER_TO_COME, parts=parts, purpose=purpose, qr="")
    return Sheet("invoice", data, None, "Счет")
