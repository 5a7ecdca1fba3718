"""Categories of applicants: a new version holds from a day on; what held before stays as it was."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app import clock
from app.accounts.steps import claim_key
from app.actor import Actor
from app.administration.category_queries import versions_of
from app.administration.category_rules import TOO_EARLY, changes, check_version, held_on
from app.administration.policy import may_administer
from app.company.categories import Category
from app.company.category_queries import forget_categories
from app.company.models import ConnectionCategory
from app.company.queries import profile
from app.errors import Forbidden, InvalidForm, Overtaken
from app.extensions import db
from app.journal.steps import record
from app.transaction import transaction


def mark_of(versions: Sequence[Category]) -> str:
    """What a form carries of the versions it was shown with, so that a change by somebody else is noticed."""
    shown = json.dumps([asdict(one) for one in versions], default=str, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(shown.encode()).hexdigest()[:16]


def add_version(
    code: str, values: Mapping[str, Any], *, seen: str, by: Actor, at: datetime, press: str = ""
) -> None:
    """Let a category say `values` (columns, `valid_from` among them) from a day on, tomorrow in the company's zone or later.

    A version for the same day gives way. Raises Forbidden, NotFound, AlreadyDone for a second press, InvalidForm for what
    may not be, and Overtaken when the versions are not those of which `seen` is the mark.
    """
    with transaction():
        if not may_administer(by):
            raise Forbidden
        rows = _held_rows(code)
        versions = versions_of(code)
        claim_key(by.user_id, press, url=f"/admin/categories/{code}", at=at)
        if values["valid_from"] <= clock.day_in(profile().zone, at):
            raise InvalidForm({"valid_from": [TOO_EARLY]})
        new = replace(held_on(versions, values["valid_from"]), **values)
        if seen != mark_of(versions):
            raise Overtaken
        check_version(versions, new)
        _write(rows, new)
        details = {
            "code": code,
            "valid_from": new.valid_from.isoformat(),
            "changes": dict(changes(versions, new)),
        }
        record("category_changed", party="company", actor_id=by.user_id, at=at, details=details)
    forget_categories()


def _held_rows(code: str) -> Sequence[ConnectionCategory]:
    """The rows of one category, kept from everybody else until the action ends, and read anew."""
    query = select(ConnectionCategory).where(ConnectionCategory.code == code).with_for_update()
    rows = db.session.scalars(query.execution_options(populate_existing=True)).all()
    forget_categories()
    return rows


def _write(rows: Sequence[ConnectionCategory], new: Category) -> None:
    row = next((one for one in rows if one.valid_from == new.valid_from), None)
    if row is None:
        row = ConnectionCategory(
            code=new.code,
            valid_from=new.valid_from,
            position=new.position,
            conditions=dict(new.conditions),
        )
        db.session.add(row)
    for name in ("clause", "title", "mode", "watts_most", "works_term", "active"):
        setattr(row, name, getattr(new, name))
