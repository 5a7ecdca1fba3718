"""What has been read of a case and by whom, and who of the company looks at it now."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, select

from app.accounts.models import User
from app.actor import Actor
from app.cases.models import Case, CaseRead, CaseViewer, Message
from app.cases.policy import INTERNAL, Party, channels_of
from app.cases.queries import party
from app.extensions import db
from app.journal.models import JournalEntry

#: Whoever has given no sign for so long does not look at the case any more.
LOOKS_FOR = timedelta(minutes=2)
#: How often it is written down that somebody looks.
LOOK_EVERY = timedelta(seconds=30)


@dataclass(frozen=True)
class Viewer:
    """Somebody of the company who has the case on the screen; `at` is their last sign."""

    name: str
    at: datetime


def shared_channels(case: Case, side: Party) -> list[str]:
    """The conversations with somebody else: a note has no reader of whom anything is told."""
    return [channel for channel in channels_of(side, case) if channel != INTERNAL]


def unread_upto(case: Case, actor: Actor, *, upto: int | None = None) -> dict[str, int]:
    """Channels in which others have written since the actor last read: the last message of each (at most `upto`)."""
    side = party(actor, case)
    query = (
        select(Message.channel, func.max(Message.id), func.max(CaseRead.upto))
        .outerjoin(
            CaseRead,
            and_(
                CaseRead.case_id == Message.case_id,
                CaseRead.channel == Message.channel,
                CaseRead.user_id == actor.user_id,
            ),
        )
        .where(
            Message.case_id == case.id,
            Message.channel.in_(shared_channels(case, side)),
            Message.author_party != side,
        )
        .group_by(Message.channel)
    )
    if side == "supplier":
        query = query.where(Message.supplier_id == actor.supplier_id)
    if upto is not None:
        query = query.where(Message.id <= upto)
    return {channel: last for channel, last, read in db.session.execute(query) if last > (read or 0)}


def read_by_others(case_id: int, side: Party) -> dict[str, int]:
    """Up to which message each channel was read by at least one person of another side."""
    query = (
        select(CaseRead.channel, func.max(CaseRead.upto))
        .where(CaseRead.case_id == case_id, CaseRead.party != side)
        .group_by(CaseRead.channel)
    )
    return {channel: upto for channel, upto in db.session.execute(query)}


def newest(case: Case, actor: Actor) -> tuple[int, int]:
    """The last message that the actor may read and the last entry of the public timeline, 0 for none."""
    side = party(actor, case)
    said = select(func.max(Message.id)).where(
        Message.case_id == case.id, Message.channel.in_(channels_of(side, case))
    )
    if side == "supplier":
        said = said.where(Message.supplier_id == actor.supplier_id)
    told = select(func.max(JournalEntry.id)).where(JournalEntry.case_id == case.id, JournalEntry.public)
    return db.session.scalar(said) or 0, db.session.scalar(told) or 0


def viewers(case_id: int, *, but: int, at: datetime) -> list[Viewer]:
    """Who else of the company looks at the case."""
    query = (
        select(User, CaseViewer.seen_at)
        .join(CaseViewer, CaseViewer.user_id == User.id)
        .where(CaseViewer.case_id == case_id, CaseViewer.user_id != but, CaseViewer.seen_at > at - LOOKS_FOR)
        .order_by(User.id)
    )
    return [Viewer(user.short, seen_at) for user, seen_at in db.session.execute(query)]


def is_look_noted(case_id: int, user_id: int, at: datetime) -> bool:
    """Whether it stands already that the user looks at the case."""
    found = db.session.get(CaseViewer, (case_id, user_id))
    return found is not None and at - found.seen_at < LOOK_EVERY
