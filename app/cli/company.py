"""`flask company`: reference data."""

from flask.cli import AppGroup

from app import clock
from app.company.seed import seed

company_cli = AppGroup("company", help="Справочные данные сетевой организации.")


@company_cli.command("seed")
def seed_command() -> None:
    """Добавить недостающие настройки, сроки, календарь и тексты; измененное не трогает."""
    seed(clock.now())
