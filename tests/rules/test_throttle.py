"""How long one waits after too many tries."""

from datetime import UTC, datetime, timedelta

import pytest

from app.accounts.throttle import (
    ADDRESS,
    LOGIN_ANYWHERE,
    LOGIN_AT_ADDRESS,
    LONGEST_WINDOW,
    key,
    network,
    seconds_to_wait,
    wait_sentence,
)

NOW = datetime(2026, 7, 30, 12, tzinfo=UTC)


def wait(tries: int, *, ago: float = 0) -> int:
    return seconds_to_wait(LOGIN_AT_ADDRESS, tries=tries, last=NOW - timedelta(seconds=ago), now=NOW)


@pytest.mark.parametrize("tries", range(5))
def test_five_tries_are_free(tries: int) -> None:
    assert wait(tries) == 0


@pytest.mark.parametrize(
    ("tries", "minutes"), [(5, 1), (6, 2), (7, 4), (8, 8), (9, 15), (10, 15), (1000, 15)]
)
def test_the_wait_grows_up_to_a_quarter_of_an_hour(tries: int, minutes: int) -> None:
    assert wait(tries) == minutes * 60


def test_the_wait_runs_out_to_the_second() -> None:
    assert wait(5, ago=59.5) == 1
    assert wait(5, ago=60) == 0


def test_who_has_not_tried_does_not_wait() -> None:
    assert seconds_to_wait(LOGIN_AT_ADDRESS, tries=0, last=None, now=NOW) == 0


def test_one_person_at_one_address_meets_the_lowest_limit() -> None:
    assert LOGIN_AT_ADDRESS.free < LOGIN_ANYWHERE.free < ADDRESS.free


def test_every_limit_forgets_within_the_longest_window() -> None:
    assert max(LOGIN_AT_ADDRESS.window, LOGIN_ANYWHERE.window, ADDRESS.window) <= LONGEST_WINDOW


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "1 минуту"), (60, "1 минуту"), (61, "2 минуты"), (300, "5 минут"), (900, "15 минут")],
)
def test_the_wait_is_told_in_whole_minutes(seconds: int, words: str) -> None:
    assert f"Подождите {words} " in wait_sentence(seconds)


def test_keys_hold_no_login_in_clear_and_do_not_run_together() -> None:
    assert "91866342037" not in key("snils", "91866342037")
    assert key("ab", "c") != key("a", "bc")
    assert key("\ud800") == key("\ud800")


def test_one_subscriber_has_a_whole_network_of_the_new_addresses() -> None:
    assert network("2001:db8:1:2::5") == network("2001:db8:1:2:ffff::6") != network("2001:db8:1:3::5")
    assert network("198.51.100.7") != network("198.51.100.8")
    assert (network(""), network("unix:")) == ("", "unix:")
