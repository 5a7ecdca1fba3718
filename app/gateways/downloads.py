"""Fetching a file from an address that somebody else has chosen: http(s) only, never from our own network.

The address stands in a certificate, so whoever made that chooses what this server asks for (SSRF): names are resolved
here, every resolved address has to be public, the connection goes to exactly that address, and each redirect is looked at
anew. Knows no subject.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

#: Revocation lists of large authorities are some megabytes.
LARGEST = 20 * 1024 * 1024
LONGEST_URL = 500
#: Seconds for the whole of it, redirects too, and for one silence of the other side.
WHOLE_SECONDS = 45.0
SILENT_SECONDS = 10.0
_REDIRECTS = 3
#: So many addresses of one host are tried.
_TRIED = 3
_PORTS = {"http": 80, "https": 443}
_PIECE = 64 * 1024
#: Addresses that lead on to other networks: an IPv4 address hides in them.
_TUNNELS = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))
#: Addresses of a site in our own network that may be asked all the same, e.g. a mirror of lists: «10.0.0.5:8080».
Allowed = Collection[str]


class DownloadFailed(Exception):
    """Nothing came; the text is a sentence for staff, without what the other side has sent."""


@dataclass(frozen=True)
class _Place:
    """An address taken apart."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def named(self) -> str:
        return f"{self.host}:{self.port}"


def check_url(url: str, allowed: Allowed = ()) -> None:
    """Refuse what is never asked for: other schemes and ports, passwords, odd signs. Raises DownloadFailed."""
    _taken_apart(url, allowed)


def _taken_apart(url: str, allowed: Allowed) -> _Place:
    if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url:
        raise DownloadFailed("Адрес списка непонятен.")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise DownloadFailed("Адрес списка непонятен.") from None
    if parts.scheme not in _PORTS or not host:
        raise DownloadFailed("Список скачивается только по адресам http:// и https://.")
    if parts.username is not None or parts.password is not None:
        raise DownloadFailed("В адресе списка стоят имя или пароль: такой адрес не запрашивается.")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    place = _Place(parts.scheme, host, port or _PORTS[parts.scheme], path)
    if place.port not in _PORTS.values() and place.named not in allowed:
        raise DownloadFailed(f"Порт {place.port} не запрашивается: списки берутся с портов 80 и 443.")
    return place


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet: not ours, not this machine, no tunnel to either."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:  # with a zone: «fe80::1%eth0»
        return False
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return is_public(str(found.ipv4_mapped))
        if any(found in network for network in _TUNNELS):
            return False
    return found.is_global and not found.is_multicast and not found.is_reserved


class _Pinned(http.client.HTTPConnection):
    """A connection to resolved addresses: the name is not looked up again, so it cannot mean another machine by now."""

    def __init__(self, place: _Place, addresses: Sequence[str], seconds: float) -> None:
        super().__init__(place.host, place.port, timeout=seconds)
        self.place, self.addresses = place, addresses
        self.default_port = _PORTS[place.scheme]
        #: The socket, also when the connection has given it away to an answer that ends with it.
        self.line: socket.socket | None = None

    def connect(self) -> None:
        for left, address in zip(range(len(self.addresses) - 1, -1, -1), self.addresses, strict=True):
            try:
                self.sock = socket.create_connection((address, self.port), self.timeout)
                break
            except OSError:
                if not left:
                    raise
        if self.place.scheme == "https":
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.host)
        self.line = self.sock


class Downloads:
    """Fetches files within the limits above."""

    def __init__(
        self,
        *,
        allowed: Allowed = (),
        largest: int = LARGEST,
        whole_seconds: float = WHOLE_SECONDS,
        silent_seconds: float = SILENT_SECONDS,
    ) -> None:
        """`allowed`: places «host:port» that may be in our own network and on another port; sizes in bytes."""
        self.allowed = frozenset(allowed)
        self.largest = largest
        self.whole_seconds, self.silent_seconds = whole_seconds, silent_seconds

    def get(self, url: str) -> bytes:
        """The bytes at an address; raises DownloadFailed with a sentence for whatever comes between."""
        until = time.monotonic() + self.whole_seconds
        for _ in range(_REDIRECTS + 1):
            place = _taken_apart(url, self.allowed)
            body, onward = self._asked(place, until)
            if not onward:
                return body
            url = urljoin(url, onward)
        raise DownloadFailed("Адрес списка ведет с адреса на адрес и никуда не приводит.")

    def _asked(self, place: _Place, until: float) -> tuple[bytes, str]:
        """What one address has answered: its body, or where it sends to."""
        connection = _Pinned(place, self._resolved(place), self.silent_seconds)
        watch = threading.Timer(max(0.0, until - time.monotonic()), _cut, [connection])
        watch.daemon = True
        watch.start()
        try:
            return self._answer(connection, place, until)
        except (OSError, http.client.HTTPException, ValueError) as error:
            if time.monotonic() >= until:
                raise DownloadFailed(f"Сервер {place.host} отвечает слишком долго.") from error
            raise DownloadFailed(_words(error, place.host)) from error
        finally:
            watch.cancel()
            connection.close()

    def _answer(self, connection: _Pinned, place: _Place, until: float) -> tuple[bytes, str]:
        connection.request(
            "GET", place.path, headers={"Accept-Encoding": "identity", "User-Agent": "grid-cabinet"}
        )
        with connection.getresponse() as answer:
            if answer.status in (301, 302, 303, 307, 308):
                onward = answer.getheader("Location") or ""
                if not onward:
                    raise DownloadFailed(f"Сервер {place.host} перенаправляет в никуда.")
                return b"", onward
            if answer.status != 200:
                raise DownloadFailed(f"Сервер {place.host} ответил кодом {answer.status}.")
            return self._body(answer, place, until), ""

    def _body(self, answer: http.client.HTTPResponse, place: _Place, until: float) -> bytes:
        too_large = DownloadFailed(f"Файл больше {self.largest // 2**20} МБ: он не скачивается.")
        if (answer.length or 0) > self.largest:
            raise too_large
        pieces, size = [], 0
        while piece := answer.read1(_PIECE):
            pieces.append(piece)
            size += len(piece)
            if size > self.largest:
                raise too_large
        if time.monotonic() >= until:
            raise TimeoutError
        if answer.length:
            raise http.client.IncompleteRead(b"", answer.length)
        return b"".join(pieces)

    def _resolved(self, place: _Place) -> list[str]:
        """The addresses of the host, a few; all that it has must be public, unless the place is allowed as it is."""
        try:
            found = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise DownloadFailed(f"Сервер {place.host} не найден (DNS).") from None
        addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
        if place.named not in self.allowed and not all(map(is_public, addresses)):
            raise DownloadFailed(f"Адрес {place.host} ведет во внутреннюю сеть: он не запрашивается.")
        if not addresses:
            raise DownloadFailed(f"Сервер {place.host} не найден (DNS).")
        return addresses[:_TRIED]


def _cut(connection: _Pinned) -> None:
    """End what drips for too long; whoever reads from it finds out at once."""
    if connection.line is not None:
        with suppress(OSError):
            connection.line.shutdown(socket.SHUT_RDWR)


def _words(error: Exception, host: str) -> str:
    if isinstance(error, TimeoutError):
        return f"Сервер {host} не отвечает."
    if isinstance(error, ssl.SSLError):
        return f"Защищенное соединение с {host} не установлено."
    if isinstance(error, http.client.HTTPException | ValueError):
        return f"Сервер {host} ответил непонятно."
    return f"Сервер {host} недоступен."
