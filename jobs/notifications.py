"""Jobs of letters and SMS. A job gets an id and may run twice."""

import os
import socket
import time

from app import clock
from app.notifications import actions, sms_actions, sms_queries
from jobs.application import application


def deliver(outbox_id: int) -> str:
    """Try one letter of the outbox; returns what became of it."""
    app = application()
    lease_seconds = app.extensions["config"].lease_seconds
    with app.app_context():
        return actions.deliver(outbox_id, at=clock.now(), owner=_owner(), lease_seconds=lease_seconds)


def deliver_sms(outbox_id: int) -> str:
    """Try one SMS of the outbox and those that came meanwhile; returns what became of the first.

    A process for each of several codes asked for at once would take longer than their sending.
    """
    app = application()
    lease_seconds = app.extensions["config"].lease_seconds
    ends_at = time.monotonic() + lease_seconds / 4
    with app.app_context():
        result = sms_actions.deliver_sms(
            outbox_id, at=clock.now(), owner=_owner(), lease_seconds=lease_seconds
        )
        while time.monotonic() < ends_at and (due := sms_queries.due_sms(clock.now(), limit=1)):
            sms_actions.deliver_sms(due[0].id, at=clock.now(), owner=_owner(), lease_seconds=lease_seconds)
        return result


def ask_delivery(outbox_id: int) -> str:
    """Ask the operator what became of one SMS; returns what is known now."""
    with application().app_context():
        return sms_actions.ask_delivery(outbox_id, at=clock.now())


def _owner() -> str:
    return f"worker:{socket.gethostname()[:40]}:{os.getpid()}"
