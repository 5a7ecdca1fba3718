"""The pages of the papers: a short form with a preview, an own file in its place, another try of a printing that failed."""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app import clock
from app.actor import ADMINISTRATOR, STAFF
from app.cases import rendering_actions
from app.cases.forms import chosen_files
from app.cases.models import Case
from app.cases.routes import UPLOAD_LIMIT
from app.connections.queries import received_application
from app.contracts import paper_actions, paper_preview
from app.contracts.blueprint import bp
from app.contracts.contract_steps import contract_of
from app.contracts.invoice_queries import payee_gaps
from app.contracts.paper_fields import FIELDS
from app.contracts.paper_queries import first_answers, may_make, ready
from app.contracts.paper_rules import mark_of
from app.documents.file_types import ACCEPT
from app.errors import InvalidForm, Overtaken
from app.web.idempotency import pressed_key
from app.web.login import current_actor
from app.web.policy import Rule

_MAKES = Rule(roles=STAFF, load={"case_id": ("case", received_application)})

POLICY: dict[str, Rule] = {
    "contracts.paper_page": _MAKES,
    "contracts.make_paper": _MAKES,
    "contracts.put_paper_file": Rule(roles=STAFF, load=_MAKES.load, body_limit=UPLOAD_LIMIT),
    "contracts.print_again": _MAKES,
}


@bp.get("/cases/<id:case_id>/papers/<paper_kind>")
def paper_page(case: Case, paper_kind: str) -> ResponseReturnValue:
    """The form of a paper, with what is known of the case in it."""
    return _page(case, paper_kind)


@bp.post("/cases/<id:case_id>/papers/<paper_kind>")
def make_paper(case: Case, paper_kind: str) -> ResponseReturnValue:
    """Show how the paper will look, or have it made."""
    may_make(case, paper_kind)
    case_id, typed = case.id, {field.code: request.form.get(field.code, "") for field in FIELDS[paper_kind]}
    if request.form.get("do") == "preview":
        return _previewed(case, paper_kind, typed)
    try:
        paper_actions.make_paper(
            case_id,
            paper_kind,
            typed,
            by=current_actor(),
            at=clock.now(),
            key=pressed_key(),
            known=request.form.get("known", "")[:40],
        )
    except InvalidForm as refused:
        return _page(case, paper_kind, typed, refused.errors, status=422)
    except Overtaken:
        return _page(case, paper_kind, typed, late=True, status=409)
    return _done(case_id, "Документ готовится. Он появится здесь, когда будет готов.")


def _previewed(case: Case, kind: str, typed: Mapping[str, str]) -> ResponseReturnValue:
    actor = current_actor()
    try:
        shown = paper_preview.sheet_of(case, actor, kind, typed, contract_of(case))
    except InvalidForm as refused:
        return _page(case, kind, typed, refused.errors, status=422)
    # The text went through the allow-list of contracts/template_text.py, its values are escaped.
    body = Markup(shown.data.get("body", ""))  # noqa: S704
    return _page(case, kind, typed, shown=shown, body=body)


def _page(
    case: Case,
    kind: str,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, list[str]] | None = None,
    *,
    status: int = 200,
    **context: Any,
) -> ResponseReturnValue:
    paper, contract, actor = may_make(case, kind), contract_of(case), current_actor()
    page = render_template(
        "contracts/paper.html",
        case=case,
        paper=paper,
        fields=FIELDS[kind],
        typed=first_answers(case, actor, contract, kind) if typed is None else typed,
        errors=errors or {},
        known=_known(status, contract.filled if contract else {}, kind),
        number=contract.number if contract else "",
        present=ready(case, kind),
        gaps=payee_gaps() if kind == "invoice" else [],
        may_set_up=ADMINISTRATOR in actor.roles,
        accept=ACCEPT,
        **context,
    )
    return page, status


def _known(status: int, filled: Mapping[str, Any], kind: str) -> str:
    """What the page knows of the form: a form with mistakes keeps its own mark, so that it may yet be overtaken."""
    sent = request.form.get("known", "")[:40]
    return sent if sent and status in (200, 422) else mark_of(filled, kind)


@bp.post("/cases/<id:case_id>/papers/<paper_kind>/file")
def put_paper_file(case: Case, paper_kind: str) -> ResponseReturnValue:
    """Put an own file in the place of a paper."""
    may_make(case, paper_kind)
    case_id, chosen = case.id, chosen_files("files")
    try:
        paper_actions.put_own_file(
            case_id, paper_kind, chosen, by=current_actor(), at=clock.now(), key=pressed_key()
        )
    except InvalidForm as refused:
        return _page(case, paper_kind, errors=refused.errors, status=422)
    return _done(case_id, "Файл приложен. Заявитель увидит его, когда вы разместите документы.")


@bp.post("/cases/<id:case_id>/papers/<paper_kind>/again")
def print_again(case: Case, paper_kind: str) -> ResponseReturnValue:
    """Have a printing that failed tried again."""
    may_make(case, paper_kind)
    case_id, sent = case.id, request.form.get("rendering", "")
    rendering_id = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 18 else 0
    rendering_actions.try_again(case_id, rendering_id, by=current_actor(), at=clock.now(), key=pressed_key())
    return _done(case_id, "Документ готовится еще раз.")


def _done(case_id: int, words: str) -> ResponseReturnValue:
    flash(words, "success")
    return redirect(url_for("cases.page", case_id=case_id, _anchor="papers"), 303)
