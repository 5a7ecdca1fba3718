"""Somebody of the company or of a supplier is invited by letter and thinks the password up themselves."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import gateways
from app.accounts.models import User
from app.accounts.secret_models import SentSecret
from app.extensions import db
from app.notifications.models import OutboxRow
from app.transaction import transaction
from tests import factories as make
from tests.browser import Browser, Page
from tests.factories import sign_in
from tests.journeys.test_passwords import NEW, set_anew
from tests.quick_hashes import quick_hashes  # noqa: F401  (a fixture)

pytestmark = pytest.mark.usefixtures("quick_hashes")

LOGIN = "novaja@example.org"


@pytest.fixture
def admin(app: Flask, browser: Browser) -> Browser:
    with app.app_context():
        login = make.login_of(make.make_administrator())
    sign_in(browser, login)
    return browser


def add(admin: Browser, **changes: str) -> Page:
    form = {
        "last_name": "Вершинина",
        "first_name": "Анна",
        "email": LOGIN,
        "roles": "operator",
        "by_letter": "y",
    }
    return admin.send(admin.open("/admin/people/new"), "/admin/people/new", **{**form, **changes})


def path_of(app: Flask) -> str:
    with app.app_context():
        link = db.session.scalars(select(SentSecret).where(SentSecret.purpose == "invitation")).one()
        return f"/password/new/{link.id}-{gateways.current().link_of(link.salt)}"


def test_the_invited_set_their_own_password_by_the_link_and_are_in(app: Flask, admin: Browser) -> None:
    done = add(admin)
    assert "отправлено письмо со ссылкой" in done.text
    with app.app_context():
        letter = db.session.scalars(select(OutboxRow).where(OutboxRow.kind == "invitation")).one()
        assert letter.address == LOGIN
    window = Browser(app)
    assert set_anew(window, path_of(app)).path == "/login"
    page = sign_in(window, LOGIN, NEW)
    assert page.path == "/", "no first password has to be changed"
    with app.app_context():
        user = db.session.scalars(select(User).where(User.notify_email == LOGIN)).one()
        assert user.email_confirmed_at is not None


def test_the_suggested_first_password_of_an_invited_person_opens_nothing(app: Flask, admin: Browser) -> None:
    page = admin.open("/admin/people/new")
    suggested = page.value_of("password")
    form = {"last_name": "Вершинина", "first_name": "Анна", "email": LOGIN, "roles": "operator"}
    admin.send(page, "/admin/people/new", by_letter="y", **form)
    assert sign_in(Browser(app), LOGIN, suggested).status == 422


def test_an_invitation_works_once_and_for_seven_days(app: Flask, admin: Browser) -> None:
    add(admin)
    path = path_of(app)
    with app.app_context(), transaction():
        for one in db.session.scalars(select(SentSecret)):
            one.created_at -= timedelta(days=6, hours=23)
            one.expires_at -= timedelta(days=6, hours=23)
    assert Browser(app).open(path).status == 200
    set_anew(Browser(app), path)
    assert Browser(app).open(path).status == 404


def test_without_the_box_a_first_password_is_given_as_before(app: Flask, admin: Browser) -> None:
    page = admin.open("/admin/people/new")
    first = page.value_of("password")
    form = {"last_name": "Вершинина", "first_name": "Анна", "email": LOGIN, "roles": "operator"}
    done = admin.send(page, "/admin/people/new", **form)
    assert "первый пароль" in done.text
    assert sign_in(Browser(app), LOGIN, first).path == "/profile/password"
    with app.app_context():
        assert not db.session.scalars(select(OutboxRow).where(OutboxRow.kind == "invitation")).all()
