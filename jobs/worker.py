"""The RQ worker of letters: `python -m jobs.worker`. Knows which queue to listen to and how; must not know any job."""

import gc
import logging
import time

from redis import Redis
from redis.exceptions import ConnectionError as RedisAway
from rq import Queue, Worker
from rq.serializers import JSONSerializer

from app.config import Config
from app.notifications.dispatcher import QUEUE
from jobs.application import application

#: How often abandoned jobs are looked for, in seconds.
MAINTENANCE_SECONDS = 60
RETRY_SECONDS = 1.0

log = logging.getLogger("jobs.worker")


def wait_for_redis(connection: Redis) -> None:
    """Return once Redis answers; meanwhile the dispatcher delivers, so there is no hurry and one line in the log is enough."""
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


def main() -> None:
    """Work until SIGTERM, each job in a forked child."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    config: Config = application().extensions["config"]  # built before the fork: a job's child finds it ready
    connection = Redis.from_url(config.redis_url)
    wait_for_redis(connection)
    # JSON and not pickle: whoever can write to Redis must not be able to run code here.
    queue = Queue(QUEUE, connection=connection, serializer=JSONSerializer)
    worker = Worker(
        [queue], connection=connection, serializer=JSONSerializer, maintenance_interval=MAINTENANCE_SECONDS
    )
    gc.collect()
    gc.freeze()  # what lives now is shared with the children and never looked at by their collectors
    # No scheduler of RQ (a process of its own): times of retries are kept by the outbox, jobs in Redis are all due now.
    worker.work(logging_level="WARNING")


if __name__ == "__main__":
    main()
