"""What the timeline of a case says: one sentence for each kind of entry of the journal.

Subjects above bring the sentences of their own kinds by `register_sentences`. An entry without a sentence (that a
file was opened, that a message was written) stands in the journal and not in the timeline.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.cases.kinds import lifecycle_of
from app.cases.lifecycle import Lifecycle, Stage
from app.cases.models import Case
from app.cases.queries import people
from app.company import queries as company
from app.errors import IllegalMove
from app.journal.models import JournalEntry
from app.journal.queries import timeline

Sentence = Callable[[Mapping[str, Any]], str]

_SENTENCES: dict[str, Sentence] = {
    "status_line": lambda details: str(details.get("text", "")),
    "document_posted": lambda details: f"Размещен документ: {details.get('title', '')}",
    "archived": lambda details: "Перенесено в архив",
    "supplier_numbered": lambda details: f"Присвоен номер поставщика: {details.get('number', '')}",
    "assigned": lambda details: _assigned(details),
    "paper_made": lambda details: f"Готов документ: {details.get('title', '')}",
    "paper_failed": lambda details: (
        f"Документ не получился: {details.get('title', '')}. {details.get('reason', '')}"
    ),
    "paper_waits": lambda details: (
        f"Документ ждет печати: {details.get('title', '')}. {details.get('reason', '')}"
    ),
    "clock_paused": lambda details: _clock_paused(details),
    "clock_resumed": lambda details: _clock_resumed(details),
}


#: Kinds of entries that are between the applicant and the company: a supplier reads nothing of them.
_NOT_TO_SUPPLIERS: set[str] = set()


@dataclass(frozen=True)
class Line:
    """One line of the past: what happened, who did it, when; `internal` lines are the company's alone."""

    sentence: str
    who: str
    person: str
    at: datetime
    internal: bool


@dataclass(frozen=True)
class AheadLine:
    """One stage that is still to come on the usual road, and how long it may take (empty: not told)."""

    label: str
    term: str


def register_sentences(sentences: Mapping[str, Sentence], *, to_suppliers: bool = True) -> None:
    """Add the sentences of more kinds of entries: each takes the details of an entry."""
    _SENTENCES.update(sentences)
    if not to_suppliers:
        _NOT_TO_SUPPLIERS.update(sentences)


def sentence(kind: str, details: Mapping[str, Any], *, case_kind: str) -> str:
    """What an entry says, without who and when; an empty text for one that has no place in the timeline."""
    if kind == "moved":
        return _moved(details, case_kind)
    say = _SENTENCES.get(kind)
    return say(details) if say else ""


def _moved(details: Mapping[str, Any], case_kind: str) -> str:
    try:
        move = lifecycle_of(case_kind).move(str(details.get("move", "")))
    except IllegalMove:
        return ""
    day, reason = _day(str(details.get("on", ""))), str(details.get("reason") or "")
    told = details.get("number") or ". ".join(filter(None, (day, reason)))
    return move.past_line(str(told))


def _day(iso: str) -> str:
    """«03.12.2026» of the day that an act names."""
    return ".".join(reversed(iso.split("-")))


def _assigned(details: Mapping[str, Any]) -> str:
    name = details.get("name", "")
    return f"Исполнитель: {name}" if details.get("to") else f"Без исполнителя, раньше: {name}"


def _clock_paused(details: Mapping[str, Any]) -> str:
    document = details.get("document")
    return f"Срок приостановлен: {details.get('reason', '')}" + (
        f" (документ: {document})" if document else ""
    )


def _clock_resumed(details: Mapping[str, Any]) -> str:
    due = str(details.get("due") or "")
    if not due:
        return "Приостановка срока закончилась"
    return f"Срок возобновлен, он идет до {date.fromisoformat(due):%d.%m.%Y}"


def past(case: Case, *, for_staff: bool, for_supplier: bool = False, since: int = 0) -> list[Line]:
    """What happened in the case, the first thing first; staff see internal lines and the names of people too.

    A supplier sees nothing of what is between the applicant and the company.

    With `since` only what was written into the journal after the entry of that id.
    """
    hidden = _NOT_TO_SUPPLIERS if for_supplier else frozenset()
    entries = [
        entry
        for entry in timeline(case.id, public_only=not for_staff)
        if entry.id > since and entry.kind not in hidden
    ]
    names = people(entry.actor_id for entry in entries if entry.actor_id) if for_staff else {}
    sides = {
        "applicant": "Заявитель",
        "company": company.profile().name,
        "supplier": case.supplier_name,
        "system": "",
    }
    lines = []
    for entry in entries:
        words = _erased(entry) or sentence(entry.kind, entry.body, case_kind=case.kind)
        if words:
            # A supplier's act stays theirs when the application names another one later.
            who = str(entry.body.get("supplier") or sides.get(entry.party, ""))
            person = names.get(entry.actor_id or 0, "")
            lines.append(Line(words, who, person, entry.at, not entry.public))
    return lines


def _erased(entry: JournalEntry) -> str:
    act = entry.details.erased_by_act if entry.details else None
    return f"Содержание записи стерто по акту {act}" if act else ""


def ahead(case: Case, terms: Mapping[str, str]) -> list[AheadLine]:
    """The stages that usually follow, `terms` being the present lengths of terms in words, by their codes."""
    lines: list[AheadLine] = []
    told = {lifecycle_of(case.kind).stage(case.status).term}
    for stage in road(case):
        lines.append(AheadLine(stage.label, "" if stage.term in told else terms.get(stage.term or "", "")))
        told.add(stage.term)
    return lines


def road(case: Case) -> Sequence[Stage]:
    """The open stages after the present one, taking from each the first move of the lifecycle's table."""
    lifecycle = lifecycle_of(case.kind)
    stages: list[Stage] = []
    passed, status = {case.status}, case.status
    while True:
        status = _usual_target(lifecycle, status, case.mode)
        if not status or status in passed or not lifecycle.stage(status).is_open:
            return stages
        passed.add(status)
        stages.append(lifecycle.stage(status))


def _usual_target(lifecycle: Lifecycle, status: str, mode: str | None) -> str:
    """Where the first move of the table that this mode knows leads; an empty text from where none is left."""
    for move in lifecycle.moves:
        if status in move.sources and not move.targets.keys().isdisjoint({None, mode}):
            return lifecycle.target(move.name, status, mode)
    return ""
