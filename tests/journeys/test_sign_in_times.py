"""That the time of an answer tells nothing about who has an account, with passwords hashed at their real cost."""

import statistics
import time

import pytest
from flask import Flask

from app.accounts import hashing
from app.accounts.models import Attempt
from app.extensions import db
from app.transaction import transaction
from tests import factories as make
from tests.browser import Browser

TRIES = 30


def forget_tries(app: Flask) -> None:
    with app.app_context(), transaction():
        db.session.query(Attempt).delete()


def time_of_refusal(app: Flask, login: str) -> float:
    browser = Browser(app)
    page = browser.open("/login")
    began = time.perf_counter()
    assert browser.send(page, "/login", login=login, password="не тот пароль").status == 422
    took = time.perf_counter() - began
    forget_tries(app)
    return took


def test_a_refusal_takes_as_long_for_an_unknown_and_a_blocked_person_as_for_a_known_one(app: Flask) -> None:
    """Medians of thirty tries each, taken in turns; promise A2 of docs/security.md."""
    with app.app_context():
        make.make_applicant_user(email="known@example.org")
        blocked = make.make_applicant_user(email="blocked@example.org")
        with transaction():
            db.session.get_one(make.User, blocked).state = "blocked"
    logins = ("known@example.org", "blocked@example.org", "nobody@example.org")
    times: dict[str, list[float]] = {login: [] for login in logins}
    for _ in range(TRIES):
        for login in logins:
            times[login].append(time_of_refusal(app, login))
    medians = {login: statistics.median(each) for login, each in times.items()}
    assert max(medians.values()) - min(medians.values()) < 0.2 * min(medians.values()), medians


def test_the_hash_that_nobody_knows_costs_as_much_as_a_real_one() -> None:
    assert hashing.renewed(hashing.NOBODY, "anything") is None
    assert hashing.renewed(hashing.hash_password("anything"), "anything") is None


@pytest.mark.parametrize("password", ["", " ", "п" * 128, "a\x00b", "\ud800", "x" * 200_000])
def test_any_text_can_be_compared(password: str) -> None:
    assert hashing.verify(hashing.hash_password(password), password)
    assert not hashing.verify(hashing.hash_password(password), password + "x")


@pytest.mark.parametrize("stored", ["", "x", "$argon2id$v=19$m=8,t=1,p=1$AAAA$AAAA", "scrypt:32768:8:1$a$b"])
def test_a_damaged_hash_fits_no_password(stored: str) -> None:
    assert not hashing.verify(stored, "anything")
