"""Pages of this subject: in the demo everybody may look at the letters and SMS that did not go out; elsewhere they do not
exist. And the address at which operators of SMS tell what became of them.
"""

import hmac
from urllib.parse import urlencode

from flask import Response, current_app, render_template, request

from app import clock, gateways
from app.errors import NotFound
from app.gateways.email import RecordedLetter, RecordingPost
from app.gateways.sms import KeptMessage, KeptSms
from app.notifications import sms_actions
from app.notifications.blueprint import bp
from app.notifications.codes import report_secret
from app.web.policy import ANYBODY, Rule

POLICY: dict[str, Rule] = {
    "notifications.outbox_page": ANYBODY,
    "notifications.outbox_letter": ANYBODY,
    # Who calls it is a program: the secret in its address stands for an account and for a token.
    "notifications.sms_report": ANYBODY,
}

#: Letters on the page: the newest ones.
SHOWN = 50


@bp.get("/demo/outbox")
def outbox_page() -> str:
    """The letters and SMS written last."""
    letters, messages = _kept_letters(), _kept_sms()
    if letters is None and messages is None:
        raise NotFound
    return render_template(
        "notifications/outbox.html", letters=letters or [], messages=messages or [], shown=SHOWN
    )


@bp.get("/demo/outbox/<key>")
def outbox_letter(key: str) -> str:
    """One letter as its reader would see it."""
    found = _recording().find(key)
    if found is None:
        raise NotFound
    home = current_app.extensions["config"].public_url + "/"
    return render_template("notifications/letter.html", sent=found, home=home)


@bp.post("/sms/report/<provider>/<secret>")
def sms_report(provider: str, secret: str) -> Response:
    """What an operator tells of the delivery of its SMS; 404 for whoever does not know the secret."""
    known = report_secret(current_app.extensions["config"].secret_key, provider)
    operators = gateways.current().sms.operators
    operator = next((one for one in operators if one.name == provider), None)
    if operator is None or not hmac.compare_digest(secret.encode(), known.encode()):
        raise NotFound
    # A form has been read already, by the guard against fields without a name.
    body = urlencode(list(request.form.items(multi=True))).encode() if request.form else request.get_data()
    reports = operator.reports(request.mimetype, body)
    sms_actions.take_reports(provider, reports, at=clock.now())
    return Response(operator.report_answer or "OK", mimetype="text/plain")


def _kept_letters() -> list[RecordedLetter] | None:
    post = gateways.current().post
    return post.newest(SHOWN) if _demo() and isinstance(post, RecordingPost) else None


def _kept_sms() -> list[KeptMessage] | None:
    desk = gateways.current().sms
    return desk.newest(SHOWN) if _demo() and isinstance(desk, KeptSms) else None


def _demo() -> bool:
    return bool(current_app.extensions["config"].demo)


def _recording() -> RecordingPost:
    post = gateways.current().post
    if not _demo() or not isinstance(post, RecordingPost):
        raise NotFound
    return post
