"""Pages of the topics of the questionnaire, one page for one topic, rendered from the table of questions."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.actor import APPLICANT
from app.cases.models import DRAFT, Case
from app.company import queries as company
from app.connections import draft_actions, file_actions, hub, queries
from app.connections.answers import offered_fields, typed_topic
from app.connections.blueprint import bp
from app.connections.draft_actions import Overtaken
from app.connections.forms import FILES, Typed, typed, uploads
from app.connections.policy import may_edit_topic
from app.connections.qualification import CONSEQUENCES, asked_clause, asked_clause_text
from app.connections.queries import own_application
from app.connections.questionnaire import TOPICS, topic_of
from app.connections.summary import mode_of, qualification_of, summary
from app.documents.file_types import ACCEPT
from app.errors import InvalidForm, NotFound
from app.web.login import current_actor
from app.web.policy import Rule

UPLOAD_LIMIT = 64 * 1024 * 1024
_OWN = {"case_id": ("case", own_application)}
_APPLICANTS = frozenset({APPLICANT})
#: Kinds of documents that are asked for beside the questions about the applicant.
_PAPERS = ("identity", "extract", "authority")

POLICY: dict[str, Rule] = {
    "connections.topic": Rule(roles=_APPLICANTS, load=_OWN),
    "connections.save_topic": Rule(roles=_APPLICANTS, load=_OWN),
    "connections.save_applicant": Rule(roles=_APPLICANTS, load=_OWN, body_limit=UPLOAD_LIMIT),
    "connections.change_applicant": Rule(roles=_APPLICANTS, load=_OWN),
}


@bp.get("/cases/<id:case_id>/form/<topic>")
def topic(case: Case, topic: str) -> ResponseReturnValue:
    """One topic with what was answered so far; with an application that is not open for it, its own page."""
    _known(topic)
    asked = queries.asked_in(queries.open_request(case))
    if not may_edit_topic("applicant", case.status, topic, asked):
        return redirect(url_for("cases.page", case_id=case.id), 303)
    return _page(case, topic, typed_topic(topic, case.answers), {})


@bp.post("/cases/<id:case_id>/form/<topic>")
def save_topic(case: Case, topic: str) -> ResponseReturnValue:
    """Keep the topic, complete or not, and go on."""
    return _save(case, topic, {})


@bp.post("/cases/<id:case_id>/form/applicant")
def save_applicant(case: Case) -> ResponseReturnValue:
    """Keep the topic of the applicant; its scans come with the same form and stay even when a value is refused."""
    refused: dict[str, list[str]] = {}
    for kind in _PAPERS:
        sent = uploads(request.files, FILES + kind)
        if sent:
            taken = file_actions.add_files(case.id, kind, sent, by=current_actor(), at=clock.now())
            refused |= {FILES + kind: taken.refusals} if taken.refusals else {}
    return _save(case, "applicant", refused)


def _save(case: Case, topic: str, refused: Mapping[str, list[str]]) -> ResponseReturnValue:
    _known(topic)
    case_id, raw, now = case.id, typed(request.form), clock.now()
    try:
        draft_actions.save_topic(
            case_id, topic, raw, by=current_actor(), at=now, seen=request.form.get("seen", "")
        )
    except InvalidForm as error:
        return _page(case, topic, raw, {**error.errors, **refused}), 422
    except Overtaken:
        return _page(case, topic, raw, {}, overtaken=True), 409
    if refused:
        return _page(case, topic, raw, refused), 422
    return redirect(_way_on(case, topic), 303)


def _way_on(case: Case, topic: str) -> str:
    """Where the pressed button leads: the next topic, the hub, the check page or the answer to a request."""
    then = request.form.get("then", "next")
    if case.status != DRAFT:
        flash("Изменения сохранены. Отправьте исправления, когда все будет готово.", "success")
        return url_for("connections.answer_page", case_id=case.id)
    if then == "hub":
        flash(f"Черновик сохранён в {_local_time()}", "success")
        return url_for("connections.hub", case_id=case.id)
    following = None
    if then != "check":
        context = queries.context_of(case, current_actor(), company.today())
        following = hub.topic_after(topic, case.answers, context)
    if following is None:
        return url_for("connections.check", case_id=case.id)
    return _address(case, following)


def _address(case: Case, topic: str) -> str:
    if topic == "documents":
        return url_for("connections.documents_page", case_id=case.id)
    return url_for("connections.topic", case_id=case.id, topic=topic)


def _local_time() -> str:
    return f"{clock.now().astimezone(ZoneInfo(company.profile().zone)):%H:%M}"


def _known(topic: str) -> None:
    if topic_of(topic) not in TOPICS:
        raise NotFound


def _page(
    case: Case, topic: str, values: Typed, errors: Mapping[str, list[str]], *, overtaken: bool = False
) -> str:
    actor = current_actor()
    found = queries.dossier(case, actor, company.today())
    tasks = hub.tasks(found.answers, found.items, found.present, found.context)
    codes = [task.topic.code for task in tasks]
    return render_template(
        "connections/topic.html",
        case=case,
        topic=topic_of(topic),
        place=codes.index(topic) + 1 if topic in codes else 0,
        total=len(codes),
        fields=offered_fields(topic, found.answers, found.context),
        found=found,
        values=values,
        errors=errors,
        seen=queries.topic_mark(topic, found.answers),
        saved=_saved_rows(found, topic) if overtaken else [],
        came_from=request.values.get("back", ""),
        **_extras(case, topic, found),
    )


def _saved_rows(found: queries.Dossier, topic: str) -> list[Any]:
    """What is kept now, for the one whose page was overtaken."""
    return [
        row for about, rows in summary(found.answers, found.context) if about.code == topic for row in rows
    ]


def _extras(case: Case, topic: str, found: queries.Dossier) -> dict[str, Any]:
    """What stands on the page of one topic beside its questions."""
    if topic == "applicant":
        return {
            "links": queries.applicants_of(current_actor()),
            "accept": ACCEPT,
            "papers": [item for item in found.items if item.kind.code in _PAPERS],
        }
    if topic == "rule":
        mode = mode_of(found.answers, found.context)
        form = found.context.legal_form
        return {
            "clause": asked_clause(form),
            "clause_text": asked_clause_text(form),
            "qualification": qualification_of(found.answers, found.context),
            "consequence": CONSEQUENCES[mode] if mode else "",
        }
    return {}


@bp.post("/cases/<id:case_id>/form/applicant/behalf")
def change_applicant(case: Case) -> ResponseReturnValue:
    """File the draft for another applicant of the same person."""
    actor, case_id, chosen = current_actor(), case.id, request.form.get("applicant", "")
    own = {str(applicant_id): applicant_id for applicant_id in actor.applicant_ids}
    if chosen not in own:
        errors = {"applicant": ["Выберите, от чьего имени подается заявка."]}
        return _page(case, "applicant", typed_topic("applicant", case.answers), errors), 422
    if draft_actions.change_applicant(case_id, own[chosen], by=actor, at=clock.now()):
        flash("Заявитель изменен. Проверьте данные о нем и приложите его документы.", "success")
    return redirect(url_for("connections.topic", case_id=case_id, topic="applicant"), 303)
