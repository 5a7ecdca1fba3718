"""The outbox: no act without its letter, no letter twice, none lost."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from app import gateways
from app.errors import NotFound
from app.extensions import db
from app.gateways.email import Letter, TryLater, Undeliverable
from app.notifications import actions, queries, rules
from app.notifications.models import OutboxRow
from app.notifications.steps import Recipient, notify
from app.transaction import transaction
from tests.letters import CASE, EXTRA, NUMBER_GIVEN

AT = datetime(2026, 8, 6, 1, 28, tzinfo=UTC)
IVANOV = Recipient(None, "ivanov@example.org")


class Postman:
    """A post that does what it is told and remembers what it was given."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.refusal: Exception | None = None
        self.meanwhile: Callable[[], object] = lambda: None

    def send(self, letter: Letter, *, at: datetime) -> None:
        meanwhile, self.meanwhile = self.meanwhile, lambda: None
        meanwhile()
        if self.refusal is not None:
            raise self.refusal
        self.letters.append(letter)


@pytest.fixture
def postman(app: Flask) -> Iterator[Postman]:
    """Takes the place of the mail server for as long as the test's contexts are open."""
    made = Postman()
    app.extensions["gateways"] = replace(app.extensions["gateways"], post=made)
    with app.app_context():
        gateways.use(app.extensions["gateways"])
        yield made


def write(kind: str = "number-given", *, to: Recipient = IVANOV, key: str = "act", at: datetime = AT) -> int:
    with transaction():
        return notify(kind, to=[to], context={**CASE, **EXTRA[kind]}, key=key, at=at)[0].id


def row(row_id: int) -> OutboxRow:
    db.session.rollback()
    return db.session.get_one(OutboxRow, row_id, populate_existing=True)


def deliver(row_id: int, at: datetime = AT, owner: str = "worker:1") -> str:
    return actions.deliver(row_id, at=at, owner=owner, lease_seconds=60)


def states() -> list[str]:
    return list(db.session.scalars(select(OutboxRow.state).order_by(OutboxRow.id)))


def test_a_letter_is_written_for_each_person_with_text_and_address_of_that_moment(postman: Postman) -> None:
    with transaction():
        people = [IVANOV, Recipient(None, "energy@example.org")]
        rows = notify("number-given", to=people, context=NUMBER_GIVEN, key="act", at=AT)
        found = [(one.address, one.subject, one.state) for one in rows]
    assert found == [
        ("ivanov@example.org", "Присвоен № 299", "new"),
        ("energy@example.org", "Присвоен № 299", "new"),
    ]


def test_who_wants_no_letters_gets_none_and_the_ledger_says_why(postman: Postman) -> None:
    muted = write(to=Recipient(None, ""))
    assert deliver(muted) == "skipped"
    assert row(muted).state == "muted"
    assert postman.letters == []
    assert queries.due(AT, limit=10) == []


def test_a_failed_act_leaves_no_letter(postman: Postman) -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        notify("number-given", to=[IVANOV], context=NUMBER_GIVEN, key="act", at=AT)
        1 / 0  # noqa: B018
    assert states() == []


def test_a_letter_outside_an_act_is_refused(postman: Postman) -> None:
    with pytest.raises(RuntimeError, match="open transaction"):
        notify("number-given", to=[IVANOV], context=NUMBER_GIVEN, key="act", at=AT)


def test_one_act_is_never_told_twice_to_one_person(postman: Postman) -> None:
    write(key="act")
    with pytest.raises(IntegrityError):
        write(key="act")
    write(key="another act")
    assert states() == ["new", "new"]


def test_a_letter_leaves_once_under_the_company_s_name(postman: Postman) -> None:
    row_id = write()
    assert deliver(row_id) == "sent"
    assert deliver(row_id) == "skipped"
    (letter,) = postman.letters
    assert letter.sender_name == "Личный кабинет ООО «Калиновские Электрические Сети»"
    assert letter.address == "ivanov@example.org"
    assert letter.subject == "Присвоен № 299"
    assert letter.body.startswith("Уведомление: присвоен регистрационный номер\n")
    sent = row(row_id)
    assert (sent.state, sent.sent_at, sent.tries, sent.lease_owner) == ("sent", AT, 1, "worker:1")


