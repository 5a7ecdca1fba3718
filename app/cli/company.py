"""`flask company`: reference data and the company's settings."""

import click
from flask.cli import AppGroup

from app import clock
from app.administration.settings_rules import SETTINGS_BY_KEY
from app.company import queries
from app.company.actions import change_settings
from app.company.seed import seed
from app.errors import InvalidValue

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
@click.argument("key", type=click.Choice(sorted(SETTINGS_BY_KEY)), metavar="НАСТРОЙКА")
@click.argument("text", metavar="ЗНАЧЕНИЕ")
def set_command(key: str, text: str) -> None:
    """Задать настройку с сегодняшнего дня, например: flask company set company.name "ООО «Сети»"."""
    try:
        value = SETTINGS_BY_KEY[key].read(text)
    except InvalidValue as refused:
        raise click.BadParameter(refused.message) from None
    change_settings({key: value}, valid_from=queries.today(), at=clock.now())
    click.echo(f"{key} = {queries.profile().settings[key]}")
