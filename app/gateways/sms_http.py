"""One question to an operator of SMS by HTTP: a POST with a limit of time, told apart by whether it may have been taken.

No redirect is followed and no answer larger than 64 KB is read; nothing is written to a log.
"""

import http.client
import os
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

MOST_BYTES = 64 * 1024
_CHUNK = 16 * 1024


@dataclass(frozen=True)
class Question:
    """A POST: where to, with which headers and body."""

    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    body: bytes


class NotReached(Exception):
    """No connection was made: the operator has seen nothing."""


class NotAnswered(Exception):
    """The question may have arrived, but no whole answer came in time."""


def ask(question: Question, *, seconds: float) -> Answer:
    """Put a question once; raises NotReached or NotAnswered, whose texts are names of errors."""
    ends_at = time.monotonic() + seconds
    parts = urlsplit(question.url)
    with closing(_connection(parts.scheme, parts.hostname or "", parts.port, seconds)) as connection:
        try:
            connection.connect()
        except (OSError, http.client.HTTPException, UnicodeError) as error:
            raise NotReached(type(error).__name__) from error
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            with _cut_off(connection.sock, ends_at):
                headers = {name: text.encode() for name, text in question.headers.items()}
                connection.request("POST", path, body=question.body, headers=headers)
                return _read(connection.getresponse())
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise NotAnswered(type(error).__name__) from error


def _connection(scheme: str, host: str, port: int | None, seconds: float) -> http.client.HTTPConnection:
    if scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(host, port, timeout=seconds, context=context)
    return http.client.HTTPConnection(host, port, timeout=seconds)


def _read(response: http.client.HTTPResponse) -> Answer:
    body = bytearray()
    while len(body) < MOST_BYTES and (part := response.read(_CHUNK)):
        body += part
    return Answer(response.status, bytes(body))


@contextmanager
def _cut_off(connected: socket.socket, ends_at: float) -> Iterator[None]:
    """Break the connection at `ends_at`: a server that sends a byte now and then would never run into a timeout."""
    with socket.socket(fileno=os.dup(connected.fileno())) as handle:
        timer = threading.Timer(max(ends_at - time.monotonic(), 0), _break, (handle,))
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()


def _break(handle: socket.socket) -> None:
    with suppress(OSError):
        handle.shutdown(socket.SHUT_RDWR)