def test_the_mail_server_is_spoken_to_outside_any_transaction(postman: Postman) -> None:
    row_id = write()

    def another_act() -> None:
        with transaction():
            db.session.execute(update(OutboxRow).values(last_error="written meanwhile"))

    postman.meanwhile = another_act
    assert deliver(row_id) == "sent"


def test_nobody_else_gets_a_letter_that_is_being_tried(postman: Postman) -> None:
    row_id = write()
    others: list[str] = []
    postman.meanwhile = lambda: others.append(deliver(row_id, owner="worker:2"))
    assert deliver(row_id) == "sent"
    assert others == ["skipped"]
    assert len(postman.letters) == 1


def test_of_many_workers_at_once_one_sends(app: Flask, postman: Postman) -> None:
    row_id = write()
    start = threading.Barrier(6)

    def work(number: int) -> str:
        with app.app_context():
            gateways.use(app.extensions["gateways"])
            start.wait()
            return deliver(row_id, owner=f"worker:{number}")

    with ThreadPoolExecutor(6) as pool:
        results = sorted(pool.map(work, range(6)))
    assert results == ["sent", *["skipped"] * 5]
    assert len(postman.letters) == 1


def test_a_busy_server_gets_the_letter_again_after_a_pause(postman: Postman) -> None:
    row_id = write()
    postman.refusal = TryLater("SMTP 451")
    assert deliver(row_id) == "retry"
    waiting = row(row_id)
    assert timedelta(seconds=24) <= waiting.next_at - AT <= timedelta(seconds=36)
    assert (waiting.last_error, waiting.lease_until) == ("SMTP 451", None)
    postman.refusal = None
    assert deliver(row_id, AT + timedelta(seconds=23)) == "skipped"
    assert deliver(row_id, AT + timedelta(seconds=37)) == "sent"
    assert (row(row_id).tries, row(row_id).last_error) == (2, "")


def test_a_server_that_is_away_for_three_days_leaves_a_dead_letter(postman: Postman) -> None:
    row_id = write()
    with transaction():
        db.session.execute(update(OutboxRow).values(tries=rules.MOST_TRIES - 1))
    postman.refusal = TryLater("TimeoutError")
    assert deliver(row_id) == "dead"
    assert deliver(row_id, AT + timedelta(days=30)) == "skipped"


def test_a_refusal_for_good_is_not_repeated(postman: Postman) -> None:
    row_id = write()
    postman.refusal = Undeliverable("SMTP 550")
    assert deliver(row_id) == "dead"
    postman.refusal = None
    assert deliver(row_id, AT + timedelta(days=1)) == "skipped"
    assert postman.letters == []


def test_a_mistake_of_the_program_keeps_the_letter_and_no_text_of_it(postman: Postman) -> None:
    row_id = write()
    postman.refusal = KeyError("ivanov@example.org")
    assert deliver(row_id) == "retry"
    assert row(row_id).last_error == "KeyError"


def test_a_letter_that_came_too_late_is_never_sent(postman: Postman) -> None:
    row_id = write()
    with transaction():
        db.session.execute(update(OutboxRow).values(expires_at=AT + timedelta(minutes=5)))
    assert deliver(row_id, AT + timedelta(minutes=5)) == "skipped"
    assert row(row_id).state == "expired"
    assert postman.letters == []


def test_the_letter_of_a_dead_worker_is_tried_again_under_the_same_message_id(postman: Postman) -> None:
    row_id = write()
    postman.refusal = SystemExit()
    with pytest.raises(SystemExit):
        deliver(row_id)
    assert row(row_id).state == "sending"
    postman.refusal = None
    assert actions.free_lost(at=AT + timedelta(seconds=59)) == 0
    assert actions.free_lost(at=AT + timedelta(seconds=60)) == 1
    assert queries.due(AT + timedelta(seconds=60), limit=10) == [queries.Due(row_id, 1)]
    assert deliver(row_id, AT + timedelta(seconds=60)) == "sent"
    assert [letter.message_id for letter in postman.letters] == [row(row_id).message_id]


