"""Jobs of documents. A job gets an id and may run twice."""

import os
import socket

from app import clock
from app.cases import rendering_actions
from jobs.application import application


def make(rendering_id: int) -> str:
    """Try one document that was asked for; returns what became of it."""
    app = application()
    owner = f"worker:{socket.gethostname()[:40]}:{os.getpid()}"
    lease_seconds = app.extensions["config"].print_lease_seconds
    with app.app_context():
        return rendering_actions.make(rendering_id, now=clock.now, owner=owner, lease_seconds=lease_seconds)
