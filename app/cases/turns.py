"""What waits for people beside a case's own move: a signature for example. A registry: `cases` knows none of them itself."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, get_args

from sqlalchemy import ColumnElement, Select, and_, false, or_

from app.actor import Actor
from app.cases.models import Case
from app.cases.policy import Party


@dataclass(frozen=True)
class Task:
    """What to do, as a short imperative, and where: the panel of the case's page that it is about."""

    words: str
    panel: str = "next"


@dataclass(frozen=True)
class Turn:
    """What waits for one side beside the case's own move, a signature for example.

    `condition(side)` is over cases, correlated; `waiting(side)` gives the ids of such cases, `may` says whose deed it is.
    In the statuses of `instead_of` the applicant has nothing to do while it waits for the company.
    """

    task: Task
    condition: Callable[[Party], ColumnElement[bool]]
    waiting: Callable[[Party], Select[int]]
    may: Callable[[Actor, Party], bool]
    instead_of: frozenset[str] = frozenset()


_TURNS: dict[str, Turn] = {}


def register_turn(name: str, turn: Turn) -> None:
    """Tell of more that waits for people; a second registration of a name replaces the first."""
    _TURNS[name] = turn


def turns() -> Iterator[Turn]:
    """All that are registered, in their order."""
    return iter(_TURNS.values())


def waits_beside(actor: Actor, party: Party) -> ColumnElement[bool]:
    """That something in a case waits for this person, who stands on this side, beside its own move."""
    return or_(false(), *(Case.id.in_(turn.waiting(party)) for turn in turns() if turn.may(actor, party)))


def answer_owed() -> ColumnElement[bool]:
    """That the company owes the applicant an answer without which the applicant cannot do what the stage waits for."""
    owed = [
        and_(Case.status.in_(turn.instead_of), Case.id.in_(turn.waiting("company")))
        for turn in turns()
        if turn.instead_of
    ]
    return or_(false(), *owed)


def turn_columns() -> list[Any]:
    """For each of them and each side, whether it waits in a case."""
    sides = get_args(Party)
    return [turn.condition(side).label(f"{name}_{side}") for name, turn in _TURNS.items() for side in sides]


def turn_in(row: Any, party: Party, actor: Actor) -> Turn | None:
    """The first that waits for this person in a row with `turn_columns()`; None when none does."""
    found = (turn for name, turn in _TURNS.items() if getattr(row, f"{name}_{party}", False))
    return next((turn for turn in found if turn.may(actor, party)), None)
