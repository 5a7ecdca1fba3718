"""The page of one topic of the questionnaire and its parts: what the templates get. Decides nothing and writes nothing."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template, request, url_for

from app import clock
from app.cases.models import DRAFT, Case
from app.company import queries as company
from app.connections import draft_actions, hub, queries
from app.connections.answers import deciding, depending, merge, offered_fields, parse_topic, put_off
from app.connections.fields import Context, Field
from app.connections.forms import Typed
from app.connections.qualification import CONSEQUENCES, asked_clause, asked_clause_text
from app.connections.questionnaire import field_of, topic_of
from app.connections.questions_form import BRIEF
from app.connections.slot_pages import APPLICANT_PAGE, slots_of
from app.connections.summary import mode_of, qualification_of, summary
from app.documents.file_types import ACCEPT
from app.web.htmx import answer
from app.web.idempotency import pressed_key
from app.web.login import current_actor

#: Kinds of documents that are asked for beside the questions about the applicant.
PAPERS = ("identity", "extract", "authority")

Errors = Mapping[str, list[str]]

PAGE, FORM, QUESTIONS = "connections/topic.html", "connections/_topic.html", "connections/_questions.html"


def topic_page(
    case: Case, topic: str, values: Typed, errors: Errors, *, overtaken: bool = False, part: str = FORM
) -> str:
    """The page of a topic, or the part of it that htmx asked for. `overtaken`: what another window kept is told."""
    actor = current_actor()
    found = queries.dossier(case, actor, company.today())
    tasks = hub.tasks(found.answers, found.items, found.present, found.context)
    codes = [task.topic.code for task in tasks]
    return answer(
        PAGE,
        part,
        case=case,
        topic=topic_of(topic),
        draft=case.status == DRAFT,
        place=codes.index(topic) + 1 if topic in codes else 0,
        total=len(codes),
        found=found,
        values=values,
        errors=errors,
        seen=_seen(topic, found, told=overtaken),
        saved=_saved_rows(found, topic) if overtaken else [],
        came_from=request.values.get("back", ""),
        **_questions(topic, found, values),
        **_beside(case, topic, found, errors),
    )


def _questions(topic: str, found: queries.Dossier, values: Typed) -> dict[str, Any]:
    """The questions that the page carries, and which of them do not count for what is typed."""
    parsed = parse_topic(topic, values, found.context, found.answers)
    answers = merge(found.answers, parsed)
    fields = offered_fields(topic, answers, found.context)
    later = put_off(topic, answers, found.context)
    counting = [field for field in fields if field.code not in later]
    return {
        "fields": fields,
        "later": later,
        "deciding": deciding(fields),
        "depending": depending(fields),
        "counting": " ".join(field.code for field in counting),
        "appeared": _appeared(counting, found),
    }


def _appeared(counting: list[Field], found: queries.Dossier) -> str:
    """For those who do not see the page: which questions the choice made has brought."""
    if "counted" not in request.form:
        return ""
    before = request.form["counted"].split()
    new = [field.listed_as(found.context) for field in counting if field.code not in before]
    return "Появились вопросы: " + "; ".join(new) if new else ""


def _seen(topic: str, found: queries.Dossier, *, told: bool) -> str:
    """The mark that the page carries: of what its person knows to be kept."""
    mark, seen = queries.topic_mark(topic, found.answers), request.form.get("seen", "")
    if told or not draft_actions.is_overtaken(
        topic, found.answers, by=current_actor(), seen=seen, page=pressed_key()
    ):
        return mark
    return seen


def _saved_rows(found: queries.Dossier, topic: str) -> list[Any]:
    """What is kept now, for the one whose page was overtaken."""
    return [
        row for about, rows in summary(found.answers, found.context) if about.code == topic for row in rows
    ]


def _beside(case: Case, topic: str, found: queries.Dossier, errors: Errors) -> dict[str, Any]:
    """What stands on the page of one topic beside its questions."""
    if topic == "applicant":
        return {
            "links": queries.applicants_of(current_actor()),
            "accept": ACCEPT,
            "papers": [one for one in slots_of(case, found, APPLICANT_PAGE, errors) if one.code in PAPERS],
        }
    if topic == BRIEF.code:
        return {"clause_text": asked_clause_text(found.context.legal_form, found.context.categories)}
    if topic == "rule":
        mode = mode_of(found.answers, found.context)
        form = found.context.legal_form
        return {
            "clause": asked_clause(form),
            "clause_text": asked_clause_text(form, found.context.categories),
            "qualification": qualification_of(found.answers, found.context),
            "consequence": CONSEQUENCES[mode] if mode else "",
        }
    return {}


def behalf_part(case: Case, errors: Errors) -> str:
    """The choice of the applicant alone: the questions beside it keep what was typed."""
    links = queries.applicants_of(current_actor())
    return render_template("connections/_behalf.html", case=case, links=links, errors=errors)


def saved_line(case_id: int, topic: str, words: str, *, seen: str = "") -> str:
    """The line that tells what became of an autosave; `seen` is the new mark of the topic, if there is one."""
    place = {"case_id": case_id, "topic": topic_of(topic)}
    line = render_template("connections/_saved.html", words=words, **place)
    return line + (render_template("connections/_seen.html", seen=seen, oob=True) if seen else "")


def saved_words(refused: Errors, context: Context) -> str:
    """«Сохранено в 14:32», and what was not kept with the words that its field would have."""
    words = f"Сохранено в {local_time()}"
    if not refused:
        return words
    told = []
    for code, sentences in refused.items():
        label = field_of(code).listed_as(context)
        told.append(f"{label} — {' '.join(sentences).removeprefix(f'{label}: ')}")
    return f"{words}, кроме: {' '.join(told)}"


def local_time() -> str:
    """The hour and minute now where the company is."""
    return f"{clock.now().astimezone(ZoneInfo(company.profile().zone)):%H:%M}"


def topic_address(case_id: int, topic: str) -> str:
    """Where a topic of the hub is answered."""
    if topic == "documents":
        return url_for("connections.documents_page", case_id=case_id)
    return url_for("connections.topic", case_id=case_id, topic=topic)
