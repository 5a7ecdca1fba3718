"""Signing in and out: one answer for all refusals, limits that hold, sessions that end."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import argon2
import pytest
from flask import Flask
from sqlalchemy import func, select

from app import clock
from app.accounts import hashing, sign_in_actions, staff_actions
from app.accounts.models import Attempt, User, UserSession
from app.accounts.queries import login_ids_of
from app.accounts.sessions import Visit, find_session
from app.accounts.sign_in_actions import Entered, KnownBrowser
from app.errors import NotFound, TooManyTries
from app.extensions import db
from app.transaction import transaction
from tests import factories as make
from tests.quick_hashes import quick_hashes  # noqa: F401  (a fixture)
from tests.unchanged import unchanged

WRONG = "не тот пароль"


pytestmark = pytest.mark.usefixtures("quick_hashes")


def sign_in(
    login: tuple, password: str = make.PASSWORD, *, address: str = "198.51.100.7", **options: object
) -> Entered | None:
    at = options.pop("at", clock.now())
    return sign_in_actions.sign_in(login, password, visit=Visit(address, ""), at=at, **options)


def email(user_id: int) -> tuple:
    return "email", make.login_of(user_id)


def fail(login: tuple, times: int, **options: object) -> None:
    for _ in range(times):
        assert sign_in(login, WRONG, **options) is None


def test_every_identifier_of_a_person_signs_in(context: Flask) -> None:
    user_id = make.make_applicant_user()
    for login in login_ids_of(user_id):
        entered = sign_in((login.kind, login.value))
        assert entered is not None
        assert find_session(entered.token, at=clock.now()).actor.user_id == user_id


def test_unknown_wrong_and_blocked_are_one_answer(context: Flask) -> None:
    known, blocked = make.make_applicant_user(), make.make_applicant_user()
    with transaction():
        db.session.get_one(User, blocked).state = "blocked"
    assert sign_in(email(known), WRONG) is None
    assert sign_in(email(blocked)) is None
    assert sign_in(("email", "nobody@example.org")) is None
    assert sign_in(("snils", "11223344595")) is None


@pytest.mark.parametrize("known", [True, False])
def test_after_five_wrong_passwords_even_the_right_one_has_to_wait(context: Flask, known: bool) -> None:
    login = email(make.make_applicant_user()) if known else ("email", "nobody@example.org")
    fail(login, 5)
    with unchanged(context), pytest.raises(TooManyTries) as refused:
        sign_in(login)
    assert refused.value.retry_after == pytest.approx(60, abs=2)
    assert "Подождите 1 минуту" in refused.value.message


def test_the_wait_runs_out_and_then_grows(context: Flask) -> None:
    login, now = email(make.make_applicant_user()), clock.now()
    fail(login, 5, at=now)
    fail(login, 1, at=now + timedelta(seconds=61))
    with pytest.raises(TooManyTries) as refused:
        sign_in(login, at=now + timedelta(seconds=62))
    assert refused.value.retry_after == pytest.approx(119, abs=2)
    assert sign_in(login, at=now + timedelta(seconds=190)) is not None


def test_waiting_is_not_made_longer_by_trying(context: Flask) -> None:
    login, now = email(make.make_applicant_user()), clock.now()
    fail(login, 5, at=now)
    for second in range(1, 50):
        with pytest.raises(TooManyTries):
            sign_in(login, WRONG, at=now + timedelta(seconds=second))
    assert sign_in(login, at=now + timedelta(seconds=61)) is not None


def test_a_stranger_at_one_address_does_not_lock_the_person_out(context: Flask) -> None:
    login = email(make.make_applicant_user())
    fail(login, 5, address="192.0.2.66")
    assert sign_in(login, address="198.51.100.7") is not None


def tries_that_got_through(addresses: list[str], logins: list[tuple], at: datetime) -> int:
    passed = 0
    for address, login in zip(addresses, logins, strict=True):
        try:
            sign_in(login, WRONG, address=address, at=at)
            passed += 1
        except TooManyTries:
            pass
    return passed


def test_a_hundred_addresses_get_twenty_tries_at_one_account(context: Flask) -> None:
    login = email(make.make_applicant_user())
    addresses = [f"192.0.2.{number}" for number in range(100)]
    assert tries_that_got_through(addresses, [login] * 100, clock.now()) == 20


def test_one_address_gets_thirty_tries_at_a_hundred_accounts(context: Flask) -> None:
    logins = [("email", f"person{number}@example.org") for number in range(100)]
    assert tries_that_got_through(["192.0.2.66"] * 100, logins, clock.now()) == 30


def test_a_browser_known_to_the_person_gets_in_while_strangers_try_from_everywhere(context: Flask) -> None:
    user_id = make.make_applicant_user()
    login, own = email(user_id), KnownBrowser(user_id, "mark")
    tries_that_got_through([f"192.0.2.{number}" for number in range(30)], [login] * 30, clock.now())
    with pytest.raises(TooManyTries):
        sign_in(login)
    assert sign_in(login, browser=own) is not None


def test_a_browser_known_to_one_person_is_a_stranger_to_another(context: Flask) -> None:
    victim, attacker = make.make_applicant_user(), make.make_applicant_user()
    own = KnownBrowser(attacker, "mark")
    fail(email(victim), 5, browser=own)
    with pytest.raises(TooManyTries):
        sign_in(email(victim), browser=own)


def test_a_known_browser_has_five_tries_too(context: Flask) -> None:
    user_id = make.make_applicant_user()
    own = KnownBrowser(user_id, "mark")
    fail(email(user_id), 5, browser=own)
    with pytest.raises(TooManyTries):
        sign_in(email(user_id), browser=own)


def test_a_right_password_forgets_the_wrong_ones_before_it(context: Flask) -> None:
    login = email(make.make_applicant_user())
    for _ in range(3):
        fail(login, 4)
        assert sign_in(login) is not None


def test_old_tries_leave_the_table(context: Flask) -> None:
    login, now = email(make.make_applicant_user()), clock.now()
    fail(("email", "nobody@example.org"), 3, at=now - timedelta(hours=25))
    assert sign_in(login, at=now) is not None
    assert db.session.scalar(select(func.count()).select_from(Attempt)) == 0


def test_twenty_tries_at_the_same_moment_are_still_five(context: Flask) -> None:
    login = email(make.make_applicant_user())

    def attempt(_number: int) -> bool:
        with context.app_context():
            try:
                return sign_in(login, WRONG) is None
            except TooManyTries:
                return False

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(attempt, range(20))) == 5


def test_a_hash_with_old_parameters_is_renewed_at_the_next_sign_in(context: Flask) -> None:
    user_id = make.make_applicant_user()
    old = argon2.PasswordHasher(time_cost=2, memory_cost=8, parallelism=1).hash(make.PASSWORD)
    with transaction():
        db.session.get_one(User, user_id).password_hash = old
    assert sign_in(email(user_id)) is not None
    renewed = db.session.get_one(User, user_id).password_hash
    assert renewed != old
    assert hashing.renewed(renewed, make.PASSWORD) is None
    assert sign_in(email(user_id)) is not None


def test_the_session_that_the_browser_gives_up_ends(context: Flask) -> None:
    user_id = make.make_applicant_user()
    first = sign_in(email(user_id))
    session_id = db.session.scalar(select(func.max(UserSession.id)))
    assert sign_in(email(user_id), leaving=session_id) is not None
    assert find_session(first.token, at=clock.now()) is None


def test_sign_out_ends_the_session_for_good(context: Flask) -> None:
    user_id = make.make_applicant_user()
    entered = sign_in(email(user_id))
    found = find_session(entered.token, at=clock.now())
    sign_in_actions.sign_out(found.session_id, by=found.actor, at=clock.now())
    assert find_session(entered.token, at=clock.now()) is None


def test_a_password_set_by_the_operator_ends_every_session(context: Flask) -> None:
    user_id = make.make_applicant_user()
    entered = sign_in(email(user_id))
    staff_actions.set_password(email(user_id), hashing.hash_password("новый длинный пароль"), at=clock.now())
    assert find_session(entered.token, at=clock.now()) is None
    assert sign_in(email(user_id)) is None
    assert sign_in(email(user_id), "новый длинный пароль") is not None


def test_nobody_has_no_password_to_set(context: Flask) -> None:
    with unchanged(context), pytest.raises(NotFound):
        staff_actions.set_password(("email", "nobody@example.org"), "hash", at=clock.now())
