"""`flask fetch-htmx`: the script that browsers otherwise take from a CDN, stored for HTMX_SOURCE=site."""

import os
import tarfile
import urllib.request
from io import BytesIO
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from app.config import Config
from app.web.htmx_script import CDN, FILE, VERSION, is_genuine

_IN_PACKAGE = "package/dist/htmx.min.js"
#: Nothing near this size is htmx; more is not read.
_LARGEST = 8 * 1024 * 1024
_TIMEOUT_SECONDS = 30


@click.command("fetch-htmx")
@click.argument("source", default=CDN, metavar="[ИСТОЧНИК]")
@with_appcontext
def fetch_htmx_command(source: str) -> None:
    """Положить htmx в папку установки: из CDN, из файла или из пакета npm (.tgz)."""
    content = _read(source)
    if not is_genuine(content):
        raise click.ClickException(
            f"Это не htmx {VERSION}: контрольная сумма не совпала, ничего не сохранено. Источник: {source}"
        )
    config: Config = current_app.extensions["config"]
    path = config.instance_path / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.write_bytes(content)
    os.replace(new, path)
    click.echo(f"htmx {VERSION} лежит в {path}. Чтобы сайт отдавал его сам, задайте HTMX_SOURCE=site.")


def _read(source: str) -> bytes:
    """The bytes of the script; raises ClickException with one sentence when there are none."""
    try:
        if source.startswith("https://"):
            with urllib.request.urlopen(source, timeout=_TIMEOUT_SECONDS) as answer:  # noqa: S310  (https alone)
                content: bytes = answer.read(_LARGEST)
        else:
            with Path(source).open("rb") as file:
                content = file.read(_LARGEST)
        return _from_package(content) if source.endswith((".tgz", ".tar.gz")) else content
    except (OSError, EOFError, tarfile.TarError) as error:
        raise click.ClickException(f"Не удалось прочитать {source}: {error}") from None


def _from_package(content: bytes) -> bytes:
    with tarfile.open(fileobj=BytesIO(content), mode="r:gz") as package:
        try:
            member = package.extractfile(_IN_PACKAGE)
        except KeyError:
            member = None
        return member.read(_LARGEST) if member else b""
