"""Jobs of signatures. A job gets an id and may run twice."""

from app import clock
from app.signing import revocation_actions
from jobs.application import application


def fetch_list(source_id: int) -> str:
    """Ask one source of revoked certificates for its list; returns what became of it."""
    app = application()
    lease_seconds = app.extensions["config"].print_lease_seconds
    with app.app_context():
        return revocation_actions.fetch(source_id, now=clock.now, lease_seconds=lease_seconds)
