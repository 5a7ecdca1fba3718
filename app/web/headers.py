"""Headers of every answer: what the browser may load and keep. One place; the site has no inline script or style attribute."""

import base64
import hashlib

from flask import Flask, Response, g
from flask_login import current_user

YEAR_SECONDS = 31_536_000

#: Where the page of this request keeps what it needs beside the site's own scripts.
_ALLOWED = "scripts_allowed"


def style_hash(css: str) -> str:
    """How a CSP names one inline style: the base64 of its SHA-256."""
    return "'sha256-" + base64.b64encode(hashlib.sha256(css.encode()).digest()).decode() + "'"


def content_policy(css: str, script: str = "") -> str:
    """The Content-Security-Policy of pages; `css` is the one style sheet that may stand inside a page.

    `script` is the address of the one script that may come from another site, or several with spaces between them.
    """
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' {script}".rstrip(),
            f"style-src 'self' {style_hash(css)}",
            "img-src 'self'",
            "font-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "object-src 'none'",
        )
    )


def allow_scripts(*sources: str) -> None:
    """Let the page of this request, and no other, run scripts of these sources too (in the words of the policy)."""
    setattr(g, _ALLOWED, sources)


def init_app(app: Flask, *, css: str, secure: bool, script: str = "") -> None:
    """Set the headers on every answer; `secure` adds the promise of https for a year, `script` as in the policy."""

    @app.after_request
    def protect(response: Response) -> Response:
        headers = response.headers
        scripts = " ".join((script, *g.get(_ALLOWED, ()))).strip()
        headers.setdefault("Content-Security-Policy", content_policy(css, scripts))
        headers["X-Content-Type-Options"] = "nosniff"
        headers["X-Frame-Options"] = "DENY"
        headers["Referrer-Policy"] = "same-origin"
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        if secure:
            headers["Strict-Transport-Security"] = f"max-age={YEAR_SECONDS}"
        if "Cache-Control" not in headers:
            # In this order: when the database is away, nobody can say who the person is.
            private = response.status_code >= 400 or current_user.is_authenticated
            headers["Cache-Control"] = "no-store" if private else "no-cache"
        return response
