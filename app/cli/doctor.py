"""`flask doctor`: what this installation lacks for its work, one line each; exit code 1 when something is broken."""

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app import clock
from app.company import queries as company
from app.config import Config
from app.extensions import db
from app.gateways import current
from app.signing.trust_health_queries import trust_gaps


@click.command("doctor")
@with_appcontext
def doctor_command() -> None:
    """Проверить, всё ли на месте: база, проверка подписей, почта, СМС, доверенные сертификаты и списки отзыва."""
    config: Config = current_app.extensions["config"]
    broken = [sentence for sentence in (_database(), current().signatures.self_test()) if sentence]
    for sentence in broken:
        click.echo(f"ОШИБКА: {sentence}")
    for sentence in _warnings(config, database=not broken or not _database()):
        click.echo(f"Обратите внимание: {sentence}")
    if broken:
        raise SystemExit(1)
    click.echo("База данных и проверка электронных подписей работают.")


def _database() -> str:
    try:
        db.session.execute(text("SELECT 1 FROM settings LIMIT 1"))
    except DBAPIError:
        db.session.rollback()
        return "База данных не отвечает или таблиц в ней нет. Выполните flask db upgrade."
    return ""


def _warnings(config: Config, *, database: bool) -> list[str]:
    told = []
    if not config.mail_url:
        told.append("MAIL_URL не задан: письма складываются в папку и никому не уходят.")
    if not config.sms_urls:
        told.append("SMS_URL не задан: подписать документ кодом из СМС нельзя.")
    if database and not company.profile().settings["security.second_factor"]:
        told.append(
            "Двухэтапный вход для сотрудников выключен: кто узнает пароль, увидит данные всех заявителей."
        )
    return told + (trust_gaps(clock.now()) if database else [])
