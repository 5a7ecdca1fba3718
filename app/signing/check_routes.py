"""«Проверка подписи»: anybody checks a file or a number of a signature, without signing in."""

import hashlib

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app import clock
from app.accounts.sign_in_routes import this_visit
from app.cases.routes import UPLOAD_LIMIT
from app.errors import InvalidValue, TooManyTries
from app.signing import check_queries
from app.signing.blueprint import bp
from app.signing.check_actions import count_check
from app.signing.check_rules import NO_FILE, WORDS, Found, asked_hash, asked_number, state_words
from app.web.policy import Rule

POLICY: dict[str, Rule] = {
    "signing.check_page": Rule(roles=None),
    "signing.check_file": Rule(roles=None, body_limit=UPLOAD_LIMIT),
}


@bp.get("/check")
def check_page() -> ResponseReturnValue:
    """The form, or what is known of a number or of a file whose hash the browser has computed."""
    try:
        number = request.args.get("number", "")
        if "number" in request.args:
            return _answer("number", asked_number(number), typed=number)
        if digest := request.args.get("sha256", ""):
            return _answer("file", asked_hash(digest))
    except InvalidValue as error:
        name = "number" if "number" in request.args else "file"
        return _page(errors=[(f"f-{name}", error.message)], typed=number[:100]), 422
    return _page()


@bp.post("/check")
def check_file() -> ResponseReturnValue:
    """The same for a file that was sent: it is hashed and forgotten."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _page(errors=[("f-file", NO_FILE)]), 422
    try:
        count_check(this_visit().address, at=clock.now())
    except TooManyTries as error:
        return _page(errors=[("", error.message)]), 429, {"Retry-After": str(error.retry_after)}
    return _answer("file", hashlib.file_digest(sent.stream, "sha256").hexdigest())  # type: ignore[arg-type]


def _answer(what: str, asked: str, *, typed: str = "") -> str:
    if what == "number":
        found = check_queries.signature_with_number(asked)
        words = WORDS["number" if found else "no_number"]
    else:
        found = check_queries.signatures_with_hash(asked)
        words = WORDS["found" if found else "unknown"]
    return _page(words=words, what=what, asked=asked, found=found, typed=typed[:100])


def _page(
    *,
    words: str = "",
    what: str = "",
    asked: str = "",
    found: list[Found] | None = None,
    errors: list[tuple[str, str]] | None = None,
    typed: str = "",
) -> str:
    return render_template(
        "signing/check.html",
        words=words,
        what=what,
        asked=asked,
        found=[(one, *state_words(one)) for one in found or ()],
        errors=errors or [],
        typed=typed,
    )
