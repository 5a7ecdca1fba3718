"""Revocation lists as a kind of work for the dispatcher, and the signatures that wait for one.

Lists share the queue of documents: its worker may be busy for a minute, and no letter and no SMS waits behind a slow server.
"""

import logging
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import DBAPIError

from app.cases.rendering_work import DOCUMENTS
from app.notifications.dispatcher import Work
from app.signing import certificate_actions, revocation_actions, revocation_queries

LISTS = Work(
    queue=DOCUMENTS.queue,
    job="jobs.signatures.fetch_list",
    word="list",
    due=revocation_queries.due,
    free_lost=revocation_actions.free_lost,
)
#: The dispatcher looks every so many seconds whether a list has come …
LOOK_SECONDS = 5.0
#: … and decides all that waits once in so many seconds in any case: waiting may be over, too.
DECIDE_SECONDS = 3600.0
#: So many at one go of the loop: each takes some hundredths of a second, and letters come first.
_AT_ONCE = 20

log = logging.getLogger(__name__)


@dataclass
class Waiting:
    """Decides the signatures that wait for a list whenever one came, however it came; losing this costs a second look."""

    looked: float = -LOOK_SECONDS
    decided: float = -DECIDE_SECONDS
    newest: int = -1
    #: The attempt decided last while a round is under way.
    after: int | None = None

    def step(self, *, at: datetime, tick: float) -> int:
        """Decide a few, if it is time; how many. `tick` counts seconds."""
        if self.after is None and not self._begins(tick):
            return 0
        found = revocation_queries.waiting_attempts(after=self.after or 0, limit=_AT_ONCE)
        for attempt_id in found:
            _decide(attempt_id, at)
        self.after = found[-1] if len(found) == _AT_ONCE else None
        return len(found)

    def _begins(self, tick: float) -> bool:
        if tick - self.looked < LOOK_SECONDS:
            return False
        self.looked, newest = tick, revocation_queries.newest_list()
        if newest == self.newest and tick - self.decided < DECIDE_SECONDS:
            return False
        self.newest, self.decided = newest, tick
        return True


def _decide(attempt_id: int, at: datetime) -> None:
    """One act of its own: a mistake in it is logged and stops no other; only an absent database stops all."""
    try:
        certificate_actions.decide_waiting(attempt_id, at=at)
    except DBAPIError:
        raise
    except Exception as error:
        log.error("attempt %s was not decided: %s", attempt_id, type(error).__name__)
