"""The dispatcher: sees to it that everything due is taken up. One step of its loop, as a plain function.

There is a queue for each kind of work (`Work`): letters and SMS here, documents in `app/cases/rendering_work.py`. The table
is the truth; the queue only wakes workers. While the queue has been away for ten seconds the dispatcher delivers letters by
itself; documents wait, because printing would hold the letters up. SMS are waited for at the screen: what no worker has
taken in two seconds, because the queue is away or all workers are busy with a slow mail server, the dispatcher sends
itself. Knows no Redis, no web and no signals: the loop in `app/cli/dispatch.py` brings them.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from app.gateways.queue import Job, JobQueue, QueueAway
from app.notifications import actions, queries, sms_actions, sms_queries
from app.notifications.queries import Due

NAME = "dispatcher"
QUEUE = "letters"
JOB = "jobs.notifications.deliver"
#: How long the queue may be away before the dispatcher delivers by itself, in seconds.
PATIENCE = 10.0
#: SMS have a queue of their own, which workers look into first.
SMS_QUEUE = "sms"
#: After how many seconds the dispatcher sends an SMS itself.
SMS_PATIENCE = 2.0
#: After how many seconds a letter that is still due is looked for in the queue again, which may have been emptied.
LOOK_AGAIN = 5.0
#: Letters in the queue at a time: what waits beyond that waits in the database.
BATCH = 200
#: Letters delivered by itself between two looks at the queue.
OWN_BATCH = 10

Step = Literal["standby", "queued", "waiting", "delivering"]


@dataclass(frozen=True)
class Work:
    """One kind of work that lies in a table: its queue, the job that tries one row, and how the table is asked."""

    queue: str
    job: str
    #: The beginning of each job's key.
    word: str
    due: Callable[..., list[Due]]
    free_lost: Callable[..., int]
    #: Tries one row here and now while the queue is away; None for work that waits for its worker.
    alone: Callable[..., object] | None = None
    #: For how many seconds the queue may be away before that.
    patience: float = PATIENCE
    #: Whether a row that waits longer than that is tried here although the queue is there.
    urgent: bool = False


LETTERS = Work(QUEUE, JOB, "letter", queries.due, actions.free_lost, actions.deliver)
SMS = Work(
    SMS_QUEUE,
    "jobs.notifications.deliver_sms",
    "sms",
    sms_queries.due_sms,
    sms_actions.give_up_lost,
    sms_actions.deliver_sms,
    patience=SMS_PATIENCE,
    urgent=True,
)
#: Asking operators what became of SMS: among the letters, because nobody waits for it.
REPORTS = Work(QUEUE, "jobs.notifications.ask_delivery", "report", sms_queries.due_reports, lambda **_: 0)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Terms:
    """What stays the same from step to step; times in seconds."""

    owner: str
    lease_seconds: float
    #: Whether the loop has been told to end.
    stopping: Callable[[], bool] = lambda: False

    @property
    def own_lease_seconds(self) -> float:
        """How long another dispatcher waits for this one to give a sign of life."""
        return self.lease_seconds / 4


@dataclass
class Memory:
    """What the loop remembers between steps; losing it costs nothing but a second look."""

    away_since: float | None = None
    pushed: dict[str, float] = field(default_factory=dict)
    #: Since when each urgent row has been due.
    seen: dict[str, float] = field(default_factory=dict)


def step(
    memory: Memory,
    queue: JobQueue,
    terms: Terms,
    *,
    now: Callable[[], datetime],
    tick: Callable[[], float],
    work: Work = LETTERS,
) -> Step:
    """Do what is due now of one kind of work; each has a memory and a queue of its own.

    `now` tells the time, `tick` counts seconds that no clock change touches.
    """
    if not _active(terms, now()):
        memory.pushed.clear()
        return "standby"
    work.free_lost(at=now())
    due = work.due(now(), limit=BATCH)
    try:
        _push(memory, queue, [job_of(row, work) for row in due], tick())
    except QueueAway as reason:
        return _without_queue(memory, terms, work, due, reason, now=now, tick=tick())
    if memory.away_since is not None:
        log.warning("the queue of %s is back", work.queue)
        memory.away_since = None
    late = _late(memory, work, due, tick())
    if late:
        return _alone(terms, work, late, now)
    return "queued"


def job_of(row: Due, work: Work = LETTERS) -> Job:
    """The job for the next try of a row; each try has a key of its own."""
    return Job(key=f"{work.word}-{row.id}-{row.tries}", function=work.job, argument=row.id)


def _active(terms: Terms, at: datetime) -> bool:
    return actions.hold_lease(NAME, terms.owner, at=at, seconds=terms.own_lease_seconds)


def _push(memory: Memory, queue: JobQueue, jobs: list[Job], tick: float) -> None:
    waiting = queue.waiting()
    memory.pushed = {job.key: memory.pushed[job.key] for job in jobs if job.key in memory.pushed}
    unseen = [job for job in jobs if tick - memory.pushed.get(job.key, -LOOK_AGAIN) >= LOOK_AGAIN]
    absent = [job for job in unseen if job.key not in waiting]
    if absent:
        queue.push(absent)
    memory.pushed.update({job.key: tick for job in unseen})


def _without_queue(
    memory: Memory,
    terms: Terms,
    work: Work,
    due: list[Due],
    reason: QueueAway,
    *,
    now: Callable[[], datetime],
    tick: float,
) -> Step:
    memory.pushed.clear()
    if memory.away_since is None:
        log.warning("the queue of %s is away: %s", work.queue, reason)
        memory.away_since = tick
    if work.alone is None or tick - memory.away_since < work.patience:
        return "waiting"
    return _alone(terms, work, due[:OWN_BATCH], now)


def _late(memory: Memory, work: Work, due: list[Due], tick: float) -> list[Due]:
    """Urgent rows that no worker has taken in time."""
    if not work.urgent:
        return []
    keys = {job_of(row, work).key: row for row in due}
    memory.seen = {key: memory.seen.get(key, tick) for key in keys}
    return [row for key, row in keys.items() if tick - memory.seen[key] >= work.patience][:OWN_BATCH]


def _alone(terms: Terms, work: Work, rows: list[Due], now: Callable[[], datetime]) -> Step:
    for row in rows:
        if work.alone is None or terms.stopping() or not _active(terms, now()):
            break
        work.alone(row.id, at=now(), owner=terms.owner, lease_seconds=terms.lease_seconds)
    return "delivering"
