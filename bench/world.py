"""The database of a measurement: the demo world, its cases copied until there are enough rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import insert, select

from app import clock, create_app
from app.cases.models import Case
from app.cases.search_actions import reindex
from app.cli import migrations
from app.cli.demo_people import ACCOUNTS, Account
from app.cli.demo_world import build
from app.extensions import db
from app.transaction import transaction

BATCH = 5000

#: So many of the copies belong to the measured applicant, whatever the size of the world.
OWN = 100

#: Numbers of the copies are as long in every world, so that the whole number meets one case.
NUMBER = "B-{:07}"


@dataclass(frozen=True)
class World:
    """The application, who is measured, and one of that person's cases."""

    app: Flask
    applicant: Account
    operator: Account
    case_id: int


def make_world(size: int) -> World:
    """Build the world with `size` cases in the database that the environment names."""
    app = create_app()
    migrations.init_app(app)
    with app.app_context():
        upgrade()
        build(clock.now())
        applicant, operator = (
            next(one for one in ACCOUNTS if one.role == role) for role in ("applicant", "operator")
        )
        return World(app, applicant, operator, _multiply(size))


def _multiply(size: int) -> int:
    """Copy sent applications; every so many belong to the first applicant. Returns a case of that applicant."""
    columns = [
        column for column in Case.__table__.columns if column.name not in ("id", "number", "supplier_number")
    ]
    sent = select(*columns).where(Case.sent_at.is_not(None), Case.kind == "application").order_by(Case.id)
    patterns = [dict(row._mapping) for row in db.session.execute(sent)]
    owner = patterns[0]["applicant_id"]
    own = [row for row in patterns if row["applicant_id"] == owner]
    others = [row for row in patterns if row["applicant_id"] != owner]
    every = max(size // OWN, 1)
    for start in range(0, size, BATCH):
        rows = [_copy(own if n % every == 0 else others, n) for n in range(start, min(start + BATCH, size))]
        with transaction():
            db.session.execute(insert(Case), rows)
    reindex(only_missing=True)
    mine = (
        select(Case.id)
        .where(Case.applicant_id == owner, Case.sent_at.is_not(None), Case.kind == "application")
        .order_by(Case.id)
    )
    return int(db.session.scalars(mine.limit(1)).one())


def _copy(patterns: list[dict[str, Any]], n: int) -> Mapping[str, Any]:
    row = dict(patterns[n % len(patterns)])
    for name in ("created_at", "updated_at", "sent_at"):
        row[name] -= timedelta(minutes=n)
    return {**row, "number": NUMBER.format(n)}
