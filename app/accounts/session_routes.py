"""The list of one's own sessions and ending them."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import clock
from app.accounts import session_actions, session_queries
from app.accounts.blueprint import bp
from app.web.login import current_actor
from app.web.policy import SIGNED_IN, Rule

POLICY: dict[str, Rule] = {
    "accounts.sessions_page": SIGNED_IN,
    "accounts.end_session": SIGNED_IN,
    "accounts.end_other_sessions": SIGNED_IN,
}


@bp.get("/profile/sessions")
def sessions_page() -> ResponseReturnValue:
    """«Сеансы»: every browser that is signed in."""
    actor = current_actor()
    lines = session_queries.living_sessions(
        actor.user_id, roles=actor.roles, this=current_user.session_id, at=clock.now()
    )
    return render_template("accounts/sessions.html", lines=lines)


@bp.post("/profile/sessions/<id:session_id>/end")
def end_session(session_id: int) -> ResponseReturnValue:
    """End one session; that of this browser leads to the sign-in."""
    session_actions.end_one(session_id, by=current_actor(), at=clock.now())
    if session_id == current_user.session_id:
        return redirect(url_for("accounts.sign_in_page"), 303)
    flash("Сеанс закончен.", "success")
    return redirect(url_for("accounts.sessions_page"), 303)


@bp.post("/profile/sessions/end")
def end_other_sessions() -> ResponseReturnValue:
    """End all but this one."""
    session_actions.end_others(kept=current_user.session_id, by=current_actor(), at=clock.now())
    flash("Остальные сеансы закончены.", "success")
    return redirect(url_for("accounts.sessions_page"), 303)
