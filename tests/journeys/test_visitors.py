"""The office and a visitor: a code read out from their phone, a confirmation taken back with a reason."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.accounts.models import OfficeConfirmation, User
from app.accounts.secret_models import SentSecret
from app.extensions import db
from app.journal.models import JournalEntry
from app.notifications.codes import derive
from app.notifications.models import OutboxRow
from app.transaction import transaction
from tests import factories as make
from tests.browser import Browser
from tests.databases import SECRET_KEY
from tests.factories import sign_in
from tests.quick_hashes import quick_hashes  # noqa: F401  (a fixture)

pytestmark = pytest.mark.usefixtures("quick_hashes")


@pytest.fixture
def visitor(app: Flask) -> int:
    """Somebody whom the office has confirmed; the number was changed on the site since."""
    with app.app_context():
        user_id = make.make_applicant_user(confirmed=True)
        with transaction():
            user = db.session.get_one(User, user_id)
            user.phone_confirmed_at, user.phone_changed_at = None, clock.now()
        return user_id


@pytest.fixture
def clerk(app: Flask, browser: Browser) -> Browser:
    with app.app_context():
        login = make.login_of(make.make_operator())
    sign_in(browser, login)
    return browser


def account(app: Flask, user_id: int) -> User:
    with app.app_context():
        return db.session.get_one(User, user_id)


def code(app: Flask) -> str:
    with app.app_context():
        query = select(SentSecret.salt).where(SentSecret.purpose == "phone").order_by(SentSecret.id.desc())
        return derive(SECRET_KEY, db.session.scalars(query).first() or "")


def wrong(app: Flask) -> str:
    return "000000" if code(app) != "000000" else "000001"


def test_the_visitor_reads_the_code_out_and_the_number_counts_at_once(
    app: Flask, clerk: Browser, visitor: int
) -> None:
    page = clerk.open(clerk.open(f"/people/{visitor}").link("Проверить телефон кодом"))
    page = clerk.send(page, "/code/send")
    assert "Попросите посетителя назвать его" in page.text
    refused = clerk.send(page, f"/people/{visitor}/code", code=wrong(app))
    assert "Код не подходит" in refused.error_of("code")
    done = clerk.send(refused, f"/people/{visitor}/code", code=code(app))
    assert "Номер подтвержден" in done.text
    after = account(app, visitor)
    assert after.phone_confirmed_at is not None
    assert after.phone_changed_at is None, "the office has seen whose it is"
    with app.app_context():
        entry = db.session.scalars(select(JournalEntry).where(JournalEntry.kind == "phone_confirmed")).one()
        assert entry.party == "company"


def test_a_code_that_went_to_another_number_confirms_nothing(
    app: Flask, clerk: Browser, visitor: int
) -> None:
    page = clerk.send(clerk.open(f"/people/{visitor}/code"), "/code/send")
    with app.app_context(), transaction():
        db.session.get_one(User, visitor).phone = "+79504000099"
    answer = clerk.send(page, f"/people/{visitor}/code", code=code(app))
    assert answer.status == 409
    assert account(app, visitor).phone_confirmed_at is None


def test_wrong_codes_are_counted_for_the_office_too(app: Flask, clerk: Browser, visitor: int) -> None:
    page = clerk.send(clerk.open(f"/people/{visitor}/code"), "/code/send")
    answers = [clerk.send(page, f"/people/{visitor}/code", code=wrong(app)).status for _ in range(6)]
    assert answers == [422] * 5 + [429]


def test_a_second_press_sends_no_second_sms(app: Flask, clerk: Browser, visitor: int) -> None:
    page = clerk.open(f"/people/{visitor}/code")
    clerk.send(page, "/code/send")
    clerk.send(page, "/code/send")
    with app.app_context():
        assert len(db.session.scalars(select(OutboxRow).where(OutboxRow.kind == "phone-code")).all()) == 1


def test_a_confirmation_is_taken_back_with_a_reason_and_told(
    app: Flask, clerk: Browser, visitor: int
) -> None:
    page = clerk.open(clerk.open(f"/people/{visitor}").link("Отозвать подтверждение"))
    assert "не сможет подписывать" in page.text
    empty = clerk.send(page, "/revoke", reason=" ")
    assert "Напишите причину" in empty.error_of("reason")
    done = clerk.send(empty, "/revoke", reason="Паспорт недействителен.")
    assert "Подтверждение отозвано" in done.text
    assert "Паспорт недействителен." in done.text
    assert account(app, visitor).confirmed_at is None
    with app.app_context():
        row = db.session.scalars(select(OfficeConfirmation)).one()
        assert (row.revoked_at is not None, row.revoke_reason) == (True, "Паспорт недействителен.")
        letter = db.session.scalars(select(OutboxRow).where(OutboxRow.kind == "confirmation-revoked")).one()
        assert "Паспорт недействителен." in letter.body
    again = clerk.send(empty, "/revoke", reason="Паспорт недействителен.")
    assert again.path == f"/people/{visitor}", "the second press changes nothing"


def test_who_was_taken_back_is_confirmed_anew_in_the_office(app: Flask, clerk: Browser, visitor: int) -> None:
    clerk.send(clerk.open(f"/people/{visitor}/revoke"), "/revoke", reason="Ошибка.")
    page = clerk.open(f"/people/{visitor}")
    done = clerk.send(page, "/confirm", kind="passport", note="паспорт, выдан 20.11.2010")
    assert "подтверждена" in done.text
    assert "Отозвано" in done.text, "what was before stays in sight"
    assert account(app, visitor).confirmed_at is not None


def test_nobody_but_the_office_gets_there(app: Flask, visitor: int) -> None:
    stranger = Browser(app)
    with app.app_context():
        sign_in(stranger, make.login_of(make.make_applicant_user("sole_trader")))
    for path in (f"/people/{visitor}/code", f"/people/{visitor}/revoke"):
        assert stranger.open(path).status == 403, path


def test_a_code_of_ten_minutes_ago_confirms_nothing(app: Flask, clerk: Browser, visitor: int) -> None:
    page = clerk.send(clerk.open(f"/people/{visitor}/code"), "/code/send")
    right = code(app)
    with app.app_context(), transaction():
        for one in db.session.scalars(select(SentSecret)):
            one.expires_at -= timedelta(minutes=10)
    assert clerk.send(page, f"/people/{visitor}/code", code=right).status == 409
