"""`flask cases`: upkeep of what is computed from the cases."""

import click
from flask.cli import AppGroup

from app.cases.search_actions import reindex

cases_cli = AppGroup("cases", help="Обращения: уход за тем, что из них вычислено.")


@cases_cli.command("reindex")
@click.option("--missing", is_flag=True, help="Только обращения, которых в поиске еще нет.")
def reindex_command(missing: bool) -> None:
    """Составить слова для поиска по обращениям заново; можно при работающем сайте."""
    done = reindex(only_missing=missing)
    click.echo(f"Обращений в поиске обновлено: {done}.")
