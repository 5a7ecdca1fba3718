"""Jobs of letters. A job gets an id and may run twice."""

import os
import socket

from app import clock
from app.notifications import actions
from jobs.application import application


def deliver(outbox_id: int) -> str:
    """Try one letter of the outbox; returns what became of it."""
    app = application()
    owner = f"worker:{socket.gethostname()[:40]}:{os.getpid()}"
    lease_seconds = app.extensions["config"].lease_seconds
    with app.app_context():
        return actions.deliver(outbox_id, at=clock.now(), owner=owner, lease_seconds=lease_seconds)
