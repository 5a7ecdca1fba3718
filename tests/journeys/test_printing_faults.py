"""Documents on a running site: the worker of documents and the dispatcher are real programs, and so are the kills and bombs.

Leases are 10 seconds here instead of 60, so that what a lease decides can be waited for: a document may be printed for
15 seconds and held for 20.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen

import pytest
from flask import Flask
from sqlalchemy import select

from app import create_app
from app.cases.models import CaseDocument
from app.cases.rendering_models import Rendering
from app.config import Config
from app.documents.models import DocumentVersion
from app.extensions import db
from tests.case_world import Person, applicant, operator, sent
from tests.databases import SECRET_KEY, SqliteDatabases, close, config_for
from tests.journeys.site import RunningSite
from tests.journeys.visitor import Visitor
from tests.post_office import PrivateRedis, Programs, short_folder, until
from tests.specimen import asked, contents

LEASE_SECONDS = 10
#: The lease of a document, and the slowness of a busy machine.
COMES_BACK = LEASE_SECONDS * 2 + 25
#: From the click to the PDF, as the page promises it.
PROMISED = 10.0
#: What takes a second or two to print.
LONG = contents(clauses=60, rows=120)


@dataclass
class House:
    """A site without its web server: database, files, Redis; programs are started by the test."""

    app: Flask
    redis: PrivateRedis
    programs: Programs
    staff: Person
    case_id: int

    def ask(self, kind: str = "contract", **rest: object) -> int:
        """Ask for a document, as an act of the office would."""
        with self.app.app_context():
            return asked(self.case_id, self.staff, kind=kind, **rest)  # type: ignore[arg-type]

    def row(self, rendering_id: int) -> Rendering:
        with self.app.app_context():
            return db.session.get_one(Rendering, rendering_id)

    def ends(self, rendering_id: int, state: str, seconds: float = COMES_BACK) -> float:
        """Wait until a document has come to a state; how long that took."""
        try:
            return until(lambda: self.row(rendering_id).state == state, seconds, f"the document is {state}")
        except AssertionError as late:
            row = self.row(rendering_id)
            raise AssertionError(f"{late}\n{row.state} {row.error}\n{self.programs.log()}") from late

    def documents(self) -> list[tuple[str, int, str]]:
        """Kind, size and storage key of every document of the case."""
        with self.app.app_context():
            query = select(CaseDocument.kind, DocumentVersion.size, DocumentVersion.storage_key).join(
                DocumentVersion, CaseDocument.document_version_id == DocumentVersion.id
            )
            return [tuple(row) for row in db.session.execute(query)]

    def files(self) -> dict[str, bytes]:
        root: Path = self.app.extensions["gateways"].files.root
        return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}

    def holds_each_once(self, kinds: list[str]) -> None:
        """Whether the case holds one whole document of each kind and the store nothing else."""
        documents, files = self.documents(), self.files()
        assert sorted(kind for kind, _size, _key in documents) == sorted(kinds)
        assert files.keys() == {key for _kind, _size, key in documents}
        for _kind, size, key in documents:
            assert len(files[key]) == size
            assert files[key].startswith(b"%PDF-1.7")
            assert files[key].rstrip().endswith(b"%%EOF")


@contextmanager
def open_house(databases: SqliteDatabases) -> Iterator[House]:
    with short_folder() as folder:
        redis = PrivateRedis(folder)
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
                "LEASE_SECONDS": str(LEASE_SECONDS),
                "DISPATCH_INTERVAL": "0.1",
            },
        )
        with app.app_context():
            staff, case_id = operator(), sent(applicant())
        try:
            yield House(app, redis, programs, staff, case_id)
        finally:
            programs.close()
            redis.close()
            close(app)


@pytest.fixture
def house(sqlite: SqliteDatabases) -> Iterator[House]:
    """Without programs."""
    with open_house(sqlite) as opened:
        yield opened


@pytest.fixture(scope="module")
def running(sqlite: SqliteDatabases) -> Iterator[tuple[House, Popen[bytes]]]:
    """With a dispatcher and a worker, shared by tests that leave both alive."""
    with open_house(sqlite) as opened:
        opened.programs.dispatcher()
        worker = opened.programs.printer()
        opened.ends(opened.ask("instruction"), "done", 60)
        yield opened, worker


def children_of(pid: int) -> list[int]:
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    except OSError:
        return []
    return [int(child) for child in text.split()]


def printing(worker: Popen[bytes]) -> Callable[[], list[int]]:
    """The processes that print for a worker now: its children."""
    return lambda: children_of(worker.pid)


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except OSError:
        return False


def test_a_document_is_there_soon_after_it_was_asked_for(running: tuple[House, Popen[bytes]]) -> None:
    house, _worker = running
    row = house.ask(data=contents(clauses=20, rows=20))
    took = house.ends(row, "done")
    print(f"asked for and there in {took:.1f} s")
    assert took < PROMISED
    assert str(house.row(row).lease_owner).startswith("worker:")


BOMBS = {
    "nested": ("<div>" * 300, "вложенных"),
    "wide": ('<table><tr><td colspan="65534">x</table>', "соседних ячеек"),
    "endless": ("<table>" + "<tr><td>x" * 3000 + "</table>", "500 строк"),
    "surrogate": ("<p>\ud800</p>", "знаки"),
    "giant": ('<p style="font-size: 1e9px">x</p>', "разметку"),
    "passwd": ('<link rel="attachment" href="file:///etc/passwd">', "посторонний файл"),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_ends_as_failed_and_the_worker_goes_on(running: tuple[House, Popen[bytes]], bomb: str) -> None:
    house, worker = running
    markup, words = BOMBS[bomb]
    row = house.ask("conditions", data=contents(body=markup), template_version=1)
    house.ends(row, "failed")
    assert words in house.row(row).error
    assert house.row(row).tries == 1
    assert worker.poll() is None
    house.ends(house.ask("notice"), "done")
    assert "conditions" not in {kind for kind, _size, _key in house.documents()}


@pytest.mark.parametrize("killed", ["worker", "child", "worker and child"])
def test_a_document_whose_printing_is_killed_is_there_once(house: House, killed: str) -> None:
    house.programs.dispatcher()
    worker = house.programs.printer()
    house.ends(house.ask("instruction"), "done", 60)
    row = house.ask(data=LONG)
    until(printing(worker), 20, "the document is being printed")
    (child,) = printing(worker)()
    if "child" in killed:
        os.kill(child, signal.SIGKILL)
    if "worker" in killed:
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
        until(lambda: not is_alive(child), 5, "what printed for the killed is gone, too")
    if "worker" in killed:
        house.programs.printer()
    took = house.ends(row, "done")
    print(f"{killed}: there {took:.1f} s after the kill, tries {house.row(row).tries}")
    time.sleep(1)
    house.holds_each_once(["instruction", "contract"])


def test_while_redis_is_away_documents_wait_and_come_when_it_is_back(house: House) -> None:
    house.programs.dispatcher()
    house.programs.printer()
    house.ends(house.ask("instruction"), "done", 60)
    house.redis.stop()
    row = house.ask()
    time.sleep(12)
    assert house.row(row).state == "new"
    house.redis.start()
    house.programs.printer()  # the old one looks for Redis at growing intervals; a supervisor's restart is quicker
    house.ends(row, "done", 60)
    house.holds_each_once(["instruction", "contract"])


def test_two_workers_make_each_document_once_though_redis_is_emptied(house: House) -> None:
    house.programs.dispatcher()
    house.programs.printer()
    house.programs.printer()
    kinds = [f"paper_{number}" for number in range(16)]
    rows = []
    for number, kind in enumerate(kinds):
        rows.append(house.ask(kind, title=f"Документ {number}", data=contents(title=f"Документ № {number}")))
        if number % 5 == 4:
            time.sleep(0.5)
            house.redis.client.flushall()
    for row in rows:
        house.ends(row, "done", 60)
    house.holds_each_once(kinds)
    assert len({house.row(row).lease_owner for row in rows}) > 1


def held_by(pid: int) -> int:
    """The memory of a process that it alone answers for (PSS), in KiB."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(next(line.split()[1] for line in rollup.splitlines() if line.startswith("Pss:")))


