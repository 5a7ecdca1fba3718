"""What stands between a draft and its sending: gaps of the questionnaire and missing documents as one
list.
"""

from collections.abc import Set

from app.connections.checklist import Item, missing
from app.connections.completeness import Gap, TopicState, gaps
from app.connections.fields import Answers, Context
from app.connections.questionnaire import ALL_TOPICS, DOCUMENTS

_PLACES = {topic.code: place for place, topic in enumerate(ALL_TOPICS)}


def document_gaps(items: list[Item], present_kinds: Set[str]) -> list[Gap]:
    """Missing documents as gaps of the topic of documents; the field is the code of the kind."""
    return [Gap(DOCUMENTS.code, item.kind.code, item.kind.ask) for item in missing(items, present_kinds)]


def submission_gaps(
    answers: Answers, items: list[Item], present_kinds: Set[str], context: Context
) -> list[Gap]:
    """Everything that keeps the application from being sent, in the order of the hub; empty when it may
    go.
    """
    found = gaps(answers, context) + document_gaps(items, present_kinds)
    return sorted(found, key=lambda gap: _PLACES[gap.topic])


def documents_state(items: list[Item], present_kinds: Set[str]) -> TopicState:
    """How far the documents are, in the words of a topic's state."""
    if not missing(items, present_kinds):
        return "done"
    return "started" if present_kinds else "empty"
