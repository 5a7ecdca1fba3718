"""Putting settings down from a day on, inside the transaction of an action."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select

from app.company.models import Setting
from app.company.queries import settings_at
from app.company.wording import zone_label
from app.extensions import db
from app.journal.steps import record
from app.transaction import require_transaction


def hold_settings() -> None:
    """Keep everybody else from changing settings until the action ends; read them only after this."""
    require_transaction()
    zone = select(Setting.id).where(Setting.key == "company.zone").order_by(Setting.valid_from, Setting.id)
    db.session.execute(zone.limit(1).with_for_update()).all()


def put_settings(
    values: Mapping[str, Any], *, valid_from: date, at: datetime, by: int | None
) -> dict[str, list[Any]]:
    """Write what differs, from a day on; a value set for the same day before gives way, older ones stay as history.

    The words for the zone follow the zone, unless they are given. The journal keeps who has changed what: key → before
    and after, which come back too. `by` is a user's id, None the operator at the command line.
    """
    require_transaction()
    before = settings_at(at)
    wanted = dict(values)
    if "company.zone" in wanted:
        wanted.setdefault("company.zone_label", zone_label(str(wanted["company.zone"]), at))
    changes = {
        key: [before.get(key), value]
        for key, value in wanted.items()
        if key not in before or before[key] != value
    }
    for key, (_, value) in changes.items():
        db.session.execute(delete(Setting).where(Setting.key == key, Setting.valid_from == valid_from))
        db.session.add(Setting(key=key, value=value, valid_from=valid_from, set_at=at, set_by=by))
    if changes:
        details = {"changes": changes, "valid_from": valid_from.isoformat()}
        party = "system" if by is None else "company"
        record("settings_changed", party=party, actor_id=by, at=at, details=details)
    return changes
