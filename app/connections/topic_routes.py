"""Pages of the topics of the questionnaire, one page for one topic, rendered from the table of questions."""

from collections.abc import Mapping

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.actor import APPLICANT
from app.cases.models import DRAFT, Case
from app.company import queries as company
from app.connections import draft_actions, file_actions, hub, queries
from app.connections.answers import parse_topic, typed_topic
from app.connections.blueprint import bp
from app.connections.draft_actions import SENT_ALREADY
from app.connections.forms import FILES, Typed, typed, uploads
from app.connections.policy import may_edit_topic
from app.connections.queries import own_application
from app.connections.questionnaire import ASKED_TOPICS, is_asked, topic_of
from app.connections.topic_pages import (
    PAPERS,
    QUESTIONS,
    behalf_part,
    local_time,
    saved_line,
    saved_words,
    topic_address,
    topic_page,
)
from app.errors import Conflict, InvalidForm, NotFound, Overtaken
from app.web.htmx import leave, say, wants_fragment
from app.web.idempotency import pressed_key
from app.web.login import current_actor
from app.web.policy import Rule

UPLOAD_LIMIT = 64 * 1024 * 1024
_OWN = {"case_id": ("case", own_application)}
_APPLICANTS = frozenset({APPLICANT})
#: The line of an autosave that another window was before.
_ELSEWHERE = (
    "Ответы на этой странице изменили в другом окне, здесь они не сохранены. Нажмите «Сохранить черновик»: "
    "покажем, что сохранено, и ничего не заменим без вас."
)

POLICY: dict[str, Rule] = {
    "connections.topic": Rule(roles=_APPLICANTS, load=_OWN),
    "connections.save_topic": Rule(roles=_APPLICANTS, load=_OWN),
    "connections.save_applicant": Rule(roles=_APPLICANTS, load=_OWN, body_limit=UPLOAD_LIMIT),
    "connections.topic_fields": Rule(roles=_APPLICANTS, load=_OWN),
    "connections.autosave": Rule(roles=_APPLICANTS, load=_OWN),
    "connections.change_applicant": Rule(roles=_APPLICANTS, load=_OWN),
}


@bp.get("/cases/<id:case_id>/form/<topic>")
def topic(case: Case, topic: str) -> ResponseReturnValue:
    """One topic with what was answered so far; with an application that is not open for it, its own page."""
    _known(topic)
    if not _is_open(case, topic):
        return redirect(url_for("cases.page", case_id=case.id), 303)
    if case.status == DRAFT and topic != "applicant" and not is_asked(topic, case.answers):
        return redirect(url_for("connections.hub", case_id=case.id), 303)
    return topic_page(case, topic, typed_topic(topic, case.answers), {})


@bp.post("/cases/<id:case_id>/form/<topic>")
def save_topic(case: Case, topic: str) -> ResponseReturnValue:
    """Keep the topic, complete or not, and go on."""
    return _save(case, topic, {})


@bp.post("/cases/<id:case_id>/form/applicant")
def save_applicant(case: Case) -> ResponseReturnValue:
    """Keep the topic of the applicant; its scans come with the same form and stay even when a value is refused."""
    refused: dict[str, list[str]] = {}
    for kind in PAPERS:
        sent = uploads(request.files, FILES + kind)
        if sent:
            taken = file_actions.add_files(case.id, kind, sent, by=current_actor(), at=clock.now())
            refused |= {FILES + kind: taken.refusals} if taken.refusals else {}
    return _save(case, "applicant", refused)


def _save(case: Case, topic: str, refused: Mapping[str, list[str]]) -> ResponseReturnValue:
    _known(topic)
    raw = typed(request.form)
    try:
        draft_actions.save_topic(
            case.id,
            topic,
            raw,
            by=current_actor(),
            at=clock.now(),
            seen=request.form.get("seen", ""),
            page=pressed_key(),
        )
    except InvalidForm as error:
        return topic_page(case, topic, raw, {**error.errors, **refused}), 422
    except Overtaken as error:
        told = say(error.message, "error") if wants_fragment() else ""
        return topic_page(case, topic, raw, {}, overtaken=True) + told, 409
    if refused:
        return topic_page(case, topic, raw, refused), 422
    return leave(_way_on(case, topic))


