"""Pages of an application as a whole: begun, its hub, checked, sent, deleted, withdrawn.

The pages of topics, files and corrections stand in modules of their own; their rows of the policy table join here.
"""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.accounts.sign_in_routes import this_visit
from app.accounts.text_queries import TEXTS_TO_ACCEPT, texts_to_accept
from app.actor import APPLICANT
from app.cases.models import DRAFT, Case
from app.company import queries as company
from app.connections import (
    actions,
    correction_routes,
    draft_actions,
    file_routes,
    form_routes,
    hub_pages,
    queries,
    road,
    topic_routes,
)
from app.connections.blueprint import bp
from app.connections.contradictions import contradictions
from app.connections.form_rules import came_by_form
from app.connections.qualification import CONSEQUENCES
from app.connections.queries import own_application
from app.connections.summary import category_of, mode_of, qualification_of, summary
from app.connections.wording import RESPONSIBILITY
from app.errors import InvalidForm
from app.web.idempotency import pressed_key
from app.web.login import current_actor
from app.web.policy import Rule

_APPLICANTS = Rule(roles=frozenset({APPLICANT}))
_OWN = Rule(roles=frozenset({APPLICANT}), load={"case_id": ("case", own_application)})

POLICY: dict[str, Rule] = {
    "connections.new_page": _APPLICANTS,
    "connections.new_application": _APPLICANTS,
    "connections.create_application": _APPLICANTS,
    "connections.hub": _OWN,
    "connections.share": _OWN,
    "connections.check": _OWN,
    "connections.submit": _OWN,
    "connections.sent_page": _OWN,
    "connections.delete_page": _OWN,
    "connections.delete": _OWN,
    "connections.withdraw_page": _OWN,
    "connections.withdraw": _OWN,
    **topic_routes.POLICY,
    **file_routes.POLICY,
    **correction_routes.POLICY,
    **form_routes.POLICY,
}


@bp.get("/cases/new")
def new_page() -> str:
    """«Создать»: what one can begin, what to prepare, how long it takes."""
    may_send = bool(company.profile().settings["unconfirmed.may_send"])
    return render_template("connections/new.html", actor=current_actor(), may_send=may_send)


@bp.get("/cases/new/application")
def new_application() -> str:
    """Whose application it will be; nothing is made yet."""
    return _new_application()


def _new_application(errors: dict[str, list[str]] | None = None) -> str:
    links = queries.applicants_of(current_actor())
    return render_template("connections/new_application.html", links=links, errors=errors or {})


@bp.post("/cases/new/application")
def create_application() -> ResponseReturnValue:
    """Make the draft and go to its hub."""
    actor, chosen = current_actor(), request.form.get("applicant", "")
    own = {str(applicant_id): applicant_id for applicant_id in actor.applicant_ids}
    if chosen not in own:
        return _new_application({"applicant": ["Выберите, от чьего имени подается заявка."]}), 422
    case_id = draft_actions.create_draft(own[chosen], by=actor, at=clock.now(), key=pressed_key())
    return redirect(url_for("connections.hub", case_id=case_id), 303)


@bp.get("/cases/<id:case_id>/form", endpoint="hub")
def hub_page(case: Case) -> ResponseReturnValue:
    """«Анкета на подключение»: the topics with their states, the documents, the way on."""
    if case.status != DRAFT:
        return redirect(url_for("cases.page", case_id=case.id), 303)
    return hub_pages.hub_page(case)


@bp.post("/cases/<id:case_id>/share")
def share(case: Case) -> ResponseReturnValue:
    """Show the questionnaire of the draft to staff, or hide it."""
    case_id, shared = case.id, "shared" in request.form
    draft_actions.share_answers(case_id, shared, by=current_actor(), at=clock.now())
    flash("Анкета видна сотруднику." if shared else "Анкета больше не видна сотруднику.", "success")
    return redirect(url_for("connections.hub", case_id=case_id), 303)


