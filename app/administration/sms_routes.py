"""«СМС»: through whom they leave, what is left there, a trial one, what became of the latest."""

from dataclasses import dataclass

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Form

from app import clock
from app.accounts.sign_in_routes import this_visit
from app.accounts.throttle import network
from app.administration import sms_actions, sms_queries
from app.administration.answers import ADMINISTRATORS
from app.administration.blueprint import bp
from app.errors import InvalidForm
from app.gateways import current
from app.gateways.sms import KeptSms, Operator, SmsAway
from app.notifications import sms_queries as outbox
from app.notifications.codes import report_secret
from app.notifications.sms_rules import masked
from app.web.idempotency import pressed_key
from app.web.login import current_actor
from app.web.policy import Rule

POLICY: dict[str, Rule] = {
    "administration.sms_page": ADMINISTRATORS,
    "administration.send_trial_sms": ADMINISTRATORS,
}

#: So many SMS are shown with what became of them.
_SHOWN = 30


@dataclass(frozen=True)
class Line:
    """One operator: its words without secrets, where it tells of deliveries, the money left when that was asked for."""

    name: str
    label: str
    report_url: str
    balance: str


@bp.get("/sms")
def sms_page() -> ResponseReturnValue:
    """How SMS leave; with `?balance=1` the operators are asked for the money left, which takes some seconds."""
    return _page(Form(None), with_balance=request.args.get("balance") == "1")


@bp.post("/sms")
def send_trial_sms() -> ResponseReturnValue:
    """Put a trial SMS to the administrator's own number into the outbox."""
    try:
        sms_actions.send_trial(
            by=current_actor(),
            at=clock.now(),
            asked_from=network(this_visit().address),
            press=pressed_key(),
        )
    except InvalidForm as refused:
        form = Form(request.form)
        form.form_errors = refused.errors[""]
        return _page(form, 422)
    flash("Пробное СМС поставлено в очередь. Что с ним стало, видно в таблице ниже.", "success")
    return redirect(url_for("administration.sms_page"), 303)


def _page(form: Form, status: int = 200, *, with_balance: bool = False) -> ResponseReturnValue:
    desk = current().sms
    page = render_template(
        "administration/sms.html",
        form=form,
        ready=desk.ready,
        kept=isinstance(desk, KeptSms),
        lines=[_line(one, with_balance=with_balance) for one in desk.operators],
        with_balance=with_balance,
        day=outbox.today(clock.now()),
        phone=masked(sms_queries.own_phone(current_actor())),
        messages=outbox.newest_sms(_SHOWN),
        shown=_SHOWN,
    )
    return page, status


def _line(operator: Operator, *, with_balance: bool) -> Line:
    config = current_app.extensions["config"]
    secret = report_secret(config.secret_key, operator.name)
    path = url_for("notifications.sms_report", provider=operator.name, secret=secret)
    balance = ""
    if with_balance:
        try:
            balance = operator.balance() or "оператор не сообщает"
        except SmsAway:
            balance = "оператор не ответил, спросите еще раз позже"
    return Line(operator.name, operator.label, config.public_url + path, balance)
