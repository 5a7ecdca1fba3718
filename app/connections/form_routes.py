"""The other road: chosen on the hub, the form given as DOCX and PDF, its facts entered by the company; papers being made."""

from datetime import timedelta
from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.actor import APPLICANT, STAFF
from app.cases.act_pages import act_done, act_page, seen_by_reader
from app.cases.changes import CaseChanged
from app.cases.downloads import FILE_POLICY
from app.cases.models import DRAFT, Case
from app.cases.policy import party_of
from app.company import queries as company
from app.connections import form_actions, queries
from app.connections.blueprint import bp
from app.connections.checklist import APPLICATION
from app.connections.form_actions import SENT_ALREADY, TOO_LATE
from app.connections.form_docx import docx_of
from app.connections.form_facts import TOLD_BY_APPLICANT, asked_of_company, typed_facts
from app.connections.form_queries import FORM, RECEIPT, form_now, newest_made, shown_form
from app.connections.form_rules import may_enter_facts, read_road
from app.connections.forms import Typed, typed
from app.connections.hub_pages import hub_page
from app.connections.queries import own_application, received_application
from app.connections.refusals import at_field
from app.connections.summary import NOT_TOLD, summary
from app.documents.file_names import content_disposition
from app.documents.file_types import BY_CODE
from app.errors import Conflict, DomainError, InvalidForm, NotFound
from app.web.htmx import leave, wants_fragment
from app.web.idempotency import pressed_key
from app.web.login import current_actor
from app.web.policy import Rule

_OWN = Rule(roles=frozenset({APPLICANT}), load={"case_id": ("case", own_application)})
_FORM = Rule(roles=frozenset({APPLICANT}) | STAFF, load={"case_id": ("case", shown_form)})
_DECIDES = Rule(roles=STAFF, load={"case_id": ("case", received_application)})

POLICY: dict[str, Rule] = {
    "connections.choose_road": _OWN,
    "connections.form_page": _FORM,
    "connections.ask_form": _FORM,
    "connections.form_file": _FORM,
    "connections.made_paper": _FORM,
    "connections.facts_page": _DECIDES,
    "connections.enter_facts": _DECIDES,
}

#: How long an open page asks whether a paper is ready, and how often: (younger than, seconds between two questions).
_PACE = ((timedelta(seconds=30), 3), (timedelta(minutes=5), 15))


@bp.post("/cases/<id:case_id>/form/road")
def choose_road(case: Case) -> ResponseReturnValue:
    """Fill the draft here or in a file from now on."""
    case_id = case.id
    try:
        with at_field("road"):
            by_form = read_road(request.form.get("road", ""))
    except InvalidForm as error:
        if case.status != DRAFT:
            raise Conflict(SENT_ALREADY) from error
        return hub_page(case, error.errors), 422
    if form_actions.choose_road(case_id, by_form=by_form, by=current_actor(), at=clock.now()):
        words = "Заявку заполните в файле" if by_form else "Заявку заполните здесь, в анкете"
        flash(f"{words}. Все, что уже введено, сохранено.", "success")
    return leave(url_for("connections.hub", case_id=case_id))


@bp.get("/cases/<id:case_id>/form/file")
def form_page(case: Case) -> str:
    """The form with the answers that there are, as a file of Word and as a PDF."""
    return render_template(
        "connections/form_file.html",
        case=case,
        side=party_of(current_actor(), case),
        draft=case.status == DRAFT,
        **_made(case, FORM),
    )


@bp.post("/cases/<id:case_id>/form/file")
def ask_form(case: Case) -> ResponseReturnValue:
    """Have the form printed as PDF."""
    form_actions.ask_form(case.id, by=current_actor(), at=clock.now(), key=pressed_key())
    if wants_fragment():
        return _part(case, FORM)
    return redirect(url_for("connections.form_page", case_id=case.id), 303)


@bp.get("/cases/<id:case_id>/form/file.docx")
def form_file(case: Case) -> Response:
    """The form as a file of Word; nothing is kept of it."""
    form = form_now(case, current_actor(), company.today())
    response = make_response(docx_of(form, made_at=case.created_at))
    response.mimetype = BY_CODE["docx"].media_type
    response.headers["Content-Disposition"] = content_disposition(f"Заявка № {case.id}.docx")
    response.headers["Content-Security-Policy"] = FILE_POLICY
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/cases/<id:case_id>/made/<paper>")
def made_paper(case: Case, paper: str) -> ResponseReturnValue:
    """How far a paper is that is being made; the open page asks until it is ready."""
    if paper not in (FORM, RECEIPT):
        raise NotFound
    if not wants_fragment():
        return redirect(_page_with(case, paper), 303)
    return _part(case, paper)


def _page_with(case: Case, paper: str) -> str:
    if paper == FORM:
        return url_for("connections.form_page", case_id=case.id)
    if party_of(current_actor(), case) == "applicant":
        return url_for("connections.sent_page", case_id=case.id)
    return url_for("cases.page", case_id=case.id)


def _part(case: Case, paper: str) -> str:
    return render_template("connections/_made_paper.html", case=case, **_made(case, paper))


def _made(case: Case, paper: str) -> dict[str, Any]:
    """What the fragment of a paper needs. `outdated`: the answers have changed since it was printed."""
    found, age = newest_made(case, paper), timedelta()
    outdated = False
    if found is not None:
        age = clock.now() - found.asked_at
        outdated = paper == FORM and found.data != form_now(case, current_actor(), company.today())
    return {
        "paper": paper,
        "made": found,
        "outdated": outdated,
        "pause": next((pause for younger, pause in _PACE if age < younger), 0),
        "here": _page_with(case, paper),
    }


def receipt_part(case: Case) -> dict[str, Any]:
    """What the confirmation of a sending needs to show its receipt."""
    return _made(case, RECEIPT)


@bp.get("/cases/<id:case_id>/facts")
def facts_page(case: Case) -> ResponseReturnValue:
    """What the company reads in a form that came as a file."""
    return _facts_page(case, typed_facts(case.answers))


@bp.post("/cases/<id:case_id>/facts")
def enter_facts(case: Case) -> ResponseReturnValue:
    """Keep it."""
    case_id, raw = case.id, typed(request.form)
    press = {"key": pressed_key(), "seen": seen_by_reader()}
    try:
        form_actions.enter_facts(case_id, raw, by=current_actor(), at=clock.now(), **press)
    except (InvalidForm, CaseChanged) as error:
        return _facts_page(case, raw, error)
    return act_done(case_id, "Сведения из формы сохранены.")


def _require_open(case: Case) -> None:
    if not may_enter_facts("company", case.status, case.answers) or case.archived_at is not None:
        raise Conflict(TOO_LATE)


def _facts_page(case: Case, values: Typed, refused: DomainError | None = None) -> ResponseReturnValue:
    if refused is None:
        _require_open(case)
    found = queries.dossier(case, current_actor(), company.today())
    return act_page(
        "connections/facts",
        case,
        refused=refused,
        check=_require_open,
        found=found,
        told=_told(found),
        forms=found.files.get(APPLICATION.code, []),
        topics=asked_of_company(case.answers, found.context),
        values=values,
        errors=refused.errors if isinstance(refused, InvalidForm) else {},
    )


def _told(found: queries.Dossier) -> list[Any]:
    """What the applicant has answered here themselves."""
    return [
        row
        for _, rows in summary(found.answers, found.context)
        for row in rows
        if row.field.code in TOLD_BY_APPLICANT and row.value != NOT_TOLD
    ]
