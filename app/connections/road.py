"""What lies ahead of an application: steps with their dates, the present stage, the moves that are possible now."""

from dataclasses import dataclass
from datetime import date

from app.actor import Actor
from app.cases.clock_queries import paused_words
from app.cases.kinds import lifecycle_of, stage_of
from app.cases.lifecycle import Move
from app.cases.models import Case
from app.cases.policy import party_of
from app.company import queries as company
from app.company.wording import date_words, weekday_short
from app.errors import IllegalMove


@dataclass(frozen=True)
class Ahead:
    """One step that follows: by when, in words, and what happens."""

    by: str
    what: str


@dataclass(frozen=True)
class Present:
    """The stage of a case as its pages tell it."""

    label: str
    next_words: str
    due: str
    overdue: bool


def ahead(today: date, mode: str | None) -> list[Ahead]:
    """The road after a sending today: dates from the terms and the calendar; without a mode the last step has none."""
    steps = [Ahead("Сразу", "Вы получите письмо с номером заявки, а сетевая организация — саму заявку.")]
    registered = company.last_day("registration", today)
    steps.append(Ahead(_until(registered, today), "Сетевая организация присвоит регистрационный номер."))
    checked = company.last_day("completeness", registered)
    steps.append(
        Ahead(
            _until(checked, today), "Проверит анкету и документы. Если чего-то не хватит, пришлет вам запрос."
        )
    )
    if mode is None:
        steps.append(Ahead("Потом", "Подготовит условия договора и разместит их в кабинете."))
        return steps
    ready = company.last_day("offer" if mode == "A" else "contract", checked)
    what = "договор, технические условия и счет" if mode == "A" else "договор и технические условия"
    steps.append(Ahead(_until(ready, today), f"Подготовит {what} и разместит их в кабинете."))
    return steps


def _until(day: date, today: date) -> str:
    return f"До {date_words(day, today)} ({weekday_short(day)})"


def status_words(case: Case) -> str:
    """The status as the company words it."""
    stage = stage_of(case.kind, case.status)
    return company.profile().label(f"stage.{stage.code}", stage.label)


def due_words(case: Case, today: date) -> str:
    """Until when the present stage lasts; an empty text when no term runs."""
    return company.calendar().due_words(today, case.due_on) if case.due_on else ""


def term_words(case: Case, today: date) -> str:
    """Until when the present stage lasts, or that its term stands still; an empty text when there is none."""
    return due_words(case, today) or paused_words(case.paused_on, today)


def present(case: Case, today: date) -> Present:
    """Where the case stands today, in the company's words."""
    return Present(
        label=status_words(case),
        next_words=stage_of(case.kind, case.status).next_words,
        due=due_words(case, today),
        overdue=case.due_on is not None and case.due_on < today,
    )


def moves(case: Case, actor: Actor) -> list[str]:
    """Names of the moves that the actor's side may make now; none in the archive, none that the mode does not know."""
    side = party_of(actor, case)
    if side is None or case.archived_at is not None:
        return []
    possible = lifecycle_of(case.kind).available(case.status, side)
    return [move.name for move in possible if not move.targets.keys().isdisjoint({None, case.mode})]


def require_move(case: Case, name: str, actor: Actor) -> Move:
    """The move, which must be possible now; raises IllegalMove otherwise."""
    if name not in moves(case, actor):
        raise IllegalMove
    return lifecycle_of(case.kind).move(name)
