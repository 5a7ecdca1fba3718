"""Reading the supplier's package of an application: its state, its term, what is late."""

from typing import Any

from sqlalchemy import ScalarSelect, select

from app.cases.kinds import stage_of
from app.cases.models import DRAFT, Case, CaseDocument
from app.cases.supplier_duty import Duty
from app.connections.lifecycle import CHECKING, NEEDS_FIX, REGISTERED, SUBMITTED
from app.connections.queries import applicant_of
from app.contracts.models import Contract, SupplyPackage
from app.contracts.package_rules import PREPARING, is_agreed, is_household
from app.extensions import db
from app.signing.slot_queries import slots_of

#: Where the set of documents is not complete there is no package: nobody need ask.
_BEFORE = frozenset({DRAFT, SUBMITTED, REGISTERED, CHECKING, NEEDS_FIX})

#: The last day of the supplier who is named in a case and has placed nothing yet; None when nothing is waited for.
WAITED_UNTIL: ScalarSelect[Any] = (
    select(SupplyPackage.due_on)
    .where(
        SupplyPackage.case_id == Case.id,
        SupplyPackage.supplier_id == Case.supplier_id,
        SupplyPackage.state == PREPARING,
    )
    .correlate(Case)
    .scalar_subquery()
)


def package_of(case: Case) -> SupplyPackage | None:
    """The package of the supplier whom the case names now; None before the set of documents was complete."""
    if case.supplier_id is None or case.status in _BEFORE:
        return None
    return db.session.get(SupplyPackage, (case.id, case.supplier_id))


def held_package(case: Case) -> SupplyPackage | None:
    """The same read afresh and held until the end of the action."""
    if case.supplier_id is None:
        return None
    key = (case.id, case.supplier_id)
    return db.session.get(SupplyPackage, key, populate_existing=True, with_for_update=True)


def for_household(case: Case) -> bool:
    """Whether the application is for the household of a person."""
    return is_household(applicant_of(case).legal_form, case.answers)


def is_open(case: Case) -> bool:
    """Whether the supplier can replace what was placed: until the connection or another end."""
    return case.archived_at is None and stage_of(case.kind, case.status).tab == "active"


def has_agreed(case: Case, package: SupplyPackage) -> bool:
    """Whether the applicant has taken the project that lies in the case: then it stays, see `package_rules.is_agreed`."""
    if package.case_document_id is None:
        return False
    slots = slots_of(package.case_document_id)
    signed = {slot.party for slot in slots if slot.state == "signed"}
    made = select(Contract.concluded_on).where(Contract.case_id == case.id)
    paid = db.session.scalar(made) is not None
    return is_agreed(package.form, {slot.party for slot in slots}, signed, paid=paid)


def may_be_placed(case: Case, package: SupplyPackage) -> bool:
    """The same for this package: what was not placed in time is still waited for after the connection."""
    late = package.state == PREPARING and stage_of(case.kind, case.status).tab == "done"
    return is_open(case) or (late and case.archived_at is None)


def placed_document(package: SupplyPackage) -> CaseDocument | None:
    """The project of the contract that lies in the case now."""
    if package.case_document_id is None:
        return None
    return db.session.get(CaseDocument, package.case_document_id)


def usual_requisites(supplier_id: int) -> str:
    """The requisites that the supplier has placed last, in whatever case; an empty text when there are none."""
    query = (
        select(SupplyPackage.requisites)
        .where(SupplyPackage.supplier_id == supplier_id, SupplyPackage.requisites != "")
        .order_by(SupplyPackage.placed_at.desc())
    )
    return db.session.scalars(query.limit(1)).first() or ""


#: For the home page and the lists of suppliers, and for the company's board of deadlines.
DUTY = Duty(
    words="Разместите договор энергоснабжения",
    panel="supply-contract",
    late_title="Поставщик не разместил договор энергоснабжения в срок",
    waited_until=WAITED_UNTIL,
)
