"""Own contacts: an address proved by the link of a letter, a number by the code of an SMS; the former ones are told."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.accounts import contact_actions
from app.accounts.models import User, UserSession
from app.accounts.secret_models import SentSecret
from app.extensions import db
from app.notifications.actions import deliver
from app.notifications.codes import derive
from app.notifications.models import OutboxRow
from app.transaction import transaction
from tests import factories as make
from tests.at_once import at_once
from tests.browser import Browser, Page
from tests.databases import SECRET_KEY
from tests.factories import PASSWORD, sign_in
from tests.quick_hashes import quick_hashes  # noqa: F401  (a fixture)

pytestmark = pytest.mark.usefixtures("quick_hashes")

NEW = "novyj@example.org"
NEW_PHONE = "+79504000077"


@pytest.fixture
def ivanov(app: Flask, browser: Browser) -> str:
    """The login of a registered person, who is in."""
    with app.app_context():
        login = make.login_of(make.make_applicant_user(confirmed=True))
    sign_in(browser, login)
    return login


def account(app: Flask) -> User:
    with app.app_context():
        return db.session.scalars(select(User).where(User.confirmed_at.is_not(None))).one()


def rows(app: Flask, kind: str) -> list[OutboxRow]:
    with app.app_context():
        query = select(OutboxRow).where(OutboxRow.kind == kind).order_by(OutboxRow.id)
        return list(db.session.scalars(query))


def link_to(app: Flask, address: str) -> str:
    """The path of the newest link to an address, as the letter that has left has it."""
    row = [one for one in rows(app, "email-confirm") if one.address == address][-1]
    with app.app_context():
        assert deliver(row.id, at=clock.now(), owner="tests") == "sent"
        folder = app.extensions["config"].instance_path / "outbox"
        body = (folder / f"{row.message_id.strip('<>').partition('@')[0]}.json").read_text(encoding="utf-8")
    return re.search(r"https://lk\.example\.org(/profile/email/[\w-]+)", body)[1]  # type: ignore[index]


def code_in_sms(app: Flask) -> str:
    return derive(SECRET_KEY, rows(app, "phone-code")[-1].salt)


def an_hour_passes(app: Flask) -> None:
    """Since the password was typed; the session goes on."""
    with app.app_context(), transaction():
        for one in db.session.scalars(select(UserSession)):
            one.password_at -= timedelta(hours=1)


def a_minute_passes(app: Flask) -> None:
    """Since the last SMS: the next one may be asked for."""
    with app.app_context(), transaction():
        for one in db.session.scalars(select(OutboxRow).where(OutboxRow.channel == "sms")):
            one.created_at -= timedelta(minutes=1)


def save_email(browser: Browser, email: str, **more: str) -> Page:
    return browser.send(browser.open("/profile/contacts"), "/contacts/email", email=email, **more)


def save_phone(browser: Browser, phone: str, **more: str) -> Page:
    return browser.send(browser.open("/profile/contacts"), "/contacts/phone", phone=phone, **more)


def press(browser: Browser, path: str) -> Page:
    return browser.send(browser.open(path), path)


def test_registration_asks_the_address_to_be_confirmed(app: Flask, browser: Browser, ivanov: str) -> None:
    assert "не подтверждена" in browser.open("/profile").text
    page = press(Browser(app), link_to(app, ivanov))
    assert "подтвержден" in page.text
    assert "не подтверждена" not in browser.open("/profile").text


def test_a_new_address_takes_effect_by_the_press_in_its_letter(
    app: Flask, browser: Browser, ivanov: str
) -> None:
    page = save_email(browser, NEW)
    assert f"Письмо со ссылкой отправлено на {NEW}" in page.text
    assert account(app).notify_email == ivanov, "until then letters go where they went"
    press(Browser(app), link_to(app, NEW))
    assert (account(app).notify_email, account(app).email_confirmed_at is not None) == (NEW, True)
    assert [one.address for one in rows(app, "email-changed")] == [ivanov], "the former address is told"


def test_opening_the_link_confirms_nothing_and_it_works_once(
    app: Flask, browser: Browser, ivanov: str
) -> None:
    save_email(browser, NEW)
    path, scanner = link_to(app, NEW), Browser(app)
    page = scanner.open(path)
    assert account(app).notify_email == ivanov
    assert scanner.send(page, path).status == 200
    assert scanner.send(page, path).status == 404
    assert scanner.open(path).status == 404


def test_a_newer_link_ends_the_older_and_each_lives_a_day(app: Flask, browser: Browser, ivanov: str) -> None:
    save_email(browser, "first@example.org")
    first = link_to(app, "first@example.org")
    save_email(browser, NEW)
    assert Browser(app).open(first).status == 404
    path = link_to(app, NEW)
    with app.app_context(), transaction():
        for one in db.session.scalars(select(SentSecret)):
            one.created_at -= timedelta(hours=24)
            one.expires_at -= timedelta(hours=24)
    assert Browser(app).open(path).status == 404


def test_twenty_presses_at_once_change_the_address_once(app: Flask, browser: Browser, ivanov: str) -> None:
    save_email(browser, NEW)
    token = link_to(app, NEW).rpartition("/")[2]
    answers = at_once(app, [lambda: contact_actions.press_link(token, at=clock.now())] * 20)
    assert answers.count(NEW) == 1
    assert len(rows(app, "email-changed")) == 1


def test_the_address_can_always_be_emptied(app: Flask, browser: Browser, ivanov: str) -> None:
    page = save_email(browser, "")
    assert "Письма больше не приходят" in page.text
    assert account(app).notify_email == ""
    (told,) = rows(app, "email-changed")
    assert told.address == ivanov
    assert "отказались от писем" in told.body


def test_after_ten_minutes_the_password_is_asked_for(app: Flask, browser: Browser, ivanov: str) -> None:
    an_hour_passes(app)
    page = save_email(browser, NEW)
    assert page.status == 422
    assert "Введите ваш пароль" in page.error_of("old_password")
    assert page.value_of("email") == NEW
    wrong = save_email(browser, NEW, old_password="не тот")
    assert "не подходит" in wrong.error_of("old_password")
    assert not [one for one in rows(app, "email-confirm") if one.address == NEW]
    assert f"отправлено на {NEW}" in save_email(browser, NEW, old_password=PASSWORD).text
    assert "Письма больше не приходят" in save_email(browser, "").text, "it counts for ten minutes now"


def test_wrong_passwords_are_counted_there_too(app: Flask, browser: Browser, ivanov: str) -> None:
    an_hour_passes(app)
    answers = [save_email(browser, NEW, old_password="не тот").status for _ in range(7)]
    assert answers == [422] * 5 + [429] * 2
    assert save_email(browser, NEW, old_password=PASSWORD).status == 429


def test_a_form_that_was_open_too_long_asks_for_the_password(
    app: Flask, browser: Browser, ivanov: str
) -> None:
    page = browser.open("/profile/contacts")
    an_hour_passes(app)
    late = browser.send(page, "/contacts/email", email=NEW)
    assert late.status == 422
    assert late.error_of("old_password")


@pytest.mark.parametrize(
    "email", ["x", "a@b@c.ru", "иванов@example.org", "a b@example.org", "a@example.org\r\nBcc: x"]
)
def test_what_is_no_address_gets_a_sentence_and_stays(browser: Browser, ivanov: str, email: str) -> None:
    page = save_email(browser, email)
    assert page.status == 422
    assert page.error_of("email")


def test_letters_asked_again_and_again_have_to_wait(browser: Browser, ivanov: str) -> None:
    answers = [save_email(browser, f"n{n}@example.org").status for n in range(7)]
    assert answers == [200] * 5 + [429] * 2


def test_a_new_number_takes_effect_by_its_code(app: Flask, browser: Browser, ivanov: str) -> None:
    before = account(app).phone
    page = save_phone(browser, "8 950 400-00-77")
    assert page.path == "/profile/contacts/code"
    assert "+7 950 400-00-77" in page.text
    assert account(app).phone == before
    wrong = browser.send(page, "/contacts/code", code="000000" if code_in_sms(app) != "000000" else "000001")
    assert "не подходит" in wrong.error_of("code")
    done = browser.send(wrong, "/contacts/code", code=code_in_sms(app))
    assert "подтвержден" in done.text
    assert account(app).phone == NEW_PHONE
    (letter,) = rows(app, "phone-changed")
    assert letter.address == ivanov
    assert [one.address for one in rows(app, "phone-left")] == [before], "the former number is told"


def test_wrong_codes_are_counted_over_all_codes(app: Flask, browser: Browser, ivanov: str) -> None:
    page = save_phone(browser, NEW_PHONE)
    wrong = "000000" if code_in_sms(app) != "000000" else "000001"
    answers = [browser.send(page, "/contacts/code", code=wrong).status for _ in range(4)]
    a_minute_passes(app)
    again = save_phone(browser, NEW_PHONE)
    wrong = "000000" if code_in_sms(app) != "000000" else "000001"
    answers += [browser.send(again, "/contacts/code", code=wrong).status for _ in range(2)]
    assert answers == [422] * 5 + [429]
    assert browser.send(again, "/contacts/code", code=code_in_sms(app)).status == 429


def test_a_code_ends_with_the_next_one_and_after_ten_minutes(
    app: Flask, browser: Browser, ivanov: str
) -> None:
    save_phone(browser, NEW_PHONE)
    first = code_in_sms(app)
    a_minute_passes(app)
    page = save_phone(browser, NEW_PHONE)
    if first != code_in_sms(app):
        assert browser.send(page, "/contacts/code", code=first).status == 422
    with app.app_context(), transaction():
        for one in db.session.scalars(select(SentSecret)):
            one.expires_at -= timedelta(minutes=10)
    late = browser.send(page, "/contacts/code", code=code_in_sms(app))
    assert late.status == 409
    assert "уже не действует" in late.text


def test_the_code_stands_in_no_table(app: Flask, browser: Browser, ivanov: str) -> None:
    save_phone(browser, NEW_PHONE)
    code = code_in_sms(app)
    with app.app_context():
        for table in db.metadata.sorted_tables:
            for row in db.session.execute(select(table)):
                assert not [value for value in row if isinstance(value, str) and code == value], table.name
        assert code not in rows(app, "phone-code")[-1].body


def test_somebody_elses_code_changes_nothing(app: Flask, browser: Browser, ivanov: str) -> None:
    save_phone(browser, NEW_PHONE)
    code = code_in_sms(app)
    stranger = Browser(app)
    with app.app_context():
        sign_in(stranger, make.login_of(make.make_applicant_user("sole_trader")))
    token = stranger.open("/profile").soup.find(attrs={"name": "csrf_token"})["value"]
    page = stranger.post("/profile/contacts/code", {"csrf_token": token, "code": code})
    assert page.status == 409


@pytest.mark.parametrize("code", ["", "12345", "1234567", "код", "\u202e12", "1" * 5000])
def test_what_is_no_code_is_told_and_not_counted(browser: Browser, ivanov: str, code: str) -> None:
    page = save_phone(browser, NEW_PHONE)
    for _ in range(7):
        answer = browser.send(page, "/contacts/code", code=code)
        assert answer.status == 422
        assert answer.error_of("code")


def test_the_links_and_pages_of_contacts_need_no_script_and_name_what_is_not_confirmed(
    app: Flask, browser: Browser, ivanov: str
) -> None:
    page = browser.open(browser.open("/profile").link("Изменить телефон"))
    assert page.path == "/profile/contacts"
    assert "подтвержден" in page.text
