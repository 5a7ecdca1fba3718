"""Stages and moves of a case of any kind: the types and the mechanism, no table of their own.

Each kind of case declares one `Lifecycle`; the step that moves a case asks it for the target and writes the
status. Nothing here knows applications, appeals, dates or the database.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, TypeVar

from app.errors import IllegalMove

T = TypeVar("T")

#: Whose turn it is; `receiver` stands for whoever the case is addressed to.
Mover = Literal["applicant", "company", "supplier", "receiver", "nobody"]

#: Who may make a move.
Party = Literal["applicant", "company", "supplier"]

#: How the contract comes about: A = by payment and nothing to sign, B = by signatures.
Mode = Literal["A", "B"]

#: A stage's own tab of the list, and all tabs (the archive is a timestamp of the case, not a stage).
Tab = Literal["drafts", "active", "done", "rejected"]
Shelf = Literal["drafts", "active", "done", "rejected", "archive"]


@dataclass(frozen=True, slots=True)
class Stage:
    """One status of a case as people see it.

    `term` is the code of the deadline that runs in this stage; a stage with the same code as the one
    before goes on with the same clock. `next_words` tell the applicant what happens next and who does it.
    The two tasks are short imperatives for the applicant and for those who answer; an empty one means that this
    side only waits.
    """

    code: str
    label: str
    mover: Mover
    tab: Tab
    term: str | None
    next_words: str
    applicant_task: str = ""
    company_task: str = ""

    @property
    def is_open(self) -> bool:
        """Whether the case was sent and has not ended."""
        return self.tab == "active"

    def task_for(self, party: Party) -> str:
        """What this side has to do now; an empty string when it only waits."""
        if party == "supplier" and self.mover not in ("supplier", "receiver"):
            return ""
        return self.applicant_task if party == "applicant" else self.company_task

    def mover_of(self, recipient: Mover) -> Mover:
        """Whose turn it is in a case that is addressed to `recipient`."""
        return recipient if self.mover == "receiver" else self.mover

    def waits_for(self, mover: Mover) -> bool:
        """Whether this side may have to act in this stage."""
        return self.mover == mover or (self.mover == "receiver" and mover in ("company", "supplier"))


@dataclass(frozen=True, slots=True)
class Move:
    """One permitted change of status.

    `targets` maps the mode of the case to the new status; the key None stands for any mode. `label` is the
    button, `past` the line of the timeline; `needs_reason` asks the mover to say why.
    """

    name: str
    sources: frozenset[str]
    targets: Mapping[str | None, str] = field(hash=False)
    by: frozenset[Party]
    label: str
    past: str
    needs_reason: bool = False

    def past_line(self, detail: str = "") -> str:
        """The line of the timeline with its detail: «Присвоен регистрационный номер: 299», «…: причина»."""
        return f"{self.past}: {detail}" if detail else self.past


class Lifecycle:
    """A consistent table of stages and moves; raises ValueError at construction when it is not one."""

    def __init__(self, stages: Iterable[Stage], moves: Iterable[Move]) -> None:
        """Check that codes are unique and that moves lead only between known stages."""
        self.stages = tuple(stages)
        self.moves = tuple(moves)
        self._stages = _by_unique_key("stage", ((stage.code, stage) for stage in self.stages))
        self._moves = _by_unique_key("move", ((move.name, move) for move in self.moves))
        for move in self.moves:
            self._check(move)

    def stage(self, code: str) -> Stage:
        """The stage of a status; an unknown code is a fault of the program and raises KeyError."""
        return self._stages[code]

    def move(self, name: str) -> Move:
        """The move of that name; raises IllegalMove for an unknown name."""
        try:
            return self._moves[name]
        except KeyError:
            raise IllegalMove from None

    def target(self, move_name: str, status: str, mode: str | None = None) -> str:
        """The status to which the move leads; an empty mode means that it is not decided.

        Raises IllegalMove when the move is unknown, does not start in this status or needs a mode not given.
        """
        move = self.move(move_name)
        if status not in move.sources:
            raise IllegalMove
        target = move.targets.get(mode or None, move.targets.get(None))
        if target is None:
            raise IllegalMove
        return target

    def available(self, status: str, party: str) -> tuple[Move, ...]:
        """The moves that this side may make from this status, in the order of the table."""
        return tuple(move for move in self.moves if status in move.sources and party in move.by)

    def codes_in(self, *tabs: Tab) -> tuple[str, ...]:
        """The statuses whose cases stand in these tabs, for queries."""
        return tuple(stage.code for stage in self.stages if stage.tab in tabs)

    def _check(self, move: Move) -> None:
        if not move.sources or not move.targets or not move.by:
            raise ValueError(f"move {move.name}: sources, targets and parties must not be empty")
        unknown = (move.sources | set(move.targets.values())) - self._stages.keys()
        if unknown:
            raise ValueError(f"move {move.name}: unknown stages {sorted(unknown)}")


def tab_of(lifecycle: Lifecycle, status: str, archived: bool) -> Shelf:
    """The tab of the list in which a case stands: a function of its status and of whether it was archived."""
    return "archive" if archived else lifecycle.stage(status).tab


def _by_unique_key(what: str, pairs: Iterable[tuple[str, T]]) -> Mapping[str, T]:
    table: dict[str, T] = {}
    for key, value in pairs:
        if key in table:
            raise ValueError(f"{what} {key} is declared twice")
        table[key] = value
    return MappingProxyType(table)
