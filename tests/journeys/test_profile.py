"""«Данные и настройки»: what the account holds, and one more applicant."""

import pytest
from flask import Flask

from tests.browser import Browser
from tests.journeys.signing_in import (
    NEW_FIRM,
    applicants,
    sign_in,
)
from tests.quick_hashes import quick_hashes  # noqa: F401  (a fixture)
from tests.unchanged import unchanged

pytestmark = pytest.mark.usefixtures("quick_hashes")


def test_the_profile_shows_what_the_account_holds(browser: Browser, ivanov: int) -> None:
    page = sign_in(browser)
    page = browser.open(page.link("Данные и настройки"))
    for words in (
        "Неподтвержденная учетная запись",
        "ivanov@example.org",
        "918-663-420 37",
        "Заявители, от имени которых я действую",
        "Физическое лицо",
    ):
        assert words in page.text
    assert "п. Калиново, ул. Центральная, 1" in page.text


def test_one_more_applicant_is_added_and_the_person_goes_on_where_they_came_from(
    app: Flask, browser: Browser, ivanov: int
) -> None:
    sign_in(browser)
    page = browser.open("/applicants/new?next=/profile?from=draft")
    page = browser.open("/applicants/new?form=legal_entity&next=/profile%3Ffrom%3Ddraft")
    answer = browser.send(page, "/applicants/new", follow=False, **NEW_FIRM)
    assert (answer.status, answer.response.headers["Location"]) == (303, "/profile?from=draft")
    again = browser.send(page, "/applicants/new", follow=False, **NEW_FIRM)
    assert (again.status, again.response.headers["Location"]) == (303, "/profile?from=draft")
    assert applicants(app) == ["", "ООО «Свет»"], "the button was pressed twice, the firm is there once"


def test_a_person_is_not_added_as_an_applicant(app: Flask, browser: Browser, ivanov: int) -> None:
    sign_in(browser)
    page = browser.open("/applicants/new?form=individual")
    assert "Выберите правовую форму." in page.text
    token = page.value_of("csrf_token")
    with unchanged(app):
        answer = browser.post("/applicants/new", {"form": "individual", "csrf_token": token})
    assert answer.status == 422


def test_wrong_fields_of_a_new_applicant_are_told_and_nothing_is_added(
    app: Flask, browser: Browser, ivanov: int
) -> None:
    sign_in(browser)
    page = browser.open("/applicants/new?form=sole_trader")
    with unchanged(app):
        page = browser.send(page, "/applicants/new", inn="123", last_name="Петров")
    assert page.status == 422
    assert "у вас 3" in page.error_of("inn")
    assert page.value_of("last_name") == "Петров"
