"""The table of a connection application: every pair of status and move, and what people read."""

import pytest

from app.connections.lifecycle import LIFECYCLE, MOVES, STAGES
from app.errors import IllegalMove

#: (status, move) → target, or targets by mode. Whatever is not here is illegal.
ROADS = {
    ("draft", "submit"): "submitted",
    ("submitted", "register"): "registered",
    ("registered", "accept"): "checking",
    ("checking", "complete"): {"A": "preparing_offer", "B": "preparing_contract"},
    ("checking", "request_fixes"): "needs_fix",
    ("needs_fix", "send_fixes"): "checking",
    ("needs_fix", "annul_incomplete"): "annulled_incomplete",
    ("submitted", "withdraw"): "withdrawn",
    ("registered", "withdraw"): "withdrawn",
    ("checking", "withdraw"): "withdrawn",
    ("needs_fix", "withdraw"): "withdrawn",
    ("preparing_offer", "withdraw"): "withdrawn",
    ("preparing_contract", "withdraw"): "withdrawn",
    ("submitted", "reject"): "rejected",
    ("registered", "reject"): "rejected",
    ("checking", "reject"): "rejected",
    ("needs_fix", "reject"): "rejected",
    ("preparing_offer", "reject"): "rejected",
    ("preparing_contract", "reject"): "rejected",
}
STATUSES = (
    "draft",
    "submitted",
    "registered",
    "checking",
    "needs_fix",
    "preparing_offer",
    "preparing_contract",
    "withdrawn",
    "rejected",
    "annulled_incomplete",
)
NAMES = (
    "submit",
    "register",
    "accept",
    "complete",
    "request_fixes",
    "send_fixes",
    "annul_incomplete",
    "withdraw",
    "reject",
)


def test_the_table_has_these_statuses_and_moves_and_no_more():
    assert {stage.code for stage in STAGES} == set(STATUSES)
    assert {move.name for move in MOVES} == set(NAMES)


@pytest.mark.parametrize("mode", ["A", "B"])
@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("name", NAMES)
def test_every_pair_of_status_and_move_is_a_known_road_or_illegal(status, name, mode):
    road = ROADS.get((status, name))
    if road is None:
        with pytest.raises(IllegalMove):
            LIFECYCLE.target(name, status, mode)
    else:
        assert LIFECYCLE.target(name, status, mode) == (road[mode] if isinstance(road, dict) else road)


def test_a_complete_set_without_a_known_mode_leads_nowhere():
    with pytest.raises(IllegalMove):
        LIFECYCLE.target("complete", "checking", "")


@pytest.mark.parametrize(
    ("status", "applicant", "company"),
    [
        ("draft", ["submit"], []),
        ("submitted", ["withdraw"], ["register", "reject"]),
        ("registered", ["withdraw"], ["accept", "reject"]),
        ("checking", ["withdraw"], ["complete", "request_fixes", "reject"]),
        ("needs_fix", ["send_fixes", "withdraw"], ["annul_incomplete", "reject"]),
        ("preparing_offer", ["withdraw"], ["reject"]),
        ("preparing_contract", ["withdraw"], ["reject"]),
        ("withdrawn", [], []),
        ("rejected", [], []),
        ("annulled_incomplete", [], []),
    ],
)
def test_each_side_may_make_only_its_own_moves(status, applicant, company):
    assert [move.name for move in LIFECYCLE.available(status, "applicant")] == applicant
    assert [move.name for move in LIFECYCLE.available(status, "company")] == company


def test_only_a_refusal_needs_a_reason():
    assert [move.name for move in MOVES if move.needs_reason] == ["reject"]


def test_sent_applications_stand_in_active_and_ended_ones_in_rejected():
    assert LIFECYCLE.codes_in("drafts") == ("draft",)
    assert LIFECYCLE.codes_in("active") == STATUSES[1:7]
    assert LIFECYCLE.codes_in("rejected") == STATUSES[7:]
    assert LIFECYCLE.codes_in("done") == ()


def test_a_deadline_runs_in_every_active_stage_and_in_no_other():
    assert {stage.code for stage in STAGES if stage.term} == set(LIFECYCLE.codes_in("active"))


def test_the_check_goes_on_with_one_clock_and_corrections_have_their_own():
    terms = {code: LIFECYCLE.stage(code).term for code in STATUSES}
    assert terms["registered"] == terms["checking"] == "completeness"
    assert terms["needs_fix"] == "corrections"
    assert terms["preparing_offer"] != terms["preparing_contract"]


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.code)
def test_whoever_has_the_move_reads_a_task_and_the_other_side_reads_none(stage):
    tasks = {"applicant": stage.applicant_task, "company": stage.company_task}
    assert {side for side, task in tasks.items() if task} == {stage.mover} - {"nobody"}


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.code)
def test_what_happens_next_is_told_in_one_or_two_full_sentences(stage):
    assert 1 <= stage.next_words.count(".") <= 2
    assert stage.next_words[0].isupper() and stage.next_words.endswith(".")


def test_the_lines_of_the_timeline_are_those_of_the_manual():
    assert LIFECYCLE.move("submit").past_line() == "Заявка создана и отправлена в сетевую"
    assert LIFECYCLE.move("register").past_line("299") == "Присвоен регистрационный номер: 299"
    assert LIFECYCLE.move("accept").past_line() == "Заявка принята к рассмотрению"