def _way_on(case: Case, topic: str) -> str:
    """Where the pressed button leads: the next topic, the hub, the check page or the answer to a request."""
    then = request.form.get("then", "next")
    if case.status != DRAFT:
        flash("Изменения сохранены. Отправьте исправления, когда все будет готово.", "success")
        return url_for("connections.answer_page", case_id=case.id)
    if then in ("hub", "files"):
        flash(f"Черновик сохранён в {local_time()}", "success")
        return url_for("connections.hub", case_id=case.id) if then == "hub" else topic_address(case.id, topic)
    following = None
    if then != "check":
        context = queries.context_of(case, current_actor(), company.today())
        following = hub.topic_after(topic, case.answers, context)
    if following is None:
        return url_for("connections.check", case_id=case.id)
    return topic_address(case.id, following)


@bp.post("/cases/<id:case_id>/form/<topic>/fields")
def topic_fields(case: Case, topic: str) -> ResponseReturnValue:
    """The questions that count for what is typed so far. Keeps nothing; a POST, because what is typed is personal."""
    _known(topic)
    if not _is_open(case, topic):
        raise Conflict(SENT_ALREADY)
    raw = typed(request.form)
    return topic_page(case, topic, raw, _still_wrong(case, topic, raw), part=QUESTIONS)


def _still_wrong(case: Case, topic: str, raw: Typed) -> dict[str, list[str]]:
    """The errors that stood on the page already, as far as they hold; others are told when the form is sent."""
    told = request.form.getlist("wrong")
    if not told:
        return {}
    context = queries.context_of(case, current_actor(), company.today())
    errors = parse_topic(topic, raw, context, case.answers).errors
    return {code: sentences for code, sentences in errors.items() if code in told}


@bp.post("/cases/<id:case_id>/form/<topic>/autosave")
def autosave(case: Case, topic: str) -> ResponseReturnValue:
    """Keep what is good of a draft's topic while it is being filled, and say what became of it."""
    _known(topic)
    case_id, actor, seen = case.id, current_actor(), request.form.get("seen", "")
    context = queries.context_of(case, actor, company.today())
    try:
        kept = draft_actions.keep_topic(
            case_id, topic, typed(request.form), by=actor, at=clock.now(), seen=seen, page=pressed_key()
        )
    except Overtaken:
        line = saved_line(case_id, topic, _ELSEWHERE)
        return line if wants_fragment() else redirect(topic_address(case_id, topic), 303)
    if not wants_fragment():
        return redirect(topic_address(case_id, topic), 303)
    return saved_line(case_id, topic, saved_words(kept.refused, context), seen=kept.mark)


@bp.post("/cases/<id:case_id>/form/applicant/behalf")
def change_applicant(case: Case) -> ResponseReturnValue:
    """File the draft for another applicant of the same person."""
    actor, case_id, chosen = current_actor(), case.id, request.form.get("applicant", "")
    own = {str(applicant_id): applicant_id for applicant_id in actor.applicant_ids}
    if chosen not in own:
        errors = {"applicant": ["Выберите, от чьего имени подается заявка."]}
        if wants_fragment():
            return behalf_part(case, errors), 422
        return topic_page(case, "applicant", typed_topic("applicant", case.answers), errors), 422
    changed = draft_actions.change_applicant(case_id, own[chosen], by=actor, at=clock.now())
    words = "Заявитель изменен. Проверьте данные о нем и приложите его документы."
    if not wants_fragment():
        if changed:
            flash(words, "success")
        return redirect(topic_address(case_id, "applicant"), 303)
    if not changed:
        return say("Черновик и так составляется от имени этого заявителя.", "info")
    return topic_page(case, "applicant", typed_topic("applicant", case.answers), {}) + say(words)


def _known(topic: str) -> None:
    if topic_of(topic) not in ASKED_TOPICS:
        raise NotFound


def _is_open(case: Case, topic: str) -> bool:
    asked = queries.asked_in(queries.open_request(case))
    return may_edit_topic("applicant", case.status, topic, asked)
