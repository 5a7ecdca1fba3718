"""The production server over one application, for the time of a measurement, and a client that keeps its connection."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from types import MappingProxyType
from urllib.parse import urlencode

START_SECONDS = 30.0


@dataclass
class Client:
    """One kept connection to a server on loopback."""

    port: int

    def __post_init__(self) -> None:
        """Connect."""
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def get(
        self, path: str, cookie: str = "", more: Mapping[str, str] = MappingProxyType({})
    ) -> http.client.HTTPResponse:
        """One GET with `more` headers; the body is read."""
        return self._call("GET", path, None, cookie, more)

    def post(self, path: str, fields: Mapping[str, str], cookie: str = "") -> http.client.HTTPResponse:
        """One POST of a form; the body of the answer is read."""
        return self._call("POST", path, urlencode(fields), cookie)

    def _call(
        self,
        method: str,
        path: str,
        body: str | None,
        cookie: str,
        more: Mapping[str, str] = MappingProxyType({}),
    ) -> http.client.HTTPResponse:
        headers = {**({"Cookie": cookie} if cookie else {}), **more}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        answer.body = answer.read()  # type: ignore[attr-defined]
        return answer


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(target: str, port: int, environ: Mapping[str, str]) -> Iterator[Client]:
    """granian with one worker over `module:app`, as production runs it; yields a connected client."""
    command = [
        str(Path(sys.executable).parent / "granian"),
        "--interface",
        "wsgi",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--workers",
        "1",
        "--blocking-threads",
        "1",
        "--no-ws",
        target,
    ]
    process = subprocess.Popen(command, env={**os.environ, **environ}, stdout=subprocess.DEVNULL)
    try:
        yield _connected(port, process)
    finally:
        process.terminate()
        process.wait(20)


def _connected(port: int, process: subprocess.Popen[bytes]) -> Client:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            client = Client(port)
            client.get("/healthz")
            return client
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"{process.args!r} did not start")


def in_turns(operations: Mapping[str, Callable[[], object]], *, rounds: int, batch: int) -> dict[str, float]:
    """Median milliseconds per call of each operation, measured in turns, so that noise meets all alike."""
    times: dict[str, list[float]] = {name: [] for name in operations}
    for _ in range(rounds):
        for name, operation in operations.items():
            start = time.perf_counter()
            for _ in range(batch):
                operation()
            times[name].append((time.perf_counter() - start) / batch * 1000)
    return {name: median(values) for name, values in times.items()}
