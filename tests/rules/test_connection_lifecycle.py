"""The table of a connection application: every pair of status and move, and what people read."""

import pytest

from app.company.seed import TERMS as SHIPPED_TERMS
from app.connections.lifecycle import LIFECYCLE, MOVES, STAGES
from app.errors import IllegalMove

#: (status, move) → target, or targets by mode (a mode that is not named leads nowhere). Whatever is not here is illegal.
ROADS = {
    ("draft", "submit"): "submitted",
    ("submitted", "register"): "registered",
    ("registered", "accept"): "checking",
    ("checking", "complete"): {"A": "preparing_offer", "B": "preparing_contract"},
    ("checking", "request_fixes"): "needs_fix",
    ("needs_fix", "send_fixes"): "checking",
    ("needs_fix", "annul_incomplete"): "annulled_incomplete",
    ("preparing_offer", "publish_offer"): "awaiting_payment",
    ("preparing_contract", "publish_contract"): "contract_sent",
    ("awaiting_payment", "conclude"): "contract_concluded",
    ("awaiting_payment", "annul_unpaid"): "annulled_unpaid",
    ("contract_sent", "sign_contract"): "contract_signed",
    ("contract_sent", "dispute"): "contract_disputed",
    ("contract_sent", "annul_unsigned"): "annulled_unsigned",
    ("contract_disputed", "answer_dispute"): "contract_sent",
    ("contract_concluded", "start_works"): "works",
    ("contract_signed", "start_works"): "works",
    ("works", "report_done"): "tu_check",
    ("works", "own_part_done"): "meter_admission",
    ("tu_check", "accept_conditions"): "meter_admission",
    ("tu_check", "return_conditions"): "works",
    ("meter_admission", "admit_meter"): "meter_admitted",
    ("meter_admitted", "connect"): {"A": "connected"},
    ("meter_admitted", "publish_act"): {"B": "act_sent"},
    ("act_sent", "replace_act"): {"B": "act_sent"},
    ("act_sent", "sign_act"): "connected",
    ("annulled_incomplete", "restore_incomplete"): "needs_fix",
    ("annulled_unpaid", "restore_unpaid"): "awaiting_payment",
    ("annulled_unsigned", "restore_unsigned"): "contract_sent",
}
BEFORE_CONTRACT = (
    "submitted",
    "registered",
    "checking",
    "needs_fix",
    "preparing_offer",
    "preparing_contract",
    "awaiting_payment",
    "contract_sent",
    "contract_disputed",
)
UNDER_CONTRACT = (
    "contract_concluded",
    "contract_signed",
    "works",
    "tu_check",
    "meter_admission",
    "meter_admitted",
    "act_sent",
)
ENDED_BADLY = (
    "withdrawn",
    "rejected",
    "annulled_incomplete",
    "annulled_unpaid",
    "annulled_unsigned",
    "terminated",
)
ROADS |= {(status, "withdraw"): "withdrawn" for status in BEFORE_CONTRACT}
ROADS |= {(status, "reject"): "rejected" for status in BEFORE_CONTRACT}
ROADS |= {(status, "terminate"): "terminated" for status in UNDER_CONTRACT}
STATUSES = ("draft", *BEFORE_CONTRACT, *UNDER_CONTRACT, "connected", *ENDED_BADLY)
NAMES = tuple(dict.fromkeys(name for _, name in ROADS))
#: What the applicant does himself; all the rest is the company's, nothing is the supplier's.
#: Whoever signs last makes these: the applicant by a code or a certificate, the company for the paper.
LAST_TO_SIGN = {"sign_contract", "sign_act"}
APPLICANTS = {"submit", "send_fixes", "withdraw", "dispute", "report_done"}


def test_the_table_has_these_statuses_and_moves_and_no_more():
    assert {stage.code for stage in STAGES} == set(STATUSES)
    assert {move.name for move in MOVES} == set(NAMES)


@pytest.mark.parametrize("mode", ["A", "B"])
@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("name", NAMES)
def test_every_pair_of_status_and_move_is_a_known_road_or_illegal(status, name, mode):
    road = ROADS.get((status, name))
    if isinstance(road, dict):
        road = road.get(mode)
    if road is None:
        with pytest.raises(IllegalMove):
            LIFECYCLE.target(name, status, mode)
    else:
        assert LIFECYCLE.target(name, status, mode) == road


def test_a_complete_set_without_a_known_mode_leads_nowhere():
    with pytest.raises(IllegalMove):
        LIFECYCLE.target("complete", "checking", "")


@pytest.mark.parametrize("status", STATUSES)
def test_each_side_may_make_only_its_own_moves_and_the_supplier_none(status):
    from_here = {name for start, name in ROADS if start == status}
    offered = {
        side: [move.name for move in LIFECYCLE.available(status, side)]
        for side in ("applicant", "company", "supplier")
    }
    assert set(offered["applicant"]) == from_here & (APPLICANTS | LAST_TO_SIGN)
    assert set(offered["company"]) == from_here - APPLICANTS
    assert offered["supplier"] == []


def test_a_mode_that_is_not_decided_makes_no_act_of_connection():
    for name in ("connect", "publish_act"):
        with pytest.raises(IllegalMove):
            LIFECYCLE.target(name, "meter_admitted", "")


def test_refusals_remarks_disputes_and_restorations_need_a_reason():
    assert {move.name for move in MOVES if move.needs_reason} == {
        "reject",
        "dispute",
        "answer_dispute",
        "return_conditions",
        "restore_incomplete",
        "restore_unpaid",
        "restore_unsigned",
        "terminate",
    }


def test_sent_applications_stand_in_active_connected_ones_in_done_and_the_others_in_rejected():
    assert LIFECYCLE.codes_in("drafts") == ("draft",)
    assert set(LIFECYCLE.codes_in("active")) == {*BEFORE_CONTRACT, *UNDER_CONTRACT}
    assert set(LIFECYCLE.codes_in("rejected")) == set(ENDED_BADLY)
    assert LIFECYCLE.codes_in("done") == ("connected",)


def test_every_term_that_a_stage_runs_is_shipped():
    assert {stage.term for stage in STAGES if stage.term} <= set(SHIPPED_TERMS)


def test_the_works_run_on_from_the_contract_with_one_clock():
    for made in ("contract_concluded", "contract_signed", "works"):
        assert LIFECYCLE.stage(made).term == "works"


@pytest.mark.parametrize("mode", ["A", "B"])
def test_the_first_moves_of_the_table_lead_from_the_draft_to_the_connection(mode):
    status, walked = "draft", []
    while status != "connected":
        status = next(
            LIFECYCLE.target(move.name, status, mode)
            for move in MOVES
            if status in move.sources and (None in move.targets or mode in move.targets)
        )
        assert status not in walked
        walked.append(status)
    assert ("act_sent" in walked) == ("contract_signed" in walked) == (mode == "B")
    assert ("awaiting_payment" in walked) == (mode == "A")


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
