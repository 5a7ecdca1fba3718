"""The list of cases and the queue, and the marks that a person sets in them."""

from urllib.parse import parse_qs, urlsplit

from flask import Response, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.cases import actions
from app.cases.blueprint import bp
from app.cases.list_filters import ListFilter
from app.cases.list_pages import list_answer
from app.cases.list_views import view_for, view_in
from app.cases.models import Case
from app.cases.queries import visible_case
from app.cases.routes import READERS
from app.web.htmx import oob_badge, page_path, say, wants_fragment
from app.web.login import current_actor
from app.web.policy import Rule

POLICY: dict[str, Rule] = {
    "cases.list_page": Rule(roles=READERS),
    "cases.mark": Rule(roles=READERS, load={"case_id": ("case", visible_case)}),
}

#: The form of the search, as htmx names it.
_SEARCH = "form#search"


@bp.get("/cases")
def list_page() -> Response:
    """The applicant's list, or the queue of those who answer: the same address, the same tabs."""
    asked = request.args.to_dict()
    if "q" in asked:
        # A link of the open page brings the words of its address and then, from the field, those that stand there by now.
        asked["q"] = request.args.getlist("q")[-1]
    view = view_for(current_actor(), asked)
    response = make_response(list_answer(view))
    if wants_fragment():
        _put_address(response, view)
    return response


def _put_address(response: Response, view: ListFilter) -> None:
    """Typing a query is one step of the browser's history, however many times the list answered meanwhile."""
    searched = request.headers.get("HX-Source") == _SEARCH
    typing = searched and "q" in parse_qs(urlsplit(page_path()).query)
    address = url_for("cases.list_page", **view.page_parameters())  # type: ignore[arg-type]
    response.headers["HX-Replace-Url" if typing else "HX-Push-Url"] = address


def near(case_id: int) -> tuple[str, str]:
    """For `list_answer`: the row whose button was pressed and the one beside it, which stays when that one goes."""
    return str(case_id), request.form.get("beside", "")


@bp.post("/cases/<id:case_id>/mark")
def mark(case: Case) -> ResponseReturnValue:
    """Mark the case read or unread for oneself: back to the same page of the list, or on the page of the case."""
    unread, actor = request.form.get("action") == "unread", current_actor()
    actions.set_unread(case.id, unread, by=actor, at=clock.now())
    if wants_fragment() and "list" not in request.form:
        return (
            say("Обращение отмечено непрочитанным." if unread else "Обращение отмечено прочитанным.")
            + oob_badge()
        )
    view = view_in(actor, request.form.get("list", ""))
    if wants_fragment():
        return list_answer(view, near=near(case.id)) + oob_badge()
    return redirect(url_for("cases.list_page", **view.page_parameters()), 303)  # type: ignore[arg-type]
