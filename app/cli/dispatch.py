"""`flask dispatch`: the loop that sees to the delivery of letters and the making of documents and tidies once a day.

`flask outbox again`: another try of a lost letter.
"""

import os
import secrets
import signal
import socket
import threading
import time
from dataclasses import dataclass, field

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy.exc import DBAPIError

from app import clock
from app.cases.rendering_work import DOCUMENTS
from app.cli.daily import Daily
from app.config import Config
from app.errors import NotFound
from app.gateways.queue import RedisQueue
from app.notifications import actions, dispatcher
from app.notifications.dispatcher import LETTERS, REPORTS, SMS, Memory, Terms, Work
from app.signing.revocation_work import LISTS, Waiting

#: How often within the interval the dispatcher looks for SMS: somebody waits for each at the screen.
URGENT_LOOKS = 4

outbox_cli = AppGroup("outbox", help="Исходящие письма.")


@click.command("dispatch")
@with_appcontext
def dispatch_command() -> None:
    """Следить за доставкой писем и печатью документов, пока не остановят."""
    watch(current_app._get_current_object())  # type: ignore[attr-defined]


def watch(app: Flask) -> None:
    """See to the delivery of letters and the making of documents until SIGTERM or SIGINT."""
    config: Config = app.extensions["config"]
    if missing := app.extensions["gateways"].signatures.self_test():
        click.echo(missing, err=True)
    if not config.mail_url and not config.demo:
        click.echo("MAIL_URL не задан: письма складываются в папку outbox и никому не уходят.", err=True)
    if not config.sms_urls:
        click.echo("SMS_URL не задан: СМС не отправляются, подписать документ кодом нельзя.", err=True)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    owner = f"dispatcher:{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"
    terms = Terms(owner=owner, lease_seconds=config.lease_seconds, stopping=stop.is_set)
    slow = RedisQueue(config.redis_url, DOCUMENTS.queue, job_seconds=config.print_lease_seconds)
    # SMS first: somebody waits for each of them.
    lines = [
        _Line(SMS, RedisQueue(config.redis_url, SMS.queue, job_seconds=config.lease_seconds)),
        _Line(REPORTS, RedisQueue(config.redis_url, REPORTS.queue, job_seconds=config.lease_seconds)),
        _Line(LETTERS, RedisQueue(config.redis_url, LETTERS.queue, job_seconds=config.lease_seconds)),
        _Line(DOCUMENTS, slow),
        _Line(LISTS, slow),
    ]
    _loop(app, lines, terms, stop, config.dispatch_interval)


@outbox_cli.command("again")
@click.argument("outbox_id", type=int)
def again_command(outbox_id: int) -> None:
    """Отправить заново письмо, которое не удалось доставить; его номер виден в списке писем обращения."""
    try:
        actions.send_again(outbox_id, at=clock.now())
    except NotFound as error:
        raise click.ClickException(error.message) from None
    click.echo(f"Письмо {outbox_id} поставлено в очередь.")


@dataclass
class _Line:
    """One kind of work with its queue and what the loop remembers of it."""

    work: Work
    queue: RedisQueue
    memory: Memory = field(default_factory=Memory)

    def step(self, terms: Terms) -> dispatcher.Step:
        return dispatcher.step(
            self.memory, self.queue, terms, now=clock.now, tick=time.monotonic, work=self.work
        )


def _loop(app: Flask, lines: list[_Line], terms: Terms, stop: threading.Event, interval: float) -> None:
    busy, daily, waiting, looks = False, Daily(), Waiting(), 0
    urgent = [line for line in lines if line.work.urgent]
    while not stop.is_set():
        whole, looks = looks % URGENT_LOOKS == 0, looks + 1
        try:
            # A context for each step: it ends the reading, which would keep old pages of the database alive.
            with app.app_context():
                done = [line.step(terms) for line in (lines if whole else urgent)]
                active = whole and "standby" not in done
                if whole:
                    daily.step(active=active, at=clock.now(), tick=time.monotonic())
                if active:
                    waiting.step(at=clock.now(), tick=time.monotonic())
            busy = False
        except DBAPIError as error:
            if not busy:
                app.logger.warning("the database is away: %s", type(error.orig).__name__)
            busy = True
        stop.wait(interval / URGENT_LOOKS)
    with app.app_context():
        actions.release_lease(dispatcher.NAME, terms.owner, at=clock.now())
