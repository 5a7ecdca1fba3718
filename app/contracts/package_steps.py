"""Changes of the supplier's package: begun, placed, signed. Every one needs an open transaction."""

from datetime import date, datetime

from app import clock
from app.actor import Actor
from app.cases.models import Case, CaseDocument
from app.company import queries as company
from app.contracts.models import SupplyPackage
from app.contracts.package_queries import held_package, package_of
from app.contracts.package_rules import CONTRACT, PLACED, PREPARING, REQUISITES, SIGNED, TERM
from app.extensions import db
from app.journal.steps import record
from app.transaction import require_transaction


def on_case_moved(case: Case, *, name: str, by: Actor, at: datetime) -> None:
    """The set of documents is complete: the supplier named in the application gets ten working days of their own."""
    if name == "complete" and case.supplier_id is not None and package_of(case) is None:
        begin(case, case.supplier_id, on=clock.day_in(company.profile().zone, at))


def begin(case: Case, supplier_id: int, *, on: date) -> SupplyPackage:
    """The package of a supplier whom the case names, the term running from a day on."""
    require_transaction()
    package = SupplyPackage(
        case_id=case.id,
        supplier_id=supplier_id,
        state=PREPARING,
        started_on=on,
        due_on=company.last_day(TERM, on),
    )
    db.session.add(package)
    db.session.flush()
    return package


def place_contract(package: SupplyPackage, document: CaseDocument, *, by: Actor, at: datetime) -> None:
    """The project of the contract lies in the case; it takes the place of whatever was placed before."""
    require_transaction()
    package.form, package.case_document_id = CONTRACT, document.id
    package.requisites = package.personal_account = ""
    _placed(package, by, at)


def place_requisites(
    package: SupplyPackage, requisites: str, account: str, *, by: Actor, at: datetime
) -> None:
    """Requisites and the personal account of a household; they take the place of whatever was placed before."""
    require_transaction()
    package.form, package.case_document_id = REQUISITES, None
    package.requisites, package.personal_account = requisites, account
    _placed(package, by, at)


def _placed(package: SupplyPackage, by: Actor, at: datetime) -> None:
    package.state, package.placed_by, package.placed_at = PLACED, by.user_id, at
    db.session.flush()


def on_document_signed(case: Case, *, document: CaseDocument, by: Actor, at: datetime) -> None:
    """Both sides have signed the supply contract: the package is complete."""
    package = held_package(case)
    if package is None or package.case_document_id != document.id:
        return
    package.state = SIGNED
    record(
        "supply_signed",
        party="supplier",
        actor_id=by.user_id,
        at=at,
        case_id=case.id,
        public=True,
        details={"supplier": case.supplier_name},
    )
