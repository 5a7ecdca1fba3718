"""The home page «Информация», help, and the readiness answer."""

from flask import Response, render_template
from sqlalchemy import text

from app.extensions import db
from app.portal import queries
from app.portal.blueprint import bp
from app.web.login import current_actor
from app.web.policy import ANYBODY, SIGNED_IN, Rule

POLICY: dict[str, Rule] = {
    "portal.home": SIGNED_IN,
    "portal.help_page": ANYBODY,
    "portal.healthz": ANYBODY,
}


@bp.get("/")
def home() -> str:
    """What waits for me, my drafts, what happened last, what one can do here."""
    actor = current_actor()
    return render_template(
        "portal/home.html",
        actor=actor,
        waiting=queries.waiting_for(actor),
        drafts=queries.drafts_of(actor) if actor.applicant_ids else [],
        latest=queries.latest(actor),
    )


@bp.get("/help")
def help_page() -> str:
    """How the cabinet works and how to reach the company."""
    return render_template("portal/help.html")


@bp.get("/healthz")
def healthz() -> Response:
    """200 when the site can read its database."""
    db.session.execute(text("SELECT 1"))
    return Response("ok\n", mimetype="text/plain")
