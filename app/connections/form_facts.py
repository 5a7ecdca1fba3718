"""What the company enters of a form that came as a file: which questions, and how the typed becomes answers. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.connections.answers import depends_on, merge, offered_fields, parse_topic, standing, typed_topic
from app.connections.fields import Answers, Context, Field, Topic
from app.connections.form_rules import FORM_ENTERED, ROAD
from app.connections.questionnaire import TOPICS
from app.connections.questions_form import FORM_FIELDS

#: The applicant has answered these here; the company does not answer for them.
TOLD_BY_APPLICANT = frozenset(field.code for field in FORM_FIELDS)


def as_entered(answers: Answers) -> dict[str, Any]:
    """The answers seen as the whole questionnaire, of which the applicant has answered a part."""
    return dict(answers) | {ROAD: FORM_ENTERED}


def asked_of_company(answers: Answers, context: Context) -> list[tuple[Topic, list[Field]]]:
    """The questions of the page by topic, without those the applicant has answered here or has closed by an answer.

    What a choice on the page would open stands on it; a choice that the applicant has made opens nothing any more.
    """
    full = as_entered(answers)
    shown = {field.code for field in standing(full, context).fields}
    found = []
    for topic in TOPICS:
        fields: list[Field] = []
        for field in offered_fields(topic.code, full, context):
            open_here = field.code in shown or depends_on(field, {one.code for one in fields})
            if field.code not in TOLD_BY_APPLICANT and open_here:
                fields.append(field)
        if fields:
            found.append((topic, fields))
    return found


def typed_facts(answers: Answers) -> dict[str, list[str]]:
    """Stored answers by the names of the page's inputs."""
    typed: dict[str, list[str]] = {}
    for topic in TOPICS:
        typed |= typed_topic(topic.code, answers)
    return typed


def entered(
    raw: Mapping[str, Sequence[str]], context: Context, stored: Answers
) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """The answers after the page was sent, and the sentences about what is wrong in it, by field.

    Read by the same rules as the applicant's own; nothing is an error for being empty.
    """
    kept = typed_facts(stored)
    told = {code: kept[code] for code in TOLD_BY_APPLICANT if code in kept}
    given = {name: values for name, values in raw.items() if name not in TOLD_BY_APPLICANT} | told
    answers = as_entered(stored)
    errors: dict[str, list[str]] = {}
    for topic in TOPICS:
        parsed = parse_topic(topic.code, given, context, answers)
        errors |= parsed.errors
        answers = merge(answers, parsed)
    return answers, errors
