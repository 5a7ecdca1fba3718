"""Letters to the outside world: by SMTP, or recorded in a folder in the demo. Knows no subject and no database."""

import ipaddress
import json
import os
import re
import smtplib
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, formataddr
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from app.config import ConfigError

#: What Undeliverable says of an address that cannot stand in a letter.
BAD_ADDRESS = "bad address"
#: Seconds for one answer of the server before the letter itself is handed over.
ANSWER_SECONDS = 10.0
_KEY = re.compile(r"[0-9a-f]{32}")
#: «5.7.1 Relay access denied» and its like are about our own access, not about the addressee.
_ACCESS_DENIED = re.compile(rb"5\.7\.\d")
_LOGIN_WANTED = frozenset({530, 534, 535, 538})


@dataclass(frozen=True)
class Letter:
    """One letter to one address, plain text; `message_id` stays the same however often it is tried."""

    message_id: str
    sender_name: str
    address: str
    subject: str
    body: str


class Undeliverable(Exception):
    """The mail server refused for good (5xx, bad address): trying again would not help."""


class TryLater(Exception):
    """The mail server is away or busy, or refuses us rather than the addressee: the letter has to wait."""


class Post(Protocol):
    """A way to send letters."""

    def send(self, letter: Letter, *, at: datetime) -> None:
        """Hand over one letter; raises Undeliverable or TryLater, whose text is a code without personal data."""


