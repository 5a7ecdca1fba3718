"""The mail server as the operator sets it: two files of the instance, because it holds a password and is no row."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from app.config import ConfigError
from app.errors import InvalidValue
from app.gateways.email import SmtpPost

#: The names under which `app/config.py` looks for them when the environment is silent.
URL_FILE, SENDER_FILE = "mail_url", "mail_from"


def parse_server(text: str) -> str:
    """An address of a mail server, '' for none; raises InvalidValue with what is wrong in it."""
    url = text.strip()
    if not url:
        return ""
    if not (url.isascii() and url.isprintable()) or " " in url:
        raise InvalidValue("Почтовый сервер: адрес без пробелов и русских букв; знаки пароля пишите как %40.")
    try:
        SmtpPost(url, "cabinet@example.org")
    except ConfigError as wrong:
        raise InvalidValue(str(wrong)) from None
    return url


def server_words(url: str) -> str:
    """A mail server without its password: «smtp://mail.example.org:587», or '' for none."""
    parts = urlsplit(url)
    port = f":{parts.port}" if url and parts.port else ""
    return f"{parts.scheme}://{parts.hostname}{port}" if url else ""


def keep(instance: Path, name: str, text: str) -> None:
    """Put a line into a file that only its owner can read, whole or not at all; an empty line removes the file."""
    path = instance / name
    if not text:
        path.unlink(missing_ok=True)
        return
    fresh = instance / f"{name}.new"
    fresh.unlink(missing_ok=True)
    with os.fdopen(
        os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(fresh, path)
