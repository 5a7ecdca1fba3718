"""Unread marks: a row exists only while a person has something unread in a case."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from sqlalchemy import delete, select

from app.cases.captions import BY_HAND
from app.cases.models import Case, CaseMark, Message
from app.extensions import db
from app.transaction import require_transaction

MarkKind = Literal["message", "status"]


def mark_unread(case: Case, kind: MarkKind, *, users: Iterable[int], side: str, at: datetime) -> None:
    """Mark the case for users; who has the mark already keeps the moment of the first unseen thing.

    `side` tells whose act it was: company | supplier | applicant, or own for a mark that the person put by hand (which
    nobody needs who has another one).
    """
    require_transaction()
    there = select(CaseMark.user_id).where(CaseMark.case_id == case.id, CaseMark.kind == kind)
    have = set(db.session.scalars(there if side == BY_HAND else there.where(CaseMark.side == side)))
    for user_id in sorted(set(users) - have):
        db.session.add(CaseMark(user_id=user_id, case_id=case.id, kind=kind, side=side, first_unseen=at))
    db.session.flush()


def clear_marks(case_id: int, *, user_id: int, upto: datetime, by_hand: bool = True) -> None:
    """The person has seen the case as it was at `upto`: later things stay unread.

    Without `by_hand` a mark that the person put themselves stays.
    """
    require_transaction()
    gone = delete(CaseMark).where(
        CaseMark.case_id == case_id, CaseMark.user_id == user_id, CaseMark.first_unseen <= upto
    )
    db.session.execute(gone if by_hand else gone.where(CaseMark.side != BY_HAND))


def unmark_message(case: Case, message: Message) -> None:
    """A message was taken back: whoever had nothing else unread has nothing now, for the others the next one counts."""
    require_transaction()
    marks = select(CaseMark).where(
        CaseMark.case_id == case.id,
        CaseMark.kind == "message",
        CaseMark.side == message.author_party,
        CaseMark.first_unseen == message.created_at,
    )
    later = select(Message).where(
        Message.case_id == case.id,
        Message.id > message.id,
        Message.removed_at.is_(None),
        Message.author_party == message.author_party,
        Message.channel == message.channel,
    )
    following = db.session.scalars(later.order_by(Message.id).limit(1)).first()
    for mark in db.session.scalars(marks):
        if following is None:
            db.session.delete(mark)
        else:
            mark.first_unseen = following.created_at
    db.session.flush()
