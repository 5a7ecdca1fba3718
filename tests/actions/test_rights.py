"""What an attacker or an unlucky moment could reach past the pages: rights, races and records, on both databases."""

import os
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update

from app import clock, gateways
from app.accounts import sign_in_actions, staff_actions
from app.accounts.models import LoginId
from app.accounts.sessions import find_session
from app.accounts.staff_actions import Shown
from app.accounts.throttle import network
from app.cases import actions as conversation
from app.cases import document_steps
from app.cases import staff_actions as office
from app.cases.models import Case, CaseDocument, Message
from app.cases.policy import may_see_answers, party_of
from app.connections import draft_actions, file_actions
from app.errors import AlreadyDone, Conflict, InvalidForm
from app.extensions import db
from app.gateways.files import FileStore
from app.journal.models import JournalDetails, JournalEntry, JournalHead
from app.journal.queries import broken_links, timeline
from app.transaction import transaction
from tests import factories as make
from tests.application_world import add_firm, filer, make_draft, pdf, submit_draft
from tests.at_once import at_once
from tests.case_world import PDF, operator
from tests.quick_hashes import quick_hashes  # noqa: F401  (a fixture)
from tests.unchanged import unchanged

LONG = 10


# The key of a button belongs to what was sent with it


def test_another_message_under_a_key_that_was_used_is_not_lost(context: Flask) -> None:
    """A browser may show the page of the first message again, key and all, when one goes back."""
    person = filer()
    case_id = submit_draft(person, comment=None)
    for text in ("Добрый день", "Забыл спросить: когда?"):
        conversation.send_message(case_id, text, by=person.actor, at=clock.now(), key="one-key")
    with pytest.raises(AlreadyDone):
        conversation.send_message(case_id, "Добрый день", by=person.actor, at=clock.now(), key="one-key")
    written = db.session.scalars(select(Message.text).order_by(Message.id)).all()
    assert written == ["Добрый день", "Забыл спросить: когда?"]


def test_another_file_under_a_key_that_was_used_is_not_lost(context: Flask) -> None:
    person, staff = filer(), operator()
    case_id = submit_draft(person)
    for mark in ("first", "second"):
        office.post_documents(
            case_id, [pdf(mark)], kind="other", by=staff.actor, at=clock.now(), key="one-key"
        )
        conversation.send_message(
            case_id, "См. файл", [pdf(mark)], by=staff.actor, at=clock.now(), key="other-key"
        )
    posted = select(func.count()).select_from(CaseDocument).where(CaseDocument.side == "company")
    assert db.session.scalar(posted) == 4


def test_another_status_under_a_key_that_was_used_is_not_lost(context: Flask) -> None:
    person, staff = filer(), operator()
    case_id = submit_draft(person)
    for text in ("Ждем ответа Росреестра", "Ответ получен"):
        office.add_status_line(case_id, text, by=staff.actor, at=clock.now(), key="one-key")
    told = select(func.count()).select_from(JournalEntry).where(JournalEntry.kind == "status_line")
    assert db.session.scalar(told) == 2


def test_a_key_of_somebody_else_opens_and_blocks_nothing(context: Flask) -> None:
    person, staff = filer(), operator()
    case_id = submit_draft(person, comment=None)
    for one in (person, staff):
        conversation.send_message(case_id, "Добрый день", by=one.actor, at=clock.now(), key="one-key")
    assert db.session.scalar(select(func.count()).select_from(Message)) == 2


# Files and rows


