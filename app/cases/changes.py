"""What has happened in a case since a form was shown: nobody decides about a case that has become another one unseen.

A form carries what its reader saw (`seen_now`); the action asks `refuse_changed` before it does anything. Only what this
reader may know of counts, so nobody is stopped by something that nobody could explain to them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from app.actor import Actor
from app.cases.kinds import stage_of
from app.cases.models import Case
from app.cases.queries import messages_of, party
from app.cases.timeline import Line, past
from app.company import queries as company
from app.company.wording import plural
from app.errors import Overtaken
from app.extensions import db
from app.journal.models import JournalEntry
from app.journal.queries import timeline

#: Version of the case and the last entry of its journal: «12.345».
_SEEN = re.compile(r"([1-9][0-9]{0,9})\.([0-9]{1,18})")
#: More new messages than these are not counted.
_MOST_MESSAGES = 50


@dataclass(frozen=True)
class Changes:
    """What is new: lines of the timeline, how many messages in words, the status before and after."""

    lines: Sequence[Line]
    messages: str
    status_then: str
    status_now: str


class CaseChanged(Overtaken):
    """The case has changed since the form was shown; pressing again on the renewed form goes through knowingly."""

    sentence = "Пока вы заполняли форму, обращение изменилось. Посмотрите, что нового, и нажмите еще раз."

    def __init__(self, changes: Changes) -> None:
        """Keep what has changed, for the page."""
        super().__init__()
        self.changes = changes


def seen_now(case: Case) -> str:
    """What a form shown now carries."""
    last = select(func.max(JournalEntry.id)).where(JournalEntry.case_id == case.id)
    return f"{case.version}.{db.session.scalar(last) or 0}"


def refuse_changed(case: Case, seen: str, *, by: Actor) -> None:
    """Raise CaseChanged when something has happened since; what no page of the site has printed says nothing."""
    told = _SEEN.fullmatch(seen)
    if told is None or int(told[1]) == case.version:
        return
    changes = _changes(case, int(told[2]), by)
    if changes.lines or changes.messages:
        raise CaseChanged(changes)


def _changes(case: Case, since: int, by: Actor) -> Changes:
    side = party(by, case)
    entries = timeline(case.id, public_only=False)
    moves = [entry for entry in entries if entry.kind == "moved" and entry.id <= since]
    then = str(moves[-1].body.get("to", "")) if moves else ""
    written = {entry.body.get("message") for entry in entries if entry.id > since}
    messages = [one for one in messages_of(case, by, limit=_MOST_MESSAGES) if one.id in written]
    return Changes(
        lines=past(case, for_staff=side == "company", for_supplier=side == "supplier", since=since),
        messages=_messages_words(len(messages)),
        status_then=_status_words(case, then) if then not in ("", case.status) else "",
        status_now=_status_words(case, case.status),
    )


def _messages_words(count: int) -> str:
    if not count:
        return ""
    return f"{count} {plural(count, 'новое сообщение', 'новых сообщения', 'новых сообщений')}"


def _status_words(case: Case, status: str) -> str:
    return company.profile().label(f"stage.{status}", stage_of(case.kind, status).label)
