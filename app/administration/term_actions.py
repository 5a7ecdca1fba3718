"""The company's terms: a new version from a day on, or one that does not hold yet taken back."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app import clock
from app.accounts.steps import claim_key
from app.actor import Actor
from app.administration.policy import may_administer
from app.administration.term_queries import mark_of
from app.administration.term_rules import standing
from app.company import queries as company
from app.company.models import Term
from app.errors import Conflict, Forbidden, InvalidForm, NotFound, Overtaken
from app.extensions import db
from app.journal.steps import record
from app.transaction import transaction


def add_term(
    code: str,
    *,
    length: int,
    unit: str,
    clause: str,
    valid_from: date,
    seen: str,
    by: Actor,
    at: datetime,
    press: str = "",
) -> None:
    """Let a term have this length from a day on; another version of the same day gives way. Running terms stay.

    Raises Forbidden, AlreadyDone, Overtaken when the versions are not those of which `seen` is the mark, InvalidForm
    for a day that is over, and Conflict when nothing would be different.
    """
    try:
        with transaction():
            versions = _held(code, seen, by=by, at=at, press=press)
            if valid_from < _today(at):
                raise InvalidForm(
                    {"valid_from": ["Этот день уже прошел. Укажите сегодняшний или более поздний."]}
                )
            before = standing(versions, valid_from)
            told = {"days": length, "unit": unit, "clause": clause}
            changes = {name: [getattr(before, name, None), value] for name, value in told.items()}
            changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
            if not changes:
                raise Conflict("С этого дня срок и так такой: менять нечего.")
            _put(code, valid_from, before, told)
            _record("term_changed", code, valid_from, changes, by=by, at=at)
    except IntegrityError:
        raise Conflict from None


def remove_term(code: str, valid_from: date, *, seen: str, by: Actor, at: datetime, press: str = "") -> None:
    """Take back a version that does not hold yet. Raises as `add_term` does, NotFound, and Conflict for one that holds."""
    with transaction():
        versions = _held(code, seen, by=by, at=at, press=press)
        found = next((one for one in versions if one.valid_from == valid_from), None)
        if found is None:
            raise NotFound
        if valid_from <= _today(at):
            raise Conflict("Этот срок уже действует, отменить его нельзя. Добавьте новый.")
        changes = {name: [getattr(found, name), None] for name in ("days", "unit", "clause")}
        db.session.delete(found)
        _record("term_removed", code, valid_from, changes, by=by, at=at)


def _held(code: str, seen: str, *, by: Actor, at: datetime, press: str) -> list[Term]:
    if not may_administer(by):
        raise Forbidden
    query = select(Term).where(Term.code == code).order_by(Term.valid_from).with_for_update()
    versions = list(db.session.scalars(query.execution_options(populate_existing=True)))
    claim_key(by.user_id, press, url=f"/admin/terms/{code}", at=at)
    if seen != mark_of(versions):
        raise Overtaken
    return versions


def _put(code: str, valid_from: date, before: Term | None, told: dict[str, Any]) -> None:
    if before is None or before.valid_from != valid_from:
        db.session.add(Term(code=code, valid_from=valid_from, **told))
        db.session.flush()
        return
    for name, value in told.items():
        setattr(before, name, value)


def _record(
    kind: str, code: str, valid_from: date, changes: dict[str, Any], *, by: Actor, at: datetime
) -> None:
    details = {"code": code, "valid_from": valid_from.isoformat(), "changes": changes}
    record(kind, party="company", actor_id=by.user_id, at=at, details=details)


def _today(at: datetime) -> date:
    return clock.day_in(company.profile().zone, at)
