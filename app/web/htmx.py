"""Pages and the parts of pages that htmx asks for: one view gives both, one template prints both.

A fragment is sent only to a request that says it is partial; everything else, Back and Forward too, gets the whole page.
Knows no subject.
"""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from app.web.paths import safe_path

#: What decides between page and fragment, so every cache has to know it.
VARY = ("HX-Request", "HX-Request-Type")
#: Set on the answer to a form: app.js then sends the form as a browser without scripts would, nothing typed is lost.
NATIVE = "X-Submit"
#: Sent by app.js with what the clock of the page asks for, not the person.
CLOCK = "X-Poll"

_SIGN_IN = "sign_in_address"


def init_app(app: Flask, *, sign_in_address: Callable[[str], str]) -> None:
    """Give templates what fragments need; `sign_in_address` tells the sign-in page that leads on to a path."""
    app.extensions[_SIGN_IN] = sign_in_address
    app.add_template_global(wants_fragment, "is_fragment")

    @app.after_request
    def vary(response: Response) -> Response:
        if response.mimetype == "text/html":
            response.vary.update(VARY)
        if wants_fragment():
            response.headers["Cache-Control"] = "no-store"
        return response


def wants_fragment() -> bool:
    """Whether this request is for a part of a page; when it is not, the whole page is the answer."""
    headers = request.headers
    return headers.get("HX-Request") == "true" and headers.get("HX-Request-Type") == "partial"


def is_poll() -> bool:
    """Whether the clock of an open page asks, not a person: that is no activity of theirs."""
    return CLOCK in request.headers


def page_path() -> str:
    """Path and query of the page on which a fragment will stand ('' when it is no page of ours)."""
    parts = urlsplit(request.headers.get("HX-Current-URL", ""))
    if parts.netloc != request.host:
        return ""
    return safe_path(f"{parts.path}?{parts.query}" if parts.query else parts.path)


def answer(page: str, fragment: str, **context: Any) -> str:
    """The fragment's template when it is wanted, else the page's, which includes the very fragment."""
    return render_template(fragment if wants_fragment() else page, **context)


def leave(url: str) -> ResponseReturnValue:
    """Success that leaves the page for another one of the site, which is asked for as a whole."""
    if not wants_fragment():
        return redirect(url, 303)
    response = make_response("", 204)
    if url.partition("#")[0] == page_path():
        # Going to a place of the same page would load nothing.
        response.headers["HX-Refresh"] = "true"
    else:
        response.headers["HX-Redirect"] = url
    return response


def say(words: str, category: str = "success") -> str:
    """The out-of-band part that puts a sentence into the live region; category as of flask.flash. Needs no database."""
    return _said([(category, words)])


def refusal(words: str, status: int, *, native: bool = False, link: str = "") -> Response:
    """A refusal for a fragment: nothing is swapped, the sentence goes into the live region.

    `native` lets app.js send the form in the old way; `link` leads to the sign-in page. 422 would be taken for the form
    itself, which would be lost: what no view has answered with its form becomes 409.
    """
    response = make_response(_said([("error", words)], link), 409 if status == 422 else status)
    if native:
        response.headers[NATIVE] = "native"
    return response


def signed_out() -> Response:
    """401 for a fragment of somebody who is not, or no longer, signed in."""
    address = current_app.extensions[_SIGN_IN](page_path())
    if request.method != "GET":
        words = "Сеанс закончился. Нажмите кнопку формы еще раз, чтобы войти: введенное сохранится."
        return refusal(words, 401, native=True)
    response = refusal("Сеанс закончился.", 401, link=address)
    if not is_poll():
        response.headers["HX-Redirect"] = address
    return response


def oob_badge() -> str:
    """The out-of-band part with the menu's figure of unread cases, counted anew ('' for whom there is none)."""
    count: int | None = current_app.extensions["unread"]()
    return "" if count is None else _part("web/_badge.html", count=count, oob=True)


def _said(sentences: Iterable[tuple[str, str]], link: str = "") -> str:
    return _part("web/_said.html", sentences=sentences, link=link, oob=True)


def _part(template: str, **context: Any) -> str:
    """A part without the surroundings of pages: those ask the database."""
    # A plain string: added to one, Markup would escape what stands before it.
    return current_app.jinja_env.get_template(template).render(context)
