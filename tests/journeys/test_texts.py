"""Consent and agreement: asked for at the sign-in when they are new, each by its own box, and taken back."""

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.accounts.models import Consent, User, UserRole
from app.administration import text_actions as office
from app.company import queries as company
from app.extensions import db
from app.journal.models import JournalEntry
from app.notifications.models import OutboxRow
from app.transaction import transaction
from tests import factories as make
from tests.browser import Browser
from tests.factories import sign_in
from tests.quick_hashes import quick_hashes  # noqa: F401  (a fixture)

pytestmark = pytest.mark.usefixtures("quick_hashes")

OWED = "/profile/texts/accept"


@pytest.fixture
def ivanov(app: Flask) -> str:
    """The login of a registered person."""
    with app.app_context():
        return make.login_of(make.make_applicant_user())


def publish(app: Flask, code: str) -> int:
    """A new version of a text, by an administrator; its number."""
    with app.app_context():
        now = company.current_text(code)
        by = make.actor_of(make.make_administrator())
        office.publish(
            code, now.title, now.body + "\n\nДополнено.", version=now.version, by=by, at=clock.now()
        )
        return company.current_text(code).version


def letters(app: Flask, kind: str) -> list[OutboxRow]:
    with app.app_context():
        return list(db.session.scalars(select(OutboxRow).where(OutboxRow.kind == kind)))


def test_who_has_accepted_everything_is_asked_nothing(browser: Browser, ivanov: str) -> None:
    assert sign_in(browser, ivanov).path == "/"


def test_a_new_version_is_asked_for_at_the_next_sign_in(app: Flask, browser: Browser, ivanov: str) -> None:
    sign_in(browser, ivanov)
    version = publish(app, "consent")
    assert browser.open("/profile").path == "/profile", "who is in goes on with what they began"
    window = Browser(app)
    page = sign_in(window, ivanov)
    assert page.path == OWED
    for path in ("/", "/cases", "/profile"):
        assert window.open(path).path == OWED, path
    assert window.open("/legal/consent").path == "/legal/consent", "it can be read"
    assert window.send(window.open(OWED), OWED).status == 422
    done = window.send(window.open(OWED), OWED, **{"accept-consent": str(version)})
    assert done.path == "/"
    with app.app_context():
        rows = db.session.scalars(select(Consent).order_by(Consent.id.desc())).all()
        assert rows[0].text_sha256 == company.current_text("consent").sha256
    assert sign_in(Browser(app), ivanov).path == "/"


def test_each_text_needs_its_own_box(app: Flask, browser: Browser, ivanov: str) -> None:
    consent, agreement = publish(app, "consent"), publish(app, "agreement")
    page = sign_in(browser, ivanov)
    half = browser.send(page, OWED, **{"accept-consent": str(consent)})
    assert half.status == 422
    assert half.error_of("accept-agreement")
    boxes = {"accept-consent": str(consent), "accept-agreement": str(agreement)}
    assert browser.send(half, OWED, **boxes).path == "/"


def test_a_version_that_was_replaced_while_it_was_read_is_not_accepted(
    app: Flask, browser: Browser, ivanov: str
) -> None:
    old = publish(app, "consent")
    page = sign_in(browser, ivanov)
    publish(app, "consent")
    assert browser.send(page, OWED, **{"accept-consent": str(old)}).status == 422


def test_an_account_without_any_consent_is_asked_for_both(app: Flask, browser: Browser) -> None:
    with app.app_context():
        user_id = make.make_staff("operator")
        with transaction():
            db.session.add(UserRole(user_id=user_id, role="applicant"))
        login = make.login_of(user_id)
    page = sign_in(browser, login)
    assert page.path == OWED
    assert len(page.soup.find_all("input", {"type": "checkbox"})) == 2
    assert not page.soup.find_all("input", {"checked": True})


def test_taking_the_consent_back_shuts_the_cabinet_and_tells_both_sides(
    app: Flask, browser: Browser, ivanov: str
) -> None:
    with app.app_context():
        make.make_operator()
    sign_in(browser, ivanov)
    page = browser.open(
        browser.open("/profile/texts").link("Отозвать Согласие на обработку персональных данных")
    )
    assert "кабинет не откроется" in page.text, "the consequences stand before the button"
    done = browser.send(page, "/withdraw")
    assert done.path == "/login"
    assert browser.open("/profile").path == "/login"
    assert sign_in(browser, ivanov).path == OWED
    with app.app_context():
        entry = db.session.scalars(select(JournalEntry).where(JournalEntry.kind == "text_withdrawn")).one()
        assert entry.party == "applicant"
    assert [one.address for one in letters(app, "text-withdrawn")] == [ivanov]
    assert len(letters(app, "text-withdrawn-office")) == 1


def test_taking_the_agreement_back_leaves_the_cabinet_open(app: Flask, browser: Browser, ivanov: str) -> None:
    sign_in(browser, ivanov)
    done = browser.send(browser.open("/profile/texts/agreement/withdraw"), "/withdraw")
    assert "ничего не подписывают" in done.text
    assert "Отозвано" in done.text
    assert sign_in(Browser(app), ivanov).path == "/"
    assert browser.open("/profile/texts/agreement/withdraw").status == 404, "it is taken back already"


def test_nobody_sees_or_takes_back_what_they_have_not_accepted(app: Flask, browser: Browser) -> None:
    with app.app_context():
        sign_in(browser, make.login_of(make.make_operator()))
    assert browser.open("/profile/texts").status == 403
    with app.app_context():
        assert db.session.scalars(select(User)).all()
