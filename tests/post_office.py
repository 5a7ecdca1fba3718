"""A real mail server, a private Redis and the site's own programs, for tests of delivery.

Only what a test started is ever stopped or killed.
"""

import asyncio
import email
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from redis import Redis

ROOT = Path(__file__).parent.parent


@dataclass
class Received:
    """One letter as the server took it."""

    recipients: list[str]
    message: EmailMessage

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"])

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def text(self) -> str:
        return self.message.get_content()

    def header(self, name: str) -> str:
        """A header as mail programs show it; Python's own reader leaves spaces inside long names."""
        raw = next(value for key, value in self.message.raw_items() if key == name)
        return str(make_header(decode_header(raw)))


class Sink:
    """A mail server that takes letters in, or misbehaves as its `mode` says.

    ok · slow (thinks for `delay` seconds before it takes a letter) · hang (never answers) · 421, 450, 550, 554 (answers
    that to the recipient) · data-550, data-451 (to the letter) · cut (takes the letter, then breaks off without a word).
    """

    def __init__(self) -> None:
        self.mode = "ok"
        self.delay = 0.0
        self.letters: list[Received] = []
        #: Conversations that have come to the letter itself, taken or not.
        self.begun = 0
        self.port = free_port()
        self._controller: Controller | None = None
        self.open()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def open(self) -> None:
        """Listen; the port stays the same after `close`."""
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, ready_timeout=10)
        self._controller.start()

    def close(self) -> None:
        """Refuse connections."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def by_id(self) -> dict[str, int]:
        """How many times each Message-ID was taken in."""
        ids = [letter.message_id for letter in self.letters]
        return {one: ids.count(one) for one in ids}

    async def handle_EHLO(
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        while self.mode == "hang":
            await asyncio.sleep(0.05)
        return responses

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        refusals = {
            "421": "421 4.3.2 closing",
            "450": "450 4.2.0 greylisted",
            "550": "550 5.1.1 no such user",
            "554": "554 5.7.1 relay access denied",
        }
        if self.mode in refusals:
            return refusals[self.mode]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.begun += 1
        if self.mode.startswith("data-"):
            return f"{self.mode.removeprefix('data-')} refused"
        if self.mode == "slow":
            await asyncio.sleep(self.delay)
            if server.transport is None or server.transport.is_closing():
                return "451 gone"
        message = email.message_from_bytes(envelope.content, policy=default)
        self.letters.append(Received(list(envelope.rcpt_tos), message))  # type: ignore[arg-type]
        if self.mode == "cut":
            server.transport.abort()
        return "250 taken"


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


class PrivateRedis:
    """A Redis server on a unix socket, which may be stopped and started again."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "redis.sock"
        self.folder = folder
        self.server: subprocess.Popen[bytes] | None = None
        self.client = Redis(unix_socket_path=str(self.socket))
        self.start()

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    def start(self) -> None:
        command = ["redis-server", "--port", "0", "--unixsocket", str(self.socket), "--dir", str(self.folder)]
        settings = ["--save", "", "--appendonly", "no", "--maxmemory-policy", "noeviction"]
        self.server = subprocess.Popen([*command, *settings], stdout=subprocess.DEVNULL)
        until(lambda: self._answers(), 10, "Redis answers")

    def stop(self) -> None:
        if self.server is not None:
            self.server.kill()
            self.server.wait()
            self.server = None

    def close(self) -> None:
        self.stop()
        self.client.close()

    def _answers(self) -> bool:
        with suppress(Exception):
            return bool(self.client.ping())
        return False


@dataclass
class Programs:
    """The site's programs as processes of their own."""

    folder: Path
    environment: dict[str, str]
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def dispatcher(self) -> subprocess.Popen[bytes]:
        return self._start("dispatcher", "-m", "flask", "--app", "wsgi", "dispatch")

    def worker(self) -> subprocess.Popen[bytes]:
        return self._start("worker", "-m", "jobs.worker")

    def printer(self) -> subprocess.Popen[bytes]:
        return self._start("printer", "-m", "jobs.worker", "documents")

    def log(self) -> str:
        return "".join(path.read_text(encoding="utf-8") for path in sorted(self.folder.glob("*.log")))

    def close(self) -> None:
        """End everything that was started, children included."""
        for process in self.started:
            for pid in _session(process.pid):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            process.wait()

    def _start(self, name: str, *words: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"{name}-{len(self.started)}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, *words],
                cwd=ROOT,
                env={**os.environ, **self.environment, "PYTHONDONTWRITEBYTECODE": "1"},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.started.append(process)
        return process


def horse_of(worker: subprocess.Popen[bytes]) -> int | None:
    """The process in which a worker does its present job: the child that leads a group of its own."""
    children = Path(f"/proc/{worker.pid}/task/{worker.pid}/children").read_text(encoding="ascii").split()
    return next((int(pid) for pid in children if _group(int(pid)) == int(pid)), None)


def until(true: Callable[[], object], seconds: float, what: str) -> float:
    """Wait until something is so and return how long it took, in seconds; fail with `what` when it takes longer."""
    start = time.monotonic()
    while not true():
        assert time.monotonic() - start < seconds, f"not within {seconds} s: {what}"
        time.sleep(0.02)
    return time.monotonic() - start


@contextmanager
def short_folder() -> Iterator[Path]:
    """A temporary folder whose name leaves room for a unix socket in it."""
    folder = Path(tempfile.mkdtemp(prefix="post-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _group(pid: int) -> int:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return 0


def _session(leader: int) -> list[int]:
    """Processes of the session that a started program leads; the sixth field of /proc/…/stat."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = stat.read_text(encoding="utf-8", errors="replace").rpartition(") ")[2].split()
            if int(fields[3]) == leader:
                found.append(int(stat.parent.name))
    return found
