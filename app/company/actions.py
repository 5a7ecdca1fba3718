"""The verbs of the company's own data: settings changed from a day on."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from app.company.queries import forget_profile
from app.company.setting_steps import hold_settings, put_settings
from app.transaction import transaction


def change_settings(
    values: Mapping[str, Any], *, valid_from: date, at: datetime, by: int | None = None
) -> None:
    """Let settings have new values from a day on; earlier values stay as history. `by` is a user's id."""
    with transaction():
        hold_settings()
        put_settings(values, valid_from=valid_from, at=at, by=by)
    forget_profile()
