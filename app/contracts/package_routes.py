"""The page on which a supplier places the supply contract, or requisites with the account of a household."""

from flask import request
from flask.typing import ResponseReturnValue

from app import clock
from app.actor import SUPPLIER
from app.cases.act_pages import act_done, act_page, seen_by_reader
from app.cases.captions import heading
from app.cases.changes import CaseChanged
from app.cases.forms import chosen_files, put_errors
from app.cases.held_case import require_open
from app.cases.models import Case
from app.cases.queries import party, require
from app.cases.routes import UPLOAD_LIMIT
from app.company import queries as company
from app.connections.queries import application
from app.contracts import package_actions
from app.contracts.blueprint import bp
from app.contracts.package_actions import open_package
from app.contracts.package_forms import PackageForm
from app.contracts.package_queries import for_household, package_of, usual_requisites
from app.contracts.package_rules import CONTRACT, PREPARING, REQUISITES, forms_of, signers
from app.documents.file_types import ACCEPT
from app.errors import DomainError, InvalidForm
from app.web.idempotency import pressed_key
from app.web.login import current_actor
from app.web.policy import Rule

_PLACES = Rule(roles=frozenset({SUPPLIER}), load={"case_id": ("case", application)}, body_limit=UPLOAD_LIMIT)

POLICY: dict[str, Rule] = {"contracts.supply_page": _PLACES, "contracts.supply": _PLACES}


@bp.get("/cases/<id:case_id>/supply")
def supply_page(case: Case) -> ResponseReturnValue:
    """The form, filled with what lies in the case now; the first time with the supplier's usual requisites."""
    return _page(case, _form(case, PackageForm(data=_known(case))))


@bp.post("/cases/<id:case_id>/supply")
def supply(case: Case) -> ResponseReturnValue:
    """Place the package or replace it."""
    case_id, form = case.id, _form(case, PackageForm(request.form))
    press = {"key": pressed_key(), "seen": seen_by_reader()}
    try:
        package_actions.place(
            case_id, form.typed(), chosen_files("project"), by=current_actor(), at=clock.now(), **press
        )
    except (InvalidForm, CaseChanged) as error:
        return _page(case, form, error)
    return act_done(case_id, "Размещено, заявителю и сетевой организации отправлены письма.")


def _form(case: Case, form: PackageForm) -> PackageForm:
    """The form with the choices of this case."""
    form.what.choices = list(forms_of(for_household(case)).items())
    return form


def _known(case: Case) -> dict[str, str]:
    package, usual = package_of(case), next(iter(forms_of(for_household(case))))
    if package is None or package.state == PREPARING:
        supplier_id = case.supplier_id or 0
        return {"what": usual, "requisites": usual_requisites(supplier_id) if usual == REQUISITES else ""}
    return {"what": package.form, "requisites": package.requisites, "account": package.personal_account}


def _may_place(case: Case) -> None:
    """Raise what the action would, so that what cannot be placed has no form."""
    side = party(current_actor(), case)
    require(side == "supplier")
    require_open(case, side)
    open_package(case, package_of(case))


def _page(case: Case, form: PackageForm, refused: DomainError | None = None) -> ResponseReturnValue:
    """The form, or the form again with what was refused."""
    if refused is None:
        _may_place(case)
    errors = put_errors(form, refused) if isinstance(refused, InvalidForm) else []
    if isinstance(refused, InvalidForm) and chosen_files("project"):
        errors = [*errors, ("", "Выберите файл заново: браузер не хранит его после отправки.")]
    package = package_of(case)
    again = package is not None and package.state != PREPARING
    household, today = for_household(case), company.today()
    return act_page(
        "contracts/supply",
        case,
        refused=refused,
        check=_may_place,
        caption=heading(case.id, case.kind, case.status, case.title),
        again=again,
        kept=package is not None and package.form == CONTRACT,
        due=company.calendar().due_words(today, package.due_on) if package and not again else "",
        chooses=len(forms_of(household)) > 1,
        signs="applicant" in signers(household, case.mode),
        form=form,
        errors=errors,
        accept=ACCEPT,
    )
