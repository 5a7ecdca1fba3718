"""`flask accounts`: accounts of the company's and the suppliers' people, and a forgotten password.

There are no accounts by default: the operator makes the first one here.
"""

import getpass
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import click
from flask.cli import AppGroup

from app import clock
from app.accounts import staff_actions
from app.accounts.contacts import parse_email, parse_mobile
from app.accounts.hashing import hash_password
from app.accounts.login_ids import recognise
from app.accounts.names import clean_name
from app.accounts.passwords import check_password
from app.accounts.registration import PersonName
from app.accounts.staff_actions import STAFF_ROLES
from app.errors import DomainError, InvalidValue

accounts_cli = AppGroup("accounts", help="Учетные записи сотрудников и забытые пароли.")

from_stdin = click.option(
    "--password-stdin", is_flag=True, help="Прочитать пароль из стандартного ввода, а не спрашивать."
)


@accounts_cli.command("add-staff")
@click.option("--email", required=True, help="E-mail: логин и адрес для писем.")
@click.option("--last-name", required=True, help="Фамилия.")
@click.option("--first-name", required=True, help="Имя.")
@click.option("--middle-name", default="", help="Отчество, если есть.")
@click.option("--phone", default="", help="Сотовый телефон.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice(STAFF_ROLES),
    help="Роль; можно назвать несколько.",
)
@click.option("--supplier", "supplier_id", type=click.IntRange(1), help="Номер поставщика для роли supplier.")
@from_stdin
def add_staff_command(
    email: str,
    last_name: str,
    first_name: str,
    middle_name: str,
    phone: str,
    roles: tuple[str, ...],
    supplier_id: int | None,
    password_stdin: bool,
) -> None:
    """Создать учетную запись сотрудника сетевой организации или поставщика."""
    with told():
        name = PersonName(
            clean_name(last_name, label="Фамилия"),
            clean_name(first_name, label="Имя"),
            clean_name(middle_name, label="Отчество", required=False),
        )
        address = parse_email(email)
        mobile = parse_mobile(phone) if phone else ""
        own = [address, name.last, name.first, name.middle, mobile]
        user_id = staff_actions.add_staff(
            name,
            email=address,
            password_hash=hash_password(new_password(password_stdin, partial(check_password, own=own))),
            roles=roles,
            supplier_id=supplier_id,
            phone=mobile,
            at=clock.now(),
        )
    click.echo(f"Учетная запись {user_id} создана: {address}, роли: {', '.join(roles)}.")


@accounts_cli.command("set-password")
@click.option("--login", required=True, help="Любой логин человека: E-mail, СНИЛС, ОГРН или ОГРНИП.")
@from_stdin
def set_password_command(login: str, password_stdin: bool) -> None:
    """Задать новый пароль человеку, которого узнали в офисе; все его открытые сеансы закончатся."""
    with told():
        found = recognise(login)
        password = new_password(password_stdin, partial(check_password, own=[login]))
        staff_actions.set_password(found, hash_password(password), at=clock.now())
    click.echo("Пароль изменен, открытые сеансы закончены.")


@accounts_cli.command("remove-second-factor")
@click.option("--login", required=True, help="Любой логин человека: E-mail, СНИЛС, ОГРН или ОГРНИП.")
def remove_second_factor_command(login: str) -> None:
    """Отключить двухэтапный вход человеку, который потерял телефон и резервные коды; его сеансы закончатся."""
    with told():
        staff_actions.remove_lost_factor(recognise(login), at=clock.now())
    click.echo("Двухэтапный вход отключен, открытые сеансы закончены.")


def new_password(stdin: bool, check: Callable[[str], None]) -> str:
    """A password from the standard input or typed twice; raises InvalidValue when it will not do."""
    if stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = getpass.getpass("Пароль: ")
        if getpass.getpass("Еще раз: ") != password:
            raise InvalidValue("Пароли не совпадают.")
    check(password)
    return password


@contextmanager
def told() -> Iterator[None]:
    """A refusal is one line for the operator and exit code 1."""
    try:
        yield
    except DomainError as refused:
        raise click.ClickException(refused.message) from None
