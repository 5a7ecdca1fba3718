"""The page of the checklist with its slots, and putting files in and out."""

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.actor import APPLICANT
from app.cases.document_steps import MAX_FILES
from app.cases.models import DRAFT, Case
from app.company import queries as company
from app.connections import file_actions, hub, queries
from app.connections.blueprint import bp
from app.connections.checklist import AUTOMATICS, DIAGRAM, PLAN, TITLE
from app.connections.forms import FILES, uploads
from app.connections.queries import own_application
from app.connections.topic_routes import UPLOAD_LIMIT
from app.documents.file_types import ACCEPT, ALLOWED_WORDS
from app.web.login import current_actor
from app.web.policy import Rule

_OWN = {"case_id": ("case", own_application)}
_APPLICANTS = frozenset({APPLICANT})

#: What clause 10 of the Rules names, in the order of the manual.
LAW_KINDS = (PLAN, DIAGRAM, AUTOMATICS, TITLE)

POLICY: dict[str, Rule] = {
    "connections.documents_page": Rule(roles=_APPLICANTS, load=_OWN),
    "connections.add_files": Rule(roles=_APPLICANTS, load=_OWN, body_limit=UPLOAD_LIMIT),
    "connections.delete_file": Rule(roles=_APPLICANTS, load=_OWN),
}


@bp.get("/cases/<id:case_id>/form/documents")
def documents_page(case: Case) -> ResponseReturnValue:
    """The checklist computed from the answers, one slot for each kind."""
    if case.status != DRAFT:
        return redirect(url_for("cases.page", case_id=case.id), 303)
    return _page(case, {})


def _page(case: Case, errors: Mapping[str, list[str]]) -> str:
    found = queries.dossier(case, current_actor(), company.today())
    following = hub.topic_after("documents", found.answers, found.context)
    return render_template(
        "connections/documents.html",
        case=case,
        found=found,
        errors=errors,
        following=following,
        accept=ACCEPT,
        allowed=ALLOWED_WORDS,
        law_kinds=LAW_KINDS,
        most_files=MAX_FILES,
    )


@bp.post("/cases/<id:case_id>/files")
def add_files(case: Case) -> ResponseReturnValue:
    """Put files into one slot of a draft; each refused one is named at its slot."""
    case_id, kind = case.id, request.form.get("kind", "")
    slot = FILES + queries.applicant_kind(kind).code
    sent = uploads(request.files, slot) + uploads(request.files, "files")
    if not sent:
        return _page(case, {slot: ["Выберите файл на своем устройстве и нажмите «Добавить»."]}), 422
    taken = file_actions.add_files(case_id, kind, sent, by=current_actor(), at=clock.now())
    if taken.refusals:
        return _page(case, {slot: taken.refusals}), 422
    if not taken.added:
        flash("Такой файл здесь уже есть.", "info")
    return redirect(url_for("connections.documents_page", case_id=case_id) + f"#doc-{kind}", 303)


@bp.post("/cases/<id:case_id>/files/<id:document_id>/delete")
def delete_file(case: Case, document_id: int) -> ResponseReturnValue:
    """Take a file out of its slot and return to where the button stood."""
    case_id, drafted = case.id, case.status == DRAFT
    kind = file_actions.remove_file(case_id, document_id, by=current_actor(), at=clock.now())
    flash("Файл удален.", "success")
    if not drafted:
        return redirect(url_for("connections.answer_page", case_id=case_id), 303)
    if request.form.get("back") == "applicant":
        return redirect(url_for("connections.topic", case_id=case_id, topic="applicant"), 303)
    return redirect(url_for("connections.documents_page", case_id=case_id) + f"#doc-{kind}", 303)
