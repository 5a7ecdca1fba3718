"""Applications that name a supplier, brought to the complete set of documents by the actions of the site."""

from collections.abc import Sequence
from datetime import datetime

from app import clock
from app.cases.models import Case
from app.connections import decision_actions
from app.contracts.models import SupplyPackage
from app.contracts.package_actions import Typed, place
from app.contracts.package_queries import package_of
from app.documents.intake import Upload
from app.extensions import db
from tests.application_world import checking, pdf
from tests.case_world import Person
from tests.signing_world import in_mode

BANK = "АО «Энергосбыт», ИНН 5902000000\nр/с 40702810000000000001, БИК 045773603"


def naming(supplier: Person) -> dict[str, Sequence[str]]:
    """The answers of an applicant who names a supplier."""
    return {"supplier": [str(supplier.actor.supplier_id)], "contract_kind": ["supply"]}


def supplied(
    person: Person,
    staff: Person,
    supplier: Person,
    *,
    mode: str = "A",
    household: bool = True,
    at: datetime | None = None,
) -> int:
    """An application whose documents are complete, so that the supplier's term runs."""
    at = at or clock.now()
    answers = naming(supplier) | ({} if household else {"household": ["no"], "rule_fits": ["no"]})
    case_id = checking(person, staff, at=at, **answers)
    if db.session.get_one(Case, case_id).mode != mode:
        in_mode(case_id, mode)
    decision_actions.complete(case_id, by=staff.actor, at=at)
    return case_id


def business(person: Person, staff: Person, supplier: Person, *, mode: str = "B") -> int:
    """The same for somebody who needs the electricity for no household."""
    return supplied(person, staff, supplier, mode=mode, household=False)


def package(case_id: int) -> SupplyPackage | None:
    """The package as it stands now."""
    db.session.expire_all()
    return package_of(db.session.get_one(Case, case_id))


def place_requisites(case_id: int, by: Person, *, account: str = "5900-123456", reason: str = "") -> None:
    typed = Typed("requisites", BANK, account, reason)
    place(case_id, typed, [], by=by.actor, at=clock.now())


def place_contract(
    case_id: int, by: Person, *, file: Upload | None = None, reason: str = "", at: datetime | None = None
) -> None:
    upload = file or pdf(f"project-{case_id}")
    place(case_id, Typed("contract", reason=reason), [upload], by=by.actor, at=at or clock.now())
