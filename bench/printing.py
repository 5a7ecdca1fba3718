"""What a document costs above WeasyPrint itself: the site's own worker against bare children that print the same page.

Both print in a child forked from a parent that has printed before, with the same options and the same fonts. Ours is the
whole way: the dispatcher's job in Redis, the row, the layout, the limits, the file synced to the disk, the journal.
"""

import gc
import multiprocessing
import os
import resource
import subprocess
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from app.gateways.layouts import Layouts
from app.gateways.pdf import Printer
from bench.shop import DATA, Shop, open_shop

ROUNDS, BATCH = 5, 5
#: As many as fit into a case at a time, nearly.
TOGETHER = 40
CLICKS = 5
#: A worker is weighed after so many documents, and after so many, or as many as it makes in that time, in seconds.
FEW, MANY = 20, 200
GROWTH_SECONDS = 200.0
FOLDER = Path("app/templates/pdf").resolve()
AT = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)


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
    """Documents a second: two workers that are up, two bare processes that have printed."""
    for one in pair:
        one.start(1)
    for one in pair:
        one.finish()
    asked = shop.ask(TOGETHER)
    shop.wait_for_first(asked)  # the dispatcher's second is a part of the click, not of the printing
    start = time.monotonic()
    shop.wait(asked)
    ours = TOGETHER / (time.monotonic() - start)
    start = time.monotonic()
    for one in pair:
        one.start(TOGETHER // len(pair))
    for one in pair:
        one.finish()
    return ours, TOGETHER / (time.monotonic() - start)


def growth(shop: Shop, worker: subprocess.Popen[bytes]) -> tuple[int, int, int]:
    """Memory of a worker that has just begun, KiB: after a few documents and after many, and how many those were."""
    shop.wait(shop.ask(FEW))
    few, made = _weighed(worker), FEW
    ends_at = time.monotonic() + GROWTH_SECONDS
    while made < MANY and time.monotonic() < ends_at:
        count = min(MANY - made, BATCH * 2)
        shop.wait(shop.ask(count))
        made += count
    return few, _weighed(worker), made


def _weighed(worker: subprocess.Popen[bytes]) -> int:
    time.sleep(1)  # the last child is reaped
    return pss_of(worker.pid)


def measure(*, grow: bool) -> tuple[list[dict[str, Any]], dict[str, float]]:
    """Rows of the table and what is reported; with `grow` also what many documents do to a worker."""
    warmed()
    bare = [Bare(), Bare()]
    with open_shop() as shop:
        worker = shop.start_worker()
        held = growth(shop, worker) if grow else None
        shop.warm_up(1)
        ours, reference = cpu(shop, worker, bare[0])
        seconds = click(shop)
        shop.start_worker()
        shop.warm_up(2)
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
        few, many, made = held
        rows.append(_row(f"worker, MiB, after {made}, after {FEW}", many / 1024, few / 1024))
        ratios["worker_growth"] = many / few
    return rows, ratios


def _row(name: str, ours: float, reference: float) -> dict[str, Any]:
    return {"name": name, "ours": ours, "reference": reference, "ratio": ours / reference}
