"""The one script that is not ours: which bytes of htmx the site takes, and from where browsers get them.

Knows no request: the CDN's address, or the site's own file of the very same bytes (`flask fetch-htmx` puts it there).
"""

import base64
import hashlib
from pathlib import Path

from flask import Flask, Response
from flask.typing import ResponseReturnValue

from app.config import ConfigError
from app.web.policy import ANYBODY, Policy

#: Whoever raises the version changes the hash with it, from the package on npm.
VERSION = "4.0.1"
SHA384 = "Qp9rdC8H7EqOoX+nR0P3RPG2Noji+qdwJlGpfzwQJsfOpp3sGwIdSP9xO3+UlEhn"
CDN = f"https://cdn.jsdelivr.net/npm/htmx.org@{VERSION}/dist/htmx.min.js"

#: The file in the instance, and the address under which the site gives it: both are named by the content.
FILE = f"htmx-{VERSION}.min.js"
_ADDRESS = f"/htmx.{base64.b64decode(SHA384).hex()[:12]}.js"
_ENDPOINT = "htmx_script"

POLICY: Policy = {_ENDPOINT: ANYBODY}


def is_genuine(content: bytes) -> bool:
    """Whether these are the pinned bytes."""
    return base64.b64encode(hashlib.sha384(content).digest()).decode() == SHA384


def from_cdn(app: Flask) -> str:
    """Let pages load htmx from the CDN; gives the address that the Content-Security-Policy has to name."""
    app.jinja_env.globals["htmx_script"] = {"address": CDN, "integrity": f"sha384-{SHA384}", "foreign": True}
    return CDN


def from_site(app: Flask, folder: Path) -> None:
    """Give the stored file from the site itself; raises ConfigError when it is missing or not the pinned one."""
    path = folder / FILE
    content = path.read_bytes() if path.is_file() else b""
    if not is_genuine(content):
        what = "испорчен" if content else "еще не скачан"
        raise ConfigError(
            f"HTMX_SOURCE=site, но файл {path} {what}. Выполните: HTMX_SOURCE=cdn flask --app wsgi fetch-htmx"
        )

    def script() -> ResponseReturnValue:
        response = Response(content, mimetype="text/javascript")
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response

    app.add_url_rule(_ADDRESS, _ENDPOINT, script)
    app.jinja_env.globals["htmx_script"] = {
        "address": _ADDRESS,
        "integrity": f"sha384-{SHA384}",
        "foreign": False,
    }
