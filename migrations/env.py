"""How Alembic reaches the database of the application (called by `flask db`)."""

from alembic import context
from flask import current_app

config = context.config
database = current_app.extensions["migrate"].db


def run() -> None:
    """Run the steps in one transaction each, over the application's own engine."""
    if context.is_offline_mode():
        raise SystemExit("Миграции выполняются только над настоящей базой данных.")
    options = current_app.extensions["migrate"].configure_args
    with database.engine.connect() as connection:
        context.configure(connection=connection, target_metadata=database.metadata, **options)
        with context.begin_transaction():
            context.run_migrations()


run()
