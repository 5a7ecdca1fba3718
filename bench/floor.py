"""The floor of a page: the same application, templates, headers and server, rendered from constants; no session, no SQL.

At start the real pages are rendered once for the given cookies; what their templates were given is kept, and
`/floor/<name>` renders the same templates from it again and again. `/floor/empty` is an empty route of the same
application, with all its hooks, for anybody: asked by the same browser, with its cookies, it is the floor of a poll that
brings nothing.
"""

import os
from typing import Any

from flask import Flask, template_rendered
from jinja2 import Template

from app import create_app
from app.web.policy import ANYBODY

PAGES = ("list", "case", "queue")


def _kept(app: Flask) -> dict[str, tuple[Template, dict[str, Any]]]:
    kept: dict[str, tuple[Template, dict[str, Any]]] = {}
    seen: list[tuple[Template, dict[str, Any]]] = []

    def keep(_sender: Flask, template: Template, context: dict[str, Any], **_: Any) -> None:
        seen.append((template, context))

    template_rendered.connect(keep, app)
    for page in PAGES:
        path, cookie = os.environ[f"BENCH_{page.upper()}_PATH"], os.environ[f"BENCH_{page.upper()}_COOKIE"]
        client = app.test_client(use_cookies=False)
        seen.clear()
        answer = client.get(path, base_url=os.environ["PUBLIC_URL"], headers={"Cookie": cookie})
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answered {answer.status_code}")
        template, context = seen[-1]
        kept[page] = (template, {**context, "csrf_token": lambda: "constant"})
    template_rendered.disconnect(keep, app)
    return kept


def make() -> Flask:
    """The application with the floor's own addresses."""
    made = create_app()
    kept = _kept(made)

    def page(name: str) -> str:
        template, context = kept[name]
        return template.render(context)

    made._got_first_request = False  # the real pages were asked for before the floor's addresses are added
    made.add_url_rule("/floor/<name>", "floor", page)
    made.add_url_rule("/floor/empty", "empty", lambda: ("", 204))
    made.extensions["policy"] |= {"floor": ANYBODY, "empty": ANYBODY}
    return made


app = make()
