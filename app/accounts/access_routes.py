"""«Доступ к ЛК»: the page on which a person chooses by what they sign in."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import clock
from app.accounts import access_actions, contact_actions, queries
from app.accounts.access_queries import access_of
from app.accounts.blueprint import bp
from app.accounts.contact_forms import AccessForm
from app.accounts.identifiers import format_snils
from app.accounts.login_ids import LOGIN_KINDS
from app.errors import Conflict, InvalidForm, TooManyTries
from app.web.login import current_actor
from app.web.policy import SIGNED_IN, Rule

POLICY: dict[str, Rule] = {
    "accounts.access_page": SIGNED_IN,
    "accounts.choose_access": SIGNED_IN,
}


def _form(*, sent: bool) -> AccessForm:
    known = access_of(queries.account_of(current_actor()))
    choices = [
        (
            one.key,
            f"{LOGIN_KINDS[one.kind].field} {format_snils(one.value) if one.kind == 'snils' else one.value}",
        )
        for one in known
    ]
    proved = queries.proved_lately(current_user.session_id, at=clock.now())
    return AccessForm(
        request.form if sent else None,
        proved=proved,
        choices=choices,
        chosen=[one.key for one in known if one.is_on],
    )


def _page(form: AccessForm, status: int = 200, *, refused: str = "") -> ResponseReturnValue:
    return render_template("accounts/access.html", form=form, refused=refused), status


@bp.get("/profile/access")
def access_page() -> ResponseReturnValue:
    """The identifiers that are the person's, ticked where they sign in."""
    return _page(_form(sent=False))


@bp.post("/profile/access")
def choose_access() -> ResponseReturnValue:
    """Sign in by the ticked ones from now on."""
    form, by, session_id, at = _form(sent=True), current_actor(), current_user.session_id, clock.now()
    if not form.validate():
        return _page(form, 422)
    try:
        if not form.proved:
            contact_actions.prove_password(form.old_password.data or "", by=by, session_id=session_id, at=at)
        access_actions.choose_access(form.logins.data or [], by=by, session_id=session_id, at=at)
    except InvalidForm as refused:
        form.take_errors(refused)
        return _page(form, 422)
    except TooManyTries as refused:
        return _page(form, 429, refused=refused.message)
    except Conflict as refused:
        return _page(form, 409, refused=refused.message)
    flash("Способы входа сохранены.", "success")
    return redirect(url_for("accounts.profile_page"), 303)
