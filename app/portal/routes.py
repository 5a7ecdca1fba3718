"""The home page «Информация», help, and the readiness answer."""

import hashlib
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from app.actor import APPLICANT, SUPPLIER, Actor
from app.company import queries as company
from app.extensions import db
from app.portal import queries
from app.portal.blueprint import bp
from app.portal.own_documents import own_documents
from app.web.htmx import oob_badge, wants_fragment
from app.web.login import current_actor
from app.web.policy import ANYBODY, SIGNED_IN, Rule

POLICY: dict[str, Rule] = {
    "portal.home": SIGNED_IN,
    "portal.waiting": SIGNED_IN,
    "portal.own_documents_page": Rule(roles=frozenset({APPLICANT})),
    "portal.help_page": ANYBODY,
    "portal.healthz": ANYBODY,
}


@bp.get("/")
def home() -> str:
    """What waits for me, my drafts, what happened last, what one can do here."""
    actor = current_actor()
    found = queries.home_of(actor)
    return render_template(
        "portal/home.html",
        actor=actor,
        home=found,
        queue=queries.queue_of(actor) if queries.answers_cases(actor) else [],
        answers_cases=queries.answers_cases(actor),
        may_send=bool(company.profile().settings["unconfirmed.may_send"]),
        **_of_waiting(found.waiting, actor),
    )


@bp.get("/waiting")
def waiting() -> ResponseReturnValue:
    """«Сейчас ваш ход» for the open home page: 204 while it says what it said."""
    if not wants_fragment():
        return redirect(url_for("portal.home"), 303)
    actor = current_actor()
    shown = _of_waiting(queries.waiting_for(actor), actor)
    if shown["seen"] == request.args.get("seen"):
        return "", 204
    return "".join((render_template("portal/_waiting.html", **shown), oob_badge()))


@bp.get("/profile/documents")
def own_documents_page() -> str:
    """«Мои документы»: all that was uploaded, and who opened the identity papers."""
    return render_template("portal/own_documents.html", folders=own_documents(current_actor()))


def _of_waiting(found: queries.Waiting, actor: Actor) -> dict[str, Any]:
    """What the fragment prints; `seen` is the mark by which the next poll knows that nothing has changed."""
    answers = actor.is_staff or SUPPLIER in actor.roles
    return {
        "waiting": found,
        "seen": hashlib.sha256(repr(found).encode()).hexdigest()[:16],
        "all_of_it": url_for("cases.list_page", tab="ours" if answers else None),
        # What is opened from here leads on to the next one that waits.
        "from_view": "tab=ours" if answers else None,
    }


@bp.get("/help")
def help_page() -> str:
    """How the cabinet works and how to reach the company."""
    return render_template("portal/help.html")


@bp.get("/healthz")
def healthz() -> Response:
    """200 when the site can read its database."""
    db.session.execute(text("SELECT 1"))
    return Response("ok\n", mimetype="text/plain")
