"""The term of a case stopped by the company, with a reason and its document, and let run again."""

from collections.abc import Sequence
from datetime import date, datetime

from app import clock, gateways
from app.actor import Actor
from app.cases import steps
from app.cases.clock_queries import paused_clock, stoppable_clock
from app.cases.document_steps import attach, left_over
from app.cases.held_case import held_for_answer
from app.cases.letter_steps import tell_applicant
from app.cases.message_text import clean_line
from app.cases.models import Case, CaseClock, CaseDocument
from app.cases.pause_rules import LONGEST_REASON
from app.cases.pause_steps import begin_pause, end_pause
from app.cases.queries import require
from app.company import queries as company
from app.documents.intake import Received, Upload, received
from app.errors import InvalidForm, InvalidValue
from app.journal.steps import record
from app.transaction import transaction

#: As which kind of the company's documents the ground of a pause stands in the case.
LETTER = "letter"
REASON_FIRST = "Напишите причину: заявитель увидит ее в кабинете и в письме."


def pause(
    case_id: int,
    reason: str,
    uploads: Sequence[Upload] = (),
    *,
    by: Actor,
    at: datetime,
    key: str = "",
    seen: str = "",
) -> None:
    """Stop the running term from today on, for a reason that both sides read; the document is posted into the case.

    Raises InvalidForm (`reason`, `files`), IllegalMove when no term runs or it is paused already.
    """
    left: list[str] = []
    with received(uploads) as files, transaction():
        sent = (reason, *(one.stored.sha256 for one in files))
        case, side = held_for_answer(case_id, by=by, at=at, key=key, seen=seen, sent=sent)
        require(side == "company")
        today = clock.day_in(company.profile().zone, at)
        running, why = stoppable_clock(case, today), _reason(reason)
        document = _attached(case, files, by=by, at=at)
        left = left_over(files, [document] if document else [])
        _stop(case, running, why, document, today=today, by=by, at=at)
    for storage_key in left:
        gateways.current().files.delete(storage_key)


def _reason(typed: str) -> str:
    try:
        why = clean_line(typed, max_length=LONGEST_REASON, label="Причина", required=False)
    except InvalidValue as error:
        raise InvalidForm({"reason": [error.message]}) from error
    if not why:
        raise InvalidForm({"reason": [REASON_FIRST]})
    return why


def _attached(case: Case, files: Sequence[Received], *, by: Actor, at: datetime) -> CaseDocument | None:
    if len(files) > 1:
        raise InvalidForm({"files": ["Приложите один файл: основание приостановки."]})
    rows = attach(case, files, kind=LETTER, title="", side="company", by=by, at=at)
    if files and not rows:
        raise InvalidForm({"files": ["Этот файл уже размещен в обращении. Сошлитесь на него в причине."]})
    return rows[0] if rows else None


def _stop(
    case: Case,
    running: CaseClock,
    reason: str,
    document: CaseDocument | None,
    *,
    today: date,
    by: Actor,
    at: datetime,
) -> None:
    version_id, title = (document.document_version_id, document.title) if document else (None, "")
    begin_pause(running, on=today, reason=reason, document_version_id=version_id)
    steps.set_due(case, None, paused_on=today, at=at)
    entry = record(
        "clock_paused",
        party="company",
        actor_id=by.user_id,
        at=at,
        case_id=case.id,
        public=True,
        details={"reason": reason, "document": title},
    )
    tell_applicant(case, "term-paused", key=f"j{entry.id}", at=at, reason=reason, document=title)


def resume(case_id: int, *, by: Actor, at: datetime, key: str = "", seen: str = "") -> None:
    """Let the paused term run again: its last day moves by what the pause lasted. Raises IllegalMove when none is paused."""
    with transaction():
        case, side = held_for_answer(case_id, by=by, at=at, key=key, seen=seen)
        require(side == "company")
        running, today = paused_clock(case), clock.day_in(company.profile().zone, at)
        due_on = end_pause(running, on=today)
        steps.set_due(case, due_on, paused_on=None, at=at)
        entry = steps.record_resumption(case, due_on, by=by, at=at)
        due = company.calendar().due_words(today, due_on)
        tell_applicant(case, "term-resumed", key=f"j{entry.id}", at=at, due=due)
