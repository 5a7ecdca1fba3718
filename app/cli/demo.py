"""`flask demo`: the demo world and its accounts."""

import json
from dataclasses import asdict

import click
from flask.cli import AppGroup
from sqlalchemy import select

from app import clock
from app.accounts.models import User
from app.cli.demo_people import ACCOUNTS
from app.cli.demo_world import build
from app.extensions import db

demo_cli = AppGroup("demo", help="Демонстрационный мир: люди и заявки из руководств.")


@demo_cli.command("seed")
def seed_command() -> None:
    """Заполнить пустую базу демонстрационным миром; базу с учетными записями не трогает."""
    if db.session.scalar(select(User.id).limit(1)) is not None:
        click.echo("В базе уже есть учетные записи, демонстрационный мир не добавлен.", err=True)
        return
    build(clock.now())


@demo_cli.command("accounts")
def accounts_command() -> None:
    """Напечатать учетные записи демонстрационного мира в JSON: роль, логин, пароль."""
    click.echo(json.dumps([asdict(account) for account in ACCOUNTS], ensure_ascii=False, indent=2))
