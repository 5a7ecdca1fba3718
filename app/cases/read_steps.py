"""Writing down what a person has read of a case and that they look at it."""

from collections.abc import Mapping
from datetime import datetime

from app.cases.models import Case, CaseRead, CaseViewer
from app.cases.policy import Party
from app.extensions import db
from app.transaction import require_transaction


def note_reads(case: Case, read: Mapping[str, int], *, user_id: int, side: Party, at: datetime) -> None:
    """The person has read each channel up to the message named; never less than before."""
    require_transaction()
    for channel, upto in read.items():
        found = db.session.get(CaseRead, (case.id, channel, user_id), populate_existing=True)
        if found is None:
            row = CaseRead(case_id=case.id, channel=channel, user_id=user_id, party=side, upto=upto, at=at)
            db.session.add(row)
        elif found.upto < upto:
            found.upto, found.at, found.party = upto, at, side
    db.session.flush()


def note_look(case: Case, *, user_id: int, at: datetime) -> None:
    """Somebody of the company has the case on the screen."""
    require_transaction()
    found = db.session.get(CaseViewer, (case.id, user_id), populate_existing=True)
    if found is None:
        db.session.add(CaseViewer(case_id=case.id, user_id=user_id, seen_at=at))
    else:
        found.seen_at = at
    db.session.flush()
