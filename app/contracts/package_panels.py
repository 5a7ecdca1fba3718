"""«Договор энергоснабжения» on the page of a case: what the supplier has placed, or until when they will."""

from collections.abc import Sequence
from typing import Any

from app.actor import Actor
from app.cases.models import Case, CaseDocument
from app.cases.next_actions import NextAction
from app.cases.panels import Panel
from app.cases.policy import Party, may_answer, party_of
from app.cases.queries import documents_of
from app.company import queries as company
from app.contracts.models import SupplyPackage
from app.contracts.package_queries import for_household, has_agreed, may_be_placed, package_of
from app.contracts.package_rules import CONTRACT, PREPARING, SIGNED
from app.signing.slot_queries import slots_of
from app.signing.slot_rules import why_not


def package(case: Case, actor: Actor) -> dict[str, Any] | None:
    """For the template of the panel; None before the set of documents was complete and where no supplier is named."""
    side, found = party_of(actor, case), package_of(case)
    if side is None or found is None:
        return None
    waits = found.state == PREPARING and may_be_placed(case, found)
    if found.state == PREPARING and not waits:
        return None  # the case ended before anything was placed
    today = company.today()
    late = waits and found.due_on < today
    return {
        "side": side,
        "package": found,
        "document": _document(case, actor, found),
        "waits": waits,
        "household": waits and side == "supplier" and for_household(case),
        "due": company.calendar().due_words(today, found.due_on) if waits else "",
        "late": late,
        "tone": _tone(found, side, waits=waits, late=late),
        "words": _words(found, waits=waits),
        "awaited": side == "applicant" and _awaits(found, side),
        "signed_there": found.case_document_id is not None and bool(slots_of(found.case_document_id)),
        "lines": found.requisites.splitlines(),
        "may_replace": not waits and _may_place(case, found, side) and not has_agreed(case, found),
    }


def _document(case: Case, actor: Actor, found: SupplyPackage) -> CaseDocument | None:
    if found.form != CONTRACT:
        return None
    return next((one for one in documents_of(case, actor) if one.id == found.case_document_id), None)


def _awaits(found: SupplyPackage, side: Party) -> bool:
    """Whether the contract waits for the signature of this side."""
    if found.case_document_id is None or found.state == SIGNED:
        return False
    slots = slots_of(found.case_document_id)
    return any(one.party == side and not why_not(one, slots) for one in slots)


def _tone(found: SupplyPackage, side: Party, *, waits: bool, late: bool) -> str:
    if not waits:
        return "ok" if found.form != CONTRACT or found.state == SIGNED else "co"
    return "bad" if late else "you" if side == "supplier" else "co"


def _words(found: SupplyPackage, *, waits: bool) -> str:
    if waits:
        return "Готовит поставщик"
    if found.form != CONTRACT:
        return "Лицевой счет открыт"
    return "Подписан" if found.state == SIGNED else "Размещен"


def _may_place(case: Case, found: SupplyPackage, side: Party) -> bool:
    return side == "supplier" and may_answer(side, case) and may_be_placed(case, found)


def next_actions(case: Case, actor: Actor, side: Party) -> Sequence[NextAction]:
    """The supplier's button in the first panel while nothing is placed."""
    found = package_of(case)
    if found is None or found.state != PREPARING or not _may_place(case, found, side):
        return []
    return [NextAction("Разместить договор энергоснабжения", "contracts.supply_page", primary=True)]


PANELS = (Panel("supply-contract", "contracts/_supply_contract.html", package, column="main", order=25),)
