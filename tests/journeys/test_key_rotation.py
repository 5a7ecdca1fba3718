"""A new server key with the former one beside it (SECRET_KEY_FALLBACKS): no session, text or link is lost."""

from collections.abc import Iterator

import pytest
from flask import Flask

from app import create_app
from app.config import Config
from tests import factories as make
from tests.browser import Browser
from tests.databases import SECRET_KEY, close
from tests.generators import turn_on
from tests.journeys.test_passwords import NEW, ask, link_in_letter, set_anew
from tests.quick_hashes import quick_hashes  # noqa: F401  (a fixture)

pytestmark = pytest.mark.usefixtures("quick_hashes")


@pytest.fixture
def login(app: Flask) -> str:
    with app.app_context():
        return make.login_of(make.make_applicant_user())


@pytest.fixture
def rotated(app: Flask) -> Iterator[Flask]:
    """The same site started again with another key."""
    changed = {
        "secret_key": "a newer key of forty characters, made up",
        "secret_key_fallbacks": (SECRET_KEY,),
    }
    again = create_app(Config(**{**app.extensions["config"].__dict__, **changed}))
    yield again
    close(again)


def moved(browser: Browser, site: Flask) -> Browser:
    """The browser with its cookies, after the site was started again."""
    after = Browser(site)
    after.client._cookies.update(browser.client._cookies)
    return after


def test_who_was_signed_in_stays_and_a_form_that_was_open_is_sent_or_comes_back_filled(
    browser: Browser, login: str, rotated: Flask
) -> None:
    make.sign_in(browser, login)
    page = browser.open("/cases/new/message")
    after = moved(browser, rotated)
    assert after.open("/profile").path == "/profile"
    back = after.send(page, "/cases/new/message", text="Прошу перенести опору", topic="Иное")
    assert back.status in (200, 422)
    assert "Прошу перенести опору" in back.html


def test_the_link_of_a_letter_sent_before_still_works(
    app: Flask, browser: Browser, login: str, rotated: Flask
) -> None:
    ask(browser, login)
    path = link_in_letter(app)
    after = Browser(rotated)
    assert set_anew(after, path).path == "/login"
    assert make.sign_in(after, login, NEW).path == "/"


def test_a_generator_and_its_recovery_codes_still_count(browser: Browser, login: str, rotated: Flask) -> None:
    make.sign_in(browser, login)
    phone = turn_on(browser)
    for code in (phone.code(), phone.recovery[3]):
        after = Browser(rotated)
        assert after.send(make.sign_in(after, login), "/login/code", code=code).path == "/"


def test_without_the_former_key_everybody_signs_in_anew_and_nothing_breaks(
    app: Flask, browser: Browser, login: str
) -> None:
    make.sign_in(browser, login)
    page = browser.open("/cases/new/message")
    changed = {"secret_key": "a newer key of forty characters, made up"}
    other = create_app(Config(**{**app.extensions["config"].__dict__, **changed}))
    after = moved(browser, other)
    assert after.open("/profile").path == "/login"
    assert after.send(page, "/cases/new/message", text="Прошу перенести опору", topic="Иное").status < 500
    close(other)
