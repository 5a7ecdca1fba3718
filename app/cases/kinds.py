"""Which lifecycle a kind of case has; `create_app` registers them, so that this subject knows none by itself."""

from collections.abc import Callable
from typing import Any

from app.cases.lifecycle import Lifecycle, Mover, Stage

#: The term that really runs for a case (given as its row) where the table names the usual one: code → code.
TermOf = Callable[[Any, str], str]

_LIFECYCLES: dict[str, Lifecycle] = {}
_TERMS: dict[str, TermOf] = {}


def register(kind: str, lifecycle: Lifecycle, term_of: TermOf | None = None) -> None:
    """Tell the lifecycle of a kind, and how long its cases take where that is not the same for all of them.

    A second call with the same table changes nothing.
    """
    _LIFECYCLES[kind] = lifecycle
    if term_of is not None:
        _TERMS[kind] = term_of


def term_of(case: Any, code: str) -> str:
    """The code of the term that runs for this case in a stage whose table says `code`."""
    found = _TERMS.get(case.kind)
    return code if found is None else found(case, code)


def lifecycle_of(kind: str) -> Lifecycle:
    """The lifecycle of a kind; a kind that nobody registered is a fault of the program (KeyError)."""
    return _LIFECYCLES[kind]


def stage_of(kind: str, status: str) -> Stage:
    """The stage in which a case of this kind and status stands."""
    return _LIFECYCLES[kind].stage(status)


def codes_in(*tabs: str) -> tuple[str, ...]:
    """Statuses of all kinds whose cases stand in these tabs, for queries."""
    codes = {code for lifecycle in _LIFECYCLES.values() for code in lifecycle.codes_in(*tabs)}  # type: ignore[arg-type]
    return tuple(sorted(codes))


def codes_waiting_for(mover: Mover) -> tuple[str, ...]:
    """Statuses of all kinds, sent and not ended, in which this side has to act (or the one a case is addressed to)."""
    stages = (stage for lifecycle in _LIFECYCLES.values() for stage in lifecycle.stages)
    return tuple(sorted({stage.code for stage in stages if stage.is_open and stage.waits_for(mover)}))


def all_stages() -> tuple[Stage, ...]:
    """The stages of all kinds in the order of their tables; a code that several kinds share comes once."""
    found: dict[str, Stage] = {}
    for lifecycle in _LIFECYCLES.values():
        for stage in lifecycle.stages:
            found.setdefault(stage.code, stage)
    return tuple(found.values())
