"""A small world with Redis, a dispatcher and workers of documents, for the time of a measurement."""

import itertools
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from redis import Redis
from redis.exceptions import RedisError
from rq import Worker
from sqlalchemy import delete, func, select

from app import clock
from app.actor import OPERATOR, Actor
from app.cases.models import Case, CaseDocument
from app.cases.rendering_models import Rendering
from app.cases.rendering_steps import ask_for
from app.extensions import db
from app.transaction import transaction
from bench.world import World, make_world

#: Every document of a bench is a kind of its own with a text of its own, as none that a case holds already.
NUMBERS = itertools.count(1)
PATIENCE = 600.0
LOOK_SECONDS = 0.05
#: What workers need to become ready, plentifully.
START_SECONDS = 120.0

CLAUSE = (
    "Сетевая организация принимает на себя обязательства по осуществлению технологического присоединения "
    "энергопринимающих устройств заявителя — жилого дома № 5, 15 кВт, 0,4 кВ, в том числе по обеспечению "
    "готовности объектов электросетевого хозяйства к присоединению, до 200 м² и 79 000 ₽."
)
#: Five pages: a contract with a table.
DATA: dict[str, Any] = {
    "title": "Договор № 5",
    "sections": [{"title": f"Раздел {number}", "texts": [CLAUSE] * 6} for number in range(5)],
    "rows": [{"name": f"Мероприятие {number}", "sum": "1 250,00"} for number in range(40)],
    "left": "Сетевая организация",
    "right": "Заявитель",
}


@dataclass(frozen=True)
class Shop:
    """A world with Redis, a dispatcher and as many workers of documents as the block has started."""

    world: World
    redis_path: str
    start_worker: Callable[[], subprocess.Popen[bytes]]

    def ask(self, count: int) -> list[int]:
        """Ask for documents, each of a kind of its own, as acts of the office would."""
        with self.world.app.app_context(), transaction():
            _make_room()
            case = db.session.get_one(Case, self.world.case_id)
            rows = [_asked(case, next(NUMBERS)) for _ in range(count)]
            return [row.id for row in rows]

    def wait(self, ids: list[int]) -> None:
        """Wait until all of them are made; raises RuntimeError when one is not."""
        query = select(Rendering.state, func.count()).where(Rendering.id.in_(ids)).group_by(Rendering.state)
        deadline = time.monotonic() + PATIENCE
        with self.world.app.app_context():
            while True:
                states = {state: count for state, count in db.session.execute(query)}
                db.session.rollback()
                if states == {"done": len(ids)}:
                    return
                if "failed" in states or time.monotonic() > deadline:
                    raise RuntimeError(f"documents are {states}")
                time.sleep(LOOK_SECONDS)

    def wait_for_first(self, ids: list[int]) -> None:
        """Wait until a worker has taken up one of them."""
        taken = select(func.count()).where(Rendering.id.in_(ids), Rendering.state != "new")
        with self.world.app.app_context():
            while not db.session.scalar(taken):
                db.session.rollback()
                time.sleep(LOOK_SECONDS)

    def warm_up(self, count: int) -> None:
        """Wait until so many workers listen and each of them has made a document; raises RuntimeError when they do not."""
        deadline = time.monotonic() + START_SECONDS
        while not self._have_worked(count):
            if time.monotonic() > deadline:
                raise RuntimeError(f"{count} workers did not become ready")
            self.wait(self.ask(count))
            time.sleep(0.2)  # a worker counts a job when the child of that job is reaped

    def _have_worked(self, count: int) -> bool:
        with Redis(unix_socket_path=self.redis_path) as connection:
            workers = Worker.all(connection=connection)
            return len(workers) == count and all(worker.successful_job_count for worker in workers)


def _make_room() -> None:
    """Take away the documents made so far, all but the newest: a document that got its number again would not look due."""
    newest = select(func.max(Rendering.case_document_id)).scalar_subquery()
    gone = CaseDocument.kind.startswith("bench") & (CaseDocument.id < newest)
    db.session.execute(delete(CaseDocument).where(gone))


def _asked(case: Case, number: int) -> Rendering:
    by = Actor(case.created_by, "", frozenset({OPERATOR}))
    title = f"Договор № {number}"
    data = {**DATA, "title": title}
    return ask_for(
        case,
        kind=f"bench_{number}",
        title=title,
        layout="specimen",
        data=data,
        by=by,
        at=clock.now(),
        internal=False,
    )


@contextmanager
def open_shop() -> Iterator[Shop]:
    """A small world in a temporary place with its programs, for the time of the block."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        os.environ |= {
            "INSTANCE_PATH": folder,
            "PUBLIC_URL": "http://127.0.0.1:8000",
            "SECRET_KEY": "only for a measurement " * 2,
            "REDIS_URL": f"unix://{folder}/redis.sock",
            "DEMO": "1",
        }
        os.environ.pop("DATABASE_URL", None)
        world = make_world(10)
        started: list[subprocess.Popen[bytes]] = []

        def start(*command: str) -> subprocess.Popen[bytes]:
            started.append(subprocess.Popen(command))
            return started[-1]

        redis = shutil.which("redis-server") or "redis-server"
        quiet = ("--port", "0", "--save", "", "--appendonly", "no", "--logfile", "/dev/null", "--dir", folder)
        start(redis, "--unixsocket", f"{folder}/redis.sock", *quiet)
        _wait_for_redis(f"{folder}/redis.sock")
        try:
            start(sys.executable, "-m", "jobs.dispatcher")
            yield Shop(
                world,
                f"{folder}/redis.sock",
                lambda: start(sys.executable, "-m", "jobs.worker", "documents"),
            )
        finally:
            for process in reversed(started):
                process.terminate()
                process.wait(30)


def _wait_for_redis(path: str) -> None:
    with Redis(unix_socket_path=path) as client:
        for _ in range(200):
            try:
                client.ping()
                return
            except RedisError:
                time.sleep(0.05)
    raise RuntimeError("Redis did not start")
