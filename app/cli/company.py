"""`flask company`: reference data and the company's settings."""

import click
from flask.cli import AppGroup

from app import clock
from app.company import queries
from app.company.actions import change_settings
from app.company.seed import SETTINGS, seed

company_cli = AppGroup("company", help="Справочные данные и настройки сетевой организации.")


@company_cli.command("seed")
def seed_command() -> None:
    """Добавить недостающие настройки, сроки, календарь и тексты; измененное не трогает."""
    seed(clock.now())


@company_cli.command("settings")
def settings_command() -> None:
    """Показать настройки, действующие сегодня."""
    for key, value in sorted(queries.profile().settings.items()):
        click.echo(f"{key} = {value}")


@company_cli.command("set")
@click.argument("key", type=click.Choice(sorted(SETTINGS)), metavar="НАСТРОЙКА")
@click.argument("text", metavar="ЗНАЧЕНИЕ")
def set_command(key: str, text: str) -> None:
    """Задать настройку с сегодняшнего дня, например: flask company set company.name "ООО «Сети»"."""
    change_settings({key: _typed(key, text)}, valid_from=queries.today(), at=clock.now())
    click.echo(f"{key} = {queries.profile().settings[key]}")


def _typed(key: str, text: str) -> str | int | bool:
    kind = type(SETTINGS[key])
    if kind is bool:
        if text not in ("да", "нет"):
            raise click.BadParameter("напишите «да» или «нет»")
        return text == "да"
    if kind is int:
        if not (text.isascii() and text.isdigit() and 0 < int(text) <= 10_000):
            raise click.BadParameter("нужно целое число от 1 до 10000")
        return int(text)
    return text.strip()
