"""The page of a case is built from panels: each subject brings its own, `cases` owns the page.

A panel's template is a fragment `<subject>/_<name>.html` whose root element has the id of the panel's name. The open page
renews its panels: `parts` gives those that look otherwise than the page knows.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from zlib import crc32

from flask import render_template, request
from markupsafe import Markup

from app.actor import Actor
from app.cases import cursor
from app.cases.captions import title_of
from app.cases.cursor import Cursor
from app.cases.models import Case
from app.cases.policy import may_see_answers
from app.cases.pulse_queries import Pulse, pulse_of
from app.cases.queries import party

PanelContext = Callable[[Case, Actor], dict[str, Any] | None]

#: What differs each time a form is printed and means nothing to the reader.
_TOKENS = re.compile(r'name="(?:csrf_token|action_key)" value="[^"]*"')


@dataclass(frozen=True)
class Panel:
    """One part of the page; `context` gives None when the actor has no such panel on this case.

    `head`, `top` and `bottom` take the whole width, before and after the two columns. `live` is the template of the part
    with the id `<name>-live` that is renewed while the page is open, when it is not the whole panel: never a form into
    which somebody may be typing. A panel that may come while the page is open keeps its place there.
    """

    name: str
    template: str
    context: PanelContext
    column: Literal["head", "top", "main", "aside", "bottom"]
    order: int
    live: str = ""
    keeps_place: bool = True

    @property
    def renewed(self) -> str:
        """The id of what is renewed."""
        return f"{self.name}-live" if self.live else self.name


@dataclass(frozen=True)
class ShownPanel:
    """A panel with what its template needs; `context` is None for one that keeps its place only."""

    panel: Panel
    context: dict[str, Any] | None


_PANELS: dict[str, Panel] = {}


def register(*panels: Panel) -> None:
    """Add panels to the page of a case; a second registration of a name replaces the first."""
    for panel in panels:
        _PANELS[panel.name] = panel


def shown(case: Case, actor: Actor, names: tuple[str, ...] = ()) -> list[ShownPanel]:
    """The panels that this actor has on this case, in order, and the places of those that may come.

    Only those named, when names are given.
    """
    found = []
    for panel in sorted(_PANELS.values(), key=lambda one: one.order):
        if names and panel.name not in names:
            continue
        context = panel.context(case, actor)
        if context is not None:
            found.append(ShownPanel(panel, {"case": case, "panel": panel, **context}))
        elif panel.keeps_place:
            found.append(ShownPanel(panel, None))
    return found


def around(case: Case, actor: Actor) -> dict[str, Any]:
    """What the templates of all panels may use beside their own context."""
    side = party(actor, case)
    return {
        "case": case,
        "party": side,
        "title": title_of(case.kind, case.status, case.title),
        "opened": may_see_answers(side, case),
    }


def place(panel: Panel) -> Markup:
    """Where a panel will stand when it comes."""
    return Markup('<div id="{}" hidden></div>').format(panel.name)


def digest(html: str) -> str:
    """What a part looks like, in eight characters."""
    return f"{crc32(_TOKENS.sub('', html).encode()):08x}"


def known() -> Cursor:
    """What the page that asks shows already; nothing for a request that does not say."""
    return cursor.parse(request.values.get("cursor", ""))


def parts(case: Case, actor: Actor, names: tuple[str, ...] = (), *, pulse: Pulse | None = None) -> str:
    """The panels (or those named) as out-of-band parts for the open page, as far as they look otherwise than it knows.

    An answer to an act is this after what it answers in the first place. When all panels are asked for, the page's
    cursor is renewed too.
    """
    before = known()
    pulse = pulse or pulse_of(actor, case.id)
    given: list[str] = []
    news: dict[str, int] = {}
    digests: dict[str, str] = {}
    for one in shown(case, actor, names):
        if one.context is not None and (talk := one.context.get("talk")):
            news[talk.name] = talk.line(before.news.get(talk.name) or talk.first_after(before.message))
        html = _renewed(one, {**around(case, actor), "news": news})
        digests[one.panel.name] = digest(html)
        if digests[one.panel.name] != before.digests.get(one.panel.name):
            given.append(_part(one.panel.renewed, html))
    if not names:
        given.append(str(cursor_field(pulse, news, digests, oob=True)))
    return "".join(given)


def cursor_field(pulse: Pulse, news: Mapping[str, int], digests: Mapping[str, str], *, oob: bool) -> Markup:
    """The hidden field that holds what the page knows."""
    value = Cursor(pulse.stamp, pulse.message, pulse.entry, news, digests)
    swap = Markup(' hx-swap-oob="true"') if oob else ""
    return Markup('<input type="hidden" id="cursor" name="cursor" value="{}"{}>').format(str(value), swap)


def _renewed(one: ShownPanel, names: dict[str, Any]) -> str:
    if one.context is None:
        return place(one.panel)
    return render_template(one.panel.live or one.panel.template, **{**names, **one.context})


def _part(target: str, html: str) -> str:
    return f'<hx-partial hx-target="#{target}" hx-swap="outerMorph">{html}</hx-partial>'