@bp.get("/cases/<id:case_id>/form/check")
def check(case: Case) -> ResponseReturnValue:
    """«Проверьте заявку»: everything in words, what is missing, what follows."""
    if case.status != DRAFT:
        return redirect(url_for("cases.page", case_id=case.id), 303)
    return _check(case, {})


def _check(case: Case, errors: dict[str, list[str]]) -> str:
    actor, today = current_actor(), company.today()
    found = queries.dossier(case, actor, today)
    mode = mode_of(found.answers, found.context)
    gaps = queries.gaps_of(found)
    return render_template(
        "connections/check.html",
        case=case,
        found=found,
        by_form=came_by_form(found.answers),
        gaps=gaps,
        missing={gap.field for gap in gaps},
        summary=summary(found.answers, found.context),
        contradictions=contradictions(found.answers, found.context),
        qualification=qualification_of(found.answers, found.context),
        category=category_of(found.answers, found.context),
        mode=mode,
        mode_consequence=CONSEQUENCES[mode] if mode else "",
        responsibility=RESPONSIBILITY,
        road=road.ahead(today, mode),
        texts=texts_to_accept(actor.user_id),
        confirm_first=not (actor.confirmed or company.profile().settings["unconfirmed.may_send"]),
        errors=errors,
    )


@bp.post("/cases/<id:case_id>/submit")
def submit(case: Case) -> ResponseReturnValue:
    """Send the application; with something missing, the check page tells what."""
    case_id = case.id
    try:
        url = actions.submit(
            case_id,
            by=current_actor(),
            at=clock.now(),
            key=pressed_key(),
            accepted={code: request.form.get(f"accept-{code}", "") for code in TEXTS_TO_ACCEPT},
            visit=this_visit(),
        )
    except InvalidForm as error:
        return _check(case, error.errors), 422
    return redirect(url, 303)


@bp.get("/cases/<id:case_id>/sent")
def sent_page(case: Case) -> ResponseReturnValue:
    """The confirmation of the sending, good for a bookmark."""
    if case.status == DRAFT:
        return redirect(url_for("connections.check", case_id=case.id), 303)
    now = road.present(case, company.today())
    return render_template("connections/sent.html", case=case, now=now, **form_routes.receipt_part(case))


@bp.get("/cases/<id:case_id>/delete")
def delete_page(case: Case) -> ResponseReturnValue:
    """What will be gone with the draft."""
    if case.status != DRAFT:
        return redirect(url_for("cases.page", case_id=case.id), 303)
    found = queries.dossier(case, current_actor(), company.today())
    return render_template("connections/delete.html", case=case, found=found)


@bp.post("/cases/<id:case_id>/delete")
def delete(case: Case) -> ResponseReturnValue:
    """Delete the draft."""
    case_id = case.id
    draft_actions.delete_draft(case_id, by=current_actor(), at=clock.now(), key=pressed_key())
    flash(f"Черновик № {case_id} удален.", "success")
    return redirect(url_for("cases.list_page"), 303)


@bp.get("/cases/<id:case_id>/withdraw")
def withdraw_page(case: Case) -> str:
    """What it means to take the application back."""
    road.require_move(case, "withdraw", current_actor())
    return render_template("connections/withdraw.html", case=case, typed={}, errors={})


@bp.post("/cases/<id:case_id>/withdraw")
def withdraw(case: Case) -> ResponseReturnValue:
    """Take the application back."""
    case_id, reason = case.id, request.form.get("reason", "")
    try:
        url = actions.withdraw(case_id, reason, by=current_actor(), at=clock.now(), key=pressed_key())
    except InvalidForm as error:
        page = render_template(
            "connections/withdraw.html", case=case, typed={"reason": reason}, errors=error.errors
        )
        return page, 422
    flash("Заявка отозвана.", "success")
    return redirect(url, 303)
