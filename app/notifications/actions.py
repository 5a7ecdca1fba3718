"""Delivering letters: claim a row, hand the letter over, write down what became of it.

A row is claimed by one UPDATE with a lease, so that several workers never hold one letter at the same time; whoever dies
with a letter in hand loses it when the lease runs out. Nothing here runs inside the transaction of the act.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import and_, or_, select, update
from sqlalchemy.exc import IntegrityError

from app import gateways
from app.company import queries as company
from app.errors import NotFound
from app.extensions import db
from app.gateways.email import Letter, TryLater, Undeliverable
from app.notifications import queries, rules
from app.notifications.codes import PLACE
from app.notifications.marking import changed, claim_row, mark, update_rows
from app.notifications.models import Lease, OutboxRow
from app.transaction import transaction

Result = Literal["sent", "retry", "dead", "skipped"]


@dataclass(frozen=True)
class _Claim:
    row_id: int
    tries: int
    letter: Letter


def deliver(outbox_id: int, *, at: datetime, owner: str, lease_seconds: float = 60) -> Result:
    """Try one letter once; safe to call twice and by several workers.

    «skipped» means that there is nothing to do now: somebody else holds the letter, it has left, it is not due, or it
    came too late and is expired now. `owner` names the worker in the ledger.
    """
    claim = _claim(outbox_id, at=at, owner=owner, lease_seconds=lease_seconds)
    if claim is None:
        return "skipped"
    try:
        gateways.current().post.send(claim.letter, at=at)
    except Undeliverable as error:
        return _failed(claim, str(error), at=at, for_good=True)
    except TryLater as error:
        return _failed(claim, str(error), at=at, for_good=False)
    except Exception as error:
        # A mistake of ours or the worker's time limit: the letter waits and the queue goes on.
        return _failed(claim, type(error).__name__, at=at, for_good=False)
    # Whoever holds the row by now: the letter has left, and nobody must send it again.
    mark(claim.row_id, OutboxRow.state.in_(("sending", "retry")), state="sent", sent_at=at, last_error="")
    return "sent"


def free_lost(*, at: datetime) -> int:
    """Give back the letters whose worker died while trying; how many. Writes nothing when there are none."""
    lost = queries.lost(at)
    if not lost:
        return 0
    with transaction():
        for row in lost:
            update_rows(
                and_(OutboxRow.id == row.id, queries.is_lost(at)),
                state="dead" if rules.is_given_up(row.tries) else "retry",
                next_at=at + rules.pause_after_cut(row.tries, _spread()),
                last_error=rules.CUT_OFF,
                lease_until=None,
            )
    return len(lost)


def send_again(outbox_id: int, *, at: datetime) -> None:
    """Try a letter that was given up anew, for another three days; raises NotFound when there is no such letter."""
    with transaction():
        # An SMS is never sent again: what it held is out of date, and it may have left after all.
        dead = and_(OutboxRow.id == outbox_id, OutboxRow.state == "dead", OutboxRow.channel == "email")
        if not update_rows(dead, state="retry", tries=0, next_at=at, lease_until=None):
            raise NotFound(f"Среди недоставленных нет письма {outbox_id}.")


def hold_lease(name: str, owner: str, *, at: datetime, seconds: float) -> bool:
    """Become or stay the active program of a name; False when another one is.

    The owner renews when a third of the time is gone, so that an idle program does not write every second.
    """
    until = at + timedelta(seconds=seconds)
    found = db.session.execute(select(Lease.owner, Lease.until).where(Lease.name == name)).first()
    if found is not None and found.owner == owner and at + (until - at) * 2 / 3 < found.until <= until:
        return True
    if found is not None and found.owner != owner and at < found.until <= at + queries.FURTHEST:
        return False
    free = or_(Lease.owner == owner, Lease.until <= at, Lease.until > at + queries.FURTHEST)
    try:
        with transaction():
            if found is None:
                db.session.add(Lease(name=name, owner=owner, until=until, beat_at=at))
                return True
            renewed = update(Lease).where(Lease.name == name, free)
            return changed(renewed.values(owner=owner, until=until, beat_at=at)) == 1
    except IntegrityError:
        return False


def release_lease(name: str, owner: str, *, at: datetime) -> None:
    """Let another program take over at once."""
    with transaction():
        db.session.execute(update(Lease).where(Lease.name == name, Lease.owner == owner).values(until=at))


def _claim(outbox_id: int, *, at: datetime, owner: str, lease_seconds: float) -> _Claim | None:
    free = and_(OutboxRow.channel == "email", or_(queries.is_due(at), queries.is_lost(at)))
    with transaction():
        row = claim_row(outbox_id, free, at=at, owner=owner, lease_seconds=lease_seconds)
        if row is None:
            return None
        letter = Letter(
            message_id=row.message_id,
            sender_name=f"Личный кабинет {company.profile().name}",
            address=row.address,
            subject=row.subject,
            body=_with_secret(row),
        )
        return _Claim(row.id, row.tries, letter)


def _with_secret(row: OutboxRow) -> str:
    """The text as it leaves: the secret part of a link exists nowhere before."""
    return row.body.replace(PLACE, gateways.current().link_of(row.salt)) if row.salt else row.body


def _failed(claim: _Claim, error: str, *, at: datetime, for_good: bool) -> Result:
    dead = for_good or rules.is_given_up(claim.tries)
    result: Result = "dead" if dead else "retry"
    # Only while the try is still ours: after the lease somebody else may have begun another one.
    mark(
        claim.row_id,
        and_(OutboxRow.state == "sending", OutboxRow.tries == claim.tries),
        state=result,
        next_at=at + rules.pause_after(claim.tries, _spread()),
        last_error=error[:500],
        lease_until=None,
    )
    return result


def _spread() -> float:
    return random.uniform(-1, 1)  # noqa: S311  (no secret hangs on a pause)
