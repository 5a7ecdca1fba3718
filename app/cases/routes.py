"""The list of cases, the page of one case, its conversation, its files."""

import re
from urllib.parse import parse_qsl

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.actor import APPLICANT, STAFF, SUPPLIER
from app.cases import actions
from app.cases.blueprint import bp
from app.cases.case_panels import LAST_MESSAGES, conversation
from app.cases.downloads import file_answer, nothing_yet
from app.cases.forms import MessageForm, NoteForm, chosen_files, put_errors
from app.cases.list_cards import cards
from app.cases.list_filters import KINDS, READS, SIZES, TABS, VIEWS, ListFilter, parse_filter
from app.cases.list_queries import CAP, figures, find_page
from app.cases.models import Case
from app.cases.pages import case_page
from app.cases.policy import INTERNAL
from app.cases.queries import document_in, messages_of, party, unread_count, visible_case
from app.company import queries as company
from app.errors import InvalidForm
from app.web.idempotency import pressed_key
from app.web.login import current_actor
from app.web.policy import Rule
from app.web.reading import is_prefetch, is_read

#: Who works with cases; somebody who only administers sees none.
READERS = frozenset({APPLICANT, SUPPLIER}) | STAFF
UPLOAD_LIMIT = 64 * 1024 * 1024

_CASE = {"case_id": ("case", visible_case)}
_MESSAGE_ID = re.compile(r"[1-9][0-9]{0,17}")
#: Which field of the form a name of the action's errors means.
_NOTE_FIELDS = {"text": "note", "files": "note_files"}

POLICY: dict[str, Rule] = {
    "cases.list_page": Rule(roles=READERS),
    "cases.mark": Rule(roles=READERS, load=_CASE),
    "cases.page": Rule(roles=READERS, load=_CASE),
    "cases.conversation_page": Rule(roles=READERS, load=_CASE),
    "cases.send_message": Rule(roles=READERS, load=_CASE, body_limit=UPLOAD_LIMIT),
    "cases.download": Rule(roles=READERS, load=_CASE),
}


def unread_badge() -> int:
    """In how many cases the signed-in person has something unread, for the menu."""
    return unread_count(current_actor())


def _works_here() -> bool:
    return bool(current_actor().roles & (STAFF | {SUPPLIER}))


@bp.get("/cases")
def list_page() -> str:
    """The applicant's list, or the queue of those who answer: the same address, the same tabs."""
    actor, today = current_actor(), company.today()
    view = parse_filter(request.args, works_here=_works_here())
    found = find_page(view, actor, today)
    return render_template(
        "cases/queue.html" if view.works_here else "cases/list.html",
        view=view,
        found=found,
        figures=figures(view, actor, today),
        cards=cards(found.rows, actor, today),
        tabs=TABS,
        views=VIEWS if view.works_here else {},
        kinds=KINDS,
        reads=READS,
        sizes=SIZES,
        cap=CAP,
        here="&".join(f"{name}={value}" for name, value in view.page_parameters().items()),
    )


@bp.post("/cases/<id:case_id>/mark")
def mark(case: Case) -> ResponseReturnValue:
    """Mark the case read or unread for oneself and go back to the same page of the list."""
    unread = request.form.get("action") == "unread"
    actions.set_unread(case.id, unread, by=current_actor(), at=clock.now())
    view = _view_of(request.form.get("list", ""))
    return redirect(url_for("cases.list_page", **view.page_parameters()), 303)  # type: ignore[arg-type]


def _view_of(query: str) -> ListFilter:
    asked: dict[str, str] = {}
    for name, value in parse_qsl(query[:300]):
        asked.setdefault(name, value)
    return parse_filter(asked, works_here=_works_here())


@bp.get("/cases/<id:case_id>")
def page(case: Case) -> str:
    """The page of a case; what was unread in it is read now."""
    seen = actions.see(case.id, by=current_actor(), at=clock.now()) if is_read() else ()
    return case_page(case, seen=seen)


@bp.get("/cases/<id:case_id>/messages")
def conversation_page(case: Case) -> str:
    """The conversation from its beginning, the newest page of it first; `before` is the id of a message."""
    actor, asked = current_actor(), request.args.get("before", "")
    before = int(asked) if _MESSAGE_ID.fullmatch(asked) else None
    found = messages_of(case, actor, before=before, limit=LAST_MESSAGES + 1)
    older = len(found) > LAST_MESSAGES
    entries = conversation(case, actor, found[-LAST_MESSAGES:], from_start=not older)
    oldest = found[-LAST_MESSAGES].id if older else None
    return render_template(
        "cases/conversation.html",
        case=case,
        party=party(actor, case),
        entries=entries,
        oldest=oldest,
        before=before,
    )


@bp.post("/cases/<id:case_id>/messages")
def send_message(case: Case) -> ResponseReturnValue:
    """Send a message or keep a note; a refused one comes back on the whole page with what was typed."""
    channel, case_id = request.form.get("channel", "company"), case.id
    internal = channel == INTERNAL
    form: MessageForm | NoteForm = NoteForm(request.form) if internal else MessageForm(request.form)
    text, files = ("note", "note_files") if internal else ("text", "files")
    try:
        message_id = actions.send_message(
            case_id,
            form[text].data or "",
            chosen_files(files),
            channel=channel,
            by=current_actor(),
            at=clock.now(),
            key=pressed_key(),
        )
    except InvalidForm as error:
        return _refused(case, form, error)
    flash("Заметка сохранена." if internal else "Сообщение отправлено.", "success")
    return redirect(url_for("cases.page", case_id=case_id, _anchor=f"m{message_id}"), 303)


def _refused(case: Case, form: MessageForm | NoteForm, error: InvalidForm) -> ResponseReturnValue:
    note = isinstance(form, NoteForm)
    errors = list(put_errors(form, error, names=_NOTE_FIELDS if note else None))
    if chosen_files("note_files" if note else "files"):
        errors.append(("", "Выберите файлы заново: браузер не хранит их после отправки."))
    forms = {"note_form": form} if note else {"message_form": form}
    return case_page(case, errors=errors, **forms), 422  # type: ignore[arg-type]


@bp.get("/cases/<id:case_id>/files/<id:file_id>")
def download(case: Case, file_id: int) -> Response:
    """One file of the case; that staff opened an identity paper is written down first."""
    actor = current_actor()
    found = document_in(case, actor, file_id)
    if is_prefetch():
        return nothing_yet()
    if found.sensitive and party(actor, case) == "company" and request.method != "HEAD":
        actions.record_opening(case.id, found.id, by=actor, at=clock.now())
    return file_answer(found.version)
