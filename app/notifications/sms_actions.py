"""Delivering SMS: claim a row, put the code in, hand it over once, write down what became of it; asking what became of it.

Unlike a letter, an SMS is not tried again when nobody knows whether it has left: the operator did not answer in time, or
the worker died while asking. Whoever waits for it sees that and asks for another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, select

from app import gateways
from app.extensions import db
from app.gateways.sms import Operator, Report, Sms, SmsAway, SmsRefused, SmsUnknown
from app.journal.steps import record
from app.notifications import queries, sms_queries, sms_rules
from app.notifications.codes import PLACE
from app.notifications.marking import claim_row, mark, update_rows
from app.notifications.models import OutboxRow
from app.transaction import transaction

Result = Literal["sent", "retry", "dead", "skipped"]

#: After these nothing else is told of an SMS.
_LAST_WORDS = ("delivered", "failed")


@dataclass(frozen=True)
class _Claim:
    row_id: int
    tries: int
    expires_at: datetime | None
    sms: Sms

    @property
    def is_ours(self) -> ColumnElement[bool]:
        """Only while the try is still ours."""
        return and_(OutboxRow.state == "sending", OutboxRow.tries == self.tries)


def deliver_sms(outbox_id: int, *, at: datetime, owner: str, lease_seconds: float = 60) -> Result:
    """Try one SMS once; safe to call twice and by several workers.

    «skipped»: somebody else holds it, it has left, it is not due, or it came too late and is expired now.
    """
    claim = _claim(outbox_id, at=at, owner=owner, lease_seconds=lease_seconds)
    if claim is None:
        return "skipped"
    try:
        handed = gateways.current().sms.send(claim.sms, at=at)
    except SmsRefused as refused:
        return _dead(claim, f"{sms_rules.BAD_NUMBER}: {refused}")
    except SmsAway as away:
        return _retry(claim, str(away), at=at)
    except SmsUnknown as unknown:
        return _dead(
            claim, f"{sms_rules.NO_ANSWER}: {unknown}", provider=unknown.provider, delivery="unknown"
        )
    except Exception as error:
        # A mistake of ours or the worker's time limit in the middle of asking: the SMS may have left.
        return _dead(claim, f"{sms_rules.NO_ANSWER}: {type(error).__name__}", delivery="unknown")
    mark(
        claim.row_id,
        OutboxRow.state.in_(("sending", "dead")),
        state="sent",
        sent_at=at,
        last_error="",
        provider=handed.provider,
        provider_id=handed.message_id,
        delivery="",
        next_at=at + sms_rules.FIRST_LOOK,
        lease_until=None,
    )
    return "sent"


def give_up_lost(*, at: datetime) -> int:
    """Give up the SMS whose worker died while handing them over, because they may have left; how many."""
    lost = queries.lost(at, channel="sms")
    if not lost:
        return 0
    with transaction():
        for row in lost:
            update_rows(
                and_(OutboxRow.id == row.id, queries.is_lost(at)),
                state="dead",
                last_error=sms_rules.NO_ANSWER,
                delivery="unknown",
                lease_until=None,
            )
    return len(lost)


def ask_delivery(outbox_id: int, *, at: datetime) -> str:
    """Ask the operator once what became of an SMS; what is known now, or '' when there was nothing to ask."""
    claimed = _claim_report(outbox_id, at=at)
    if claimed is None:
        return ""
    row_id, message_id, phone, age, operator = claimed
    try:
        told = operator.status(message_id, phone)
    except SmsAway:
        told = ""
    if not told and age > sms_rules.ASKED_FOR:
        told = "unknown"
    if told:
        _note(OutboxRow.id == row_id, told, at=at)
    return told


def take_reports(provider: str, reports: Sequence[Report], *, at: datetime) -> int:
    """Write down what an operator tells by itself of SMS that it took; how many of them were news."""
    return sum(
        _note(
            and_(OutboxRow.provider == provider, OutboxRow.provider_id == report.message_id),
            report.delivery,
            at=at,
        )
        for report in reports
        if report.delivery and report.message_id
    )


def _claim(outbox_id: int, *, at: datetime, owner: str, lease_seconds: float) -> _Claim | None:
    free = and_(OutboxRow.channel == "sms", queries.is_due(at))
    with transaction():
        row = claim_row(outbox_id, free, at=at, owner=owner, lease_seconds=lease_seconds)
        if row is None:
            return None
        text = row.body.replace(PLACE, gateways.current().code_of(row.salt)) if row.salt else row.body
        return _Claim(row.id, row.tries, row.expires_at, Sms(row.message_id, row.address, text))


def _claim_report(outbox_id: int, *, at: datetime) -> tuple[int, str, str, timedelta, Operator] | None:
    """Put off the next asking, so that one worker asks; the SMS and its operator, or None when it is not its time."""
    with transaction():
        row = db.session.get(OutboxRow, outbox_id, populate_existing=True)
        if row is None:
            return None
        age = at - (row.sent_at or row.created_at)
        due = and_(OutboxRow.id == outbox_id, sms_queries.is_asked_about(at))
        if not update_rows(due, next_at=at + sms_rules.next_look(age)):
            return None
        told = row.id, row.provider_id, row.address, age
    operators = gateways.current().sms.operators
    operator = next((one for one in operators if one.name == row.provider and one.tells_delivery), None)
    return None if operator is None else (*told, operator)


def _note(which: ColumnElement[bool], told: str, *, at: datetime) -> bool:
    """Write an operator's word about an SMS unless it is stale; reports that come at the same moment pass one by one.

    What became of a code's SMS is a part of the evidence of a signature: the last word stands in the journal of its case.
    """
    older = [word for word in ("", *sms_rules.DELIVERIES) if sms_rules.newer(word, told)]
    mine = and_(which, OutboxRow.channel == "sms", OutboxRow.state == "sent", OutboxRow.delivery.in_(older))
    with transaction():
        rows = db.session.scalars(
            select(OutboxRow).where(mine).with_for_update().execution_options(populate_existing=True)
        ).all()
        for row in rows:
            row.delivery = told
            if told == "delivered":
                row.delivered_at = at
            if told in _LAST_WORDS and row.case_id is not None:
                _record_report(row, told, at)
        return bool(rows)


def _record_report(row: OutboxRow, told: str, at: datetime) -> None:
    details = {
        "sms": row.id,
        "kind": row.kind,
        "provider": row.provider,
        "provider_id": row.provider_id,
        "delivery": told,
    }
    record("sms_reported", party="system", actor_id=None, at=at, case_id=row.case_id, details=details)


def _retry(claim: _Claim, error: str, *, at: datetime) -> Result:
    """No operator took it: it waits a little, but never beyond its term, at which it expires in time."""
    next_at = at + sms_rules.pause_after_failure(claim.tries)
    if claim.expires_at is not None:
        next_at = min(next_at, claim.expires_at)
    mark(
        claim.row_id, claim.is_ours, state="retry", next_at=next_at, last_error=error[:500], lease_until=None
    )
    return "retry"


def _dead(claim: _Claim, error: str, **values: Any) -> Result:
    mark(claim.row_id, claim.is_ours, state="dead", last_error=error[:500], lease_until=None, **values)
    return "dead"
