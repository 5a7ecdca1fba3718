"""Unread marks: a row exists only while a person has something unread in a case."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from sqlalchemy import delete, select

from app.cases.models import Case, CaseMark
from app.extensions import db
from app.transaction import require_transaction

MarkKind = Literal["message", "status"]


def mark_unread(case: Case, kind: MarkKind, *, users: Iterable[int], side: str, at: datetime) -> None:
    """Mark the case for users; who has the mark already keeps the moment of the first unseen thing.

    `side` tells whose act it was: company | supplier | applicant, or own for a mark that the person put by hand.
    """
    require_transaction()
    have = set(
        db.session.scalars(select(CaseMark.user_id).where(CaseMark.case_id == case.id, CaseMark.kind == kind))
    )
    for user_id in sorted(set(users) - have):
        db.session.add(CaseMark(user_id=user_id, case_id=case.id, kind=kind, side=side, first_unseen=at))
    db.session.flush()


def clear_marks(case_id: int, *, user_id: int, upto: datetime) -> None:
    """The person has seen the case as it was at `upto`: later things stay unread."""
    require_transaction()
    db.session.execute(
        delete(CaseMark).where(
            CaseMark.case_id == case_id, CaseMark.user_id == user_id, CaseMark.first_unseen <= upto
        )
    )
