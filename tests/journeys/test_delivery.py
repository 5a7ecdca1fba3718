"""Delivery as it runs on a site: dispatcher, worker and Redis are real programs, the mail server is real, faults are real.

Leases are 3 seconds here instead of 60, so that what a lease decides can be waited for.
"""

import json
import os
import signal
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask
from redis import Redis
from rq import Queue
from sqlalchemy import select, update

from app import clock, create_app
from app.extensions import db
from app.notifications import dispatcher
from app.notifications.models import OutboxRow
from app.notifications.steps import Recipient, notify
from app.transaction import transaction
from tests.databases import SECRET_KEY, SqliteDatabases, close, config_for
from tests.letters import NUMBER_GIVEN
from tests.post_office import PrivateRedis, Programs, Sink, horse_of, short_folder, until

LEASE_SECONDS = 3
#: A try cut off in the middle comes back after its lease; the rest is for the slowness of a busy machine.
COMES_BACK = LEASE_SECONDS + 12


@dataclass
class Site:
    """A site of its own: database, Redis, mail server; programs are started by the test."""

    app: Flask
    redis: PrivateRedis
    sink: Sink
    programs: Programs
    written: int = field(default=0)

    def write(self, count: int = 1) -> list[int]:
        """Put letters into the outbox, as an act would."""
        self.written += 1
        with self.app.app_context(), transaction():
            people = [Recipient(None, f"person{number}@example.org") for number in range(count)]
            rows = notify(
                "number-given", to=people, context=NUMBER_GIVEN, key=f"act-{self.written}", at=clock.now()
            )
            return [row.id for row in rows]

    def rows(self, ids: list[int]) -> list[OutboxRow]:
        with self.app.app_context():
            return list(db.session.scalars(select(OutboxRow).where(OutboxRow.id.in_(ids))))

    def are(self, ids: list[int], state: str) -> Callable[[], bool]:
        return lambda: {row.state for row in self.rows(ids)} == {state}

    def owners(self, ids: list[int]) -> set[str]:
        """Which kinds of programs sent these letters."""
        return {str(row.lease_owner).partition(":")[0] for row in self.rows(ids)}

    def end_pauses(self) -> None:
        """Let the time pass for which failed letters have to wait."""
        with self.app.app_context(), transaction():
            db.session.execute(
                update(OutboxRow).where(OutboxRow.state == "retry").values(next_at=clock.now())
            )

    def copies(self, ids: list[int]) -> list[int]:
        """How many times the mail server took each of these letters."""
        taken = self.sink.by_id()
        return [taken.get(row.message_id, 0) for row in self.rows(ids)]

    def wait_sent(self, ids: list[int], seconds: float = 15) -> float:
        try:
            return until(self.are(ids, "sent"), seconds, "letters are sent")
        except AssertionError as late:
            raise AssertionError(f"{late}\n{self.programs.log()}") from late


@contextmanager
def open_site(databases: SqliteDatabases) -> Iterator[Site]:
    with short_folder() as folder:
        redis, sink = PrivateRedis(folder), Sink()
        config = config_for(databases.fresh(), folder / "instance")
        app = create_app(config)
        programs = Programs(
            folder,
            {
                "DATABASE_URL": config.database_url,
                "INSTANCE_PATH": str(config.instance_path),
                "SECRET_KEY": SECRET_KEY,
                "PUBLIC_URL": config.public_url,
                "REDIS_URL": redis.url,
                "MAIL_URL": sink.url,
                "LEASE_SECONDS": str(LEASE_SECONDS),
                "DISPATCH_INTERVAL": "0.1",
            },
        )
        try:
            yield Site(app, redis, sink, programs)
        finally:
            programs.close()
            redis.close()
            sink.close()
            close(app)


@pytest.fixture
def site(sqlite: SqliteDatabases) -> Iterator[Site]:
    """A site without programs."""
    with open_site(sqlite) as opened:
        yield opened


