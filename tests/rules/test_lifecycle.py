"""The mechanism of stages and moves, on a small table of its own."""

import pytest

from app.cases.lifecycle import Lifecycle, Move, Stage, tab_of
from app.errors import IllegalMove


def stage(code, tab="active", **more):
    return Stage(code, label=code, mover="applicant", tab=tab, term=None, next_words="", **more)


def move(name, sources, targets, by=("company",)):
    return Move(name, frozenset(sources), targets, frozenset(by), label=name, past=f"Сделано {name}")


STAGES = (
    stage("new", tab="drafts"),
    stage("open"),
    stage("paid"),
    stage("signed"),
    stage("over", tab="done"),
)
MOVES = (
    move("send", ["new"], {None: "open"}, by=["applicant"]),
    move("agree", ["open"], {"A": "paid", "B": "signed"}),
    move("end", ["open", "paid", "signed"], {None: "over"}, by=["applicant", "company"]),
)


@pytest.fixture
def table():
    return Lifecycle(STAGES, MOVES)


def test_a_move_leads_to_its_target_whatever_the_mode(table):
    assert table.target("send", "new") == "open"
    assert table.target("send", "new", "") == "open"
    assert table.target("send", "new", "B") == "open"


def test_a_move_that_depends_on_the_mode_leads_to_the_stage_of_the_mode(table):
    assert table.target("agree", "open", "A") == "paid"
    assert table.target("agree", "open", "B") == "signed"


@pytest.mark.parametrize("mode", [None, "", "C"])
def test_a_move_that_needs_a_mode_is_illegal_without_a_known_one(table, mode):
    with pytest.raises(IllegalMove):
        table.target("agree", "open", mode)


def test_a_move_from_another_status_is_illegal(table):
    with pytest.raises(IllegalMove):
        table.target("send", "open")


def test_a_move_that_nobody_declared_is_illegal(table):
    with pytest.raises(IllegalMove):
        table.target("fly", "new")
    with pytest.raises(IllegalMove):
        table.move("fly")


def test_each_side_is_offered_its_own_moves_in_the_order_of_the_table(table):
    assert [found.name for found in table.available("open", "company")] == ["agree", "end"]
    assert [found.name for found in table.available("open", "applicant")] == ["end"]
    assert table.available("open", "supplier") == ()
    assert table.available("over", "company") == ()


def test_the_statuses_of_a_tab_are_listed_for_queries(table):
    assert table.codes_in("active") == ("open", "paid", "signed")
    assert table.codes_in("drafts", "done") == ("new", "over")
    assert table.codes_in("rejected") == ()


def test_an_archived_case_stands_in_the_archive_and_any_other_in_the_tab_of_its_stage(table):
    assert tab_of(table, "over", archived=False) == "done"
    assert tab_of(table, "over", archived=True) == "archive"
    assert tab_of(table, "new", archived=False) == "drafts"


def test_only_a_stage_of_the_active_tab_is_open():
    assert stage("one").is_open
    assert not stage("two", tab="rejected").is_open


def test_a_stage_tells_each_side_its_own_task():
    both = stage("one", applicant_task="Ответьте", company_task="Проверьте")
    assert (both.task_for("applicant"), both.task_for("company")) == ("Ответьте", "Проверьте")


def test_the_line_of_the_timeline_carries_its_detail_after_a_colon():
    given = move("number", ["new"], {None: "open"})
    assert given.past_line() == "Сделано number"
    assert given.past_line("299") == "Сделано number: 299"


@pytest.mark.parametrize(
    "wrong",
    [
        move("lost", ["nowhere"], {None: "open"}),
        move("lost", ["new"], {None: "nowhere"}),
        move("lost", ["new"], {"A": "open", "B": "nowhere"}),
        move("lost", [], {None: "open"}),
        move("lost", ["new"], {}),
        move("lost", ["new"], {None: "open"}, by=[]),
        move("send", ["open"], {None: "over"}),
    ],
)
def test_an_inconsistent_table_of_moves_cannot_be_built(wrong):
    with pytest.raises(ValueError):
        Lifecycle(STAGES, (*MOVES, wrong))


def test_a_stage_declared_twice_cannot_be_built():
    with pytest.raises(ValueError, match="open is declared twice"):
        Lifecycle((*STAGES, stage("open")), MOVES)


def test_an_unknown_status_is_a_fault_of_the_program(table):
    with pytest.raises(KeyError):
        table.stage("gone")
