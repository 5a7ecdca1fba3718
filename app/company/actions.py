"""The verbs of the company's own data: settings changed from a day on."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete

from app.company.models import Setting
from app.company.queries import forget_profile
from app.extensions import db
from app.journal.steps import record
from app.transaction import transaction


def change_settings(
    values: Mapping[str, Any], *, valid_from: date, at: datetime, by: int | None = None
) -> None:
    """Let settings have new values from a day on; earlier values stay as history. `by` is a user's id."""
    with transaction():
        for key, value in values.items():
            db.session.execute(delete(Setting).where(Setting.key == key, Setting.valid_from == valid_from))
            db.session.add(Setting(key=key, value=value, valid_from=valid_from, set_at=at))
        party = "system" if by is None else "company"
        record("settings_changed", party=party, actor_id=by, at=at, details={"keys": sorted(values)})
    forget_profile()
