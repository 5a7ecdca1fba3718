"""Nothing typed is lost when a form comes too late: its fields are carried through a page and sent again.

Files, passwords, codes and tokens are never carried.
"""

import re
from urllib.parse import urlsplit

from flask import render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

_NEVER = re.compile(r"password|token|secret|^(sms_)?code$", re.IGNORECASE)


def carried_fields(form: MultiDict[str, str]) -> list[tuple[str, str]]:
    """Names and values that may travel on, in the order they came."""
    return [(name, value) for name, value in form.items(multi=True) if name and not _NEVER.search(name)]


def had_files() -> bool:
    """Whether files were chosen in the form: a browser sends an empty part for a field in which there are none."""
    return any(one.filename for _name, one in request.files.items(multi=True))


def is_from_another_site() -> bool:
    """Whether the browser says that a page of another site has sent this form: its fields are no words of our person.

    A browser that says nothing is believed: the token decides anyway whether the form is heard.
    """
    came_from = request.headers.get("Origin") or request.referrer
    elsewhere = came_from is not None and urlsplit(came_from).netloc != request.host
    return elsewhere or request.headers.get("Sec-Fetch-Site") in ("same-site", "cross-site")


def carried_page(title: str, explanation: str, *, status: int) -> ResponseReturnValue:
    """The page that shows what was typed and offers to send it again to the same address, with a fresh token."""
    query = request.query_string.decode("ascii", "ignore")
    page = render_template(
        "carried.html",
        title=title,
        explanation=explanation,
        target=request.path + (f"?{query}" if query else ""),
        fields=carried_fields(request.form),
        had_files=had_files(),
    )
    return page, status
