"""The page of a case, put together from the panels of all subjects; any route may answer with it."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import render_template, request
from jinja2.runtime import Context
from jinja2.utils import pass_context
from markupsafe import Markup
from wtforms import Form

from app.cases import panels
from app.cases.actions import SeenMark
from app.cases.blueprint import bp
from app.cases.captions import mark_words
from app.cases.models import Case
from app.cases.neighbours import beside
from app.cases.pulse_queries import pulse_of
from app.documents.file_types import ACCEPT
from app.web.login import current_actor


def case_page(
    case: Case,
    *,
    seen: Sequence[SeenMark] = (),
    typed: Mapping[str, Form] | None = None,
    errors: Sequence[tuple[str, str]] = (),
) -> str:
    """The whole page; `seen` is what was unread until now, `errors` are pairs (id of a control, sentence).

    `typed` is a form of messages that was refused, by its channel. Every panel's template gets `case`, `panel` and its
    own context, and may use what stands here.
    """
    actor = current_actor()
    # Asked before anything is read: what changes in the meantime is found by the first poll.
    pulse = pulse_of(actor, case.id)
    shown = panels.shown(case, actor)
    return render_template(
        "cases/page.html",
        **panels.around(case, actor),
        **panels_of(shown, seen),
        pulse=pulse,
        digests={},
        marks=[mark_words(mark.kind, mark.side) for mark in seen],
        neighbours=beside(case, actor, request.args.get("view", "")),
        typed=typed or {},
        accept=ACCEPT,
        errors=errors,
    )


def panels_of(shown: Sequence[panels.ShownPanel], seen: Sequence[SeenMark]) -> dict[str, Any]:
    """The panels and over which message of each conversation the line «новые» stands."""
    since = min((mark.since for mark in seen if mark.kind == "message"), default=None)
    talks = [one.context["talk"] for one in shown if one.context and "talk" in one.context]
    return {"panels": shown, "news": {talk.name: talk.line(talk.first_since(since)) for talk in talks}}


@bp.app_template_global("show_panel")
@pass_context
def show_panel(context: Context, one: panels.ShownPanel) -> Markup:
    """A panel's fragment, with the names of the page around it and its own on top."""
    if one.context is None:
        html = panels.place(one.panel)
    else:
        template = context.environment.get_template(one.panel.template)
        html = Markup(template.render({**context.get_all(), **one.context}))  # noqa: S704  (made by a template)
    if one.context is None or not one.panel.live:
        context["digests"][one.panel.name] = panels.digest(html)
    return html


@bp.app_template_global("show_live")
@pass_context
def show_live(context: Context, panel: panels.Panel) -> Markup:
    """The part of a panel that is renewed while the page is open."""
    html = Markup(context.environment.get_template(panel.live).render(context.get_all()))  # noqa: S704
    context["digests"][panel.name] = panels.digest(html)
    return html


@bp.app_template_global("show_cursor")
@pass_context
def show_cursor(context: Context) -> Markup:
    """What the page knows, after all panels were printed."""
    return panels.cursor_field(context["pulse"], context["news"], context["digests"], oob=False)
