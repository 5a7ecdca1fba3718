"""The page of a case, put together from the panels of all subjects; any route may answer with it."""

from collections.abc import Sequence

from flask import render_template
from jinja2.runtime import Context
from jinja2.utils import pass_context
from markupsafe import Markup

from app.cases import panels
from app.cases.actions import SeenMark
from app.cases.blueprint import bp
from app.cases.captions import mark_words, title_of
from app.cases.forms import MessageForm, NoteForm
from app.cases.kinds import lifecycle_of
from app.cases.lifecycle import tab_of
from app.cases.models import Case
from app.cases.policy import may_see_answers
from app.cases.queries import party
from app.documents.file_types import ACCEPT
from app.web.login import current_actor

_SHELVES = {"drafts": "draft"}


def case_page(
    case: Case,
    *,
    seen: Sequence[SeenMark] = (),
    message_form: MessageForm | None = None,
    note_form: NoteForm | None = None,
    errors: Sequence[tuple[str, str]] = (),
) -> str:
    """The whole page; `seen` is what was unread until now, `errors` are pairs (id of a control, sentence).

    Every panel's template gets `case`, `panel` and its own context, and may use what stands here.
    """
    actor = current_actor()
    side = party(actor, case)
    shelf = tab_of(lifecycle_of(case.kind), case.status, case.archived_at is not None)
    return render_template(
        "cases/page.html",
        case=case,
        party=side,
        title=title_of(case.kind, case.status, case.title),
        opened=may_see_answers(side, case),
        shelf=_SHELVES.get(shelf, shelf),
        panels=panels.shown(case, actor),
        marks=[mark_words(mark.kind, mark.side) for mark in seen],
        new_messages_since=min((mark.since for mark in seen if mark.kind == "message"), default=None),
        message_form=message_form or MessageForm(),
        note_form=note_form or NoteForm(),
        accept=ACCEPT,
        errors=errors,
    )


@bp.app_template_global("show_panel")
@pass_context
def show_panel(context: Context, shown: panels.ShownPanel) -> Markup:
    """A panel's fragment, with the names of the page around it and its own on top."""
    template = context.environment.get_template(shown.panel.template)
    return Markup(template.render({**context.get_all(), **shown.context}))  # noqa: S704  (made by a template)
