"""The journal proves itself: whatever is changed behind the site's back is found and named, also after years."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Table, delete, func, select, text, update
from sqlalchemy.exc import DBAPIError

from app import clock
from app.administration.anchor_actions import anchor_journal
from app.extensions import db
from app.journal.chain import GENESIS, SITE, anchor_hash, details_hash, entry_hash
from app.journal.check_queries import broken_links
from app.journal.models import JournalAnchor, JournalDetails, JournalEntry, JournalHead
from app.journal.steps import record
from app.notifications.models import OutboxRow
from app.signing.models import Signature, SignatureSlot
from app.signing.record_queries import broken_signatures
from app.signing.signature_steps import Evidence, new_number, sign
from app.transaction import transaction
from tests.authority_world import somebody
from tests.case_world import Person, applicant, operator, sent
from tests.signing_world import paper_to_sign

AT = datetime.fromisoformat("2026-08-06T05:00:00+00:00")
#: What has a number of its own that nothing refers to and no hash covers.
_FREE = {("signatures", "id"), ("journal_anchors", "id")}
_CMS = b"a signature"


@pytest.fixture
def world(context: Flask) -> dict[str, Person]:
    """A case whose contract both sides have signed electronically, another paper to be signed, the anchor of the day."""
    people = {"admin": somebody("administrator"), "applicant": applicant(), "operator": operator()}
    case_id = sent(people["applicant"])
    company, theirs = paper_to_sign(case_id, people["operator"], ["company", "applicant"])
    check = {"check": {"cms_sha256": hashlib.sha256(_CMS).hexdigest()}}
    fill(company, Evidence("certificate", "Сидоров А. П.", check, new_number(), _CMS), people["operator"])
    fill(theirs, Evidence("code", "Иванов П. Г.", {"who": "Иванов"}, new_number()), people["applicant"])
    paper_to_sign(case_id, people["operator"], ["company"], title="Условия")
    with transaction():
        record("x_begun", party="company", actor_id=people["admin"].id, at=clock.now(), details={"x": 1})
    assert anchor_journal(at=AT)
    return people


def fill(slot_id: int, evidence: Evidence, by: Person) -> None:
    with transaction():
        sign(db.session.get_one(SignatureSlot, slot_id), evidence, by=by.actor, at=clock.now())


def found() -> list[str]:
    db.session.expire_all()
    return [*broken_links(), *broken_signatures()]


@contextmanager
def behind_the_back() -> Iterator[None]:
    """Whoever owns the database takes the triggers away; all is taken back afterwards."""
    db.session.rollback()
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("SET LOCAL session_replication_role = replica"))
    else:
        db.session.execute(text("PRAGMA defer_foreign_keys = ON"))
        names = db.session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all()
        for name in names:
            db.session.execute(text(f"DROP TRIGGER {name}"))
    try:
        yield
    finally:
        db.session.rollback()


def other(value: Any, column: str) -> Any:
    """A value that is not this one and that the table allows."""
    if column == "party":
        return "supplier"
    if value is None:
        return "акт" if column == "erased_by_act" else 1
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1_000_000
    if isinstance(value, str):
        return value[:-1] + ("x" if value[-1:] != "x" else "y")
    if isinstance(value, bytes):
        return value + b"!"
    if isinstance(value, dict):
        return {**value, "added": ["x", 1]} if column != "heads" else {**value, SITE: [1, "0" * 64]}
    return value + timedelta(days=1) if isinstance(value, date) else value


@pytest.mark.parametrize("model", [JournalEntry, JournalDetails, JournalHead, JournalAnchor, Signature])
def test_every_column_of_every_row_is_watched(world: dict[str, Person], model: Any) -> None:
    assert found() == []
    table: Table = model.__table__
    (key,) = table.primary_key.columns
    rows = db.session.execute(select(table)).mappings().all()
    assert rows
    for row in rows:
        for column in table.columns:
            if (table.name, column.name) in _FREE:
                continue
            with behind_the_back():
                changed = {column.name: other(row[column.name], column.name)}
                if table.name == "signatures" and column.name == "kind":
                    changed = (
                        {"kind": "code", "cms": None} if row["cms"] else {"kind": "certificate", "cms": b"x"}
                    )
                if table.name == "signatures" and column.name == "cms" and row["cms"] is None:
                    continue  # a code has none: the table itself refuses one
                db.session.execute(update(table).where(key == row[key.name]).values(**changed))
                assert found(), f"{table.name}.{column.name} of {row[key.name]} was changed unseen"
            assert found() == []


def test_the_tables_themselves_refuse_every_change(world: dict[str, Person]) -> None:
    for model in (JournalEntry, JournalAnchor, Signature):
        table = model.__table__
        column = "hash" if "hash" in table.c else "signer"
        for statement in (update(table).values({column: "x"}), delete(table)):
            with pytest.raises(DBAPIError), transaction():
                db.session.execute(statement)


@pytest.mark.parametrize("model", [JournalEntry, JournalAnchor, Signature])
def test_no_row_goes_past_the_guards_of_the_tables(world: dict[str, Person], model: Any) -> None:
    name = model.__table__.name
    statement = f"INSERT OR REPLACE INTO {name} SELECT * FROM {name}"
    if db.engine.dialect.name == "postgresql":
        statement = f"TRUNCATE {name} CASCADE"
    before = db.session.scalar(select(func.count()).select_from(model))
    with pytest.raises(DBAPIError, match="never changed"), transaction():
        db.session.execute(text(statement))
    assert db.session.scalar(select(func.count()).select_from(model)) == before


#: What somebody would change of a signature that was given, and of one that was not.
SLOTS: dict[str, tuple[str, dict[str, Any]]] = {
    "taken back": ("signed", {"state": "pending", "kind": "", "signed_on": None}),
    "somebody else": ("signed", {"signer": "Сидоров С. С."}),
    "on paper": ("signed", {"kind": "paper"}),
    "made up": ("pending", {"state": "signed", "kind": "code", "signed_on": date(2026, 8, 3), "signer": "Я"}),
}


@pytest.mark.parametrize("what", SLOTS)
def test_the_lines_of_signatures_are_watched_too(world: dict[str, Person], what: str) -> None:
    state, changed = SLOTS[what]
    chosen = select(SignatureSlot.id).where(SignatureSlot.state == state).limit(1).scalar_subquery()
    statement = update(SignatureSlot).where(SignatureSlot.id == chosen).values(**changed)
    assert db.session.scalar(select(chosen)) and found() == []
    with behind_the_back():
        db.session.execute(statement)
        assert found()
    if state == "signed":
        for refused in (statement, delete(SignatureSlot).where(SignatureSlot.id == chosen)):
            with pytest.raises(DBAPIError, match="as it was given"), transaction():
                db.session.execute(refused)


def test_a_row_that_is_gone_is_found_wherever_it_stood(world: dict[str, Person]) -> None:
    for model, words in (
        (JournalEntry, ""),
        (JournalDetails, "подробности пропали"),
        (Signature, "доказательств нет"),
    ):
        table = model.__table__
        (key,) = table.primary_key.columns
        for row_id in db.session.scalars(select(key)).all():
            with behind_the_back():
                db.session.execute(delete(table).where(key == row_id))
                assert [line for line in found() if words in line], f"{table.name} {row_id}"


def test_a_chain_cut_short_with_its_end_is_found_by_the_anchor(world: dict[str, Person]) -> None:
    with behind_the_back():
        last = db.session.scalars(
            select(JournalEntry).order_by(JournalEntry.chain, JournalEntry.seq.desc())
        ).first()
        assert last is not None and last.seq > 1
        cut_off(last)
        lines = [line for line in found() if "журнал обрезан" in line]
        assert lines and lines[0].startswith(f"обращение № {last.case_id}") and "06.08.2026" in lines[0]


def cut_off(last: JournalEntry) -> None:
    before = db.session.scalars(
        select(JournalEntry).where(JournalEntry.chain == last.chain, JournalEntry.seq == last.seq - 1)
    ).one()
    head = update(JournalHead).where(JournalHead.chain == last.chain)
    db.session.execute(head.values(seq=before.seq, hash=before.hash))
    db.session.execute(delete(Signature).where(Signature.journal_entry_id == last.id))
    db.session.execute(delete(JournalDetails).where(JournalDetails.entry_id == last.id))
    db.session.execute(delete(JournalEntry).where(JournalEntry.id == last.id))


def rewrite(chain: str, actor_id: int) -> None:
    """Have somebody else have done everything, and make every hash of the chain fit again."""
    previous = GENESIS
    query = select(JournalEntry).where(JournalEntry.chain == chain).order_by(JournalEntry.seq)
    for entry in db.session.scalars(query.execution_options(populate_existing=True)).all():
        told = {name: getattr(entry, name) for name in ("chain", "seq", "at", "kind", "party", "public")}
        hash_ = entry_hash(previous, **told, actor_id=actor_id, details=details_hash(entry.body))
        changed = update(JournalEntry).where(JournalEntry.id == entry.id)
        db.session.execute(changed.values(actor_id=actor_id, hash=hash_))
        previous = hash_
    db.session.execute(update(JournalHead).where(JournalHead.chain == chain).values(hash=previous))


def test_a_journal_rewritten_whole_does_not_fit_the_anchor_nor_the_letter(
    world: dict[str, Person], context: Flask
) -> None:
    with transaction():
        record("x_done", party="system", actor_id=None, at=clock.now())
    assert anchor_journal(at=AT + timedelta(days=1))
    letter = db.session.scalars(select(JournalAnchor).order_by(JournalAnchor.day.desc())).first()
    assert letter is not None
    hash_ = letter.hash
    run = context.test_cli_runner()
    assert run.invoke(args=["verify-journal", "--letter", hash_.upper()]).exit_code == 0
    with behind_the_back():
        rewrite(SITE, world["operator"].id)
        assert [line for line in found() if "не та, что в якоре от" in line]
        anchors_again()
        assert found() == []  # whoever rewrites the anchors too is found by the letter alone
        answer = run.invoke(args=["verify-journal", "--letter", hash_])
        assert answer.exit_code == 1 and "переписан после этого письма" in answer.output


def anchors_again() -> None:
    previous = GENESIS
    for anchor in db.session.scalars(select(JournalAnchor).order_by(JournalAnchor.day)).all():
        heads = {chain: [seq, true_hash(chain, seq)] for chain, (seq, _hash) in anchor.heads.items()}
        told = {"day": anchor.day, "chains": anchor.chains, "entries": anchor.entries}
        hash_ = anchor_hash(previous, **told, heads=heads, made_at=anchor.made_at)
        db.session.execute(
            update(JournalAnchor).where(JournalAnchor.id == anchor.id).values(heads=heads, hash=hash_)
        )
        previous = hash_


def true_hash(chain: str, seq: int) -> str:
    query = select(JournalEntry.hash).where(JournalEntry.chain == chain, JournalEntry.seq == seq)
    return db.session.scalars(query).one()


def test_the_anchor_of_a_day_is_made_once_continues_the_one_before_and_goes_out_by_letter(
    world: dict[str, Person],
) -> None:
    head = somebody("signatory")
    assert not anchor_journal(at=AT + timedelta(hours=3))
    assert not anchor_journal(at=AT - timedelta(days=2))
    assert not anchor_journal(at=AT + timedelta(days=1))  # nothing was written since
    with transaction():
        record("x_done", party="system", actor_id=None, at=clock.now())
    assert anchor_journal(at=AT + timedelta(days=2))
    first, second = db.session.scalars(select(JournalAnchor).order_by(JournalAnchor.day)).all()
    assert (first.day, second.day) == (date(2026, 8, 6), date(2026, 8, 8))
    assert list(second.heads) == [SITE] and first.entries + 1 == second.entries
    letters = db.session.scalars(select(OutboxRow).where(OutboxRow.kind == "journal-anchor")).all()
    assert {(row.user_id, row.dedupe_key.split(":")[0]) for row in letters} == {
        (world["admin"].id, "anchor-2026-08-06"),
        (world["admin"].id, "anchor-2026-08-08"),
        (head.id, "anchor-2026-08-08"),
    }
    newest = letters[-1].body
    assert second.hash in newest and first.hash in newest and f"Записей в журнале: {second.entries}" in newest


def test_the_command_names_the_first_broken_place_in_russian(
    world: dict[str, Person], context: Flask
) -> None:
    run = context.test_cli_runner()
    right = run.invoke(args=["verify-journal"])
    assert right.exit_code == 0 and right.output.startswith("Все цепочки целы")
    assert run.invoke(args=["journal", "verify"]).output == right.output
    assert run.invoke(args=["verify-journal", "--letter", "дом"]).exit_code == 1
    with behind_the_back():
        entry = db.session.scalars(select(JournalEntry).where(JournalEntry.case_id.is_not(None))).first()
        assert entry is not None
        where = f"обращение № {entry.case_id} ({entry.chain}), запись {entry.seq}"
        db.session.execute(update(JournalEntry).where(JournalEntry.id == entry.id).values(kind="changed"))
        answer = run.invoke(args=["verify-journal"])
        assert answer.exit_code == 1
        assert (
            answer.output.startswith(f"Журнал нарушен. Первое место: {where}") and "изменена" in answer.output
        )
