"""What every page shows around its content: the company, the signed-in person, the menu, the style sheet."""

import hashlib
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask, Response, g, request, url_for
from flask_login import current_user
from werkzeug.local import LocalProxy

from app.web.htmx import wants_fragment

#: The cookie that says the browser has the style sheet of this hash already.
CSS_COOKIE = "css"


@dataclass(frozen=True)
class MenuItem:
    """One entry of the menu for the given roles; `prefix` of the path marks it as the present one."""

    label: str
    endpoint: str
    roles: frozenset[str]
    badge: Callable[[], int] | None = None


@dataclass(frozen=True)
class NavEntry:
    """A menu entry as the template prints it; `badge` is None for an entry that counts nothing."""

    url: str
    label: str
    current: bool
    badge: int | None


#: A link at the foot of every page: label, endpoint, arguments of the endpoint.
FooterLink = tuple[str, str, Mapping[str, Any]]


class StyleSheet:
    """site.css: inline on the first visit (one round trip less), from the cache later."""

    def __init__(self, path: Path) -> None:
        """Read the file once; its hash names it."""
        self.text = path.read_text(encoding="utf-8").strip()
        self.hash = hashlib.sha256(self.text.encode()).hexdigest()[:12]


def init_app(
    app: Flask,
    *,
    menu: Sequence[MenuItem],
    footer: Sequence[FooterLink],
    sheet: StyleSheet,
    site: Callable[[], dict[str, Any]],
) -> None:
    """Give every template its surroundings; `site` tells what the company shows.

    What asks the database waits until a template prints it: a fragment has no header and no foot.
    """
    app.extensions["unread"] = lambda: _unread(menu)
    app.add_template_global(_Assets(Path(app.static_folder or "")).address, "asset")

    @app.context_processor
    def surroundings() -> dict[str, Any]:
        inline = request.cookies.get(CSS_COOKIE) != sheet.hash
        g.css_sent = inline and not wants_fragment()
        return {
            "site": LocalProxy(lambda: _once("shown_site", site)),
            "viewer": current_user if current_user.is_authenticated else None,
            "nav": lambda: _entries(menu),
            "footer_links": [{"label": label, "url": url_for(name, **args)} for label, name, args in footer],
            "css_inline": sheet.text if inline else "",
            "css_link": url_for("static", filename="site.css", v=sheet.hash),
            "padding": secrets.token_urlsafe(secrets.randbelow(48)),
        }

    @app.after_request
    def remember_sheet(response: Response) -> Response:
        if g.get("css_sent"):
            secure = bool(app.config["SESSION_COOKIE_SECURE"])
            response.set_cookie(CSS_COOKIE, sheet.hash, max_age=31_536_000, secure=secure, samesite="Lax")
        return response


class _Assets:
    """Static files under addresses that name their content, so that browsers keep them."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.hashes = folder, dict[str, str]()

    def address(self, name: str) -> str:
        """Where the file of this name is; it is read once."""
        if name not in self.hashes:
            self.hashes[name] = hashlib.sha256((self.folder / name).read_bytes()).hexdigest()[:12]
        return url_for("static", filename=name, v=self.hashes[name])


def _once(name: str, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """The same thing for all templates of one request."""
    if name not in g:
        setattr(g, name, make())
    made: dict[str, Any] = g.get(name)
    return made


def _unread(menu: Sequence[MenuItem]) -> int | None:
    """The figure in the menu of this person, None when their menu has none."""
    if not current_user.is_authenticated or current_user.owes:
        return None
    counts = [item.badge for item in menu if item.badge and item.roles & current_user.actor.roles]
    return counts[0]() if counts else None


def _entries(menu: Sequence[MenuItem]) -> list[NavEntry]:
    if not current_user.is_authenticated or current_user.owes:
        return []  # whoever owes something would be led back by every entry
    roles = current_user.actor.roles
    return [
        NavEntry(
            url=url_for(item.endpoint),
            label=item.label,
            current=_is_current(url_for(item.endpoint)),
            badge=item.badge() if item.badge else None,
        )
        for item in menu
        if item.roles & roles
    ]


def _is_current(url: str) -> bool:
    return request.path == url or (url != "/" and request.path.startswith(url + "/"))
