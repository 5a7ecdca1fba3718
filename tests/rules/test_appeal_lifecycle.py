"""The table of an appeal: every pair of status and move, and what people read."""

import pytest

from app.appeals.lifecycle import LIFECYCLE, MOVES, STAGES
from app.errors import IllegalMove

#: (status, move) → target. Whatever is not here is illegal.
ROADS = {
    ("draft", "send"): "new",
    ("new", "register"): "registered",
    ("registered", "start"): "in_work",
    ("new", "answer"): "answered",
    ("registered", "answer"): "answered",
    ("in_work", "answer"): "answered",
    ("answered", "reopen"): "in_work",
}
STATUSES = ("draft", "new", "registered", "in_work", "answered")
NAMES = ("send", "register", "start", "answer", "reopen")


def test_the_table_has_these_statuses_and_moves_and_no_more():
    assert [stage.code for stage in STAGES] == list(STATUSES)
    assert {move.name for move in MOVES} == set(NAMES)


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("name", NAMES)
def test_every_pair_of_status_and_move_is_a_known_road_or_illegal(status, name):
    road = ROADS.get((status, name))
    if road is None:
        with pytest.raises(IllegalMove):
            LIFECYCLE.target(name, status)
    else:
        assert LIFECYCLE.target(name, status) == road


@pytest.mark.parametrize("party", ["company", "supplier"])
def test_whoever_receives_an_appeal_makes_every_move_but_the_sending(party):
    assert {name for status in STATUSES for name in _names(status, party)} == set(NAMES) - {"send"}


def test_an_applicant_sends_and_then_makes_no_move():
    assert [(status, _names(status, "applicant")) for status in STATUSES if _names(status, "applicant")] == [
        ("draft", ["send"])
    ]


def _names(status, party):
    return [move.name for move in LIFECYCLE.available(status, party)]


@pytest.mark.parametrize("recipient", ["company", "supplier"])
def test_an_open_appeal_waits_for_its_recipient_and_an_answered_one_for_nobody(recipient):
    movers = [stage.mover_of(recipient) for stage in STAGES]
    assert movers == ["applicant", recipient, recipient, recipient, "nobody"]


def test_the_terms_run_until_the_number_and_until_the_answer():
    assert [stage.term for stage in STAGES] == [
        None,
        "appeal_registration",
        "appeal_answer",
        "appeal_answer",
        None,
    ]


def test_only_an_answered_appeal_is_done():
    assert [stage.tab for stage in STAGES] == ["drafts", "active", "active", "active", "done"]


def test_each_receiver_is_told_what_to_do_and_the_applicant_what_comes():
    for stage in STAGES:
        assert stage.label and stage.next_words
        for party in ("company", "supplier"):
            assert bool(stage.task_for(party)) == (stage.mover == "receiver")


def test_the_number_stands_in_the_line_of_the_timeline():
    assert LIFECYCLE.move("register").past_line("899") == "Присвоен регистрационный номер: 899"
