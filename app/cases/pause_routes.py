"""«Приостановить срок» and «Возобновить срок»: the pages of the company's people for the term of a case."""

from collections.abc import Callable, Mapping

from flask import request
from flask.typing import ResponseReturnValue

from app import clock
from app.actor import STAFF
from app.cases import pause_actions
from app.cases.act_pages import act_done, act_page, seen_by_reader
from app.cases.blueprint import bp
from app.cases.captions import heading
from app.cases.changes import CaseChanged
from app.cases.clock_queries import paused_clock, running_clock, stoppable_clock
from app.cases.forms import PauseForm, chosen_files, put_errors
from app.cases.held_case import require_open
from app.cases.models import Case
from app.cases.pause_steps import resumed_due
from app.cases.queries import party, require, visible_case
from app.cases.routes import UPLOAD_LIMIT
from app.company import queries as company
from app.documents.file_types import ACCEPT
from app.errors import DomainError, InvalidForm
from app.web.idempotency import pressed_key
from app.web.login import current_actor
from app.web.policy import Rule

_OFFICE = Rule(roles=STAFF, load={"case_id": ("case", visible_case)})

POLICY: dict[str, Rule] = {
    "cases.pause_page": _OFFICE,
    "cases.pause": Rule(roles=STAFF, load=_OFFICE.load, body_limit=UPLOAD_LIMIT),
    "cases.resume_page": _OFFICE,
    "cases.resume": _OFFICE,
}


def _may_pause(case: Case) -> None:
    _open(case)
    stoppable_clock(case, company.today())


def _may_resume(case: Case) -> None:
    _open(case)
    paused_clock(case)


def _open(case: Case) -> None:
    side = party(current_actor(), case)
    require(side == "company")
    require_open(case, side)


#: Each page refuses as its action would.
_CHECKS: Mapping[str, Callable[[Case], None]] = {"pause": _may_pause, "resume": _may_resume}


def _page(name: str, case: Case, form: PauseForm, refused: DomainError | None = None) -> ResponseReturnValue:
    if refused is None:
        _CHECKS[name](case)
    errors = put_errors(form, refused) if isinstance(refused, InvalidForm) else []
    if isinstance(refused, InvalidForm) and chosen_files("files"):
        errors = [*errors, ("", "Выберите файл заново: браузер не хранит его после отправки.")]
    return act_page(
        f"cases/{name}",
        case,
        refused=refused,
        check=_CHECKS[name],
        caption=heading(case.id, case.kind, case.status, case.title),
        form=form,
        errors=errors,
        accept=ACCEPT,
        due=company.calendar().due_words(company.today(), case.due_on) if case.due_on else "",
        resumed=_resumed(case),
    )


def _resumed(case: Case) -> str:
    """Until when the term would last if it ran again from today on."""
    running, today = running_clock(case), company.today()
    if running is None or running.paused_on is None:
        return ""
    return company.calendar().due_words(today, resumed_due(running, today))


@bp.get("/cases/<id:case_id>/pause")
def pause_page(case: Case) -> ResponseReturnValue:
    """The form for the reason of a pause."""
    return _page("pause", case, PauseForm())


@bp.post("/cases/<id:case_id>/pause")
def pause(case: Case) -> ResponseReturnValue:
    """Stop the term."""
    form, case_id = PauseForm(request.form), case.id
    press = {"key": pressed_key(), "seen": seen_by_reader()}
    try:
        pause_actions.pause(
            case_id,
            form.reason.data or "",
            chosen_files("files"),
            by=current_actor(),
            at=clock.now(),
            **press,
        )
    except (InvalidForm, CaseChanged) as error:
        return _page("pause", case, form, error)
    return act_done(case_id, "Срок приостановлен, заявителю отправлено письмо.")


@bp.get("/cases/<id:case_id>/resume")
def resume_page(case: Case) -> ResponseReturnValue:
    """Before a paused term runs again."""
    return _page("resume", case, PauseForm())


@bp.post("/cases/<id:case_id>/resume")
def resume(case: Case) -> ResponseReturnValue:
    """Let the term run again."""
    case_id = case.id
    press = {"key": pressed_key(), "seen": seen_by_reader()}
    try:
        pause_actions.resume(case_id, by=current_actor(), at=clock.now(), **press)
    except CaseChanged as error:
        return _page("resume", case, PauseForm(), error)
    return act_done(case_id, "Срок снова идет, заявителю отправлено письмо.")
