"""Writing in a case and taking back; the earlier pages of a conversation."""

import re
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Form

from app import clock
from app.cases import actions, panels
from app.cases.blueprint import bp
from app.cases.forms import chosen_files, put_errors
from app.cases.message_forms import SHAPES, Shape
from app.cases.message_panels import Talk, composer, talk_of
from app.cases.models import Case
from app.cases.pages import case_page
from app.cases.policy import INTERNAL, channels_of
from app.cases.queries import party, visible_case
from app.cases.routes import READERS, UPLOAD_LIMIT
from app.documents.file_types import ACCEPT
from app.errors import AlreadyDone, InvalidForm
from app.web.htmx import say, wants_fragment
from app.web.idempotency import pressed_key
from app.web.login import current_actor
from app.web.policy import Rule

_CASE = {"case_id": ("case", visible_case)}
_MESSAGE_ID = re.compile(r"[1-9][0-9]{0,17}")

POLICY: dict[str, Rule] = {
    "cases.conversation_page": Rule(roles=READERS, load=_CASE),
    "cases.send_message": Rule(roles=READERS, load=_CASE, body_limit=UPLOAD_LIMIT),
    "cases.take_back": Rule(roles=READERS, load=_CASE),
}


@bp.app_template_global("shape_of")
def shape_of(channel: str) -> Shape:
    """How the form of a channel is called."""
    return SHAPES[channel]


@bp.get("/cases/<id:case_id>/messages")
def conversation_page(case: Case) -> str:
    """A conversation from its beginning, the newest page of it first; `before` is the id of a message."""
    actor, asked = current_actor(), request.args.get("before", "")
    before = int(asked) if _MESSAGE_ID.fullmatch(asked) else None
    talk, oldest = _page_of(case, request.args.get("channel", ""), before)
    return render_template(
        "cases/conversation.html",
        case=case,
        party=party(actor, case),
        talk=talk,
        oldest=oldest,
        before=before,
        line=0,
    )


def _page_of(case: Case, channel: str, before: int | None) -> tuple[Talk, int | None]:
    """A page of the conversation of a channel (the main one when the reader has no such) and where the earlier ones begin."""
    actor = current_actor()
    readable = channels_of(party(actor, case), case)
    second = channel in readable[1:] and channel != INTERNAL
    talk = talk_of(case, actor, "supplier-messages" if second else "messages", before=before)
    oldest = next(one.id for one in talk.entries if one.id) if talk.older else None
    return talk, oldest


@bp.post("/cases/<id:case_id>/messages")
def send_message(case: Case) -> ResponseReturnValue:
    """Send a message or keep a note; a refused one comes back with what was typed."""
    channel, case_id = request.form.get("channel", "company"), case.id
    shape = SHAPES.get(channel, SHAPES["company"])
    told: dict[str, Any] = {"by": current_actor(), "at": clock.now(), "key": pressed_key()}
    text, files = request.form.get(shape.text, ""), chosen_files(shape.files)
    try:
        message_id = actions.send_message(case_id, text, files, channel=channel, **told)
    except InvalidForm as error:
        return _refused(case, channel, error)
    except AlreadyDone:
        # A second try on a bad line: the first one's message stands in the conversation.
        if not wants_fragment():
            raise
        return _sent(case_id, channel)
    if wants_fragment():
        return _sent(case_id, channel)
    flash("Заметка сохранена." if channel == INTERNAL else "Сообщение отправлено.", "success")
    return redirect(url_for("cases.page", case_id=case_id, _anchor=f"m{message_id}"), 303)


def _sent(case_id: int, channel: str) -> str:
    """An empty form for the next message, and what is new on the page: one's own message first of all."""
    actor = current_actor()
    case = visible_case(actor, case_id)
    found = composer(case, party(actor, case), channel)
    form = render_template(
        "cases/_composer.html", case=case, composer=found, typed={}, accept=ACCEPT, fresh=True
    )
    return form + panels.parts(case, actor)


def _refused(case: Case, channel: str, error: InvalidForm) -> ResponseReturnValue:
    """The form of the channel again, or of the main conversation when there is no such: nothing typed is lost."""
    actor = current_actor()
    readable = channels_of(party(actor, case), case)
    channel = channel if channel in readable else readable[0]
    shape = shape_of(channel)
    form = shape.form(request.form)
    errors = list(put_errors(form, error, names=shape.names))
    if chosen_files(shape.files):
        errors.append(("", "Выберите файлы заново: браузер не хранит их после отправки."))
    typed: dict[str, Form] = {channel: form}
    if not wants_fragment():
        return case_page(case, errors=errors, typed=typed), 422
    found = composer(case, party(actor, case), channel)
    names = {"case": case, "composer": found, "typed": typed, "errors": errors, "accept": ACCEPT}
    return render_template("cases/_composer.html", **names), 422


@bp.post("/cases/<id:case_id>/messages/<id:message_id>/undo")
def take_back(case: Case, message_id: int) -> ResponseReturnValue:
    """Take one's own message back within the seconds in which that is possible."""
    actor, case_id = current_actor(), case.id
    actions.take_back(case_id, message_id, by=actor, at=clock.now())
    if wants_fragment():
        return panels.parts(visible_case(actor, case_id), actor) + say("Сообщение отозвано.")
    flash("Сообщение отозвано.", "success")
    return redirect(url_for("cases.page", case_id=case_id, _anchor=f"m{message_id}"), 303)
