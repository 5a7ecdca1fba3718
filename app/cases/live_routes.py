"""What an open page of a case asks and tells by itself: whether anything is new, and that it was seen."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.cases import actions, panels
from app.cases.blueprint import bp
from app.cases.models import Case
from app.cases.pulse_queries import Pulse, pulse_of
from app.cases.queries import visible_case
from app.cases.routes import READERS
from app.web.htmx import oob_badge, say, wants_fragment
from app.web.login import current_actor
from app.web.policy import Rule

_CASE = {"case_id": ("case", visible_case)}

POLICY: dict[str, Rule] = {
    "cases.poll": Rule(roles=READERS, load={"case_id": ("pulse", pulse_of)}),
    "cases.seen": Rule(roles=READERS, load=_CASE),
    "cases.put_unread": Rule(roles=READERS, load=_CASE),
}


@bp.get("/cases/<id:case_id>/poll")
def poll(pulse: Pulse) -> ResponseReturnValue:
    """What has changed since the page was shown: 204 while nothing has, else every panel that looks otherwise now."""
    if not wants_fragment():
        return redirect(url_for("cases.page", case_id=pulse.case_id))
    # The stamp comes first in the cursor: nothing more of it is read while nothing has changed.
    if request.args.get("cursor", "").startswith(pulse.stamp):
        return "", 204
    actor = current_actor()
    return panels.parts(visible_case(actor, pulse.case_id), actor, pulse=pulse) + oob_badge()


@bp.post("/cases/<id:case_id>/seen")
def seen(case: Case) -> ResponseReturnValue:
    """The page stands before somebody's eyes: what it shows is unread no more."""
    read = actions.keep_seeing(case.id, panels.known(), by=current_actor(), at=clock.now())
    if not wants_fragment():
        return redirect(url_for("cases.page", case_id=case.id), 303)
    return oob_badge() if read else ("", 204)


@bp.post("/cases/<id:case_id>/unread")
def put_unread(case: Case) -> ResponseReturnValue:
    """Mark the case unread for oneself: the list shows it so until it is opened again."""
    actions.set_unread(case.id, True, by=current_actor(), at=clock.now())
    if wants_fragment():
        return say("Отмечено непрочитанным, пока вы не откроете обращение снова.") + oob_badge()
    flash("Отмечено непрочитанным.", "success")
    return redirect(url_for("cases.list_page"), 303)