def test_a_letter_that_kills_its_workers_does_not_occupy_them(postman: Postman) -> None:
    row_id = write()
    with transaction():
        db.session.execute(update(OutboxRow).values(state="sending", tries=5, lease_until=AT))
    actions.free_lost(at=AT)
    assert row(row_id).next_at - AT >= timedelta(seconds=48)
    assert queries.due(AT, limit=10) == []


def test_a_worker_that_finishes_late_still_tells_that_the_letter_left(postman: Postman) -> None:
    row_id = write()
    postman.meanwhile = lambda: actions.free_lost(at=AT + timedelta(seconds=61))
    assert deliver(row_id) == "sent"
    assert row(row_id).state == "sent"
    assert deliver(row_id, AT + timedelta(seconds=62)) == "skipped"


def test_a_worker_that_fails_late_does_not_undo_what_another_has_sent(postman: Postman) -> None:
    row_id = write()
    later = AT + timedelta(seconds=61)

    def somebody_else_sends() -> None:
        actions.free_lost(at=later)
        assert deliver(row_id, later, owner="worker:2") == "sent"
        postman.refusal = TryLater("TimeoutError")

    postman.meanwhile = somebody_else_sends
    assert deliver(row_id) == "retry"
    assert (row(row_id).state, row(row_id).lease_owner) == ("sent", "worker:2")


def test_a_clock_that_was_put_back_holds_no_letter_up(postman: Postman) -> None:
    tomorrow = AT + timedelta(days=1)
    written, paused, tried = (write(key=key, at=tomorrow) for key in ("written", "paused", "tried"))
    postman.refusal = TryLater("SMTP 451")
    deliver(paused, tomorrow)
    with transaction():
        lease = {"state": "sending", "lease_until": tomorrow}
        db.session.execute(update(OutboxRow).where(OutboxRow.id == tried).values(**lease))
    postman.refusal = None
    assert actions.free_lost(at=AT) == 1
    assert {due.id for due in queries.due(AT, limit=10)} == {written, paused, tried}
    assert [deliver(row_id) for row_id in (written, paused, tried)] == ["sent"] * 3


def test_a_dead_letter_can_be_sent_again_by_hand(postman: Postman) -> None:
    row_id = write()
    postman.refusal = Undeliverable("SMTP 550")
    deliver(row_id)
    postman.refusal = None
    actions.send_again(row_id, at=AT)
    assert deliver(row_id) == "sent"
    with pytest.raises(NotFound):
        actions.send_again(row_id, at=AT)
    assert len(postman.letters) == 1


def test_a_busy_database_does_not_make_a_letter_leave_twice(postman: Postman) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("only SQLite has one writer at a time")
    row_id = write()
    other = sqlite3.connect(str(db.engine.url.database), isolation_level=None, check_same_thread=False)

    def occupy_for_a_while() -> None:
        db.session.execute(text("PRAGMA busy_timeout=50"))
        db.session.rollback()
        other.execute("BEGIN IMMEDIATE")
        threading.Timer(0.15, other.rollback).start()

    postman.meanwhile = occupy_for_a_while
    assert deliver(row_id) == "sent"
    other.close()
    assert row(row_id).state == "sent"
    assert len(postman.letters) == 1


def test_the_longest_waiting_letter_is_due_first_and_the_rest_waits_its_turn(postman: Postman) -> None:
    young = write(key="young", at=AT)
    old = write(key="old", at=AT - timedelta(minutes=1))
    write(key="later", at=AT + timedelta(minutes=1))
    assert [due.id for due in queries.due(AT, limit=10)] == [old, young]
    assert [due.id for due in queries.due(AT + timedelta(minutes=2), limit=2)] == [old, young]
