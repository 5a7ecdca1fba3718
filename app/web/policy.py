"""Who may reach which endpoint: one table, refused by default, checked before anything reads the body.

Every `routes.py` declares its rows; `create_app` merges them. An endpoint without a row is refused and a test fails.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import BadRequest

from app.actor import EVERY_ROLE, Actor
from app.errors import Forbidden, NotFound
from app.web import htmx

KIB = 1024
DEFAULT_BODY_LIMIT = 256 * KIB

Loader = Callable[[Actor, int], Any]


@dataclass(frozen=True)
class Rule:
    """Who may call an endpoint, what is loaded for it and how large its body may be (bytes).

    `roles` None means everybody, signed in or not. `load` maps the name of a URL argument to the name of the view's
    argument and a loader, which raises NotFound for a thing the actor may not know of. `owing`: open also to somebody
    who still has to do something before anything else, such as change a first password.
    """

    roles: frozenset[str] | None
    load: Mapping[str, tuple[str, Loader]] = field(default_factory=dict)
    body_limit: int = DEFAULT_BODY_LIMIT
    owing: bool = False


Policy = Mapping[str, Rule]

ANYBODY = Rule(roles=None)
SIGNED_IN = Rule(roles=EVERY_ROLE)


def merge(tables: Iterable[Policy]) -> dict[str, Rule]:
    """One table of several; raises ValueError when an endpoint stands in two."""
    merged: dict[str, Rule] = {}
    for table in tables:
        for endpoint, rule in table.items():
            if endpoint in merged:
                raise ValueError(f"{endpoint} stands in two policy tables")
            merged[endpoint] = rule
    return merged


def init_app(
    app: Flask,
    table: Policy,
    *,
    sign_in: Callable[[], ResponseReturnValue],
    pay: Callable[[str], ResponseReturnValue],
) -> None:
    """Guard every request by the table; `sign_in` answers those who have to sign in first, `pay` those who owe something.

    Must be called before CSRF protection is, because that one reads the whole body.
    """
    app.extensions["policy"] = table
    app.before_request(_forget_crooked_origins)

    @app.before_request
    def guard() -> ResponseReturnValue | None:
        if request.endpoint is None:
            return None  # no such page: Flask answers 404 or 405 by itself
        rule = table.get(request.endpoint)
        if rule is None:
            raise Forbidden
        request.max_content_length = _body_limit(rule)
        if rule.roles is None:
            return None
        if not current_user.is_authenticated:
            return htmx.signed_out() if htmx.wants_fragment() else sign_in()
        if current_user.owes and not rule.owing:
            return pay(current_user.owes)
        if not rule.roles & current_user.actor.roles:
            raise Forbidden
        _load(rule)
        return None

    @app.before_request
    def refuse_nameless_fields() -> None:
        """A part of a form may come without a name; nothing behind this line expects one."""
        if request.endpoint and request.method == "POST" and (None in request.form or None in request.files):
            raise BadRequest


def _forget_crooked_origins() -> None:
    """Whoever names an address that is none has named nothing: what reads it later expects one that can be taken apart."""
    for name in ("HTTP_REFERER", "HTTP_ORIGIN", "HTTP_HX_CURRENT_URL"):
        try:
            urlsplit(request.environ.get(name, ""))
        except ValueError:
            del request.environ[name]


def _body_limit(rule: Rule) -> int:
    """Large bodies are for files: a form of any other kind would be read into memory whole."""
    if request.mimetype == "multipart/form-data":
        return rule.body_limit
    return min(rule.body_limit, DEFAULT_BODY_LIMIT)


def _load(rule: Rule) -> None:
    arguments = request.view_args or {}
    for name, (new_name, loader) in rule.load.items():
        if name not in arguments:
            raise NotFound
        arguments[new_name] = loader(current_user.actor, arguments.pop(name))
