"""`flask setup`: makes an installation a company's own: name, numbers, zone, contacts, mail, first administrator.

Asks with the present values as defaults, or takes everything from options; safe to repeat. Every answer passes the same
rules as on the pages of the set-up.
"""

import os
from collections.abc import Callable
from functools import partial
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import inspect

from app import clock
from app.accounts.contacts import email_key, parse_email, parse_mobile
from app.accounts.hashing import hash_password
from app.accounts.names import clean_name
from app.accounts.passwords import check_password
from app.accounts.queries import holder, roles_of
from app.accounts.registration import PersonName
from app.accounts.staff_actions import add_staff
from app.actor import ADMINISTRATOR, OPERATOR
from app.administration.editable_rules import Editable
from app.administration.mail_actions import note_server
from app.administration.queries import company_people
from app.administration.settings_rules import SECTIONS
from app.administration.sms_actions import note_operators
from app.cli import mail_files
from app.cli.accounts import from_stdin, new_password
from app.cli.answers import Answers
from app.company import queries as company
from app.company.actions import change_settings
from app.company.seed import seed
from app.config import Config, ConfigError
from app.errors import DomainError, InvalidValue
from app.extensions import db
from app.gateways.sms_addresses import sms_words

Options = dict[str, Any]


def _option(setting: Editable) -> str:
    return setting.key.removeprefix("company.")


def _with_settings(command: Callable[..., None]) -> Callable[..., None]:
    """An option for every setting of the company."""
    for setting in reversed(SECTIONS["company"]):
        flag = "--" + _option(setting).replace("_", "-")
        command = click.option(flag, help=setting.label + ".")(command)
    return command


@click.command("setup")
@_with_settings
@click.option(
    "--mail-url", envvar="SETUP_MAIL_URL", help="Почтовый сервер: smtp://… или smtps://…; «-» убирает."
)
@click.option("--mail-from", help="Адрес отправителя писем.")
@click.option(
    "--sms-url", envvar="SETUP_SMS_URL", help="Оператор СМС: smsc://логин:пароль@?sender=ИМЯ; «-» убирает."
)
@click.option("--sms-url-2", envvar="SETUP_SMS_URL_2", help="Запасной оператор СМС; «-» убирает.")
@click.option("--admin-email", help="E-mail администратора: логин и адрес для писем.")
@click.option("--admin-last-name", help="Фамилия администратора.")
@click.option("--admin-first-name", help="Имя администратора.")
@click.option("--admin-middle-name", help="Отчество администратора, если есть.")
@click.option("--admin-phone", help="Сотовый телефон администратора.")
@click.option("--admin-is-operator", is_flag=True, help="Администратор еще и ведет обращения.")
@click.option("--no-input", is_flag=True, help="Ни о чем не спрашивать: что не названо, остается прежним.")
@from_stdin
@with_appcontext
def setup_command(no_input: bool, password_stdin: bool, **options: Any) -> None:
    """Настроить кабинет для своей организации; можно повторять: пустой ответ оставляет прежнее, «-» убирает."""
    answers = Answers(asks=not (no_input or password_stdin))
    _prepare_database()
    seed(clock.now())
    _company(answers, options)
    _mail(answers, options)
    _sms(options)
    _administrator(answers, options, password_stdin)


def _prepare_database() -> None:
    """Make the tables of an empty database; the library for it weighs too much to be there always."""
    if not inspect(db.engine).has_table("settings"):
        from flask_migrate import upgrade

        from app.cli import migrations

        if "migrate" not in current_app.extensions:
            migrations.init_app(current_app._get_current_object())  # type: ignore[attr-defined]
        upgrade()


def _company(answers: Answers, options: Options) -> None:
    present = company.profile().settings
    changed: Options = {}
    for setting in SECTIONS["company"]:
        kept = setting.typed(present.get(setting.key))
        value = answers.take(setting.label, setting.read, given=options[_option(setting)], present=kept)
        if value is not None and value != present.get(setting.key):
            changed[setting.key] = value
    if changed:
        change_settings(changed, valid_from=company.today(), at=clock.now())
    profile = company.profile()
    told = "" if changed else ", прежние данные"
    click.echo(f"Организация: {profile.name}, {profile.zone_label}{told}.")


