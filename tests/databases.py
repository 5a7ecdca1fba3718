"""Fresh databases for tests, copied from one migrated and seeded template of each kind."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import psycopg
from flask import Flask
from flask_migrate import upgrade

from app import clock, create_app
from app.company.seed import seed
from app.config import Config
from tests import postgres

SECRET_KEY = "a key for tests only, long enough to be accepted"

#: The company of the tests: the one of the manuals.
COMPANY = {
    "company.name": "ООО «Калиновские Электрические Сети»",
    "company.phone": "8 800 000-00-00",
    "company.address": "п. Калиново, ул. Центральная, 1",
    "company.zone": "Asia/Yekaterinburg",
    "company.zone_label": "МСК+2",
}


class Databases(Protocol):
    """A maker of fresh databases of one kind."""

    def fresh(self) -> str:
        """The URL of a new database with the schema and the reference data."""


def config_for(database_url: str, instance: Path, **changes: object) -> Config:
    """Settings of a test application; https, as in production."""
    base = Config.from_environment(
        {
            "INSTANCE_PATH": str(instance),
            "DATABASE_URL": database_url,
            "SECRET_KEY": SECRET_KEY,
            "PUBLIC_URL": "https://lk.example.org",
        }
    )
    return Config(**{**base.__dict__, **changes})


def prepare(app: Flask) -> None:
    """Migrate and seed the database of an application."""
    with app.app_context():
        upgrade()
        seed(clock.now(), COMPANY)


@dataclass
class SqliteDatabases:
    """Each database is a copy of one file."""

    folder: Path
    made: int = field(default=0)

    def __post_init__(self) -> None:
        self.template = self.folder / "template.db"
        app = create_app(config_for(f"sqlite:///{self.template}", self.folder))
        prepare(app)
        close(app)

    def fresh(self) -> str:
        self.made += 1
        copy = self.folder / f"test-{self.made}.db"
        shutil.copy(self.template, copy)
        return f"sqlite:///{copy}"


@dataclass
class PostgresDatabases:
    """Each database is made by PostgreSQL from a template."""

    socket: Path
    folder: Path
    made: int = field(default=0)

    def __post_init__(self) -> None:
        self._make("cabinet_template", "template0")
        app = create_app(config_for(postgres.url(self.socket, "cabinet_template"), self.folder))
        prepare(app)
        close(app)

    def fresh(self) -> str:
        self.made += 1
        name = f"test_{self.made}"
        self._make(name, "cabinet_template")
        return postgres.url(self.socket, name)

    def _make(self, name: str, template: str) -> None:
        with psycopg.connect(postgres.url(self.socket, "postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")


def close(app: Flask) -> None:
    """Give the connections of an application back."""
    from app.extensions import db

    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@contextmanager
def postgres_databases(folder: Path) -> Iterator[PostgresDatabases]:
    """A server with its template for the time of the block."""
    with postgres.running_server() as socket:
        yield PostgresDatabases(socket, folder)