@pytest.fixture(scope="module")
def running(sqlite: SqliteDatabases) -> Iterator[Site]:
    """A site with its dispatcher and its worker, shared by tests that leave both alive."""
    with open_site(sqlite) as opened:
        opened.programs.dispatcher()
        opened.programs.worker()
        yield opened


@pytest.fixture
def healthy(running: Site) -> Site:
    running.sink.mode = "ok"
    running.sink.letters.clear()
    return running


def test_letters_leave_through_the_queue_each_once(healthy: Site) -> None:
    ids = healthy.write(5)
    healthy.wait_sent(ids, 30)
    assert healthy.copies(ids) == [1] * 5
    # RQ is the road: while Redis is up the dispatcher sends nothing itself.
    assert healthy.owners(ids) == {"worker"}
    letter = healthy.sink.letters[0]
    assert letter.header("Subject") == "Присвоен № 299"
    assert "https://lk.example.org/cases/31" in letter.text


@pytest.mark.parametrize("mode", ["421", "450", "data-451", "hang", "refuse"])
def test_a_mail_server_in_trouble_gets_the_letter_once_when_it_is_well_again(
    healthy: Site, mode: str
) -> None:
    if mode == "refuse":
        healthy.sink.close()
    healthy.sink.mode = mode
    ids = healthy.write()
    until(healthy.are(ids, "retry"), 15, f"the letter waits ({mode})")
    assert healthy.copies(ids) == [0]
    healthy.sink.mode = "ok"
    if mode == "refuse":
        healthy.sink.open()
    healthy.end_pauses()
    healthy.wait_sent(ids)
    assert healthy.copies(ids) == [1]


@pytest.mark.parametrize("mode", ["550", "data-550"])
def test_a_refusal_for_good_ends_the_matter(healthy: Site, mode: str) -> None:
    healthy.sink.mode = mode
    ids = healthy.write()
    until(healthy.are(ids, "dead"), 15, "the letter is given up")
    healthy.sink.mode = "ok"
    healthy.end_pauses()
    others = healthy.write()
    healthy.wait_sent(others)
    assert healthy.copies(ids) == [0]


def test_a_connection_lost_after_the_letter_brings_the_same_letter_again(healthy: Site) -> None:
    healthy.sink.mode = "cut"
    ids = healthy.write()
    until(healthy.are(ids, "retry"), 15, "the letter waits")
    healthy.sink.mode = "ok"
    healthy.end_pauses()
    healthy.wait_sent(ids)
    # Nobody can know whether it was taken the first time; its Message-ID makes the second copy harmless.
    assert healthy.copies(ids) == [2]


def test_emptying_redis_again_and_again_loses_and_doubles_nothing(healthy: Site) -> None:
    ids: list[int] = []
    for _ in range(8):
        ids += healthy.write(3)
        time.sleep(0.25)
        healthy.redis.client.flushall()
    healthy.wait_sent(ids, 30)
    assert healthy.copies(ids) == [1] * len(ids)


def test_the_queue_holds_names_and_ids_alone_and_no_pickle(healthy: Site) -> None:
    ids = healthy.write(2)
    healthy.wait_sent(ids)
    jobs = stored_jobs(healthy.redis.client)
    assert [dispatcher.JOB, None, [ids[0]], {}] in jobs
    assert all(job[0] == dispatcher.JOB and [type(argument) for argument in job[2]] == [int] for job in jobs)
    everything = b" ".join(stored_bytes(healthy.redis.client))
    for secret in ("person0@", "Присвоен", "Калиновские", "lk.example.org/cases"):
        assert secret.encode() not in everything


def test_a_pickle_in_the_queue_is_refused_and_the_next_letter_leaves(healthy: Site, tmp_path: Path) -> None:
    trace = tmp_path / "run"
    Queue(dispatcher.QUEUE, connection=healthy.redis.client).enqueue("pathlib.Path.touch", trace)
    healthy.wait_sent(healthy.write())
    assert not trace.exists()