def test_a_copy_that_cannot_be_removed_does_not_take_the_files_that_were_kept(
    context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rows are committed by then: whatever fails afterwards, no row may lack its file."""
    person = filer()
    case_id = make_draft(person)
    file_actions.add_files(case_id, "plan", [pdf("old")], by=person.actor, at=clock.now())
    store = gateways.current().files
    real, calls = store.delete, [0]

    def fails_first(key: str) -> None:
        calls[0] += 1
        if calls[0] == 1:
            raise OSError(5, "input/output error")
        real(key)

    monkeypatch.setattr(store, "delete", fails_first)
    with pytest.raises(OSError, match="input/output"):
        file_actions.add_files(case_id, "plan", [pdf("old"), pdf("new")], by=person.actor, at=clock.now())
    rows = db.session.scalars(select(CaseDocument).where(CaseDocument.case_id == case_id)).all()
    assert len(rows) == 2
    for row in rows:
        assert store.path(row.version.storage_key).is_file()


def test_a_file_and_the_folders_made_for_it_outlive_a_power_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder is on the disk when the folder above it is synced; its own sync says nothing of its name."""
    synced: list[Path] = []
    real = os.fsync

    def noting(handle: int) -> None:
        synced.append(Path(os.readlink(f"/proc/self/fd/{handle}")))
        real(handle)

    store = FileStore(tmp_path / "files")
    monkeypatch.setattr(os, "fsync", noting)
    path = store.path(store.save(BytesIO(b"1")).key)
    for made in (path, path.parent, path.parent.parent, store.root):
        assert made.parent in synced, made


def test_one_person_cannot_fill_the_disk_with_ever_new_drafts(
    app: Flask, context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(document_steps, "MAX_BYTES_A_DAY", 3 * len(PDF))
    person, other = filer(), filer("Соседов", snils="10289803962", email="neighbour@example.org")
    first, second, firms = make_draft(person), make_draft(person), add_firm(person)
    now = clock.now()
    for mark in ("one", "two"):
        assert file_actions.add_files(first, "plan", [pdf(mark)], by=person.actor, at=now).added == 1
    for case_id, by in ((second, person), (make_draft(firms), firms)):
        with unchanged(app):
            taken = file_actions.add_files(case_id, "plan", [pdf("three")], by=by.actor, at=now)
        assert "За сутки" in taken.refusals[0]
    with unchanged(app), pytest.raises(InvalidForm):
        conversation.send_message(second, "См. файл", [pdf("four")], by=person.actor, at=now)
    tomorrow = now + timedelta(days=1, seconds=1)
    assert file_actions.add_files(second, "plan", [pdf("three")], by=person.actor, at=tomorrow).added == 1
    stranger = file_actions.add_files(make_draft(other), "plan", [pdf("three")], by=other.actor, at=now)
    assert stranger.added == 1


# Drafts


def test_a_draft_shown_to_staff_is_hidden_again_when_it_becomes_another_applicants(context: Flask) -> None:
    """Nobody has ticked «Показать анкету сотруднику» for the new one."""
    person, staff = filer(), operator()
    firm = add_firm(person)
    case_id = make_draft(person)
    conversation.send_message(case_id, "Что такое ВРУ?", by=firm.actor, at=clock.now())
    draft_actions.share_answers(case_id, True, by=firm.actor, at=clock.now())
    assert firm.applicant_id is not None
    draft_actions.change_applicant(case_id, firm.applicant_id, by=firm.actor, at=clock.now())
    case = db.session.get_one(Case, case_id)
    assert not may_see_answers(party_of(staff.actor, case), case)
    kinds = [entry.kind for entry in timeline(case_id, public_only=False)]
    assert kinds[-2:] == ["applicant_changed", "answers_hidden"]


# Accounts


@pytest.mark.usefixtures("quick_hashes")
def test_a_sign_in_with_the_old_password_does_not_outlive_the_new_one(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The password is set anew in the very moment between its comparison and the beginning of the session."""
    with app.app_context():
        user_id = make.make_user()
        login: Any = ("email", make.login_of(user_id))
        new_hash = make.password_hash("совсем другой пароль")
    setting: list[Thread] = []
    real = sign_in_actions.open_session

    def set_anew() -> None:
        with app.app_context():
            staff_actions.set_password(login, new_hash, at=clock.now())
            db.session.remove()

    def in_between(*arguments: Any, **options: Any) -> str:
        setting.append(Thread(target=set_anew))
        setting[0].start()
        setting[0].join(0.7)
        return real(*arguments, **options)

    monkeypatch.setattr(sign_in_actions, "open_session", in_between)
    with app.app_context():
        entered = sign_in_actions.sign_in(login, make.PASSWORD, visit=make.HERE, at=clock.now())
        setting[0].join(LONG)
        db.session.rollback()
        assert entered is None or find_session(entered.token, at=clock.now()) is None


def _login_id(user_id: int) -> int:
    """The id of the login by СНИЛС."""
    held = select(LoginId.id).where(LoginId.user_id == user_id, LoginId.kind == "snils")
    return db.session.scalars(held).one()


def test_a_login_is_not_taken_from_an_account_that_is_being_confirmed(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two of the office at once: one confirms the holder, the other gives the holder's number to somebody else."""
    with app.app_context():
        applicant = make.new_applicant()
        squatter, owner = (make.make_user(applicant=applicant, by_email_only=last) for last in (False, True))
        held = _login_id(squatter)
        first, second = (make.actor_of(make.make_operator()) for _ in range(2))
    real, holding, other_began = staff_actions.record, Event(), Event()

    def slow_record(kind: str, **options: Any) -> Any:
        if options["actor_id"] == first.user_id:
            holding.set()
            other_began.wait(LONG)
            Event().wait(0.5)
        return real(kind, **options)

    def confirm_holder() -> None:
        staff_actions.confirm_account(squatter, Shown("passport", "паспорт"), by=first, at=clock.now())

    def move_away() -> None:
        holding.wait(LONG)
        other_began.set()
        staff_actions.confirm_account(
            owner, Shown("passport", "паспорт"), moved=[held], by=second, at=clock.now()
        )

    monkeypatch.setattr(staff_actions, "record", slow_record)
    confirmed, moved = at_once(app, [confirm_holder, move_away])
    assert confirmed is None
    assert isinstance(moved, Conflict)
    with app.app_context():
        assert db.session.get_one(LoginId, held).user_id == squatter


def test_a_disputed_login_goes_to_one_of_two_at_most(app: Flask) -> None:
    with app.app_context():
        applicant = make.new_applicant()
        held = _login_id(make.make_user(applicant=applicant))
        owners = [make.make_user(applicant=applicant, by_email_only=True) for _ in range(2)]
        staff = [make.actor_of(make.make_operator()) for _ in range(2)]

    def move_to(place: int) -> Any:
        return lambda: staff_actions.confirm_account(
            owners[place], Shown("passport", "паспорт"), moved=[held], by=staff[place], at=clock.now()
        )

    results = at_once(app, [move_to(0), move_to(1)])
    assert sorted(map(type, results), key=str) == sorted([type(None), Conflict], key=str)


def test_ipv4_people_behind_an_ipv6_socket_are_told_apart() -> None:
    assert network("::ffff:203.0.113.7") == network("203.0.113.7") != network("::ffff:203.0.113.8")


# The journal


def _cut(what: str, entry: JournalEntry) -> None:
    found = JournalDetails.entry_id == entry.id
    with transaction():
        if what == "row":
            db.session.execute(delete(JournalDetails).where(found))
        elif what == "body":
            db.session.execute(update(JournalDetails).where(found).values(body=None))
        else:
            db.session.execute(delete(JournalHead).where(JournalHead.chain == entry.chain))


@pytest.mark.parametrize("what", ["row", "body", "head"])
def test_details_and_ends_that_went_without_an_act_are_found(context: Flask, what: str) -> None:
    submit_draft(filer())
    entry = db.session.scalars(select(JournalEntry).where(JournalEntry.kind == "moved")).one()
    assert list(broken_links()) == []
    _cut(what, entry)
    db.session.rollback()
    assert [line for line in broken_links() if entry.chain in line]


def test_details_erased_by_an_act_are_no_broken_link(context: Flask) -> None:
    submit_draft(filer())
    entry = db.session.scalars(select(JournalEntry).where(JournalEntry.kind == "moved")).one()
    with transaction():
        erased = update(JournalDetails).where(JournalDetails.entry_id == entry.id)
        db.session.execute(erased.values(body=None, erased_by_act="1 от 30.07.2026"))
    assert list(broken_links()) == []
