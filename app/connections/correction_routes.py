"""The answer to a request for corrections: exactly what was asked for, and nothing else."""

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.actor import APPLICANT
from app.cases.models import Case
from app.company import queries as company
from app.connections import actions, file_actions, queries
from app.connections.blueprint import bp
from app.connections.forms import FILES, uploads
from app.connections.lifecycle import NEEDS_FIX
from app.connections.panels import request_lines
from app.connections.queries import own_application
from app.connections.road import term_words
from app.connections.slot_pages import slots_asked
from app.connections.topic_routes import UPLOAD_LIMIT
from app.documents.file_types import ACCEPT, ALLOWED_WORDS
from app.errors import InvalidForm
from app.web.idempotency import pressed_key
from app.web.login import current_actor
from app.web.policy import Rule

_OWN = {"case_id": ("case", own_application)}
_APPLICANTS = frozenset({APPLICANT})

POLICY: dict[str, Rule] = {
    "connections.answer_page": Rule(roles=_APPLICANTS, load=_OWN),
    "connections.answer": Rule(roles=_APPLICANTS, load=_OWN, body_limit=UPLOAD_LIMIT),
}


@bp.get("/cases/<id:case_id>/answer")
def answer_page(case: Case) -> ResponseReturnValue:
    """The asked-for slots and topics with their remarks."""
    if case.status != NEEDS_FIX:
        return redirect(url_for("cases.page", case_id=case.id), 303)
    return _page(case, None, {})


def _page(case: Case, text: str | None, errors: Mapping[str, list[str]]) -> str:
    actor, today = current_actor(), company.today()
    asked = queries.open_request(case)
    found = queries.dossier(case, actor, today)
    lines = request_lines(case, asked, found)
    return render_template(
        "connections/answer.html",
        case=case,
        asked=asked,
        lines=lines,
        slots=slots_asked(lines, errors),
        due=term_words(case, today),
        overdue=case.due_on is not None and case.due_on < today,
        text=text if text is not None else asked.answer if asked else "",
        errors=errors,
        accept=ACCEPT,
        allowed=ALLOWED_WORDS,
    )


@bp.post("/cases/<id:case_id>/answer")
def answer(case: Case) -> ResponseReturnValue:
    """Keep files and text; with «Отправить исправления», send everything. Good files stay even when others do not."""
    actor, case_id, text = current_actor(), case.id, request.form.get("text", "")
    errors = _take_files(case_id)
    try:
        if errors or request.form.get("then") != "send":
            actions.save_answer(case_id, text, by=actor, at=clock.now())
        else:
            url = actions.send_fixes(case_id, text, by=actor, at=clock.now(), key=pressed_key())
            flash("Исправления отправлены, проверка начата заново.", "success")
            return redirect(url, 303)
    except InvalidForm as error:
        errors |= error.errors
    if errors:
        return _page(case, text, errors), 422
    flash("Сохранено. Исправления пока не отправлены.", "info")
    return redirect(url_for("connections.answer_page", case_id=case_id), 303)


def _take_files(case_id: int) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    for name in request.files:
        sent = uploads(request.files, name)
        if name.startswith(FILES) and sent:
            kind = name.removeprefix(FILES)
            taken = file_actions.add_files(case_id, kind, sent, by=current_actor(), at=clock.now())
            if taken.refusals:
                errors[name] = taken.refusals
    return errors
