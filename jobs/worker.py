"""The RQ worker: `python -m jobs.worker [letters|documents]`. Knows which queue to listen to and how; must not know any job.

The worker of documents loads WeasyPrint and prints a page before it forks: its children then take half the time.
"""

import gc
import logging
import sys
import time

from flask import Flask
from redis import Redis
from redis.exceptions import ConnectionError as RedisAway
from rq import Queue, Worker
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.worker import WorkerStatus
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import configure_mappers

from app import clock
from app.cases import rendering_actions
from app.cases.rendering_work import DOCUMENTS
from app.config import Config
from app.extensions import db
from app.gateways.pdf import PrinterAway
from app.notifications.dispatcher import LETTERS, SMS
from jobs.application import application

#: How often abandoned jobs are looked for, in seconds.
MAINTENANCE_SECONDS = 60
RETRY_SECONDS = 1.0

QUEUES = (LETTERS.queue, DOCUMENTS.queue)

log = logging.getLogger("jobs.worker")


def wait_for_redis(connection: Redis) -> None:
    """Return once Redis answers; meanwhile letters are delivered by the dispatcher and documents wait: one line is enough."""
    told = False
    while True:
        try:
            connection.ping()
            return
        except RedisAway as away:
            if not told:
                log.warning("waiting for Redis: %s", away)
            told = True
            time.sleep(RETRY_SECONDS)


def warm_printer(app: Flask) -> None:
    """Make this process ready for its children to print; without the programs for it documents wait and say so."""
    try:
        app.extensions["gateways"].printer.warm()
    except PrinterAway as away:
        log.warning("%s", away)


def rehearse(app: Flask) -> None:
    """Go through what each document asks the database; no connection is left open for the children to share."""
    with app.app_context():
        try:
            rendering_actions.rehearse(at=clock.now())
        except DBAPIError as error:  # the first document finds out whether it is back
            log.warning("the database is away: %s", type(error.orig).__name__)
        db.engine.dispose()


class _DocumentWorker(Worker):
    """Prints in its own process: the page itself is set by a child with limits, and one more fork would cost each
    document a seventh of its time. All other jobs, whose libraries may fall over, have a child of their own."""

    def execute_job(self, job: Job, queue: Queue) -> None:
        """Do one job."""
        if not _is_document(job):
            super().execute_job(job, queue)
            return
        execution = self.prepare_execution(job)
        self.perform_job(job, queue, execution)
        self.set_state(WorkerStatus.IDLE)

    def get_heartbeat_ttl(self, job: Job, working_time: float = 0.0) -> int:
        """For how many seconds a sign of life holds: without a child there is none before the job ends."""
        whole = int(job.timeout or 0) + MAINTENANCE_SECONDS
        return whole if _is_document(job) else super().get_heartbeat_ttl(job, working_time)


def _is_document(job: Job) -> bool:
    """By its key: what the job holds is read where a job that cannot be read ends as failed."""
    return job.id.startswith(f"{DOCUMENTS.word}-")


def taken_up(name: str) -> tuple[str, ...]:
    """The queues of a worker in their order: who delivers letters sends SMS first."""
    return (SMS.queue, name) if name == LETTERS.queue else (name,)


def main(name: str = LETTERS.queue) -> None:
    """Work on one queue until SIGTERM, each job in a forked child."""
    if name not in QUEUES:
        raise SystemExit(f"очереди «{name}» нет, есть: {', '.join(QUEUES)}")
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    app = application()  # built before the fork: a job's child finds it ready
    config: Config = app.extensions["config"]
    configure_mappers()
    if name == DOCUMENTS.queue:
        warm_printer(app)
        rehearse(app)
    connection = Redis.from_url(config.redis_url)
    wait_for_redis(connection)
    # JSON and not pickle: whoever can write to Redis must not be able to run code here.
    queues = [Queue(one, connection=connection, serializer=JSONSerializer) for one in taken_up(name)]
    worker = _DocumentWorker(
        queues, connection=connection, serializer=JSONSerializer, maintenance_interval=MAINTENANCE_SECONDS
    )
    gc.collect()
    gc.freeze()  # what lives now is shared with the children and never looked at by their collectors
    # No scheduler of RQ (a process of its own): times of retries are kept by the outbox, jobs in Redis are all due now.
    worker.work(logging_level="WARNING")


if __name__ == "__main__":
    main(*sys.argv[1:2])
