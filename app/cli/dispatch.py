"""`flask dispatch`: the loop that sees to the delivery of letters and tidies once a day.

`flask outbox again`: another try of a lost letter.
"""

import os
import secrets
import signal
import socket
import threading
import time

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy.exc import DBAPIError

from app import clock
from app.accounts.key_actions import forget_old_keys
from app.config import Config
from app.errors import NotFound
from app.gateways.queue import RedisQueue
from app.notifications import actions, dispatcher
from app.notifications.dispatcher import Memory, Terms

#: The loop also forgets what nobody needs any more, at its start and every so many seconds.
TIDY_SECONDS = 86_400.0

outbox_cli = AppGroup("outbox", help="Исходящие письма.")


@click.command("dispatch")
@with_appcontext
def dispatch_command() -> None:
    """Следить за доставкой писем, пока не остановят."""
    watch(current_app._get_current_object())  # type: ignore[attr-defined]


def watch(app: Flask) -> None:
    """See to the delivery of letters until SIGTERM or SIGINT."""
    config: Config = app.extensions["config"]
    if not config.mail_url and not config.demo:
        click.echo("MAIL_URL не задан: письма складываются в папку outbox и никому не уходят.", err=True)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    owner = f"dispatcher:{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"
    terms = Terms(owner=owner, lease_seconds=config.lease_seconds, stopping=stop.is_set)
    queue = RedisQueue(config.redis_url, dispatcher.QUEUE, job_seconds=config.lease_seconds)
    _loop(app, queue, terms, stop, config.dispatch_interval)


@outbox_cli.command("again")
@click.argument("outbox_id", type=int)
def again_command(outbox_id: int) -> None:
    """Отправить заново письмо, которое не удалось доставить; его номер виден в списке писем обращения."""
    try:
        actions.send_again(outbox_id, at=clock.now())
    except NotFound as error:
        raise click.ClickException(error.message) from None
    click.echo(f"Письмо {outbox_id} поставлено в очередь.")


def _loop(app: Flask, queue: RedisQueue, terms: Terms, stop: threading.Event, interval: float) -> None:
    memory, busy, tidied = Memory(), False, -TIDY_SECONDS
    while not stop.is_set():
        try:
            # A context for each step: it ends the reading, which would keep old pages of the database alive.
            with app.app_context():
                dispatcher.step(memory, queue, terms, now=clock.now, tick=time.monotonic)
                if time.monotonic() - tidied >= TIDY_SECONDS:
                    forget_old_keys(at=clock.now())
                    tidied = time.monotonic()
            busy = False
        except DBAPIError as error:
            if not busy:
                app.logger.warning("the database is away: %s", type(error.orig).__name__)
            busy = True
        stop.wait(interval)
    with app.app_context():
        actions.release_lease(dispatcher.NAME, terms.owner, at=clock.now())
