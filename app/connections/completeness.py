"""What an application still lacks: sentences by question, and the state of each topic of the hub.

Saving never asks for completeness; sending does. Values that were good when they were typed are looked
at again here, because a draft may lie for months: terms pass, suppliers leave the list.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from app.connections.answers import is_answered, standing, waits_for_a_choice
from app.connections.facts import total_watts
from app.connections.fields import NO_SUPPLIER, Answers, Context, Field
from app.connections.months import month_of
from app.connections.spans import has_passed
from app.connections.stages import stage_gaps, term_gap

TopicState = Literal["done", "started", "empty"]


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing to fill or to mend: the codes of its topic and field, and the sentence that leads there."""

    topic: str
    field: str
    sentence: str


def gaps(answers: Answers, context: Context) -> list[Gap]:
    """Everything that keeps the questionnaire from being complete, in the order of the questions."""
    now = standing(answers, context)
    return [
        Gap(field.topic, field.code, sentence)
        for field in now.fields
        for sentence in _sentences(field, now.answers, context)
    ]


def topic_state(topic: str, answers: Answers, context: Context) -> TopicState:
    """How far a topic of questions is: done = nothing lacks, empty = nothing was told."""
    now = standing(answers, context)
    fields = [field for field in now.fields if field.topic == topic]
    told = any(is_answered(now.answers, field.code) for field in fields)
    if any(gap.topic == topic for gap in gaps(answers, context)):
        return "started" if told else "empty"
    return "empty" if fields and not told else "done"


def is_optional(topic: str, answers: Answers, context: Context) -> bool:
    """Whether the topic may be left empty for good: it has questions and none of them is required now."""
    now = standing(answers, context)
    fields = [field for field in now.fields if field.topic == topic]
    return bool(fields) and not any(field.is_required(now.answers, context) for field in fields)


def asks_nothing(topic: str, answers: Answers, context: Context) -> bool:
    """Whether no question of the topic is for this application, so that the hub leaves the topic out."""
    return all(field.topic != topic for field in standing(answers, context).fields)


def _sentences(field: Field, answers: Answers, context: Context) -> Iterator[str]:
    if not is_answered(answers, field.code):
        if field.is_required(answers, context) and not waits_for_a_choice(field, answers):
            yield field.ask
        return
    if field.kind == "stages":
        yield from stage_gaps(answers[field.code], context.today)
    elif field.code == "power_existing" and total_watts(answers) == 0:
        yield "Укажите мощность больше нуля: требуемую, ранее присоединенную или обе"
    elif field.code == "commissioning_month":
        yield from _wrong_order(answers)
    yield from _outdated(field, answers, context)


def _wrong_order(answers: Answers) -> Iterator[str]:
    sentence = term_gap(answers.get("design_month"), answers.get("commissioning_month"))
    if sentence:
        yield sentence[0].upper() + sentence[1:]


def _outdated(field: Field, answers: Answers, context: Context) -> Iterator[str]:
    value = answers[field.code]
    if field.kind == "supplier" and value != NO_SUPPLIER and value not in context.supplier_options:
        yield "Выбранного поставщика больше нет в списке, выберите другого"
    if field.span is not None:
        day = month_of(value) if field.kind == "month" else date.fromisoformat(value)
        if has_passed(day, field.span(context.today)):
            yield f"{field.listed_as(context)}: этот срок уже прошел, укажите новый"
