"""The page of the checklist with its slots, and putting files in and out."""

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.actor import APPLICANT
from app.cases.models import DRAFT, Case
from app.company import queries as company
from app.connections import file_actions, hub, queries
from app.connections.blueprint import bp
from app.connections.checklist import AUTOMATICS, DIAGRAM, PLAN, TITLE
from app.connections.forms import FILES, uploads
from app.connections.queries import own_application
from app.connections.slot_pages import (
    ANSWER_PAGE,
    APPLICANT_PAGE,
    DOCUMENTS_PAGE,
    page_of,
    progress_of,
    slot_part,
    slots_of,
)
from app.connections.topic_routes import UPLOAD_LIMIT
from app.documents.file_types import ACCEPT, ALLOWED_WORDS
from app.web.htmx import say, wants_fragment
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
        slots=slots_of(case, found, DOCUMENTS_PAGE, errors),
        errors=errors,
        following=following,
        accept=ACCEPT,
        allowed=ALLOWED_WORDS,
        law_kinds=LAW_KINDS,
        progress=progress_of(found),
    )


@bp.post("/cases/<id:case_id>/files")
def add_files(case: Case) -> ResponseReturnValue:
    """Put files into one slot; each refused one is named at its slot."""
    case_id, kind = case.id, queries.applicant_kind(request.form.get("kind", "")).code
    sent = uploads(request.files, FILES + kind) + uploads(request.files, "files")
    if not sent:
        return _refused(case, kind, ["Выберите файл на своем устройстве и нажмите «Добавить»."])
    taken = file_actions.add_files(case_id, kind, sent, by=current_actor(), at=clock.now())
    if taken.refusals:
        return _refused(case, kind, taken.refusals)
    return _changed(case, kind, "" if taken.added else "Такой файл здесь уже есть.", "info")


def _refused(case: Case, kind: str, sentences: list[str]) -> ResponseReturnValue:
    if wants_fragment():
        return slot_part(case, kind, _shown_on(case), sentences), 422
    return _page(case, {FILES + kind: sentences}), 422


def _changed(case: Case, kind: str, words: str, category: str) -> ResponseReturnValue:
    """Where the files stand now: their slot, or the page with the slot in sight."""
    page = _shown_on(case)
    if wants_fragment():
        return slot_part(case, kind, page, [], said=say(words, category) if words else "")
    if words:
        flash(words, category)
    if page == ANSWER_PAGE:
        return redirect(url_for("connections.answer_page", case_id=case.id), 303)
    if page == APPLICANT_PAGE:
        return redirect(url_for("connections.topic", case_id=case.id, topic="applicant"), 303)
    return redirect(url_for("connections.documents_page", case_id=case.id) + f"#doc-{kind}", 303)


def _shown_on(case: Case) -> str:
    return page_of(case, request.form.get("page", ""))


@bp.post("/cases/<id:case_id>/files/<id:document_id>/delete")
def delete_file(case: Case, document_id: int) -> ResponseReturnValue:
    """Take a file out of its slot and return to where the button stood."""
    kind = file_actions.remove_file(case.id, document_id, by=current_actor(), at=clock.now())
    return _changed(case, kind, "Файл удален.", "success")
