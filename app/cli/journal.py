"""`flask journal`: the check of the chains."""

import click
from flask.cli import AppGroup

from app.journal.queries import broken_links

journal_cli = AppGroup("journal", help="Журнал событий.")


@journal_cli.command("verify")
def verify_command() -> None:
    """Проверить цепочки журнала; при нарушении назвать место и закончить с кодом 1."""
    broken = list(broken_links())
    for line in broken:
        click.echo(f"нарушена цепочка: {line}")
    if broken:
        raise SystemExit(1)
    click.echo("Все цепочки целы.")
