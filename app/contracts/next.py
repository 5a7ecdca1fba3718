"""The buttons of the first panel that this subject brings."""

from collections.abc import Sequence

from app.actor import Actor
from app.cases.models import Case
from app.cases.next_actions import NextAction
from app.cases.policy import Party


def next_actions(case: Case, actor: Actor, side: Party) -> Sequence[NextAction]:
    """What carries the case on after its set of documents was called complete, the main thing first."""
    return []