class SmtpPost:
    """Letters through the server of MAIL_URL: `smtp://user:password@host:port?tls=starttls` or `smtps://…`.

    Certificates are checked against the system's authorities. No conversation lasts longer than `limit_seconds`, so that
    nobody else takes a letter up while it is still being handed over.
    """

    def __init__(self, url: str, sender: str, *, limit_seconds: float = 50.0) -> None:
        """Take the address apart; `sender` is the company's own address. Raises ConfigError for a wrong MAIL_URL."""
        parts, self.port = _parts(url)
        self.host = parts.hostname or ""
        self.implicit_tls = parts.scheme == "smtps"
        self.user, self.password = unquote(parts.username or ""), unquote(parts.password or "")
        self.starttls = parse_qs(parts.query).get("tls") == ["starttls"]
        self.sender = sender
        self.limit_seconds = limit_seconds
        if self.user and not (self.implicit_tls or self.starttls or _is_this_machine(self.host)):
            raise ConfigError(
                "MAIL_URL: пароль ушел бы по сети открытым; добавьте ?tls=starttls или возьмите smtps://"
            )

    def send(self, letter: Letter, *, at: datetime) -> None:
        """Speak to the server once; what it answers decides between Undeliverable and TryLater."""
        try:
            message = as_email(letter, sender=self.sender, at=at).as_bytes()
        except (ValueError, MessageError) as error:
            raise Undeliverable(BAD_ADDRESS) from error
        ends_at = time.monotonic() + self.limit_seconds
        try:
            with closing(self._connected()) as server, _cut_off(server, ends_at):
                self._hand_over(server, letter.address, message, ends_at)
        except smtplib.SMTPResponseException as error:
            raise TryLater(f"SMTP {error.smtp_code}") from error
        except (OSError, smtplib.SMTPException) as error:
            raise TryLater(type(error).__name__) from error

    def _connected(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        # The name in EHLO: without it smtplib asks the DNS for our own one, which may take long.
        options: dict[str, Any] = {
            "timeout": min(ANSWER_SECONDS, self.limit_seconds),
            "local_hostname": self.sender.rpartition("@")[2],
        }
        if self.implicit_tls:
            return smtplib.SMTP_SSL(self.host, self.port, context=context, **options)
        return smtplib.SMTP(self.host, self.port, **options)

    def _hand_over(self, server: smtplib.SMTP, address: str, message: bytes, ends_at: float) -> None:
        if self.starttls:
            server.starttls(context=ssl.create_default_context())
        if self.user:
            server.login(self.user, self.password)
        server.ehlo_or_helo_if_needed()
        _expect(server.mail(self.sender), TryLater)
        _expect(server.rcpt(address), Undeliverable)
        # The server may look the letter through before it answers: hurrying it would only bring the letter twice.
        if server.sock is not None:
            server.sock.settimeout(max(ends_at - time.monotonic(), 0.1))
        try:
            _expect(server.data(message), Undeliverable)
        except smtplib.SMTPDataError as error:
            _expect((error.smtp_code, error.smtp_error), Undeliverable)
        # The letter is theirs now; whatever happens to this connection must not make it look unsent.
        with suppress(OSError, smtplib.SMTPException):
            server.putcmd("quit")


class RecordingPost:
    """Letters written to a folder, one JSON file each: the demo's way, shown on its outbox page."""

    def __init__(self, folder: Path) -> None:
        """Remember the folder; it is made with the first letter."""
        self.folder = folder

    def send(self, letter: Letter, *, at: datetime) -> None:
        """Write the letter under its message id, so that a second sending is the same file."""
        self.folder.mkdir(parents=True, exist_ok=True)
        name = f"{_key(letter.message_id)}.json"
        temporary = self.folder / f".{name}.{os.getpid()}"
        temporary.write_text(
            json.dumps({**asdict(letter), "at": at.isoformat()}, ensure_ascii=False), encoding="utf-8"
        )
        os.replace(temporary, self.folder / name)

    def newest(self, limit: int) -> list["RecordedLetter"]:
        """The letters written last, the newest first."""
        written = [(path.stat().st_mtime_ns, path) for path in self.folder.glob("[0-9a-f]*.json")]
        return [_recorded(path) for _, path in sorted(written, reverse=True)[:limit]]

    def find(self, key: str) -> "RecordedLetter | None":
        """The letter of a key (32 hexadecimal digits), or None."""
        path = self.folder / f"{key}.json"
        return _recorded(path) if _KEY.fullmatch(key) and path.exists() else None


@dataclass(frozen=True)
class RecordedLetter:
    """A letter of the folder; `key` names it in addresses of pages."""

    key: str
    letter: Letter
    at: datetime


class _Headers(EmailPolicy):
    """Russian words in headers as encoded words that keep their spaces: Python's own folding loses some of them."""

    def fold(self, name: str, value: Any) -> str:
        """One header as lines."""
        text = str(value)
        if text.isascii():
            return str(super().fold(name, value))
        words, rest = text, ""
        if name == "From":
            words, rest = value.addresses[0].display_name, f"{self.linesep} <{value.addresses[0].addr_spec}>"
        encoded = Header(words, "utf-8", header_name=name).encode(linesep=self.linesep)
        return f"{name}: {encoded}{rest}{self.linesep}"

    def fold_binary(self, name: str, value: Any) -> bytes:
        """The same for sending."""
        return self.fold(name, value).encode("ascii")


_POLICY = _Headers(linesep="\r\n")


def as_email(letter: Letter, *, sender: str, at: datetime) -> EmailMessage:
    """The letter as an e-mail with exactly one recipient, marked as written by a program; ValueError for a bad address."""
    if not letter.address.isascii():
        raise ValueError("an address outside ASCII")
    message = EmailMessage(policy=_POLICY)
    message["From"] = formataddr((" ".join(letter.sender_name.split()), sender), "utf-8")
    message["To"] = Address(addr_spec=letter.address)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = letter.message_id
    message["Auto-Submitted"] = "auto-generated"
    # Base64 passes through servers that know no 8-bit text, and is shorter for Russian than quoted-printable.
    message.set_content(letter.body, cte="base64")
    return message


def _expect(answer: tuple[int, bytes | str], refusal: type[Exception]) -> None:
    """Go on after a 2xx; a 5xx means `refusal`, unless it is about our access to the server."""
    code, words = answer
    if 200 <= code < 300:
        return
    words = words if isinstance(words, bytes) else words.encode()
    ours = code in _LOGIN_WANTED or _ACCESS_DENIED.match(words) is not None
    for_good = 500 <= code < 600 and not ours
    raise (refusal if for_good else TryLater)(f"SMTP {code}")


@contextmanager
def _cut_off(server: smtplib.SMTP, ends_at: float) -> Iterator[None]:
    """Break the connection at `ends_at`: a server that sends a byte now and then would never run into a timeout."""
    if server.sock is None:
        raise TryLater("disconnected")
    # A second handle on the same connection: the first is exchanged when TLS begins.
    with socket.socket(fileno=os.dup(server.sock.fileno())) as handle:
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


def _parts(url: str) -> tuple[Any, int]:
    wrong = ConfigError("MAIL_URL должен быть вида smtp://user:password@mail.example.org:587?tls=starttls")
    try:
        parts = urlsplit(url)
        port = parts.port or (465 if parts.scheme == "smtps" else 25)
    except ValueError:
        raise wrong from None
    tls = parse_qs(parts.query).get("tls")
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or tls not in (None, ["starttls"]):
        raise wrong
    return parts, port


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _key(message_id: str) -> str:
    return message_id.strip("<>").partition("@")[0]


def _recorded(path: Path) -> RecordedLetter:
    stored = json.loads(path.read_text(encoding="utf-8"))
    at = datetime.fromisoformat(stored.pop("at"))
    return RecordedLetter(key=path.stem, letter=Letter(**stored), at=at)
