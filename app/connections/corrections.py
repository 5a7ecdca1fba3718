"""A request for corrections as a list of things: how each is called, and whether it was answered.

Pure: works over items (subject, code, remark), answers and the kinds of documents that were added since.
"""

from collections.abc import Iterable, Sequence, Set
from typing import Protocol

from app.connections.answers import typed_topic
from app.connections.checklist import KINDS, DocumentKind
from app.connections.completeness import gaps
from app.connections.fields import Answers, Context, Topic
from app.connections.questionnaire import ASKED_TOPICS


class AskedItem(Protocol):
    """One thing that was asked for."""

    @property
    def subject(self) -> str: ...  # noqa: D102
    @property
    def code(self) -> str: ...  # noqa: D102
    @property
    def remark(self) -> str: ...  # noqa: D102


def item_title(subject: str, code: str) -> str:
    """How pages and letters call the thing: the short name of a document, or the topic of the questionnaire."""
    if subject == "document":
        return KINDS[code].short if code in KINDS else code
    title = next((topic.title for topic in ASKED_TOPICS if topic.code == code), code)
    return f"Анкета: {title}"


def may_be_asked(kinds: Iterable[DocumentKind], topics: Iterable[Topic]) -> list[tuple[str, str, str]]:
    """Everything that staff may tick, as (subject, code, title): documents first, then topics."""
    documents = [("document", kind.code, item_title("document", kind.code)) for kind in kinds]
    return documents + [("topic", topic.code, item_title("topic", topic.code)) for topic in topics]


def is_given(
    item: AskedItem, answers: Answers, before: Answers, fresh_kinds: Set[str], context: Context
) -> bool:
    """Whether the thing was brought: a file added since, or a topic that was changed and lacks nothing.

    `before` are the answers as they were sent last.
    """
    if item.subject == "document":
        return item.code in fresh_kinds
    changed = typed_topic(item.code, answers) != typed_topic(item.code, before)
    return changed and all(gap.topic != item.code for gap in gaps(answers, context))


def unanswered(
    items: Sequence[AskedItem], answers: Answers, before: Answers, fresh_kinds: Set[str], context: Context
) -> list[str]:
    """Titles of the things that were asked for and not brought."""
    return [
        item_title(item.subject, item.code)
        for item in items
        if not is_given(item, answers, before, fresh_kinds, context)
    ]
