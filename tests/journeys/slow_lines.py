"""People on very slow lines: connections that give and take a hundred bytes at a time, all driven by one thread.

Loopback only; everything ends by itself after LONGEST seconds, whatever a test does.
"""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

LONGEST = 30.0
TICK = 0.1
#: Bytes in a tick: a kilobyte a second.
PORTION = 100
#: What the kernel keeps of an answer that is not read, bytes; the rest waits at the other end.
SMALL_WINDOW = 4096


@dataclass
class Line:
    """One connection: what is still to send, what has come back."""

    socket: socket.socket
    to_send: bytes
    sent: int = 0
    got: bytearray = field(default_factory=bytearray)
    closed: bool = False

    @property
    def uploading(self) -> bool:
        """Still sending, and nobody has answered or hung up."""
        return not self.closed and not self.got and 0 < self.sent < len(self.to_send)

    def move(self) -> None:
        """Send one portion, or take one."""
        if self.closed:
            return
        try:
            if self.sent < len(self.to_send):
                self.sent += self.socket.send(self.to_send[self.sent : self.sent + PORTION])
            with contextlib.suppress(BlockingIOError):
                portion = self.socket.recv(PORTION)
                self.got += portion
                self.closed = not portion
        except BlockingIOError:
            pass
        except OSError:
            self.closed = True


class SlowLines:
    """Many slow connections to one port."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.uploads: list[Line] = []
        self.downloads: list[Line] = []
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._drive, daemon=True)

    def upload(self, path: str, cookies: str, size: int) -> None:
        """Begin to send a body of so many bytes; its head goes at once."""
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nCookie: {cookies}\r\n"
            f"Content-Type: multipart/form-data; boundary=slow\r\nContent-Length: {size}\r\n\r\n"
        ).encode()
        line = self._line(head + b"-" * size)
        line.sent = line.socket.send(head)
        self.uploads.append(line)

    def download(self, path: str, cookies: str) -> None:
        """Ask for something and begin to read it."""
        head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nCookie: {cookies}\r\n\r\n"
        line = self._line(head.encode())
        line.sent = line.socket.send(line.to_send)
        self.downloads.append(line)

    def _line(self, to_send: bytes) -> Line:
        one = socket.socket()
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_WINDOW)
        one.settimeout(5)
        one.connect(("127.0.0.1", self.port))
        one.setblocking(False)
        return Line(one, to_send)

    def _drive(self) -> None:
        end = time.monotonic() + LONGEST
        while not self._stopped.wait(TICK) and time.monotonic() < end:
            for line in [*self.uploads, *self.downloads]:
                line.move()

    def start(self) -> None:
        """Let time pass for all of them."""
        self._thread.start()

    def stop(self) -> None:
        """Hang up everywhere."""
        self._stopped.set()
        self._thread.join()
        for line in [*self.uploads, *self.downloads]:
            line.socket.close()


@contextlib.contextmanager
def slow_lines(port: int) -> Iterator[SlowLines]:
    """Slow connections for the time of the block."""
    lines = SlowLines(port)
    try:
        yield lines
    finally:
        if lines._thread.is_alive():
            lines.stop()
