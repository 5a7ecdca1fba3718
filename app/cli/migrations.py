"""`flask db`: the database's own steps. Apart, because the library weighs ten megabytes that a running site does not need."""

from pathlib import Path

from flask import Flask
from flask_migrate import Migrate

from app.extensions import db

FOLDER = Path(__file__).parents[2] / "migrations"


def init_app(app: Flask) -> None:
    """Let this application be migrated."""
    Migrate(app, db, directory=str(FOLDER), compare_type=True, render_as_batch=True)
