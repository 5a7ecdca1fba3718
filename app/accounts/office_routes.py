"""The office and a visitor: a code to the visitor's phone, a confirmation taken back."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.accounts import office_actions, queries
from app.accounts.blueprint import bp
from app.accounts.contact_forms import PhoneCodeForm
from app.accounts.contact_queries import open_code
from app.accounts.contacts import format_mobile
from app.accounts.models import User
from app.accounts.sign_in_routes import this_visit
from app.accounts.staff_forms import RevokeForm
from app.actor import STAFF
from app.errors import Conflict, InvalidForm, InvalidValue, TooManyTries, Unavailable
from app.web.idempotency import pressed_key
from app.web.login import current_actor
from app.web.policy import Rule

_ONE = Rule(roles=STAFF, load={"user_id": ("user", queries.applicants_account)})

POLICY: dict[str, Rule] = {
    "accounts.visitor_code_page": _ONE,
    "accounts.send_visitor_code": _ONE,
    "accounts.enter_visitor_code": _ONE,
    "accounts.revoke_page": _ONE,
    "accounts.revoke_confirmation": _ONE,
}


def _own_page(user_id: int) -> ResponseReturnValue:
    return redirect(url_for("accounts.person_page", user_id=user_id), 303)


def _code_page(
    user: User, form: PhoneCodeForm, status: int = 200, *, refused: str = ""
) -> ResponseReturnValue:
    sent = open_code(user.id, at=clock.now())
    page = render_template(
        "accounts/visitor_code.html",
        user=user,
        form=form,
        sent=sent if sent and sent.address == user.phone else None,
        phone=format_mobile(user.phone),
        refused=refused,
    )
    return page, status


@bp.get("/people/<id:user_id>/code")
def visitor_code_page(user: User) -> ResponseReturnValue:
    """Send a code to the visitor's phone, or enter the one that they read out."""
    return _code_page(user, PhoneCodeForm(None))


@bp.post("/people/<id:user_id>/code/send")
def send_visitor_code(user: User) -> ResponseReturnValue:
    """Send it."""
    user_id, form = user.id, PhoneCodeForm(None)
    try:
        office_actions.send_visitor_code(
            user_id, by=current_actor(), visit=this_visit(), at=clock.now(), press=pressed_key()
        )
    except TooManyTries as refused:
        return _code_page(user, form, 429, refused=refused.message)
    except (Conflict, InvalidValue, Unavailable) as refused:
        return _code_page(user, form, 409, refused=refused.message)
    return redirect(url_for("accounts.visitor_code_page", user_id=user_id), 303)


@bp.post("/people/<id:user_id>/code")
def enter_visitor_code(user: User) -> ResponseReturnValue:
    """The number is the visitor's when the code is right."""
    form, user_id = PhoneCodeForm(request.form), user.id
    if not form.validate():
        return _code_page(user, form, 422)
    try:
        office_actions.enter_visitor_code(user_id, form.code.data or "", by=current_actor(), at=clock.now())
    except InvalidForm as refused:
        form.take_errors(refused)
        return _code_page(user, form, 422)
    except TooManyTries as refused:
        return _code_page(user, form, 429, refused=refused.message)
    except Conflict as refused:
        return _code_page(user, form, 409, refused=refused.message)
    flash("Номер подтвержден кодом из СМС.", "success")
    return _own_page(user_id)


def _revoke_page(user: User, form: RevokeForm, status: int = 200) -> ResponseReturnValue:
    return render_template("accounts/revoke.html", user=user, form=form), status


@bp.get("/people/<id:user_id>/revoke")
def revoke_page(user: User) -> ResponseReturnValue:
    """Before a confirmation is taken back: what follows, and why."""
    return _revoke_page(user, RevokeForm(None))


@bp.post("/people/<id:user_id>/revoke")
def revoke_confirmation(user: User) -> ResponseReturnValue:
    """Take it back."""
    form, user_id = RevokeForm(request.form), user.id
    if not form.validate():
        return _revoke_page(user, form, 422)
    office_actions.revoke_confirmation(
        user_id, form.reason.value, by=current_actor(), at=clock.now(), press=pressed_key()
    )
    flash("Подтверждение отозвано, заявителю отправлено письмо.", "success")
    return _own_page(user_id)
