"""The page of an act after a complete set of documents: one for all of the table, with what will follow and a small form."""

from collections.abc import Mapping
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from app import clock
from app.actor import APPLICANT, STAFF
from app.cases import act_pages
from app.cases.changes import CaseChanged
from app.cases.forms import chosen_files
from app.cases.kinds import lifecycle_of
from app.cases.models import Case
from app.cases.routes import UPLOAD_LIMIT
from app.company import queries as company
from app.connections import road
from app.connections.queries import application
from app.contracts import act_actions
from app.contracts import models as _models  # noqa: F401  (the tables of the subject)
from app.contracts.act_queries import papers_of, require_act, warning
from app.contracts.act_rules import FILES, Act
from app.contracts.acts import act_named
from app.contracts.blueprint import bp
from app.contracts.presign_queries import is_signed_here
from app.documents.file_types import ACCEPT
from app.errors import DomainError, IllegalMove, InvalidForm, NotFound
from app.web.idempotency import pressed_key
from app.web.login import current_actor
from app.web.policy import Rule

_LOAD = {"case_id": ("case", application)}

_CHOOSE_AGAIN = "Выберите файлы заново: браузер не хранит их после отправки."
#: The term that runs from the day of the contract through all of the works.
WORKS_TERM = "works"

POLICY: dict[str, Rule] = {
    "contracts.act_page": Rule(roles=STAFF | {APPLICANT}, load=_LOAD),
    "contracts.act": Rule(roles=STAFF | {APPLICANT}, load=_LOAD, body_limit=UPLOAD_LIMIT),
}


def _act(name: str) -> Act:
    found = act_named(name)
    if found is None:
        raise NotFound
    return found


@bp.get("/cases/<id:case_id>/acts/<act_name>")
def act_page(case: Case, act_name: str) -> ResponseReturnValue:
    """Before an act: what will follow and what has to be typed."""
    return _page(case, _act(act_name))


@bp.post("/cases/<id:case_id>/acts/<act_name>")
def act(case: Case, act_name: str) -> ResponseReturnValue:
    """Do the act."""
    found, case_id, actor = _act(act_name), case.id, current_actor()
    typed = {field.code: request.form.get(field.code, "") for field in found.fields if field.code != FILES}
    uploads = chosen_files(FILES) if found.files else []
    press = {"key": pressed_key(), "seen": act_pages.seen_by_reader()}
    try:
        act_actions.perform(case_id, act_name, typed, uploads, by=actor, at=clock.now(), **press)
    except (InvalidForm, CaseChanged) as error:
        return _page(case, found, typed, error, again=bool(uploads))
    return act_pages.act_done(case_id, found.done)


def _page(
    case: Case,
    act: Act,
    typed: Mapping[str, str] | None = None,
    refused: DomainError | None = None,
    *,
    again: bool = False,
) -> ResponseReturnValue:
    """The page of the act, or its form again with what was refused; `again`: the files have to be chosen once more."""
    actor, today = current_actor(), company.today()

    def check(found: Case) -> None:
        require_act(found, act, actor, today)

    if refused is None:
        check(case)
    errors = dict(refused.errors) if isinstance(refused, InvalidForm) else {}
    if again:
        errors[FILES] = [*errors.get(FILES, []), _CHOOSE_AGAIN]
    papers, missing = papers_of(case, act)
    return act_pages.act_page(
        "contracts/act",
        case,
        refused=refused,
        check=check,
        act=act,
        follows=_follows(case, act),
        now=road.present(case, today),
        until=_until(case, act),
        papers=papers,
        missing=missing,
        warning=warning(case, act),
        typed=_first_values(act) if typed is None else typed,
        errors=errors,
        accept=ACCEPT,
        signed_here=act.shows_signature and is_signed_here(case, act.move),
    )


def _follows(case: Case, act: Act) -> str:
    told = act.follows
    if case.supplier_id is not None and act.supplier_too:
        told += f" Письмо получит и поставщик: {case.supplier_name}."
    return told


def _until(case: Case, act: Act) -> str:
    """The next stage and until when it lasts; empty when it has no term, or goes on with the contract's."""
    lifecycle = lifecycle_of(case.kind)
    try:
        stage = lifecycle.stage(lifecycle.target(act.move, case.status, case.mode))
    except IllegalMove:
        return ""
    if stage.term in (None, WORKS_TERM):
        return ""
    today = company.today()
    due = company.calendar().due_words(today, company.last_day(stage.term, today))
    return f"Следующий статус: «{company.profile().label(f'stage.{stage.code}', stage.label)}», {due}"


def _first_values(act: Act) -> dict[str, Any]:
    """What stands in the form before anything was typed: today, and who signs for the company."""
    values: dict[str, Any] = {}
    for field in act.fields:
        if field.shape == "date":
            values[field.code] = f"{company.today():%d.%m.%Y}"
        elif field.code == "signer":
            values[field.code] = company.profile().settings.get("company.head_name", "")
    return values
