"""Keys of pressed buttons: a second press is known for a month, then its key is forgotten."""

import threading
from datetime import datetime, timedelta

import pytest
from flask import Flask

from app import clock
from app.accounts import key_actions
from app.accounts.key_actions import KEPT_FOR, forget_old_keys
from app.accounts.models import ActionKey
from app.accounts.steps import claim_key
from app.cli import dispatch
from app.errors import AlreadyDone
from app.extensions import db
from app.gateways.queue import QueueAway
from app.notifications.dispatcher import LETTERS, Terms
from app.transaction import transaction
from tests.case_world import operator

AT = clock.now()
KEY = "k" * 22


def press(user_id: int, key: str, at: datetime) -> None:
    with transaction():
        claim_key(user_id, key, url="/cases/1", at=at)


def keys_left() -> set[str]:
    return set(db.session.scalars(db.select(ActionKey.key)))


def test_a_key_is_known_for_thirty_days_and_then_forgotten(context: Flask) -> None:
    who = operator()
    press(who.id, KEY, AT - KEPT_FOR)
    assert forget_old_keys(at=AT) == 0
    with pytest.raises(AlreadyDone):
        press(who.id, KEY, AT)
    assert forget_old_keys(at=AT + timedelta(seconds=1)) == 1
    press(who.id, KEY, AT)


def test_many_old_keys_go_in_small_portions_and_the_young_ones_stay(
    context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_actions, "BATCH", 3)
    who = operator()
    for n in range(7):
        press(who.id, f"{n:022}", AT - timedelta(days=40 + n))
    press(who.id, KEY, AT)
    assert forget_old_keys(at=AT) == 7
    assert keys_left() == {KEY}


class NoQueue:
    """A queue that is away; ends the loop after its first look."""

    def __init__(self, stop: threading.Event) -> None:
        self.stop = stop

    def waiting(self) -> set[str]:
        self.stop.set()
        raise QueueAway("away")


def test_the_dispatcher_forgets_old_keys_at_its_start(context: Flask) -> None:
    press(operator().id, KEY, AT - timedelta(days=31))
    stop = threading.Event()
    line = dispatch._Line(LETTERS, NoQueue(stop))  # type: ignore[arg-type]
    dispatch._loop(context, [line], Terms(owner="dispatcher:1", lease_seconds=60), stop, 0)
    db.session.rollback()
    assert keys_left() == set()
