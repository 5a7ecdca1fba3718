"""The tasks of the questionnaire: their states, how many are ready, and which page comes after which.

Pure: works over answers and over the kinds of documents that are present.
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass

from app.connections.checklist import Item
from app.connections.completeness import TopicState, asks_nothing, is_optional, topic_state
from app.connections.fields import Answers, Context, Topic
from app.connections.questionnaire import ALL_TOPICS, DOCUMENTS
from app.connections.submission import documents_state


@dataclass(frozen=True, slots=True)
class Task:
    """One line of the hub."""

    topic: Topic
    state: TopicState
    optional: bool

    @property
    def is_open(self) -> bool:
        """Whether something has to be done here before the application can go."""
        return self.state != "done" and not (self.optional and self.state == "empty")


def tasks(answers: Answers, items: list[Item], present_kinds: Set[str], context: Context) -> list[Task]:
    """The tasks that this application has, in the order of the hub."""
    found = []
    for topic in ALL_TOPICS:
        if topic == DOCUMENTS:
            found.append(Task(topic, documents_state(items, present_kinds), optional=False))
        elif not asks_nothing(topic.code, answers, context):
            state = topic_state(topic.code, answers, context)
            found.append(Task(topic, state, is_optional(topic.code, answers, context)))
    return found


def progress(found: Sequence[Task]) -> tuple[int, int]:
    """How many of the tasks that have to be done are ready, and how many there are."""
    needed = [task for task in found if not task.optional]
    return sum(task.state == "done" for task in needed), len(needed)


def first_open(found: Sequence[Task]) -> Task | None:
    """The first task in which something is left to do; None when all is ready."""
    return next((task for task in found if task.is_open), None)


def topic_after(code: str, answers: Answers, context: Context) -> str | None:
    """The code of the task after this one that asks something; None after the last."""
    codes = [topic.code for topic in ALL_TOPICS]
    for later in codes[codes.index(code) + 1 :]:
        if later == DOCUMENTS.code or not asks_nothing(later, answers, context):
            return later
    return None
