"""Small pages on which the company's staff act on a case: a number, a status, documents, the archive."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Form

from app import clock
from app.actor import STAFF
from app.cases import staff_actions
from app.cases.blueprint import bp
from app.cases.captions import heading
from app.cases.document_kinds import posted_kinds
from app.cases.forms import DocumentForm, NumberForm, StatusForm, chosen_files, put_errors
from app.cases.kinds import lifecycle_of, stage_of
from app.cases.models import DRAFT, Case
from app.cases.queries import party, refuse_archived, require, visible_case
from app.cases.routes import UPLOAD_LIMIT
from app.documents.file_types import ACCEPT
from app.errors import Conflict, IllegalMove, InvalidForm
from app.web.idempotency import pressed_key
from app.web.login import current_actor
from app.web.policy import Rule

_STAFF = Rule(roles=STAFF, load={"case_id": ("case", visible_case)})

POLICY: dict[str, Rule] = {
    "cases.register_page": _STAFF,
    "cases.register": _STAFF,
    "cases.status_line_page": _STAFF,
    "cases.add_status_line": _STAFF,
    "cases.post_documents_page": _STAFF,
    "cases.post_documents": Rule(roles=STAFF, load=_STAFF.load, body_limit=UPLOAD_LIMIT),
    "cases.archive_page": _STAFF,
    "cases.archive": _STAFF,
}


def _answer(
    template: str, case: Case, form: Form | None = None, error: InvalidForm | None = None
) -> ResponseReturnValue:
    """A page of this file; with the sentences of an error it is a 422."""
    errors = put_errors(form, error) if form is not None and error is not None else ()
    caption = heading(case.id, case.kind, case.status, case.title)
    page = render_template(
        f"cases/{template}.html", case=case, caption=caption, form=form, errors=errors, accept=ACCEPT
    )
    return page, 422 if error is not None else 200


def _require_open(case: Case) -> None:
    """What can only be read gets no form: raises as the action would."""
    require(party(current_actor(), case) == "company")
    refuse_archived(case)
    if case.status == DRAFT:
        raise Conflict("Это черновик заявителя: дождитесь, пока он отправит заявку.")


def _back(case_id: int, words: str) -> ResponseReturnValue:
    flash(words, "success")
    return redirect(url_for("cases.page", case_id=case_id), 303)


@bp.get("/cases/<id:case_id>/register")
def register_page(case: Case) -> ResponseReturnValue:
    """The form for the registration number."""
    _require_open(case)
    lifecycle_of(case.kind).target("register", case.status, case.mode)
    return _answer("register", case, NumberForm())


@bp.post("/cases/<id:case_id>/register")
def register(case: Case) -> ResponseReturnValue:
    """Give the number."""
    form, case_id = NumberForm(request.form), case.id
    try:
        number = staff_actions.register(
            case_id, form.number.data or "", by=current_actor(), at=clock.now(), key=pressed_key()
        )
    except InvalidForm as error:
        return _answer("register", case, form, error)
    return _back(case_id, f"Присвоен регистрационный номер: {number}.")


@bp.get("/cases/<id:case_id>/status-line")
def status_line_page(case: Case) -> ResponseReturnValue:
    """The form for a status in own words."""
    _require_open(case)
    return _answer("status_line", case, StatusForm())


@bp.post("/cases/<id:case_id>/status-line")
def add_status_line(case: Case) -> ResponseReturnValue:
    """Add the status."""
    form, case_id = StatusForm(request.form), case.id
    try:
        staff_actions.add_status_line(
            case_id, form.status.data or "", by=current_actor(), at=clock.now(), key=pressed_key()
        )
    except InvalidForm as error:
        return _answer("status_line", case, form, error)
    return _back(case_id, "Статус добавлен.")


@bp.get("/cases/<id:case_id>/documents")
def post_documents_page(case: Case) -> ResponseReturnValue:
    """The form for documents of the company."""
    _require_open(case)
    return _answer("post_documents", case, _document_form(case))


@bp.post("/cases/<id:case_id>/documents")
def post_documents(case: Case) -> ResponseReturnValue:
    """Post the documents."""
    form, case_id, chosen = _document_form(case), case.id, chosen_files("files")
    try:
        staff_actions.post_documents(
            case_id,
            chosen,
            kind=form.kind.data or "",
            title=form.title.data or "",
            internal=bool(form.internal.data),
            by=current_actor(),
            at=clock.now(),
            key=pressed_key(),
        )
    except InvalidForm as error:
        return _answer("post_documents", case, form, error)
    return _back(case_id, "Документы размещены." if len(chosen) > 1 else "Документ размещен.")


def _document_form(case: Case) -> DocumentForm:
    form = DocumentForm(request.form)
    form.kind.choices = list(posted_kinds(case.kind).items())
    return form


@bp.get("/cases/<id:case_id>/archive")
def archive_page(case: Case) -> ResponseReturnValue:
    """The question before a case is moved to the archive."""
    _require_open(case)
    if stage_of(case.kind, case.status).tab not in ("done", "rejected"):
        raise IllegalMove("В архив переносят завершенные обращения.")
    return _answer("archive", case)


@bp.post("/cases/<id:case_id>/archive")
def archive(case: Case) -> ResponseReturnValue:
    """Move the case to the archive."""
    case_id = case.id
    staff_actions.move_to_archive(case_id, by=current_actor(), at=clock.now(), key=pressed_key())
    return _back(case_id, "Обращение перемещено в Архив.")