def _mail(answers: Answers, options: Options) -> None:
    config: Config = current_app.extensions["config"]
    before = mail_files.server_words(config.mail_url)
    url = answers.take(
        "Почтовый сервер (например, smtp://user:password@mail.example.org:587?tls=starttls)",
        mail_files.parse_server,
        given=options["mail_url"],
        shown=before or "не задан",
    )
    sender = answers.take(
        "Адрес отправителя писем", parse_email, given=options["mail_from"], shown=config.mail_from
    )
    if url is None and sender is None:
        return
    config.instance_path.mkdir(parents=True, exist_ok=True)
    for name, text in ((mail_files.URL_FILE, url), (mail_files.SENDER_FILE, sender)):
        if text is not None:
            mail_files.keep(config.instance_path, name, text)
            if name.upper() in os.environ:
                click.echo(f"В окружении задан {name.upper()}: он важнее. Уберите его.", err=True)
    if url is not None:
        note_server(before, mail_files.server_words(url), at=clock.now())
    click.echo("Почта записана. Перезапустите сайт, чтобы она начала действовать.")


def _sms(options: Options) -> None:
    """Keep the operators of SMS in files of the instance, like the mail server: their addresses hold passwords."""
    instance = current_app.extensions["config"].instance_path
    given = {name: options[name] for name in ("sms_url", "sms_url_2") if options[name] is not None}
    if not given:
        return
    urls = {name: "" if text == "-" else text.strip() for name, text in given.items()}
    try:
        words = sms_words([url for url in urls.values() if url], instance)
    except ConfigError as wrong:
        raise click.ClickException(str(wrong)) from None
    instance.mkdir(parents=True, exist_ok=True)
    for name, url in urls.items():
        mail_files.keep(instance, name, url)
    note_operators(words, at=clock.now())
    click.echo(f"СМС: {words or 'не отправляются'}. Перезапустите сайт, чтобы это начало действовать.")


def _administrator(answers: Answers, options: Options, password_stdin: bool) -> None:
    there = [one.user.name for one in company_people() if ADMINISTRATOR in one.roles and not one.blocked]
    given = options["admin_email"]
    if there and given is None and not answers.confirm("Добавить еще одного администратора?"):
        click.echo(f"Администраторы: {', '.join(there)}.")
        return
    if given is None and not answers.asks:
        click.echo("Администратора пока нет: назовите его E-mail, фамилию и имя (--admin-email …).", err=True)
        return
    email = answers.must("E-mail администратора", parse_email, given=given, option="--admin-email")
    known = holder("email", email_key(email))
    if known is not None and ADMINISTRATOR in roles_of(known.id):
        click.echo(f"Администратор {email} уже есть, он не изменен.")
        return
    if known is not None:
        raise click.ClickException(f"Учетная запись с логином {email} уже есть. Назовите другой E-mail.")
    _add_administrator(answers, options, email, password_stdin)


def _add_administrator(answers: Answers, options: Options, email: str, password_stdin: bool) -> None:
    last = _name(answers, options, "last_name", "Фамилия")
    first = _name(answers, options, "first_name", "Имя")
    middle = answers.take(
        "Отчество",
        partial(clean_name, label="Отчество", required=False),
        given=options["admin_middle_name"],
    )
    phone = answers.take(
        "Сотовый телефон", lambda text: parse_mobile(text) if text else "", given=options["admin_phone"]
    )
    name = PersonName(last, first, middle or "")
    both = options["admin_is_operator"] or answers.confirm("Этот человек еще и ведет обращения?")
    password = _password(answers, password_stdin, [email, last, first, middle or "", phone or ""])
    try:
        add_staff(
            name,
            email=email,
            password_hash=hash_password(password),
            roles=[ADMINISTRATOR, OPERATOR] if both else [ADMINISTRATOR],
            phone=phone or "",
            at=clock.now(),
        )
    except DomainError as refused:
        raise click.ClickException(refused.message) from None
    click.echo(f"Администратор {email} создан. Остальное настраивается на сайте, в разделе «Настройка».")


def _name(answers: Answers, options: Options, name: str, words: str) -> str:
    option = f"admin_{name}"
    parse = partial(clean_name, label=words)
    flag = "--" + option.replace("_", "-")
    return answers.must(words, parse, given=options[option], option=flag)


def _password(answers: Answers, stdin: bool, own: list[str]) -> str:
    if not (stdin or answers.asks):
        raise click.ClickException(
            "Пароль администратора: добавьте --password-stdin и передайте его на вход."
        )
    while True:
        try:
            return new_password(stdin, partial(check_password, own=own))
        except InvalidValue as refused:
            if not answers.asks:
                raise click.ClickException(refused.message) from None
            click.echo(refused.message)