def stored_jobs(client: Redis) -> list[list[object]]:
    """What workers are asked to do, as it lies in Redis; fails when it is anything but JSON."""
    data = [client.hget(key, "data") for key in client.scan_iter("rq:job:*", _type="hash")]
    return [json.loads(zlib.decompress(one)) for one in data if one is not None]  # type: ignore[arg-type]


def stored_bytes(client: Redis) -> Iterator[bytes]:
    """Every value in Redis, unpacked where it is packed; fails on a pickle."""
    readers: dict[bytes, Callable[[bytes], object]] = {
        b"string": client.get,
        b"hash": client.hgetall,
        b"list": lambda key: client.lrange(key, 0, -1),
        b"set": client.smembers,
        b"zset": lambda key: client.zrange(key, 0, -1),
        b"stream": client.xrange,
        b"none": lambda _key: [],  # its time was over just now
    }
    for key in client.scan_iter():
        for value in flattened(readers[client.type(key)](key)):  # type: ignore[index]
            with suppress(zlib.error):
                value = zlib.decompress(value)
            assert not value.startswith(b"\x80"), f"{key!r} holds a pickle"
            yield key
            yield value


def flattened(value: object) -> Iterator[bytes]:
    if isinstance(value, bytes):
        yield value
    elif isinstance(value, dict):
        for pair in value.items():
            yield from flattened(list(pair))
    elif isinstance(value, list | set | tuple):
        for one in value:
            yield from flattened(one)


def test_while_redis_is_away_the_dispatcher_delivers_and_then_goes_back_to_the_queue(site: Site) -> None:
    site.programs.dispatcher()
    site.programs.worker()
    site.wait_sent(site.write(), 30)
    site.redis.stop()
    ids = site.write(3)
    assert site.wait_sent(ids, 30) < 30
    assert site.copies(ids) == [1] * 3
    assert site.owners(ids) == {"dispatcher"}
    site.redis.start()
    site.programs.worker()  # the old one looks for Redis at growing intervals; a supervisor's restart is quicker
    ids = site.write(3)
    site.wait_sent(ids)
    assert site.owners(ids) == {"worker"}


@pytest.mark.parametrize("killed", ["worker and horse", "horse", "worker"])
def test_a_letter_whose_worker_is_killed_leaves_soon_and_once(site: Site, killed: str) -> None:
    site.programs.dispatcher()
    worker = site.programs.worker()
    site.wait_sent(site.write(), 30)
    site.sink.mode, site.sink.delay, site.sink.begun = "slow", 1.5, 0
    ids = site.write()
    until(lambda: site.sink.begun, 10, "the letter is on its way")
    horse = horse_of(worker)
    assert horse is not None
    if "worker" in killed:
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
        site.programs.worker()
    if "horse" in killed:
        os.kill(horse, signal.SIGKILL)
        site.sink.mode = "ok"
    assert site.copies(ids) == [0]
    site.wait_sent(ids, COMES_BACK)
    assert site.copies(ids) == [1]
    assert site.rows(ids)[0].tries == (2 if "horse" in killed else 1)


def test_a_worker_that_is_told_to_stop_finishes_the_letter_in_its_hands(site: Site) -> None:
    site.programs.dispatcher()
    worker = site.programs.worker()
    site.wait_sent(site.write(), 30)
    site.sink.mode, site.sink.delay, site.sink.begun = "slow", 1, 0
    ids = site.write()
    until(lambda: site.sink.begun, 10, "the letter is on its way")
    worker.terminate()
    assert worker.wait(10) == 0
    assert site.are(ids, "sent")()
    assert site.copies(ids) == [1]


def test_of_two_dispatchers_one_works_and_the_other_takes_over(site: Site) -> None:
    first = site.programs.dispatcher()
    site.programs.worker()
    site.programs.worker()
    site.wait_sent(site.write(), 30)
    second = site.programs.dispatcher()
    ids = site.write(10)
    site.wait_sent(ids)
    first.kill()
    first.wait()
    ids += site.write(10)
    site.wait_sent(ids, COMES_BACK)
    assert site.copies(ids) == [1] * 20
    second.terminate()
    assert second.wait(5) == 0
