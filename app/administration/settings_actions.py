"""Settings changed by an administrator from today on."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from app import clock
from app.accounts.steps import claim_key
from app.actor import Actor
from app.administration.policy import may_administer
from app.company.queries import forget_profile, settings_at
from app.company.setting_steps import hold_settings, put_settings
from app.errors import Forbidden, Overtaken
from app.transaction import transaction


def mark_of(settings: Mapping[str, Any], keys: Iterable[str]) -> str:
    """What a form carries of the values it shows, so that a change by somebody else in between is noticed."""
    shown = json.dumps({key: settings.get(key) for key in keys}, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(shown.encode()).hexdigest()[:16]


def change_settings(
    values: Mapping[str, Any], *, seen: str, by: Actor, at: datetime, url: str, press: str = ""
) -> bool:
    """Let the settings of one page have these values from today in the company's zone; `url` is that page.

    Returns whether anything differs from what was there. Raises Forbidden for anybody but an administrator, AlreadyDone
    for a second press of the same button, and Overtaken when a value is not the one of which `seen` is the mark.
    """
    with transaction():
        if not may_administer(by):
            raise Forbidden
        hold_settings()
        claim_key(by.user_id, press, url=url, at=at)
        present = settings_at(at)
        if seen != mark_of(present, values) and any(present.get(key) != values[key] for key in values):
            raise Overtaken
        today = clock.day_in(str(present["company.zone"]), at)
        changes = put_settings(values, valid_from=today, at=at, by=by.user_id)
    forget_profile()
    return bool(changes)
