"""Letters to the outside world: by SMTP, or recorded in a folder in the demo. Knows no subject and no database."""

import json
import os
import smtplib
import ssl
from dataclasses import asdict, dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

TIMEOUT_SECONDS = 15


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
    """The mail server is away or busy: the letter has to wait."""


class Post(Protocol):
    """A way to send letters."""

    def send(self, letter: Letter, *, at: datetime) -> None:
        """Hand over one letter; raises Undeliverable or TryLater."""


class SmtpPost:
    """Letters through the server of MAIL_URL: `smtp://user:password@host:port?tls=starttls` or `smtps://…`."""

    def __init__(self, url: str, sender: str) -> None:
        """Take the address apart; `sender` is the company's own address."""
        parts = urlsplit(url)
        self.host = parts.hostname or "localhost"
        self.implicit_tls = parts.scheme == "smtps"
        self.port = parts.port or (465 if self.implicit_tls else 25)
        self.user, self.password = unquote(parts.username or ""), unquote(parts.password or "")
        self.starttls = parse_qs(parts.query).get("tls") == ["starttls"]
        self.sender = sender

    def send(self, letter: Letter, *, at: datetime) -> None:
        """Speak to the server once; what it answers decides between Undeliverable and TryLater."""
        message = as_email(letter, sender=self.sender, at=at)
        try:
            with self._connected() as server:
                server.send_message(message, self.sender, [letter.address])
        except smtplib.SMTPRecipientsRefused as error:
            code, _ = next(iter(error.recipients.values()))
            raise _by_code(code) from error
        except smtplib.SMTPResponseException as error:
            raise _by_code(error.smtp_code) from error
        except (OSError, smtplib.SMTPException) as error:
            raise TryLater(type(error).__name__) from error

    def _connected(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.implicit_tls:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=TIMEOUT_SECONDS, context=context
            )
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_SECONDS)
            if self.starttls:
                server.starttls(context=context)
        if self.user:
            server.login(self.user, self.password)
        return server


class RecordingPost:
    """Letters written to a folder, one JSON file each: the demo's way, shown on its outbox page."""

    def __init__(self, folder: Path) -> None:
        """Remember the folder; it is made with the first letter."""
        self.folder = folder

    def send(self, letter: Letter, *, at: datetime) -> None:
        """Write the letter under its message id, so that a second sending is the same file."""
        self.folder.mkdir(parents=True, exist_ok=True)
        name = letter.message_id.strip("<>").replace("/", "_") + ".json"
        temporary = self.folder / f".{name}"
        temporary.write_text(
            json.dumps({**asdict(letter), "at": at.isoformat()}, ensure_ascii=False), encoding="utf-8"
        )
        os.replace(temporary, self.folder / name)


def as_email(letter: Letter, *, sender: str, at: datetime) -> EmailMessage:
    """The letter as an e-mail with exactly one recipient, marked as written by a program."""
    message = EmailMessage()
    message["From"] = formataddr((letter.sender_name, sender), "utf-8")
    message["To"] = letter.address
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = letter.message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.body)
    return message


def _by_code(code: int) -> Exception:
    kind = Undeliverable if 500 <= code < 600 else TryLater
    return kind(f"SMTP {code}")
