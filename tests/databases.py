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
from app.cli import migrations
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
    #: Of the tests, those of the second factor turn it on.
    "security.second_factor": False,
}


class Databases(Protocol):
    """A maker of fresh databases of one kind."""

    def fresh(self) -> str:
        """The URL of a new database with the schema and the reference data."""

    def again(self) -> str:
        """The URL of a database that is always the same one, as new; nobody may be connected to it."""

    def empty(self) -> str:
        """The URL of a new database without a table."""


def config_for(database_url: str, instance: Path, **changes: object) -> Config:
    """Settings of a test application; https, as in production."""
    base = Config.from_environment(
        {
            "INSTANCE_PATH": str(instance),
            "DATABASE_URL": database_url,
            "SECRET_KEY": SECRET_KEY,
            "PUBLIC_URL": "https://lk.example.org",
            "SMS_URL": "keep",
        }
    )
    return Config(**{**base.__dict__, **changes})


def prepare(app: Flask) -> None:
    """Migrate and seed the database of an application."""
    migrations.init_app(app)
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
        return self._copied(f"test-{self.made}.db")

    def again(self) -> str:
        for rest in self.folder.glob("standing.db-*"):
            rest.unlink()
        return self._copied("standing.db")

    def _copied(self, name: str) -> str:
        shutil.copy(self.template, self.folder / name)
        return f"sqlite:///{self.folder / name}"

    def empty(self) -> str:
        self.made += 1
        return f"sqlite:///{self.folder / f'empty-{self.made}.db'}"


@dataclass
class PostgresDatabases:
    """One database, emptied and filled with the reference data again: making a new one takes PostgreSQL half a second."""

    socket: Path
    folder: Path
    made: int = field(default=0)

    def __post_init__(self) -> None:
        make_database(self.socket, "cabinet")
        self.url = postgres.url(self.socket, "cabinet")
        app = create_app(config_for(self.url, self.folder))
        prepare(app)
        close(app)
        with psycopg.connect(self.url, autocommit=True) as connection:
            rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            self.tables = sorted(name for (name,) in rows if name != "alembic_version")
            connection.execute("CREATE SCHEMA seeded")
            for table in self.tables:
                connection.execute(f"CREATE TABLE seeded.{table} AS TABLE public.{table}")
            self.filled = [table for table in self.tables if _has_rows(connection, f"seeded.{table}")]
            self.counted = {table: _counted(connection, table) for table in self.filled}

    def fresh(self) -> str:
        with psycopg.connect(self.url) as connection:
            # Foreign keys rest while the tables are filled in no particular order.
            connection.execute("SET session_replication_role = replica")
            connection.execute(f"TRUNCATE {', '.join(self.tables)} RESTART IDENTITY")
            for table in self.filled:
                connection.execute(f"INSERT INTO public.{table} SELECT * FROM seeded.{table}")
                if column := self.counted[table]:
                    sequence = f"pg_get_serial_sequence('{table}', '{column}')"
                    connection.execute(f"SELECT setval({sequence}, max({column})) FROM {table}")
        return self.url

    def again(self) -> str:
        return self.fresh()

    def empty(self) -> str:
        self.made += 1
        make_database(self.socket, f"empty_{self.made}")
        return postgres.url(self.socket, f"empty_{self.made}")


def _has_rows(connection: psycopg.Connection, table: str) -> bool:
    return connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() is not None


def _counted(connection: psycopg.Connection, table: str) -> str:
    """The column of a table that the database counts by itself; an empty text when there is none."""
    found = connection.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s "
        "AND column_default LIKE 'nextval%%'",
        (table,),
    ).fetchone()
    return found[0] if found else ""


class StandingApp:
    """One application that every test finds as if it were new: making one takes longer than most tests of an action.

    Not for tests that hang routes on it: what is put back are its database, its files, its settings and extensions.
    """

    def __init__(self, databases: Databases, folder: Path) -> None:
        self.databases, self.instance = databases, folder / "instance"
        self.app = create_app(config_for(databases.again(), self.instance))
        self.kept = dict(self.app.extensions), dict(self.app.config)

    def renewed(self) -> Flask:
        """The application as it was made."""
        close(self.app)
        for now, before in zip((self.app.extensions, self.app.config), self.kept, strict=True):
            now.clear()
            now.update(before)
        for path in self.instance.rglob("*"):
            if path.is_file():
                path.unlink()
        self.databases.again()
        return self.app


def make_database(socket: Path, name: str) -> None:
    """An empty database."""
    with psycopg.connect(postgres.url(socket, "postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")


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
