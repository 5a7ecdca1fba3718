"""Proof that a refused request changed nothing: every row of every table and every file, before and after."""

import hashlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from app.extensions import db


def state(app: Flask, but: Collection[str] = ()) -> dict[str, str]:
    """A digest for each table (except those named in `but`) and for each file of the instance."""
    with app.app_context(), db.engine.connect() as connection:
        tables = {
            table.name: _digest(
                repr(tuple(row)) for row in connection.execute(select(table).order_by(*table.primary_key))
            )
            for table in db.metadata.sorted_tables
            if table.name not in but
        }
    return tables | _files(app.extensions["config"].instance_path)


@contextmanager
def unchanged(app: Flask, *, but: Collection[str] = ()) -> Iterator[None]:
    """Fail when the block changed a table that is not named in `but`, or any file; says which."""
    before = state(app, but)
    yield
    after = state(app, but)
    changed = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    assert not changed, f"changed: {', '.join(changed)}"


def _files(folder: Path) -> dict[str, str]:
    """Every file but those of the database and prints kept by the hash of their page, which say nothing new."""
    return {
        f"file {path.relative_to(folder)}": hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and ".db" not in path.name and path.parent.name != "printed"
    }


def _digest(lines: Iterator[str]) -> str:
    digest = hashlib.sha256()
    for line in lines:
        digest.update(line.encode("utf-8", "backslashreplace") + b"\n")
    return digest.hexdigest()
