"""The ground on which everything stands: the database's own safety, instants, rows that never change, the journal's chains."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import delete, event, text, update
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from app import clock
from app.accounts.models import User, UserApplicant, UserRole
from app.cases import actions as messages
from app.cases.models import Message
from app.company.models import Setting, Supplier, Term
from app.documents.intake import Upload, received
from app.documents.models import DocumentVersion
from app.documents.steps import add_document
from app.errors import InvalidForm
from app.extensions import db
from app.journal.models import JournalDetails, JournalEntry
from app.journal.queries import broken_links
from app.journal.steps import record
from app.transaction import transaction
from tests.case_world import PDF, applicant, sent

AT = datetime(2026, 11, 24, 12, 30, 15, 123456, tzinfo=UTC)


def is_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


def setting(name: str) -> str:
    command = f"PRAGMA {name}" if is_sqlite() else f"SHOW {name}"
    with db.engine.connect() as connection:
        return str(connection.exec_driver_sql(command).scalar())


# The database


def test_a_commit_survives_a_power_cut_and_links_are_checked(context: Flask) -> None:
    if is_sqlite():
        asked = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "trusted_schema")
        assert {name: setting(name) for name in asked} == {
            "journal_mode": "wal",
            "synchronous": "2",
            "foreign_keys": "1",
            "busy_timeout": "5000",
            "trusted_schema": "0",
        }
    else:
        assert setting("synchronous_commit") == "on"
        assert setting("server_encoding") == "UTF8"


def test_an_action_takes_the_right_to_write_at_once_and_reading_does_not(context: Flask) -> None:
    begun: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("BEGIN"):
            begun.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        db.session.query(Setting).count()
        with transaction():
            db.session.query(Setting).count()
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert begun == (["BEGIN", "BEGIN IMMEDIATE"] if is_sqlite() else [])


@pytest.mark.parametrize(
    "row",
    [
        lambda: Term(code="offer", days=0, valid_from=AT.date()),
        lambda: Supplier(name="дважды"),
        lambda: UserApplicant(user_id=999, applicant_id=999, capacity="self"),
        lambda: UserRole(user_id=999, role="applicant"),
        lambda: User(
            password_hash="x", last_name="А", first_name="Б", password_at=AT, created_at=AT, state="gone"
        ),
        lambda: JournalEntry(
            chain="site", seq=1, at=AT, kind="x", party="system", public=False, details_hash="", hash=""
        ),
    ],
    ids=["check", "unique", "foreign key", "foreign key of a role", "known states", "place in a chain"],
)
def test_the_schema_itself_refuses_what_the_rules_refuse(context: Flask, row: object) -> None:
    with transaction():
        db.session.add(Supplier(name="дважды"))
        record("begun", party="system", actor_id=None, at=AT)
    with pytest.raises(IntegrityError), transaction():
        db.session.add(row())  # type: ignore[operator]
        db.session.flush()


# Instants


@pytest.mark.parametrize(
    "zone", [UTC, timezone(timedelta(hours=5)), timezone(timedelta(hours=-11, minutes=-30))]
)
def test_an_instant_comes_back_aware_and_the_same_wherever_it_was_written(
    context: Flask, zone: timezone
) -> None:
    with transaction():
        db.session.add(Setting(key="t", value=1, valid_from=AT.date(), set_at=AT.astimezone(zone)))
    db.session.expire_all()
    stored = db.session.query(Setting).filter_by(key="t").one().set_at
    assert stored == AT
    assert stored.tzinfo is UTC


def test_an_instant_without_a_zone_is_refused(context: Flask) -> None:
    with pytest.raises(StatementError, match="aware"), transaction():
        db.session.add(Setting(key="t", value=1, valid_from=AT.date(), set_at=AT.replace(tzinfo=None)))
        db.session.flush()


def test_an_instant_without_a_zone_is_refused_in_a_question_too(context: Flask) -> None:
    with pytest.raises(StatementError, match="aware"):
        db.session.query(Setting).filter(Setting.set_at < AT.replace(tzinfo=None)).all()


# Rows that never change


def add_entries() -> None:
    with transaction():
        for number in range(3):
            record("happened", party="system", actor_id=None, at=AT, details={"number": number})


def add_version() -> None:
    person = applicant()
    with received([Upload("a.pdf", BytesIO(PDF))]) as files, transaction():
        add_document(files[0], owner_applicant_id=None, by=person.id, at=AT)


@pytest.mark.parametrize(
    "change",
    [
        update(JournalEntry).values(kind="forged"),
        delete(JournalEntry),
        text("UPDATE journal_entries SET public = (1 = 1) WHERE seq = 2"),
        update(DocumentVersion).values(sha256="0" * 64),
        update(DocumentVersion).values(storage_key="another"),
    ],
    ids=["entry", "entry gone", "entry by hand", "version", "key of a version"],
)
def test_the_database_refuses_to_change_what_must_stay(context: Flask, change: object) -> None:
    add_entries()
    add_version()
    with pytest.raises(DBAPIError, match="never changed"), transaction():
        db.session.execute(change)  # type: ignore[call-overload]
    assert list(broken_links()) == []
    assert db.session.query(DocumentVersion).one().sha256 != "0" * 64


# The chains


@pytest.fixture
def forgery(context: Flask) -> Iterator[None]:
    """A journal with three entries and an owner of the database who has switched its triggers off."""
    add_entries()
    with transaction():
        if is_sqlite():
            for operation in ("update", "delete"):
                db.session.execute(text(f"DROP TRIGGER journal_entries_no_{operation}"))
        else:
            db.session.execute(text("ALTER TABLE journal_entries DISABLE TRIGGER USER"))
    yield
    if not is_sqlite():  # there the tests share one database
        with transaction():
            db.session.execute(text("ALTER TABLE journal_entries ENABLE TRIGGER USER"))


def test_a_whole_journal_is_whole(context: Flask) -> None:
    add_entries()
    assert list(broken_links()) == []


@pytest.mark.usefixtures("forgery")
@pytest.mark.parametrize(
    ("change", "told"),
    [
        (update(JournalEntry).where(JournalEntry.seq == 2).values(kind="happenee"), "запись 2 "),
        (update(JournalEntry).where(JournalEntry.seq == 2).values(party="company"), "запись 2 "),
        (update(JournalEntry).where(JournalEntry.seq == 2).values(actor_id=1), "запись 2 "),
        (
            update(JournalEntry).where(JournalEntry.seq == 2).values(at=AT + timedelta(microseconds=1)),
            "запись 2 ",
        ),
        (update(JournalEntry).where(JournalEntry.seq == 2).values(hash="0" * 64), "запись 2 "),
        (update(JournalDetails).values(body={"number": 7}), "запись 1 "),
        (text("DELETE FROM journal_details WHERE entry_id = 2; "), "запись 2 "),
    ],
    ids=["one letter", "party", "actor", "a microsecond", "hash", "details", "erased details"],
)
def test_one_changed_byte_is_found_with_its_place(change: object, told: str) -> None:
    with transaction():
        db.session.execute(change)  # type: ignore[call-overload]
    db.session.expire_all()
    found = list(broken_links())
    assert any(told in one for one in found)


@pytest.mark.usefixtures("forgery")
@pytest.mark.parametrize("seq", [1, 2, 3])
def test_a_removed_entry_is_missed_wherever_it_stood(seq: int) -> None:
    with transaction():
        gone = db.session.query(JournalEntry.id).filter_by(seq=seq).scalar()
        db.session.execute(delete(JournalDetails).where(JournalDetails.entry_id == gone))
        db.session.execute(delete(JournalEntry).where(JournalEntry.id == gone))
    assert list(broken_links())


# The same text on both databases


@pytest.mark.parametrize("words", ["a\x00b", "\x07", "\ud800", "a\x1b[2J"])
def test_what_only_one_of_the_databases_would_keep_is_refused_before_them(context: Flask, words: str) -> None:
    person = applicant()
    case_id = sent(person)
    with pytest.raises(InvalidForm, match=r".+"):
        messages.send_message(case_id, words, [], channel="company", by=person.actor, at=clock.now())
    assert db.session.query(Message).count() == 0
