"""«Контакты»: the e-mail for notices and the mobile of the account, each proved before it takes effect."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import clock, gateways
from app.accounts import contact_actions, queries
from app.accounts.blueprint import bp
from app.accounts.contact_forms import EmailForm, PhoneCodeForm, PhoneForm, ProvedForm
from app.accounts.contact_queries import open_code
from app.accounts.contacts import format_mobile
from app.accounts.link_steps import LinkEnded, living_link
from app.accounts.models import User
from app.accounts.sign_in_routes import this_visit
from app.company import queries as company
from app.errors import Conflict, InvalidForm, InvalidValue, TooManyTries, Unavailable
from app.web.login import current_actor
from app.web.policy import ANYBODY, SIGNED_IN, Rule

POLICY: dict[str, Rule] = {
    "accounts.contacts_page": SIGNED_IN,
    "accounts.save_email": SIGNED_IN,
    "accounts.save_phone": SIGNED_IN,
    "accounts.phone_code_page": SIGNED_IN,
    "accounts.enter_phone_code": SIGNED_IN,
    "accounts.email_link_page": ANYBODY,
    "accounts.press_email_link": ANYBODY,
}


def _forms() -> tuple[User, EmailForm, PhoneForm]:
    """The account and its forms, as they are filled at first."""
    actor = current_actor()
    user = queries.account_of(actor)
    proved = queries.proved_lately(current_user.session_id, at=clock.now())
    return (
        user,
        EmailForm(None, proved=proved, data={"email": user.notify_email}),
        PhoneForm(None, proved=proved, data={"phone": format_mobile(user.phone)}),
    )


def _page(
    status: int = 200,
    *,
    email: EmailForm | None = None,
    phone: PhoneForm | None = None,
    refused: str = "",
) -> ResponseReturnValue:
    user, plain_email, plain_phone = _forms()
    page = render_template(
        "accounts/contacts.html",
        user=user,
        email=email or plain_email,
        phone=phone or plain_phone,
        by_sms=gateways.current().sms.ready,
        phone_words=format_mobile,
        hold_hours=company.profile().settings["security.phone_hold_hours"],
        refused=refused,
    )
    return page, status


@bp.get("/profile/contacts")
def contacts_page() -> ResponseReturnValue:
    """Both contacts with what is known of them."""
    return _page()


def _sent(
    form: ProvedForm, act: Callable[[], None], page: Callable[..., ResponseReturnValue], to: str
) -> ResponseReturnValue:
    """Check a form, prove the password when it is asked for, act; refusals stand on the page again."""
    if not form.validate():
        return page(422)
    by, session_id, at = current_actor(), current_user.session_id, clock.now()
    try:
        if not form.proved:
            contact_actions.prove_password(form.old_password.data or "", by=by, session_id=session_id, at=at)
            form.proved = True
        act()
    except InvalidForm as refused:
        form.take_errors(refused)
        return page(422)
    except TooManyTries as refused:
        return page(429, refused=refused.message)
    except (Conflict, InvalidValue, Unavailable) as refused:
        return page(409, refused=refused.message)
    return redirect(to, 303)


def _proved() -> bool:
    return queries.proved_lately(current_user.session_id, at=clock.now())


@bp.post("/profile/contacts/email")
def save_email() -> ResponseReturnValue:
    """Ask a new address for its owner's press, or have no more letters."""
    form = EmailForm(request.form, proved=_proved())
    by, session_id = current_actor(), current_user.session_id

    def act() -> None:
        if form.email.value:
            contact_actions.ask_email(form.email.value, by=by, session_id=session_id, at=clock.now())
            flash(
                f"Письмо со ссылкой отправлено на {form.email.value}. Откройте ее в течение суток.", "success"
            )
        else:
            contact_actions.drop_email(by=by, session_id=session_id, at=clock.now())
            flash(
                "Письма больше не приходят. О том, что требует ваших действий, смотрите на сайте.", "success"
            )

    return _sent(
        form, act, lambda status, **more: _page(status, email=form, **more), url_for("accounts.contacts_page")
    )


@bp.post("/profile/contacts/phone")
def save_phone() -> ResponseReturnValue:
    """Send a code to a number."""
    form = PhoneForm(request.form, proved=_proved())
    by, session_id = current_actor(), current_user.session_id

    def act() -> None:
        contact_actions.ask_phone(
            form.phone.value, by=by, session_id=session_id, visit=this_visit(), at=clock.now()
        )

    return _sent(
        form,
        act,
        lambda status, **more: _page(status, phone=form, **more),
        url_for("accounts.phone_code_page"),
    )


def _code_page(form: PhoneCodeForm, status: int = 200, *, refused: str = "") -> ResponseReturnValue:
    sent = open_code(current_actor().user_id, at=clock.now())
    page = render_template(
        "accounts/phone_code.html",
        form=form,
        sent=sent,
        phone=format_mobile(sent.address) if sent else "",
        refused=refused,
    )
    return page, status


@bp.get("/profile/contacts/code")
def phone_code_page() -> ResponseReturnValue:
    """Where the code of the SMS is entered."""
    return _code_page(PhoneCodeForm(None))


@bp.post("/profile/contacts/code")
def enter_phone_code() -> ResponseReturnValue:
    """The number takes effect when the code is right."""
    form = PhoneCodeForm(request.form)
    if not form.validate():
        return _code_page(form, 422)
    try:
        phone = contact_actions.enter_code(form.code.data or "", by=current_actor(), at=clock.now())
    except InvalidForm as refused:
        form.take_errors(refused)
        return _code_page(form, 422)
    except TooManyTries as refused:
        return _code_page(form, 429, refused=refused.message)
    except Conflict as refused:
        return _code_page(form, 409, refused=refused.message)
    flash(f"Номер {format_mobile(phone)} подтвержден.", "success")
    return redirect(url_for("accounts.contacts_page"), 303)


@bp.get("/profile/email/<token>")
def email_link_page(token: str) -> ResponseReturnValue:
    """The button behind the link of a letter. Opening it changes nothing: programs that check mail open links as well."""
    try:
        link = living_link(token, "email", at=clock.now())
    except LinkEnded:
        return render_template("accounts/email_link.html", address="", token=token), 404
    return render_template("accounts/email_link.html", address=link.address, token=token)


@bp.post("/profile/email/<token>")
def press_email_link(token: str) -> ResponseReturnValue:
    """Letters go to this address from now on."""
    try:
        address = contact_actions.press_link(token, at=clock.now())
    except LinkEnded:
        return render_template("accounts/email_link.html", address="", token=token), 404
    flash(f"Адрес {address} подтвержден: уведомления приходят на него.", "success")
    return redirect(url_for("accounts.profile_page"), 303)
