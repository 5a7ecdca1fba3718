"""The queue of jobs in Redis. It carries names of jobs and ids, never texts, and may be lost at any moment.

Knows Redis and RQ; knows no subject and no job. Nothing that a person waits for may use it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry as NoRetry
from rq import Queue, Retry
from rq.serializers import JSONSerializer

#: A Redis that does not answer for so long counts as away.
ANSWER_SECONDS = 1.0
RESULT_SECONDS = 60
#: RQ would keep the traceback of a failed job for a year.
FAILURE_SECONDS = 3600


class QueueAway(Exception):
    """Redis does not answer, or refuses to take anything more."""


@dataclass(frozen=True)
class Job:
    """A function by its dotted name, with one id as its argument; `key` keeps the same work from standing twice."""

    key: str
    function: str
    argument: int


class JobQueue(Protocol):
    """Where work is put for workers."""

    def waiting(self) -> set[str]:
        """Keys of the jobs that no worker has taken yet; raises QueueAway."""

    def push(self, jobs: Iterable[Job]) -> None:
        """Put jobs at the end; raises QueueAway."""


class RedisQueue:
    """A queue of RQ; a worker has `job_seconds` for one job."""

    def __init__(self, url: str, name: str, *, job_seconds: int) -> None:
        """Remember the address; the connection is made with the first use and is never waited for long."""
        self.job_seconds = job_seconds
        connection = Redis.from_url(
            url,
            socket_connect_timeout=ANSWER_SECONDS,
            socket_timeout=ANSWER_SECONDS,
            retry=NoRetry(NoBackoff(), 0),
        )
        # JSON and not pickle: whoever can write to Redis must not be able to run code in a worker.
        self.queue = Queue(name, connection=connection, serializer=JSONSerializer)

    def waiting(self) -> set[str]:
        """Keys of the jobs that no worker has taken yet; raises QueueAway."""
        try:
            return set(self.queue.get_job_ids())
        except RedisError as error:
            raise QueueAway(type(error).__name__) from error

    def push(self, jobs: Iterable[Job]) -> None:
        """Put jobs at the end, all in one exchange with Redis; raises QueueAway."""
        prepared = [
            Queue.prepare_data(
                job.function,
                (job.argument,),
                job_id=job.key,
                timeout=self.job_seconds,
                result_ttl=RESULT_SECONDS,
                failure_ttl=FAILURE_SECONDS,
                retry=Retry(max=2),
            )
            for job in jobs
        ]
        try:
            self.queue.enqueue_many(prepared)
        except RedisError as error:
            raise QueueAway(type(error).__name__) from error
