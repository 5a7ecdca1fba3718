"""Reading what is printed: what is due, what was lost, what became of the documents of a case."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select

from app.cases.models import Case
from app.cases.rendering_models import Rendering
from app.cases.rendering_rules import STATE_WORDS
from app.extensions import db
from app.notifications.queries import FURTHEST, Due

#: States in which a document is still to come.
UNFINISHED = ("new", "making", "retry")


@dataclass(frozen=True, slots=True)
class Printed:
    """The newest document of a kind that was asked for, everything in words; `document_id` is its place in the case."""

    id: int
    kind: str
    title: str
    state: str
    words: str
    tone: str
    error: str
    asked_at: datetime
    document_id: int | None

    @property
    def unfinished(self) -> bool:
        """Whether the document is still to come."""
        return self.state in UNFINISHED

    @property
    def failed(self) -> bool:
        """Whether a person has to ask for it again."""
        return self.state == "failed"


def renderings_of(case: Case) -> dict[str, Printed]:
    """Kind → the newest document asked for of that kind; those overtaken or taken back count as never asked for."""
    newest = select(func.max(Rendering.id)).where(Rendering.case_id == case.id).group_by(Rendering.kind)
    query = (
        select(
            Rendering.id,
            Rendering.kind,
            Rendering.title,
            Rendering.state,
            Rendering.error,
            Rendering.asked_at,
            Rendering.case_document_id,
        )
        .where(Rendering.id.in_(newest), Rendering.state != "dropped")
        .order_by(Rendering.id)
    )
    found = {}
    for row_id, kind, title, state, error, asked_at, document_id in db.session.execute(query):
        words, tone = STATE_WORDS[state]
        found[kind] = Printed(row_id, kind, title, state, words, tone, error, asked_at, document_id)
    return found


def unfinished(case: Case) -> list[Printed]:
    """The documents of a case that are still to come."""
    return [one for one in renderings_of(case).values() if one.unfinished]


def due(at: datetime, *, limit: int) -> list[Due]:
    """Documents to be made now, the longest waiting first; those whose worker died are freed beforehand."""
    query = select(Rendering.id, Rendering.tries).where(is_due(at))
    rows = db.session.execute(query.order_by(Rendering.next_at, Rendering.id).limit(limit))
    return [Due(row_id, tries) for row_id, tries in rows]


def lost(at: datetime) -> list[tuple[int, int]]:
    """Ids of the documents whose worker died while making them, each with its case."""
    query = select(Rendering.id, Rendering.case_id).where(is_lost(at)).order_by(Rendering.id)
    return [(row_id, case_id) for row_id, case_id in db.session.execute(query.limit(100))]


def is_due(at: datetime) -> ColumnElement[bool]:
    """The condition «to be made now»; an instant far ahead was written by a clock that has been put back since."""
    put_back = or_(
        Rendering.asked_at > at + FURTHEST,
        and_(Rendering.state == "retry", Rendering.next_at > at + FURTHEST),
    )
    return and_(Rendering.state.in_(("new", "retry")), or_(Rendering.next_at <= at, put_back))


def is_lost(at: datetime) -> ColumnElement[bool]:
    """The condition «being made by somebody whose time has run out»."""
    past = or_(Rendering.lease_until <= at, Rendering.lease_until > at + FURTHEST)
    return and_(Rendering.state == "making", past)


def is_lost_row(row: Rendering, at: datetime) -> bool:
    """The same of a row that is at hand."""
    until = row.lease_until
    return row.state == "making" and until is not None and not at < until <= at + FURTHEST
