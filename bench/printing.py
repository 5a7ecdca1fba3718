"""What a document costs above WeasyPrint itself: the site's own worker against bare children that print the same page.

Both print in a child forked from a parent that has printed before, with the same options and the same fonts. Ours is the
whole way: the dispatcher's job in Redis, the row, the layout, the limits, the file synced to the disk, the journal.
"""

import gc
import multiprocessing
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import func, select

from app import clock
from app.actor import OPERATOR, Actor
from app.cases.models import Case, CaseDocument
from app.cases.rendering_models import Rendering
from app.cases.rendering_steps import ask_for
from app.extensions import db
from app.gateways.layouts import Layouts
from app.gateways.pdf import Printer
from app.transaction import transaction
from bench.world import World, make_world

ROUNDS, BATCH = 5, 5
#: As many as fit into a case at a time, nearly.
TOGETHER = 40
CLICKS = 5
MANY = 200
PATIENCE = 600.0
#: What a worker needs to become ready, plentifully.
START_SECONDS = 15.0
FOLDER = Path("app/templates/pdf").resolve()
AT = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)

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
    start_worker: Callable[[], subprocess.Popen[bytes]]

    def ask(self, count: int) -> list[int]:
        """Ask for documents, each of a kind of its own, as acts of the office would."""
        with self.world.app.app_context(), transaction():
            db.session.query(CaseDocument).filter(CaseDocument.kind.startswith("bench")).delete()
            case = db.session.get_one(Case, self.world.case_id)
            rows = [_asked(case, number) for number in range(count)]
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
                time.sleep(0.02)


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
            yield Shop(world, lambda: start(sys.executable, "-m", "jobs.worker", "documents"))
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


class Bare:
    """A process that prints with WeasyPrint alone, each document in a child: what a warmed worker is, without the site."""

    def __init__(self) -> None:
        """Begin it; the present process has to be warmed and to hold nothing else."""
        context = multiprocessing.get_context("fork")
        self.line, far = context.Pipe()
        self.process = context.Process(target=_serve_bare, args=(far,), daemon=True)
        self.process.start()

    def start(self, count: int) -> None:
        """Have so many documents printed, one after another."""
        self.line.send(count)

    def finish(self) -> float:
        """Wait for them; the seconds of a processor that one took."""
        return float(self.line.recv())


def _serve_bare(line: Any) -> None:
    page = page_of(DATA)
    while True:
        count = line.recv()
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        for _ in range(count):
            _print_bare(page)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        line.send((after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / count)


def _print_bare(page: str) -> None:
    from app.gateways import typesetter  # loaded by `warmed`

    child = os.fork()
    if not child:
        document = typesetter.HTML(string=page, base_url=FOLDER.as_uri() + "/")
        printed = document.write_pdf(font_config=typesetter.FONTS, pdf_variant="pdf/a-3b")
        os._exit(0 if printed.startswith(b"%PDF-1.7") else 1)
    if os.waitpid(child, 0)[1]:
        raise RuntimeError("WeasyPrint could not print the page")


def page_of(data: dict[str, Any]) -> str:
    """The page that both print."""
    return Layouts(FOLDER).html("specimen", data, made_at=AT, own_text=False)


def warmed() -> None:
    """Make this process what a warmed worker is: programs loaded, one page printed, nothing to collect."""
    Printer(FOLDER).warm()
    gc.collect()
    gc.freeze()


def cpu_of(pid: int) -> float:
    """Seconds of a processor that a process and its ended children have used."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(") ")[2].split()
    return sum(int(field) for field in fields[11:15]) / os.sysconf("SC_CLK_TCK")


def pss_of(pid: int) -> int:
    """Memory of a process, what it shares divided among those who share it; KiB."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    return int(next(line.split()[1] for line in rollup if line.startswith("Pss:")))


def cpu(shop: Shop, worker: subprocess.Popen[bytes], bare: Bare) -> tuple[float, float]:
    """Seconds of a processor for one document: ours, bare; in turns."""
    ours, reference = [], []
    for _ in range(ROUNDS):
        before = cpu_of(worker.pid)
        shop.wait(shop.ask(BATCH))
        time.sleep(0.3)  # the last child of the worker is reaped
        ours.append((cpu_of(worker.pid) - before) / BATCH)
        bare.start(BATCH)
        reference.append(bare.finish())
    return median(ours), median(reference)


def click(shop: Shop) -> float:
    """Seconds from asking for one document to its standing in the case: the longest of a few."""
    took = []
    for _ in range(CLICKS):
        start = time.monotonic()
        shop.wait(shop.ask(1))
        took.append(time.monotonic() - start)
    return max(took)


def together(shop: Shop, pair: Sequence[Bare]) -> tuple[float, float]:
    """Documents a second: two workers, two bare processes."""
    start = time.monotonic()
    shop.wait(shop.ask(TOGETHER))
    ours = TOGETHER / (time.monotonic() - start)
    start = time.monotonic()
    for one in pair:
        one.start(TOGETHER // len(pair))
    for one in pair:
        one.finish()
    return ours, TOGETHER / (time.monotonic() - start)


def growth(shop: Shop, worker: subprocess.Popen[bytes]) -> tuple[int, int]:
    """Memory of a worker before and after many documents, KiB."""
    before = pss_of(worker.pid)
    left = MANY
    while left > 0:
        shop.wait(shop.ask(min(left, 40)))
        left -= 40
    time.sleep(1)
    return before, pss_of(worker.pid)


def measure(*, grow: bool) -> tuple[list[dict[str, Any]], dict[str, float]]:
    """Rows of the table and what is reported; with `grow` also what many documents do to a worker."""
    warmed()
    bare = [Bare(), Bare()]
    with open_shop() as shop:
        worker = shop.start_worker()
        shop.wait(shop.ask(2))
        ours, reference = cpu(shop, worker, bare[0])
        seconds = click(shop)
        held = growth(shop, worker) if grow else None
        shop.start_worker()
        time.sleep(START_SECONDS)
        pair, bare_pair = together(shop, bare)
    rows = [
        _row("one document, processor, ms", ours * 1000, reference * 1000),
        _row("two at once, documents a second", pair, bare_pair),
        _row("click to PDF, s, of 10", seconds, 10.0),
    ]
    ratios = {
        "pdf_vs_weasyprint": ours / reference,
        "two_workers_vs_two_bare": pair / bare_pair,
        "click_seconds": seconds,
    }
    if held is not None:
        rows.append(_row(f"worker, MiB, after {MANY}", held[1] / 1024, held[0] / 1024))
        ratios["worker_growth"] = held[1] / held[0]
    return rows, ratios


def _row(name: str, ours: float, reference: float) -> dict[str, Any]:
    return {"name": name, "ours": ours, "reference": reference, "ratio": ours / reference}
