"""«Согласия и соглашения»: what is accepted, what has to be accepted anew, taking back."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import clock
from app.accounts import text_actions
from app.accounts.blueprint import bp
from app.accounts.sign_in_routes import this_visit
from app.accounts.text_queries import TEXTS_TO_ACCEPT, owed_texts, text_line, text_lines
from app.actor import APPLICANT, EVERY_ROLE
from app.errors import InvalidForm
from app.web.login import current_actor
from app.web.policy import Rule

_OWNER = Rule(roles=frozenset({APPLICANT}))
_OWING = Rule(roles=EVERY_ROLE, owing=True)

POLICY: dict[str, Rule] = {
    "accounts.texts_page": _OWNER,
    "accounts.owed_texts_page": _OWING,
    "accounts.accept_owed_texts": _OWING,
    "accounts.withdraw_page": _OWNER,
    "accounts.withdraw_text": _OWNER,
}


@bp.get("/profile/texts")
def texts_page() -> str:
    """What the person has accepted, and when."""
    return render_template("accounts/texts.html", lines=text_lines(current_actor().user_id))


def _owed_page(errors: InvalidForm | None = None) -> ResponseReturnValue:
    page = render_template(
        "accounts/owed_texts.html",
        texts=owed_texts(current_actor().user_id),
        errors=errors.errors if errors else {},
    )
    return page, 422 if errors else 200


@bp.get("/profile/texts/accept")
def owed_texts_page() -> ResponseReturnValue:
    """The texts without whose acceptance the cabinet does not open."""
    return _owed_page()


@bp.post("/profile/texts/accept")
def accept_owed_texts() -> ResponseReturnValue:
    """Accept them, each by its box."""
    accepted = {code: request.form.get(f"accept-{code}", "") for code in TEXTS_TO_ACCEPT}
    try:
        text_actions.accept_owed(
            accepted,
            by=current_actor(),
            session_id=current_user.session_id,
            visit=this_visit(),
            at=clock.now(),
        )
    except InvalidForm as refused:
        return _owed_page(refused)
    return redirect(url_for("portal.home"), 303)


@bp.get("/profile/texts/<any(consent, agreement):code>/withdraw")
def withdraw_page(code: str) -> ResponseReturnValue:
    """What follows from taking a text back, before it is done."""
    return render_template("accounts/withdraw.html", line=text_line(current_actor().user_id, code))


@bp.post("/profile/texts/<any(consent, agreement):code>/withdraw")
def withdraw_text(code: str) -> ResponseReturnValue:
    """Take it back."""
    text_actions.withdraw(code, by=current_actor(), at=clock.now())
    if code == "consent":
        flash(
            "Согласие отозвано, сеансы закончены. Письмо об этом отправлено вам и сетевой организации.",
            "success",
        )
        return redirect(url_for("accounts.sign_in_page"), 303)
    flash("Соглашение отозвано: коды из СМС больше ничего не подписывают.", "success")
    return redirect(url_for("accounts.texts_page"), 303)
