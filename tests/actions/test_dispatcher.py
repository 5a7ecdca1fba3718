"""The dispatcher, step by step: one active, everything due into the queue once, by itself when there is no queue."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from app import gateways
from app.extensions import db
from app.gateways.email import Letter
from app.gateways.queue import Job, QueueAway
from app.notifications import actions, dispatcher
from app.notifications.dispatcher import LOOK_AGAIN, PATIENCE, Memory, Terms
from app.notifications.models import Lease, OutboxRow
from app.notifications.steps import Recipient, notify
from app.transaction import transaction
from tests.letters import NUMBER_GIVEN

AT = datetime(2026, 8, 6, 1, 28, tzinfo=UTC)


@dataclass
class Line:
    """A queue in memory."""

    jobs: list[Job] = field(default_factory=list)
    away: bool = False

    def waiting(self) -> set[str]:
        self._answer()
        return {job.key for job in self.jobs}

    def push(self, jobs: Iterable[Job]) -> None:
        self._answer()
        self.jobs.extend(jobs)

    def _answer(self) -> None:
        if self.away:
            raise QueueAway("ConnectionError")


@dataclass
class Clock:
    """A clock for people and a counter of seconds that go on together."""

    seconds: float = 0

    def now(self) -> datetime:
        return AT + timedelta(seconds=self.seconds)

    def tick(self) -> float:
        return self.seconds


@dataclass
class House:
    """One dispatcher with its surroundings."""

    line: Line
    clock: Clock
    letters: list[Letter]
    memory: Memory = field(default_factory=Memory)
    terms: Terms = field(default_factory=lambda: Terms(owner="dispatcher:1", lease_seconds=60))

    def step(self, after: float = 0) -> str:
        self.clock.seconds += after
        return dispatcher.step(self.memory, self.line, self.terms, now=self.clock.now, tick=self.clock.tick)

    def send(self, letter: Letter, *, at: datetime) -> None:
        self.letters.append(letter)


@pytest.fixture
def house(app: Flask) -> Iterator[House]:
    made = House(Line(), Clock(), [])
    app.extensions["gateways"] = replace(app.extensions["gateways"], post=made)
    with app.app_context():
        gateways.use(app.extensions["gateways"])
        yield made


def write(count: int = 1, at: datetime = AT) -> list[int]:
    with transaction():
        people = [Recipient(None, f"person{number}@example.org") for number in range(count)]
        return [row.id for row in notify("number-given", to=people, context=NUMBER_GIVEN, key=str(at), at=at)]


def states() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(OutboxRow.state).order_by(OutboxRow.id)))


def test_what_is_due_goes_into_the_queue_once_as_an_id(house: House) -> None:
    first, second = write(2)
    assert house.step() == "queued"
    assert house.line.jobs == [
        Job(f"letter-{first}-0", "jobs.notifications.deliver", first),
        Job(f"letter-{second}-0", "jobs.notifications.deliver", second),
    ]
    house.step(1)
    house.step(LOOK_AGAIN)
    assert len(house.line.jobs) == 2
    assert house.letters == []


def test_a_queue_that_was_emptied_is_filled_again(house: House) -> None:
    write()
    house.step()
    house.line.jobs.clear()
    house.step(1)
    assert house.line.jobs == []  # a worker may just have taken it
    house.step(LOOK_AGAIN)
    assert len(house.line.jobs) == 1


def test_a_dispatcher_that_starts_anew_puts_nothing_into_the_queue_twice(house: House) -> None:
    write()
    house.step()
    house.memory = Memory()
    house.step()
    assert len(house.line.jobs) == 1


def test_the_next_try_of_a_letter_is_a_job_of_its_own(house: House) -> None:
    (row_id,) = write()
    house.step()
    house.line.jobs.clear()
    with transaction():
        db.session.execute(update(OutboxRow).values(state="retry", tries=1, next_at=AT))
    house.step()
    assert [job.key for job in house.line.jobs] == [f"letter-{row_id}-1"]


def test_the_letter_of_a_dead_worker_comes_back_after_its_lease(house: House) -> None:
    (row_id,) = write()
    with transaction():
        lease = {"state": "sending", "tries": 1, "lease_until": AT + timedelta(seconds=60)}
        db.session.execute(update(OutboxRow).values(**lease))
    house.step(59)
    assert house.line.jobs == []
    house.step(2)
    assert [job.key for job in house.line.jobs] == [f"letter-{row_id}-1"]


def test_a_queue_that_is_away_for_a_moment_is_waited_for(house: House) -> None:
    write()
    house.line.away = True
    assert house.step() == "waiting"
    assert house.step(PATIENCE - 0.1) == "waiting"
    house.line.away = False
    assert house.step(0.2) == "queued"
    assert house.letters == []
    assert len(house.line.jobs) == 1


def test_without_a_queue_the_dispatcher_delivers_by_itself_until_it_is_back(house: House) -> None:
    write(dispatcher.OWN_BATCH + 2)
    house.line.away = True
    house.step()
    assert house.step(PATIENCE) == "delivering"
    assert len(house.letters) == dispatcher.OWN_BATCH
    assert house.step(1) == "delivering"
    assert set(states()) == {"sent"}
    assert (
        len({letter.message_id for letter in house.letters}) == len(house.letters) == dispatcher.OWN_BATCH + 2
    )
    house.line.away = False
    write(at=AT + timedelta(seconds=1))
    assert house.step(1) == "queued"
    assert len(house.line.jobs) == 1
    house.line.away = True
    assert house.step(1) == "waiting"  # patience begins anew


def test_letters_lost_with_the_queue_are_put_into_the_new_one_at_once(house: House) -> None:
    write()
    house.step()
    house.line.away = True
    house.step(1)
    house.line = Line()
    house.step(1)
    assert len(house.line.jobs) == 1


def test_a_dispatcher_that_is_told_to_stop_begins_no_other_letter(house: House) -> None:
    write(3)
    house.line.away = True
    house.terms = replace(house.terms, stopping=lambda: len(house.letters) >= 1)
    house.step()
    house.step(PATIENCE)
    assert len(house.letters) == 1


def test_a_second_dispatcher_stands_by_and_takes_over_when_the_first_is_silent(house: House) -> None:
    write()
    house.step()
    second = House(
        house.line, house.clock, house.letters, terms=Terms(owner="dispatcher:2", lease_seconds=60)
    )
    house.line.jobs.clear()
    assert second.step(14.9) == "standby"
    assert house.line.jobs == []
    assert second.step(0.2) == "queued"
    assert len(house.line.jobs) == 1
    assert house.step() == "standby"


def test_an_active_dispatcher_stays_active_and_shows_that_it_lives(house: House) -> None:
    second = House(
        house.line, house.clock, house.letters, terms=Terms(owner="dispatcher:2", lease_seconds=60)
    )
    for _ in range(20):
        assert house.step(4) == "queued"
        assert second.step(4) == "standby"
        beat = db.session.scalars(select(Lease.beat_at).where(Lease.name == dispatcher.NAME)).one()
        assert house.clock.now() - beat <= timedelta(seconds=15)


def test_a_dispatcher_that_ends_lets_the_next_one_begin_at_once(house: House) -> None:
    house.step()
    actions.release_lease(dispatcher.NAME, "somebody else", at=AT)
    assert not actions.hold_lease(dispatcher.NAME, "dispatcher:2", at=AT, seconds=15)
    actions.release_lease(dispatcher.NAME, "dispatcher:1", at=AT)
    assert actions.hold_lease(dispatcher.NAME, "dispatcher:2", at=AT, seconds=15)


def test_a_lease_written_by_a_clock_that_was_put_back_holds_nobody_off(house: House) -> None:
    assert actions.hold_lease("x", "a", at=AT + timedelta(days=1), seconds=15)
    assert actions.hold_lease("x", "b", at=AT, seconds=15)
    assert not actions.hold_lease("x", "a", at=AT, seconds=15)
