"""Reading the running term of a case and its pause."""

from datetime import date

from sqlalchemy import select

from app.cases.models import Case, CaseClock
from app.company import queries as company
from app.company.wording import date_words
from app.errors import Conflict, IllegalMove, NotFound
from app.extensions import db


def running_clock(case: Case) -> CaseClock | None:
    """The term that runs or is paused in a case; None when nothing has to be done by a day."""
    query = select(CaseClock).where(CaseClock.case_id == case.id, CaseClock.ended_on.is_(None))
    return db.session.scalars(query).first()


def unit_of(clock: CaseClock) -> str:
    """In what the term is counted; terms begun before this was kept follow the table of terms."""
    if clock.unit:
        return clock.unit
    try:
        return company.term(clock.term_code, clock.started_on).unit
    except NotFound:
        return "working_days"


def paused_words(paused_on: date | None, today: date) -> str:
    """«срок приостановлен 3 августа»; an empty text while the term runs."""
    return f"срок приостановлен {date_words(paused_on, today)}" if paused_on else ""


def stoppable_clock(case: Case, today: date) -> CaseClock:
    """The term that can be paused; raises IllegalMove when none runs, it is paused already, or it is over by now."""
    running = running_clock(case)
    if running is None:
        raise IllegalMove("Сейчас в этом обращении срок не идет, приостанавливать нечего.")
    if running.paused_on is not None:
        raise IllegalMove("Срок уже приостановлен.")
    if running.due_on < today:
        raise IllegalMove("Срок уже прошел: приостановить можно только тот, который еще идет.")
    return running


def paused_clock(case: Case) -> CaseClock:
    """The paused term; raises IllegalMove when none is."""
    running = running_clock(case)
    if running is None or running.paused_on is None:
        raise IllegalMove("Срок не приостановлен.")
    return running


def refuse_paused(case: Case) -> None:
    """Nobody loses an application for a term that stands still: raises Conflict while it is paused."""
    if case.paused_on is not None:
        raise Conflict("Срок приостановлен и поэтому не прошел. Сначала возобновите его.")
