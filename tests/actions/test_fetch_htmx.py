"""`flask fetch-htmx` and HTMX_SOURCE: the site gives the pinned script itself, or does not start."""

import io
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from app import create_app
from app.config import ConfigError
from app.web import htmx_script
from tests.browser import BASE
from tests.databases import SqliteDatabases, close, config_for
from tests.journeys import npm_files


@pytest.fixture
def app(sqlite: SqliteDatabases, tmp_path: Path) -> Iterator[Flask]:
    made = create_app(config_for(sqlite.fresh(), tmp_path / "instance"))
    yield made
    close(made)


def fetch(app: Flask, source: object) -> Result:
    return app.test_cli_runner().invoke(args=["fetch-htmx", str(source)])


def stored(tmp_path: Path) -> Path:
    return tmp_path / "instance" / htmx_script.FILE


def test_the_script_is_taken_from_a_file(app: Flask, tmp_path: Path) -> None:
    source = tmp_path / "htmx.min.js"
    source.write_bytes(npm_files.content("htmx.org"))
    result = fetch(app, source)
    assert result.exit_code == 0, result.output
    assert "HTMX_SOURCE=site" in result.output
    assert stored(tmp_path).read_bytes() == source.read_bytes()


def test_the_script_is_taken_from_the_package_of_npm(app: Flask, tmp_path: Path) -> None:
    result = fetch(app, npm_files.package("htmx.org"))
    assert result.exit_code == 0, result.output
    assert htmx_script.is_genuine(stored(tmp_path).read_bytes())


def package_without_script(path: Path) -> None:
    with tarfile.open(path, "w:gz") as packed:
        member = tarfile.TarInfo("package/README.md")
        packed.addfile(member, io.BytesIO(b""))


@pytest.mark.parametrize("kind", ["another version", "missing", "no package", "empty package", "cut package"])
def test_anything_else_is_refused_in_one_line_and_what_is_there_stays(
    app: Flask, tmp_path: Path, kind: str
) -> None:
    stored(tmp_path).parent.mkdir(exist_ok=True)
    stored(tmp_path).write_bytes(b"kept")
    source = tmp_path / ("source.js" if kind in ("another version", "missing") else "source.tgz")
    if kind == "another version":
        source.write_bytes(npm_files.content("htmx.org") + b"\n")
    elif kind == "no package":
        source.write_bytes(b"not a package")
    elif kind == "empty package":
        package_without_script(source)
    elif kind == "cut package":
        source.write_bytes(npm_files.package("htmx.org").read_bytes()[:100_000])
    result = fetch(app, source)
    assert result.exit_code == 1
    assert result.output.startswith("Error: ")
    assert result.output.count("\n") == 1, result.output
    assert stored(tmp_path).read_bytes() == b"kept"


@pytest.mark.parametrize("content", [None, b"", b"another script"])
def test_the_site_does_not_start_without_the_script_and_says_what_to_run(
    sqlite: SqliteDatabases, tmp_path: Path, content: bytes | None
) -> None:
    stored(tmp_path).parent.mkdir(exist_ok=True)
    if content is not None:
        stored(tmp_path).write_bytes(content)
    with pytest.raises(ConfigError, match=r"HTMX_SOURCE=cdn flask --app wsgi fetch-htmx$") as stopped:
        create_app(config_for(sqlite.fresh(), tmp_path / "instance", htmx_source="site"))
    assert "\n" not in str(stopped.value)


def test_the_site_gives_the_pinned_bytes_for_a_year(sqlite: SqliteDatabases, tmp_path: Path) -> None:
    stored(tmp_path).parent.mkdir(exist_ok=True)
    stored(tmp_path).write_bytes(npm_files.content("htmx.org"))
    app = create_app(config_for(sqlite.fresh(), tmp_path / "instance", htmx_source="site"))
    address = app.jinja_env.globals["htmx_script"]["address"]
    response = app.test_client().get(address, base_url=BASE)
    assert response.data == npm_files.content("htmx.org")
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.mimetype == "text/javascript"
    assert "jsdelivr" not in str(response.headers)
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(app.extensions["policy"])
    close(app)
