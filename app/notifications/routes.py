"""Pages of this subject: in the demo everybody may look at the letters that did not go out; elsewhere they do not exist."""

from flask import current_app, render_template

from app import gateways
from app.errors import NotFound
from app.gateways.email import RecordingPost
from app.notifications.blueprint import bp
from app.web.policy import ANYBODY, Rule

POLICY: dict[str, Rule] = {
    "notifications.outbox_page": ANYBODY,
    "notifications.outbox_letter": ANYBODY,
}

#: Letters on the page: the newest ones.
SHOWN = 50


@bp.get("/demo/outbox")
def outbox_page() -> str:
    """The letters written last."""
    return render_template("notifications/outbox.html", letters=_recording().newest(SHOWN), shown=SHOWN)


@bp.get("/demo/outbox/<key>")
def outbox_letter(key: str) -> str:
    """One letter as its reader would see it."""
    found = _recording().find(key)
    if found is None:
        raise NotFound
    home = current_app.extensions["config"].public_url + "/"
    return render_template("notifications/letter.html", sent=found, home=home)


def _recording() -> RecordingPost:
    post = gateways.current().post
    if not current_app.extensions["config"].demo or not isinstance(post, RecordingPost):
        raise NotFound
    return post
