"""«Доступ к ЛК»: a person chooses by which of their own identifiers they sign in."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.accounts.models import LoginId, User, UserSession
from app.extensions import db
from app.notifications.models import OutboxRow
from app.transaction import transaction
from tests import factories as make
from tests.browser import Browser, Page
from tests.factories import PASSWORD, sign_in
from tests.quick_hashes import quick_hashes  # noqa: F401  (a fixture)

pytestmark = pytest.mark.usefixtures("quick_hashes")


@pytest.fixture
def ivanov(app: Flask, browser: Browser) -> dict[str, str]:
    """The logins of a registered person, who is in: kind → value."""
    with app.app_context():
        user_id = make.make_applicant_user()
        logins = {
            one.kind: one.value
            for one in db.session.scalars(select(LoginId).where(LoginId.user_id == user_id))
        }
    sign_in(browser, logins["email"])
    return logins


def choose(browser: Browser, *logins: tuple[str, str], **more: str) -> Page:
    chosen = [f"{kind}:{value}" for kind, value in logins]
    return browser.send(browser.open("/profile/access"), "/profile/access", logins=chosen, **more)


def test_what_is_not_ticked_signs_in_no_more_and_the_person_is_told(
    app: Flask, browser: Browser, ivanov: dict[str, str]
) -> None:
    page = browser.open(browser.open("/profile").link("Изменить доступ к ЛК"))
    assert len(page.soup.find_all("input", {"name": "logins", "checked": True})) == 2
    done = choose(browser, ("snils", ivanov["snils"]))
    assert "Способы входа сохранены" in done.text
    assert sign_in(Browser(app), ivanov["email"]).status == 422
    assert sign_in(Browser(app), ivanov["snils"]).path == "/"
    with app.app_context():
        (letter,) = db.session.scalars(select(OutboxRow).where(OutboxRow.kind == "logins-changed"))
        assert letter.address == ivanov["email"]
        assert "СНИЛС" in letter.body


def test_an_address_can_be_chosen_only_after_it_was_proved(
    app: Flask, browser: Browser, ivanov: dict[str, str]
) -> None:
    choose(browser, ("snils", ivanov["snils"]))
    assert choose(browser, ("email", ivanov["email"])).status == 422
    with app.app_context(), transaction():
        db.session.scalars(select(User)).one().email_confirmed_at = clock.now()
    assert choose(browser, ("email", ivanov["email"])).path == "/profile"
    assert sign_in(Browser(app), ivanov["email"]).path == "/"


@pytest.mark.parametrize(
    "chosen", [[], [("snils", "10289803962")], [("ogrn", "1"), ("x", "")], [("email", "a@b.ru")]]
)
def test_none_and_what_is_somebody_elses_is_refused(
    app: Flask, browser: Browser, ivanov: dict[str, str], chosen: list[tuple[str, str]]
) -> None:
    page = choose(browser, *chosen)
    assert page.status == 422
    assert "хотя бы один" in page.error_of("logins")
    assert sign_in(Browser(app), ivanov["email"]).path == "/"


def test_an_identifier_that_signs_in_somebody_else_stays_theirs(
    app: Flask, browser: Browser, ivanov: dict[str, str]
) -> None:
    choose(browser, ("snils", ivanov["snils"]))
    with app.app_context(), transaction():
        db.session.scalars(select(User)).one().email_confirmed_at = clock.now()
    with app.app_context():
        user_id = make.make_operator()
        with transaction():
            db.session.add(LoginId(kind="email", value=ivanov["email"], user_id=user_id))
    page = choose(browser, ("snils", ivanov["snils"]), ("email", ivanov["email"]))
    assert page.status == 422
    assert "уже используется" in page.error_of("logins")


def test_after_ten_minutes_the_password_is_needed(
    app: Flask, browser: Browser, ivanov: dict[str, str]
) -> None:
    with app.app_context(), transaction():
        for one in db.session.scalars(select(UserSession)):
            one.password_at -= timedelta(hours=1)
    page = choose(browser, ("snils", ivanov["snils"]))
    assert page.status == 422
    assert "пароль" in page.error_of("old_password")
    assert choose(browser, ("snils", ivanov["snils"]), old_password=PASSWORD).path == "/profile"
