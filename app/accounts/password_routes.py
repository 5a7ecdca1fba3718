"""Passwords: forgotten, set anew by the link of a letter, changed; where somebody is led who has to do so first."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import clock
from app.accounts import password_actions, queries
from app.accounts.blueprint import bp
from app.accounts.hashing import hash_password
from app.accounts.link_steps import SETS_PASSWORD, LinkEnded, living_link
from app.accounts.password_forms import ChangePasswordForm, ForgottenForm, NewPasswordForm
from app.accounts.sign_in_routes import this_visit
from app.actor import EVERY_ROLE
from app.errors import InvalidForm, TooManyTries
from app.web import htmx
from app.web.login import current_actor
from app.web.policy import ANYBODY, Rule

_OWNER = Rule(roles=EVERY_ROLE, owing=True)

POLICY: dict[str, Rule] = {
    "accounts.forgotten_page": ANYBODY,
    "accounts.ask_for_reset": ANYBODY,
    "accounts.reset_page": ANYBODY,
    "accounts.reset_password": ANYBODY,
    "accounts.password_page": _OWNER,
    "accounts.change_password": _OWNER,
}

#: What is owed → where it is done, and why the person is led there.
_OWED = {
    "password": (
        "accounts.password_page",
        "Этот пароль вам выдали. Придумайте свой: после этого откроется кабинет.",
    ),
    "texts": (
        "accounts.owed_texts_page",
        "Прочитайте и примите документы: после этого откроется кабинет.",
    ),
    "second_factor": (
        "accounts.second_factor_page",
        "Для вашей роли нужен двухэтапный вход. Включите его: после этого откроется кабинет.",
    ),
}


def lead_to_owed(owed: str) -> ResponseReturnValue:
    """Lead somebody to what they have to do first; what they were about to send is told to be not done."""
    endpoint, words = _OWED[owed]
    flash(words, "warning")
    return htmx.leave(url_for(endpoint))


@bp.get("/password/forgot")
def forgotten_page() -> ResponseReturnValue:
    """«Забыли пароль?»: whose."""
    return render_template("accounts/forgotten.html", form=ForgottenForm(request.args))


@bp.post("/password/forgot")
def ask_for_reset() -> ResponseReturnValue:
    """Send the letter, if there is somebody to send it to: the answer is the same for everybody."""
    form = ForgottenForm(request.form)
    if not form.validate():
        return render_template("accounts/forgotten.html", form=form), 422
    try:
        password_actions.ask_for_reset(form.login.value, visit=this_visit(), at=clock.now())
    except TooManyTries as refused:
        page = render_template("accounts/forgotten.html", form=form, refused=refused.message)
        return page, 429, {"Retry-After": str(refused.retry_after)}
    return redirect(url_for("accounts.forgotten_page", sent=1), 303)


def _reset_page(token: str, form: NewPasswordForm, status: int = 200) -> ResponseReturnValue:
    return render_template("accounts/new_password.html", token=token, form=form), status


def _ended() -> ResponseReturnValue:
    return render_template("accounts/link_ended.html"), 404


@bp.get("/password/new/<token>")
def reset_page(token: str) -> ResponseReturnValue:
    """The form behind the link of a letter. Opening it uses nothing up: programs that check mail open links as well."""
    try:
        living_link(token, *SETS_PASSWORD, at=clock.now())
    except LinkEnded:
        return _ended()
    return _reset_page(token, NewPasswordForm(None))


@bp.post("/password/new/<token>")
def reset_password(token: str) -> ResponseReturnValue:
    """Set the new password and use the link up."""
    try:
        link = living_link(token, *SETS_PASSWORD, at=clock.now())
        form = NewPasswordForm(request.form, own=queries.own_words(link.user_id))
        if not form.validate():
            return _reset_page(token, form, 422)
        password_actions.reset_password(token, hash_password(form.password.data or ""), at=clock.now())
    except LinkEnded:
        return _ended()
    flash("Пароль изменен. Войдите с новым паролем.", "success")
    return redirect(url_for("accounts.sign_in_page"), 303)


def _password_page(form: ChangePasswordForm, status: int = 200, refused: str = "") -> ResponseReturnValue:
    return render_template("accounts/password.html", form=form, refused=refused), status


@bp.get("/profile/password")
def password_page() -> ResponseReturnValue:
    """«Форма изменения пароля»."""
    return _password_page(ChangePasswordForm(None))


@bp.post("/profile/password")
def change_password() -> ResponseReturnValue:
    """Change one's own password: every other open session ends, a letter tells of it."""
    actor = current_actor()
    form = ChangePasswordForm(request.form, own=queries.own_words(actor.user_id))
    if not form.validate():
        return _password_page(form, 422)
    old, new = form.old_password.data or "", hash_password(form.password.data or "")
    try:
        password_actions.change_password(
            old, new, by=actor, session_id=current_user.session_id, at=clock.now()
        )
    except InvalidForm as refused:
        form.take_errors(refused)
        return _password_page(form, 422)
    except TooManyTries as refused:
        return _password_page(form, 429, refused.message)
    flash("Пароль изменен. Остальные сеансы закончены.", "success")
    return redirect(url_for("accounts.profile_page"), 303)
