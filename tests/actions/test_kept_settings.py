"""A process keeps the settings it has read, and yet nobody sees old ones: not even what another process has changed."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import delete

from app import clock
from app.company import queries as company
from app.company.models import Setting
from app.company.seed import SINCE
from app.extensions import db
from app.transaction import transaction
from tests.browser import Browser
from tests.case_world import applicant, signed_in

NAME = "АО «Северные сети»"


def rename_elsewhere(name: str) -> None:
    """As another process does it: nothing in this one is told."""
    with transaction():
        named = {
            "key": "company.name",
            "value": name,
            "valid_from": clock.now().date() - timedelta(days=1),
            "set_at": clock.now(),
        }
        db.session.add(Setting(**named))


def test_a_name_changed_by_another_process_stands_on_the_next_page_of_everybody(app: Flask) -> None:
    with app.app_context():
        ivanov = applicant()
        me, passer_by = signed_in(app, ivanov), Browser(app)
    assert NAME not in me.open("/").text + passer_by.open("/login").text
    me.open("/")
    with app.app_context():
        rename_elsewhere(NAME)
    assert NAME in passer_by.open("/login").text, "what the last request was told is not believed"
    assert NAME in me.open("/").text
    with app.app_context(), transaction():
        db.session.execute(delete(Setting).where(Setting.valid_from > SINCE))
    assert NAME not in me.open("/").text


def test_what_a_request_was_told_of_the_settings_ends_with_it(context: Flask) -> None:
    signed_in(context, applicant()).open("/")
    rename_elsewhere(NAME)
    db.session.remove()
    assert company.profile().name == NAME
