"""Which questions count for these answers, and how raw values of a form become answers.

An answer counts only while its question is shown to this applicant: what was answered before a choice
changed is ignored everywhere, and dropped when its topic is saved again. Saving may be incomplete; only
a value that is wrong in shape is an error.
"""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from app.connections.fields import Answers, Context, Field, When
from app.connections.questionnaire import FIELDS, KNOWN_CODES, fields_of, table_for
from app.connections.reading import first, read, typed_value
from app.connections.stages import PARTS, part_name, read_stages, typed_stages
from app.errors import InvalidValue

_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Standing:
    """The questions that are shown, in order, and the answers that count."""

    fields: tuple[Field, ...]
    answers: Answers


@dataclass(frozen=True, slots=True)
class ParsedTopic:
    """One topic as it was typed: the good answers, sentences by field, and the typed text for showing
    the page again.
    """

    topic: str
    answers: dict[str, Any]
    errors: dict[str, list[str]]
    kept: dict[str, list[str]]


def standing(answers: Answers, context: Context) -> Standing:
    """What counts of stored answers on the road that was chosen."""
    return _walk(lambda field, _live: answers.get(field.code), context, table_for(answers))


def standing_in_full(answers: Answers, context: Context) -> Standing:
    """The same of the whole questionnaire, whichever road was chosen."""
    return _walk(lambda field, _live: answers.get(field.code), context, FIELDS)


def live_answers(answers: Answers, context: Context) -> Answers:
    """The stored answers without those of questions that are not shown."""
    return standing(answers, context).answers


def offered_fields(topic: str, answers: Answers, context: Context) -> list[Field]:
    """The questions a page carries: those that count, and those that a choice on the same page would open.

    The page puts the latter off (`put_off`); without scripts they stay in sight.
    """
    shown = {field.code for field in standing(answers, context).fields}
    offered: list[Field] = []
    for field in fields_of(topic):
        opened_here = depends_on(field, {other.code for other in offered})
        if context.legal_form in field.only_for and (field.code in shown or opened_here):
            offered.append(field)
    return offered


def put_off(topic: str, answers: Answers, context: Context) -> frozenset[str]:
    """Codes of the offered questions that the choices above them do not open, or not yet.

    What was answered stays in sight while its choice is open: nobody should wonder where it has gone.
    """
    now = standing(answers, context)
    waiting = {
        field.code
        for field in now.fields
        if waits_for_a_choice(field, now.answers) and not is_answered(now.answers, field.code)
    }
    counting = {field.code for field in now.fields} - waiting
    return frozenset(field.code for field in offered_fields(topic, answers, context)) - counting


def deciding(fields: Sequence[Field]) -> frozenset[str]:
    """Codes of the questions on whose choice others of the same page depend."""
    wanted = {field.shown_when.field for field in fields if isinstance(field.shown_when, When)}
    return frozenset(field.code for field in fields) & wanted


def depending(fields: Sequence[Field]) -> frozenset[str]:
    """Codes of the questions that depend on a choice of the same page."""
    codes = {field.code for field in fields}
    return frozenset(field.code for field in fields if depends_on(field, codes))


def parse_topic(
    topic: str, raw: Mapping[str, Sequence[str]], context: Context, stored: Answers = _NOTHING
) -> ParsedTopic:
    """Read one topic of a form. `stored` are the case's answers: other topics decide which questions are
    shown.

    A field sent twice counts once, by its first value. Nothing is an error for being empty.
    """
    parsed = ParsedTopic(topic, {}, {}, _kept(topic, raw))

    def value_of(field: Field, live: Answers) -> Any:
        if field.topic != topic:
            return stored.get(field.code)
        return _read_into(parsed, field, raw, live, context)

    _walk(value_of, context, table_for(stored))
    return parsed


def merge(stored: Answers, parsed: ParsedTopic) -> dict[str, Any]:
    """The stored answers with those of the topic replaced; what the topic holds no more is gone.

    What the other road asked stays, and so do codes of a topic that this road does not have. Codes that no table
    knows are dropped.
    """
    replaced = {field.code for field in table_for(stored) if field.topic == parsed.topic}
    others = {code: value for code, value in stored.items() if code in KNOWN_CODES - replaced}
    return others | parsed.answers


def merge_valid(stored: Answers, parsed: ParsedTopic) -> dict[str, Any]:
    """As `merge`, but what was typed wrong leaves the answer that is stored."""
    untouched = {code: stored[code] for code in parsed.errors if code in stored}
    return merge(stored, parsed) | untouched


def tell_the_same(one: Answers, other: Answers) -> bool:
    """Whether two sets of answers tell the same; a flag that is not ticked tells nothing."""
    return _told(one) == _told(other)


def typed_topic(topic: str, answers: Answers) -> dict[str, list[str]]:
    """Stored answers of a topic by the names of its inputs: the reverse of `parse_topic`."""
    typed: dict[str, list[str]] = {}
    for field in fields_of(topic):
        value = answers.get(field.code)
        if field.kind == "stages":
            typed |= typed_stages(value or ())
        elif value is not None:
            typed[field.code] = [typed_value(field, value)]
    return typed


def is_answered(answers: Answers, code: str) -> bool:
    """Whether something was told; a flag that is not ticked tells nothing."""
    value = answers.get(code)
    return value is not None and value is not False and value not in ("", [])


def depends_on(field: Field, codes: Set[str]) -> bool:
    """Whether a choice among these questions decides if this one is asked."""
    return isinstance(field.shown_when, When) and field.shown_when.field in codes


def waits_for_a_choice(field: Field, answers: Answers) -> bool:
    """Whether the field is in sight only because the choice that decides about it is still open."""
    return isinstance(field.shown_when, When) and field.shown_when.field not in answers


def _told(answers: Answers) -> dict[str, Any]:
    return {code: value for code, value in answers.items() if is_answered(answers, code)}


def _walk(value_of: Callable[[Field, Answers], Any], context: Context, table: Sequence[Field]) -> Standing:
    """Go through the table in order; a condition sees only the answers above it that count themselves."""
    fields: list[Field] = []
    live: dict[str, Any] = {}
    for field in table:
        if not _is_shown(field, live, context):
            continue
        fields.append(field)
        value = value_of(field, live)
        if value is not None:
            live[field.code] = value
    return Standing(tuple(fields), live)


def _is_shown(field: Field, live: Answers, context: Context) -> bool:
    asked = context.legal_form in field.only_for
    return asked and (field.shown_when is None or field.shown_when(live, context))


def _kept(topic: str, raw: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    names = [field.code for field in fields_of(topic)]
    if "stages" in names:
        names += map(part_name, PARTS)
    return {name: list(raw[name]) for name in names if name in raw}


def _read_into(
    parsed: ParsedTopic, field: Field, raw: Mapping[str, Sequence[str]], live: Answers, context: Context
) -> Any:
    """Read one field, put its value or its errors into the result, and return the value for the
    conditions below.
    """
    value: Any = None
    if field.kind == "stages":
        value, errors = read_stages(raw, context.today)
        value = value or None
    else:
        errors = []
        try:
            value = read(field, first(raw, field.code), live, context)
        except InvalidValue as error:
            errors = [error.message]
    if errors:
        parsed.errors[field.code] = errors
        return None
    if value is not None:
        parsed.answers[field.code] = value
    return value
