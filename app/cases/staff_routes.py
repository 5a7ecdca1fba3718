"""The acts of those who answer a case: a number, a status, documents, the archive. For the company and for suppliers."""

from collections.abc import Callable, Mapping

from flask import request
from flask.typing import ResponseReturnValue
from wtforms import Form

from app import clock
from app.actor import STAFF, SUPPLIER
from app.cases import staff_actions
from app.cases.act_pages import act_done, act_page, seen_by_reader
from app.cases.blueprint import bp
from app.cases.captions import heading
from app.cases.changes import CaseChanged
from app.cases.document_kinds import posted_kinds
from app.cases.forms import DocumentForm, NumberForm, StatusForm, chosen_files, put_errors
from app.cases.held_case import require_open
from app.cases.kinds import lifecycle_of, stage_of
from app.cases.models import Case
from app.cases.policy import APPEAL
from app.cases.queries import party, refuse_archived, require, visible_case
from app.cases.routes import UPLOAD_LIMIT
from app.company import queries as company
from app.documents.file_types import ACCEPT
from app.errors import DomainError, IllegalMove, InvalidForm
from app.web.idempotency import pressed_key
from app.web.login import current_actor
from app.web.policy import Rule

_ANSWERS = Rule(roles=STAFF | {SUPPLIER}, load={"case_id": ("case", visible_case)})

POLICY: dict[str, Rule] = {
    "cases.register_page": _ANSWERS,
    "cases.register": _ANSWERS,
    "cases.status_line_page": _ANSWERS,
    "cases.add_status_line": _ANSWERS,
    "cases.post_documents_page": _ANSWERS,
    "cases.post_documents": Rule(roles=_ANSWERS.roles, load=_ANSWERS.load, body_limit=UPLOAD_LIMIT),
    "cases.archive_page": _ANSWERS,
    "cases.archive": _ANSWERS,
    "cases.restore_page": Rule(roles=frozenset({SUPPLIER}), load=_ANSWERS.load),
    "cases.restore": Rule(roles=frozenset({SUPPLIER}), load=_ANSWERS.load),
}


def _open(case: Case) -> None:
    require_open(case, party(current_actor(), case))


def _may_number(case: Case) -> None:
    _open(case)
    if party(current_actor(), case) == case.recipient:
        lifecycle_of(case.kind).target("register", case.status, case.mode)
    elif case.supplier_number is not None:
        raise IllegalMove("Ваш номер этой заявке уже присвоен.")


def _may_archive(case: Case) -> None:
    _open(case)
    receives = party(current_actor(), case) == case.recipient
    if receives and stage_of(case.kind, case.status).tab not in ("done", "rejected"):
        raise IllegalMove("В архив переносят завершенные обращения.")


def _may_restore(case: Case) -> None:
    require(party(current_actor(), case) == "supplier")
    refuse_archived(case)
    if case.supplier_archived_at is None:
        raise IllegalMove("Этого обращения нет в вашем архиве.")


#: What can only be read gets no form: each page refuses as its action would.
_CHECKS: Mapping[str, Callable[[Case], None]] = {
    "register": _may_number,
    "status_line": _open,
    "post_documents": _open,
    "archive": _may_archive,
    "restore": _may_restore,
}


def _page(
    name: str, case: Case, form: Form | None = None, refused: DomainError | None = None
) -> ResponseReturnValue:
    """A page of this file, or its form again with what was refused."""
    if refused is None:
        _CHECKS[name](case)
    errors = put_errors(form, refused) if form is not None and isinstance(refused, InvalidForm) else []
    if isinstance(refused, InvalidForm) and chosen_files("files"):
        errors = [*errors, ("", "Выберите файлы заново: браузер не хранит их после отправки.")]
    side = party(current_actor(), case)
    return act_page(
        f"cases/{name}",
        case,
        refused=refused,
        check=_CHECKS[name],
        caption=heading(case.id, case.kind, case.status, case.title),
        form=form,
        errors=errors,
        accept=ACCEPT,
        side=side,
        appeal=case.kind == APPEAL,
        receives=side == case.recipient,
    )


@bp.get("/cases/<id:case_id>/register")
def register_page(case: Case) -> ResponseReturnValue:
    """The form for the number."""
    return _page("register", case, NumberForm())


@bp.post("/cases/<id:case_id>/register")
def register(case: Case) -> ResponseReturnValue:
    """Give the number."""
    form, case_id, actor = NumberForm(request.form), case.id, current_actor()
    press = {"key": pressed_key(), "seen": seen_by_reader()}
    try:
        number = staff_actions.register(case_id, form.number.data or "", by=actor, at=clock.now(), **press)
    except (InvalidForm, CaseChanged) as error:
        return _page("register", case, form, error)
    return act_done(case_id, f"Присвоен регистрационный номер: {number}.")


@bp.get("/cases/<id:case_id>/status-line")
def status_line_page(case: Case) -> ResponseReturnValue:
    """The form for a status in own words."""
    return _page("status_line", case, StatusForm())


@bp.post("/cases/<id:case_id>/status-line")
def add_status_line(case: Case) -> ResponseReturnValue:
    """Add the status."""
    form, case_id, actor = StatusForm(request.form), case.id, current_actor()
    press = {"key": pressed_key(), "seen": seen_by_reader()}
    try:
        staff_actions.add_status_line(case_id, form.status.data or "", by=actor, at=clock.now(), **press)
    except (InvalidForm, CaseChanged) as error:
        return _page("status_line", case, form, error)
    return act_done(case_id, "Статус добавлен.")


@bp.get("/cases/<id:case_id>/documents")
def post_documents_page(case: Case) -> ResponseReturnValue:
    """The form for documents."""
    return _page("post_documents", case, _document_form(case))


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
            internal=bool(form.internal.data) if "internal" in form else False,
            by=current_actor(),
            at=clock.now(),
            key=pressed_key(),
            seen=seen_by_reader(),
        )
    except (InvalidForm, CaseChanged) as error:
        return _page("post_documents", case, form, error)
    return act_done(case_id, "Документы размещены." if len(chosen) > 1 else "Документ размещен.")


def _document_form(case: Case) -> DocumentForm:
    form, side = DocumentForm(request.form), party(current_actor(), case)
    form.kind.choices = list(posted_kinds(case.kind, side, company.own_document_kinds()).items())
    if side != "company":
        del form.internal
    return form


@bp.get("/cases/<id:case_id>/archive")
def archive_page(case: Case) -> ResponseReturnValue:
    """The question before a case is moved to the archive."""
    return _page("archive", case)


@bp.post("/cases/<id:case_id>/archive")
def archive(case: Case) -> ResponseReturnValue:
    """Move the case to the archive."""
    case_id, actor = case.id, current_actor()
    press = {"key": pressed_key(), "seen": seen_by_reader()}
    try:
        staff_actions.move_to_archive(case_id, by=actor, at=clock.now(), **press)
    except CaseChanged as error:
        return _page("archive", case, refused=error)
    return act_done(case_id, "Обращение перемещено в Архив.", anew=True)


@bp.get("/cases/<id:case_id>/restore")
def restore_page(case: Case) -> ResponseReturnValue:
    """The question before a supplier takes an application out of their own archive."""
    return _page("restore", case)


@bp.post("/cases/<id:case_id>/restore")
def restore(case: Case) -> ResponseReturnValue:
    """Take the application out of the supplier's archive."""
    case_id = case.id
    staff_actions.restore(case_id, by=current_actor(), at=clock.now(), key=pressed_key())
    return act_done(case_id, "Обращение возвращено из Архива.", anew=True)
