"""`flask verify-journal`: the check of everything that proves who did what; `flask journal verify` is its old name."""

import re

import click
from flask.cli import AppGroup, with_appcontext

from app.journal.check_queries import anchor_of, broken_links, counted, erased
from app.signing.record_queries import broken_signatures

journal_cli = AppGroup("journal", help="Журнал событий.")

#: So many broken places are named one by one.
_NAMED = 20


@click.command("verify-journal")
@click.option("--letter", default="", help="Контрольная сумма из сохраненного письма: есть ли она в журнале.")
@with_appcontext
def verify_journal_command(letter: str) -> None:
    """Проверить журнал, якоря и подписи; при нарушении назвать первое место и закончить с кодом 1."""
    _verify(letter)


@journal_cli.command("verify")
def verify_command() -> None:
    """То же, что flask verify-journal."""
    _verify("")


def _verify(letter: str) -> None:
    broken = [*broken_links(), *broken_signatures()]
    if letter:
        broken += _missing(letter)
    if broken:
        click.echo(f"Журнал нарушен. Первое место: {broken[0]}.")
        for line in broken[1:_NAMED]:
            click.echo(f"Еще: {line}.")
        if len(broken) > _NAMED:
            click.echo(f"Всего нарушенных мест: {len(broken)}.")
        raise SystemExit(1)
    chains, entries = counted()
    click.echo(f"Все цепочки целы: записей {entries}, цепочек {chains}. Якоря и подписи сходятся.")
    if count := erased():
        click.echo(f"Подробности стерты по актам: записей {count}. Сверьте это число с актами.")


def _missing(letter: str) -> list[str]:
    """What is wrong with the sum from a letter: it is none, or the journal that it was of is another one now."""
    sum_ = letter.strip().lower()
    if not re.fullmatch(r"[0-9a-f]{64}", sum_):
        raise click.ClickException("Контрольная сумма из письма: 64 знака, цифры и буквы a–f.")
    found = anchor_of(sum_)
    return [] if found else ["якоря с суммой из письма нет, журнал переписан после этого письма"]
