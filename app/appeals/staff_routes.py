"""What those do with an appeal to whom it is addressed: take it into work, answer, reopen."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from app import clock
from app.actor import STAFF, SUPPLIER
from app.appeals import actions, queries
from app.appeals.blueprint import bp
from app.appeals.forms import with_lost_files
from app.appeals.queries import received_appeal
from app.appeals.routes import UPLOAD_LIMIT
from app.cases.act_pages import act_done, act_page, seen_by_reader
from app.cases.changes import CaseChanged
from app.cases.forms import chosen_files
from app.cases.models import Case
from app.documents.file_types import ACCEPT
from app.errors import DomainError, InvalidForm
from app.web.idempotency import pressed_key
from app.web.login import current_actor
from app.web.policy import Rule

_ANSWERS = STAFF | {SUPPLIER}
_LOAD = {"case_id": ("case", received_appeal)}
_RECEIVED = Rule(roles=_ANSWERS, load=_LOAD)

POLICY: dict[str, Rule] = {
    "appeals.start_page": _RECEIVED,
    "appeals.start": _RECEIVED,
    "appeals.reopen_page": _RECEIVED,
    "appeals.reopen": _RECEIVED,
    "appeals.answer_page": _RECEIVED,
    "appeals.answer": Rule(roles=_ANSWERS, load=_LOAD, body_limit=UPLOAD_LIMIT),
}


@dataclass(frozen=True)
class Step:
    """One step of an appeal: the heading, which is the button too, what follows, what is said when it is done."""

    title: str
    follows: str
    done: str


#: By the name of the move.
STEPS: Mapping[str, Step] = {
    "start": Step("Взять в работу", "Срок ответа останется прежним.", "Сообщение взято в работу."),
    "reopen": Step("Вернуть в работу", "Срок ответа начнется заново.", "Сообщение возвращено в работу."),
}


def _may(move: str) -> Callable[[Case], None]:
    return lambda case: queries.require_move(case, move, current_actor())


def _step_page(case: Case, name: str, refused: DomainError | None = None) -> ResponseReturnValue:
    check = _may(name)
    if refused is None:
        check(case)
    step = STEPS[name]
    return act_page("appeals/step", case, refused=refused, check=check, name=name, step=step)


def _take(case: Case, name: str, act: Callable[..., None]) -> ResponseReturnValue:
    """One step of the table: done with its button's key, or its page again with what has changed."""
    case_id = case.id
    try:
        act(case_id, by=current_actor(), at=clock.now(), key=pressed_key(), seen=seen_by_reader())
    except CaseChanged as error:
        return _step_page(received_appeal(current_actor(), case_id), name, error)
    return act_done(case_id, STEPS[name].done)


@bp.get("/cases/<id:case_id>/start")
def start_page(case: Case) -> ResponseReturnValue:
    """Before an appeal is taken into work."""
    return _step_page(case, "start")


@bp.post("/cases/<id:case_id>/start")
def start(case: Case) -> ResponseReturnValue:
    """Take the appeal into work."""
    return _take(case, "start", actions.start)


@bp.get("/cases/<id:case_id>/reopen")
def reopen_page(case: Case) -> ResponseReturnValue:
    """Before an answered appeal is taken into work again."""
    return _step_page(case, "reopen")


@bp.post("/cases/<id:case_id>/reopen")
def reopen(case: Case) -> ResponseReturnValue:
    """Take the appeal into work again."""
    return _take(case, "reopen", actions.reopen)


@bp.get("/cases/<id:case_id>/reply")
def answer_page(case: Case) -> ResponseReturnValue:
    """The form of the answer."""
    _may("answer")(case)
    return _answer_page(case)


def _answer_page(
    case: Case,
    text: str = "",
    errors: Mapping[str, Sequence[str]] | None = None,
    refused: DomainError | None = None,
) -> ResponseReturnValue:
    asked = queries.last_question(case, current_actor())
    told = {"text": text, "errors": errors or {}, "accept": ACCEPT, "asked": asked}
    return act_page("appeals/reply", case, refused=refused, check=_may("answer"), **told)


@bp.post("/cases/<id:case_id>/reply")
def answer(case: Case) -> ResponseReturnValue:
    """Send the answer; a refused one comes back with what was typed."""
    case_id, text, chosen = case.id, request.form.get("reply", ""), chosen_files("reply_files")
    told: dict[str, Any] = {"key": pressed_key(), "seen": seen_by_reader()}
    try:
        actions.answer(case_id, text, chosen, by=current_actor(), at=clock.now(), **told)
    except InvalidForm as error:
        return _answer_page(case, text, with_lost_files(error.errors, chosen), error)
    except CaseChanged as error:
        fresh = received_appeal(current_actor(), case_id)
        return _answer_page(fresh, text, with_lost_files({}, chosen), error)
    return act_done(case_id, "Ответ отправлен.")
