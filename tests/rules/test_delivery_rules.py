"""Pauses between tries and the words of the ledger."""

from datetime import timedelta

import pytest

from app.gateways import email
from app.notifications import rules
from app.notifications.kinds import KINDS, kind_words
from app.notifications.models import STATES


def test_pauses_grow_from_half_a_minute_to_an_hour() -> None:
    minutes = [rules.pause_after(tries, 0).total_seconds() / 60 for tries in range(1, 10)]
    assert minutes == [0.5, 1, 2, 4, 8, 16, 32, 60, 60]


@pytest.mark.parametrize("tries", [1, 5, 8, 78, 10_000])
def test_a_pause_moves_by_a_fifth_at_most(tries: int) -> None:
    middle = rules.pause_after(tries, 0)
    assert rules.pause_after(tries, -1) == middle * 0.8
    assert rules.pause_after(tries, 1) == middle * 1.2


def test_a_letter_is_given_up_after_three_days_of_tries() -> None:
    waited = sum((rules.pause_after(tries, 0) for tries in range(1, rules.MOST_TRIES)), timedelta())
    assert timedelta(days=3) <= waited < timedelta(days=3, hours=1)
    assert not rules.is_given_up(rules.MOST_TRIES - 1)
    assert rules.is_given_up(rules.MOST_TRIES)


def test_a_letter_whose_worker_died_is_repeated_at_once_but_not_for_ever() -> None:
    pauses = [rules.pause_after_cut(tries, 0).total_seconds() for tries in range(1, 7)]
    assert pauses == [0, 0, 0, 30, 60, 120]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("", ""),
        ("SMTP 451", "почтовый сервер просит подождать (код 451)"),
        ("SMTP 550", "почтовый сервер не принял письмо (код 550)"),
        ("ConnectionRefusedError", "почтовый сервер не отвечает"),
        (rules.CUT_OFF, "отправка прервалась"),
        (email.BAD_ADDRESS, "адрес записан с ошибкой"),
    ],
)
def test_the_ledger_tells_in_words_why_a_letter_did_not_leave(error: str, words: str) -> None:
    assert rules.reason_words(error) == words


def test_every_state_has_words_of_its_own() -> None:
    assert set(rules.STATE_WORDS) == set(STATES)
    assert len({words for words, _ in rules.STATE_WORDS.values()}) == len(STATES)


def test_kinds_are_told_in_words() -> None:
    assert kind_words("number-given") == "Уведомление: присвоен регистрационный номер"
    assert len(set(KINDS.values())) == len(KINDS)
