"""«Взять» and «Назначить»: who of the company works on a case; and the panel that says who does."""

from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.actor import STAFF, Actor
from app.cases import assign_actions
from app.cases.act_pages import act_done, act_page, seen_by_reader
from app.cases.assign_queries import assignable, name_of
from app.cases.blueprint import bp
from app.cases.captions import heading
from app.cases.changes import CaseChanged
from app.cases.forms import AssigneeForm, put_errors
from app.cases.held_case import require_open
from app.cases.list_pages import list_answer
from app.cases.list_routes import near
from app.cases.list_views import view_in
from app.cases.models import DRAFT, Case
from app.cases.panels import Panel
from app.cases.policy import may_manage
from app.cases.queries import party, require, visible_case
from app.errors import DomainError, InvalidForm
from app.web.htmx import oob_badge, say, wants_fragment
from app.web.idempotency import pressed_key
from app.web.login import current_actor
from app.web.policy import Rule

_COMPANY = Rule(roles=STAFF, load={"case_id": ("case", visible_case)})

POLICY: dict[str, Rule] = {
    "cases.take": _COMPANY,
    "cases.assign_page": _COMPANY,
    "cases.assign": _COMPANY,
}

#: In the list of people: nobody.
NOBODY = "0"


def assignee_context(case: Case, actor: Actor) -> dict[str, Any] | None:
    """For the template of the panel `assignee`; the company's alone, and nothing of a draft."""
    side = party(actor, case)
    if side != "company" or case.status == DRAFT:
        return None
    return {
        "assignee": name_of(case.assignee_id),
        "mine": case.assignee_id == actor.user_id,
        "may_assign": may_manage(side, case),
    }


PANELS = (Panel("assignee", "cases/_assignee.html", assignee_context, "aside", 10),)


@bp.post("/cases/<id:case_id>/take")
def take(case: Case) -> ResponseReturnValue:
    """Take the case: back to the same page of the queue, or on the page of the case."""
    case_id, actor = case.id, current_actor()
    assign_actions.take(case_id, by=actor, at=clock.now(), key=pressed_key())
    if "list" not in request.form:
        return act_done(case_id, "Вы взяли обращение.")
    view = view_in(actor, request.form["list"])
    if wants_fragment():
        return list_answer(view, near=near(case_id)) + say(f"Вы взяли обращение № {case_id}.") + oob_badge()
    return redirect(url_for("cases.list_page", **view.page_parameters()), 303)  # type: ignore[arg-type]


def _may_assign(case: Case) -> None:
    side = party(current_actor(), case)
    require(side == "company")
    require_open(case, side)


def _page(case: Case, form: AssigneeForm, refused: DomainError | None = None) -> ResponseReturnValue:
    if refused is None:
        _may_assign(case)
    errors = put_errors(form, refused) if isinstance(refused, InvalidForm) else ()
    caption = heading(case.id, case.kind, case.status, case.title)
    return act_page(
        "cases/assign", case, refused=refused, check=_may_assign, caption=caption, form=form, errors=errors
    )


def _form(case: Case, chosen: str) -> AssigneeForm:
    form = AssigneeForm(data={"assignee": chosen})
    people = [(str(user_id), name) for user_id, name in assignable(case).items()]
    form.assignee.choices = [(NOBODY, "Без исполнителя"), *people]
    return form


@bp.get("/cases/<id:case_id>/assign")
def assign_page(case: Case) -> ResponseReturnValue:
    """The list of people who may have the case."""
    return _page(case, _form(case, str(case.assignee_id or NOBODY)))


@bp.post("/cases/<id:case_id>/assign")
def assign(case: Case) -> ResponseReturnValue:
    """Give the case to somebody, or to nobody."""
    case_id, chosen = case.id, request.form.get("assignee", "")
    user_id = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 19 else -1
    press = {"key": pressed_key(), "seen": seen_by_reader()}
    try:
        name = assign_actions.assign(case_id, user_id or None, by=current_actor(), at=clock.now(), **press)
    except (InvalidForm, CaseChanged) as error:
        return _page(case, _form(case, chosen), error)
    return act_done(case_id, f"Исполнитель: {name}." if name else "Исполнитель снят.")