def test_a_worker_does_not_grow_with_what_it_prints(running: tuple[House, Popen[bytes]]) -> None:
    house, worker = running
    before = held_by(worker.pid)
    rows = [house.ask(f"paper_{number}") for number in range(30)]
    for row in rows:
        house.ends(row, "done", 60)
    until(lambda: not printing(worker)(), 10, "the worker has nothing to do")
    after = held_by(worker.pid)
    print(f"{before} KiB before, {after} KiB after {len(rows)} documents")
    assert after < before * 1.1


def test_the_site_answers_while_a_bomb_burns(tmp_path: Path) -> None:
    """All programs as `bin/run` starts them: the bomb occupies the printer, pages and letters go on."""
    with RunningSite.start(tmp_path / "instance", env={"LEASE_SECONDS": "20"}) as site:
        environ = {"INSTANCE_PATH": str(site.instance), "PUBLIC_URL": site.url}
        app = create_app(Config.from_environment(environ))
        with app.app_context():
            staff = operator(email="clerk@example.org")
            row = asked(sent(applicant(snils="08765430300")), staff, data=contents(clauses=450, rows=40))
            (printer, *_) = site.pids("printer")
            until(lambda: len(site.pids("printer")) > 1, 30, "the printer is at work")
            visitor = Visitor(site.url)
            seconds = [visitor.open("/login").seconds for _ in range(20)]
            print(f"slowest page while printing: {max(seconds):.2f} s")
            assert max(seconds) < 1
            until(lambda: _state(row) in ("done", "failed"), 60, "the document has ended")
        close(app)
        assert site.pids("printer")[0] == printer


def _state(rendering_id: int) -> str:
    db.session.rollback()
    return str(db.session.scalars(select(Rendering.state).where(Rendering.id == rendering_id)).one())
