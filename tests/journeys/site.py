"""The running site for journeys: `bin/run` in a child process on a free port, its programs, and a way to disturb them."""

import contextlib
import os
import signal
import socket
import subprocess
import time
import xmlrpc.client
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from supervisor.xmlrpc import SupervisorTransport

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ("redis", "web", "worker", "printer", "dispatcher", "nginx")
READY = "Ctrl-C — остановить"
START_SECONDS = 90.0
STOP_SECONDS = 60.0
#: Settings of an outer shell that would make the site under test another one.
OWN_SETTINGS = (
    "DATABASE_URL",
    "DEMO",
    "DISPATCH_INTERVAL",
    "HTMX_SOURCE",
    "INSTANCE_PATH",
    "LISTEN",
    "MAIL_URL",
    "PUBLIC_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "SECRET_KEY_FILE",
    "WEB_WORKERS",
)


def free_port() -> int:
    """A TCP port of the loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(condition: Callable[[], bool], seconds: float, what: str) -> None:
    """Return when the condition holds; fails with `what` after so many seconds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"not within {seconds} s: {what}"
        time.sleep(0.05)


def environment(port: int, instance: Path, extra: Mapping[str, str]) -> dict[str, str]:
    """What `bin/run` gets: the machine's environment without the site's settings, then ours."""
    inherited = {name: value for name, value in os.environ.items() if name not in OWN_SETTINGS}
    return {**inherited, "PORT": str(port), "INSTANCE_PATH": str(instance), **extra}


def _take_ctrl_c() -> None:
    """A test run that was itself started in the background ignores Ctrl-C and would pass that on."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@dataclass(frozen=True)
class Process:
    """One line of /proc/<pid>/stat, as far as journeys need it."""

    pid: int
    name: str
    state: str
    parent: int
    group: int
    session: int

    @classmethod
    def read(cls, pid: int) -> Self | None:
        """The process now, or None when it is gone."""
        try:
            text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        except (FileNotFoundError, ProcessLookupError):
            return None
        head, _, tail = text.rpartition(") ")
        state, parent, group, session, *_ = tail.split()
        return cls(pid, head.partition(" (")[2], state, int(parent), int(group), int(session))

    @classmethod
    def all(cls) -> list[Self]:
        """Every living process of the machine."""
        found = (cls.read(int(entry.name)) for entry in Path("/proc").iterdir() if entry.name.isdecimal())
        return [process for process in found if process and process.state != "Z"]


@dataclass
class RunningSite:
    """A site that `bin/run` has started; stop it by `stop()` or by leaving `with`."""

    port: int
    instance: Path
    child: subprocess.Popen[bytes]
    log: Path
    start_seconds: float = 0.0
    _sessions: set[int] = field(default_factory=set)

    @classmethod
    def start(
        cls,
        instance: Path,
        *,
        port: int | None = None,
        env: Mapping[str, str] | None = None,
        root: Path = ROOT,
    ) -> Self:
        """Start and wait until the address is printed; fails with everything that was printed when it is not."""
        port = port or free_port()
        log = instance.with_name(instance.name + ".log")
        log.parent.mkdir(parents=True, exist_ok=True)
        begun = time.monotonic()
        with log.open("wb") as output:
            child = subprocess.Popen(
                [root / "bin" / "run"],
                env=environment(port, instance, env or {}),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_take_ctrl_c,
            )
        site = cls(port, instance, child, log)
        site._wait_until_ready()
        site.start_seconds = time.monotonic() - begun
        site._sessions = {
            child.pid,
            *(p.pid for p in Process.all() if p.parent == child.pid and p.session == p.pid),
        }
        return site

    def _wait_until_ready(self) -> None:
        end = time.monotonic() + START_SECONDS
        while READY not in self.output:
            if self.child.poll() is not None or time.monotonic() > end:
                self.stop()
                raise AssertionError(f"bin/run did not start the site:\n{self.output}")
            time.sleep(0.05)

    @property
    def url(self) -> str:
        """Where the site answers, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def output(self) -> str:
        """Everything printed so far, the programs' logs included."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def ask_supervisor(self, method: str, *arguments: str) -> Any:
        """Call the supervisor's own interface (XML-RPC over its socket)."""
        socket_file = (self.instance / "run" / "supervisor.sock").resolve()
        transport = SupervisorTransport(None, None, serverurl=f"unix://{socket_file}")
        with xmlrpc.client.ServerProxy("http://127.0.0.1", transport=transport) as proxy:
            return getattr(proxy.supervisor, method)(*arguments)

    def pids(self, name: str) -> list[int]:
        """The program's own process, then those it has started; empty while it is not running."""
        wrapper = int(self.ask_supervisor("getProcessInfo", name)["pid"])
        everyone = Process.all()
        found = [p.pid for p in everyone if p.parent == wrapper and p.name != "sed"] if wrapper else []
        for pid in found:
            found.extend(p.pid for p in everyone if p.parent == pid)
        return found

    def kill(self, name: str, sig: signal.Signals = signal.SIGKILL) -> int:
        """Send the signal to the program's own process; its pid comes back."""
        pid = self.pids(name)[0]
        os.kill(pid, sig)
        return pid

    def wait_for_new(self, name: str, old: int, seconds: float = 30.0) -> int:
        """Wait until the program runs as another process than `old`; its pid comes back."""
        wait_for(lambda: (self.pids(name) or [old])[0] != old, seconds, f"{name} is back after kill")
        return self.pids(name)[0]

    def stop_program(self, name: str) -> None:
        """Stop one program on purpose; it stays away until `start_program`."""
        self.ask_supervisor("stopProcess", name)

    def start_program(self, name: str) -> None:
        """Start a program stopped by `stop_program`."""
        self.ask_supervisor("startProcess", name)

    def running(self) -> list[Process]:
        """Every living process of this site, `bin/run` included."""
        return [p for p in Process.all() if p.session in self._sessions]

    def stop(self, sig: signal.Signals = signal.SIGINT) -> int:
        """Do what Ctrl-C does (a signal to the foreground group) and wait; the exit code comes back."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.child.pid, sig)
        return self.child.wait(STOP_SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.child.poll() is None:
            self.stop()


@contextlib.contextmanager
def without_program(site: RunningSite, name: str) -> Iterator[None]:
    """A while without one program, for instance Redis."""
    site.stop_program(name)
    try:
        yield
    finally:
        site.start_program(name)
