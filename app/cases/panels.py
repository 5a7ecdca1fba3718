"""The page of a case is built from panels: each subject brings its own, `cases` owns the page.

A panel's template is a fragment `<subject>/_<name>.html` whose root element has the id of the panel's name.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from app.actor import Actor
from app.cases.models import Case

PanelContext = Callable[[Case, Actor], dict[str, Any] | None]


@dataclass(frozen=True)
class Panel:
    """One part of the page; `context` gives None when the actor has no such panel on this case.

    `top` and `bottom` take the whole width, before and after the two columns.
    """

    name: str
    template: str
    context: PanelContext
    column: Literal["top", "main", "aside", "bottom"]
    order: int


@dataclass(frozen=True)
class ShownPanel:
    """A panel with what its template needs."""

    panel: Panel
    context: dict[str, Any]


_PANELS: dict[str, Panel] = {}


def register(*panels: Panel) -> None:
    """Add panels to the page of a case; a second registration of a name replaces the first."""
    for panel in panels:
        _PANELS[panel.name] = panel


def shown(case: Case, actor: Actor, names: tuple[str, ...] = ()) -> list[ShownPanel]:
    """The panels that this actor has on this case, in order; only those named, when names are given."""
    found = []
    for panel in sorted(_PANELS.values(), key=lambda one: one.order):
        if names and panel.name not in names:
            continue
        context = panel.context(case, actor)
        if context is not None:
            found.append(ShownPanel(panel, {"case": case, "panel": panel, **context}))
    return found
