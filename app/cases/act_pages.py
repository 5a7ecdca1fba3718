"""How the small pages of acts answer: a dialog over the page of the case where htmx is there, else a page of their own.

Each act has a page `<subject>/<act>.html` that includes the fragment `<subject>/_<act>.html`; the subject above this one
uses the same. Every form of an act carries what its reader saw (`seen_field`), so that nobody acts on a case that has
become another one meanwhile.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask import flash, make_response, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app.cases import panels
from app.cases.blueprint import bp
from app.cases.changes import CaseChanged, seen_now
from app.cases.list_views import LONGEST as LONGEST_VIEW
from app.cases.models import Case
from app.cases.queries import visible_case
from app.errors import DomainError
from app.web import htmx
from app.web.login import current_actor

#: The event of app.js that closes the dialog.
CLOSE = "dialog-close"
#: For the live region: what is to be said stands in the form itself.
_NOTHING_MORE = '<div id="flash" hx-swap-oob="innerHTML"></div>'


def seen_by_reader() -> str:
    """What the reader of the form had seen of the case ('' when it does not say)."""
    return request.form.get("seen", "")[:40]


def _view() -> str:
    """From which view of the queue the case was opened ('' from none): the form carries it, the page before it knows it."""
    if request.method == "POST":
        return request.form.get("view", "")[:LONGEST_VIEW]
    here = urlsplit(request.referrer or "")
    asked = htmx.page_path() or (f"{here.path}?{here.query}" if here.netloc == request.host else "")
    return next(iter(parse_qs(urlsplit(asked).query).get("view", [])), "")[:LONGEST_VIEW]


@bp.app_template_global("page_of_case")
def page_of_case(case: Case) -> str:
    """The page of the case as it was opened: with the way back to the queue and to the cases beside it."""
    return _address(case.id)


def _address(case_id: int) -> str:
    return url_for("cases.page", case_id=case_id, view=_view() or None)


@bp.app_template_global("view_field")
def view_field() -> Markup:
    """The hidden field by which a form leads back into the queue."""
    view = _view()
    return Markup('<input type="hidden" name="view" value="{}">').format(view) if view else Markup("")


@bp.app_template_global("seen_field")
def seen_field(case: Case) -> Markup:
    """The hidden field by which a form says what its reader saw."""
    return Markup('<input type="hidden" name="seen" value="{}">').format(seen_now(case))


def act_page(
    template: str,
    case: Case,
    *,
    refused: DomainError | None = None,
    check: Callable[[Case], object] | None = None,
    **context: Any,
) -> ResponseReturnValue:
    """The page or the fragment of an act, `template` being «cases/register»; 422 or 409 when the act was refused.

    A form that came too late comes back with what was typed and with what has changed since. When `check`, which raises
    what the action would, says that the act is not possible any more, the form says so and has no button (`closed`).
    """
    changed = refused.changes if isinstance(refused, CaseChanged) else None
    subject, _, name = template.partition("/")
    page = htmx.answer(
        f"{template}.html",
        f"{subject}/_{name}.html",
        case=case,
        changes=changed,
        closed=_why_not(case, check) if changed and check else "",
        **context,
    )
    if changed is not None:
        return page + (_NOTHING_MORE if htmx.wants_fragment() else ""), 409
    return page, 422 if refused is not None else 200


def _why_not(case: Case, check: Callable[[Case], object]) -> str:
    try:
        check(case)
    except DomainError as error:
        return error.message
    return ""


def act_done(case_id: int, words: str, *, anew: bool = False) -> ResponseReturnValue:
    """The act is done: the panels of the page on which the dialog stands, or the way back to that page.

    `anew` loads that page as a whole: its fields for messages, which no answer touches, have come or gone.
    """
    if anew or not (htmx.wants_fragment() and _stands_on(url_for("cases.page", case_id=case_id))):
        flash(words, "success")
        return htmx.leave(_address(case_id))
    case = visible_case(current_actor(), case_id)
    parts = panels.parts(case, current_actor())
    answer = make_response(f"{parts}{htmx.say(words)}{htmx.oob_badge()}")
    answer.headers["HX-Trigger"] = CLOSE
    return answer


def _stands_on(url: str) -> bool:
    return urlsplit(htmx.page_path()).path == url
