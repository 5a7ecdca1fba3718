"""Acts after a complete set of documents, through HTTP: who may open and send which in which status, and both roads."""

from itertools import product
from pathlib import Path

import pytest

from app.connections.lifecycle import LIFECYCLE
from app.contracts.acts import ACTS
from tests.browser import BASE
from tests.contract_world import REACHED
from tests.journeys.chromium import axe, chromium, script_window
from tests.journeys.loopback import Loopback
from tests.site_forms import Commits, token_of
from tests.site_map import ask
from tests.whole_site import World

STATUSES = (*REACHED, "annulled_incomplete", "annulled_unpaid", "annulled_unsigned", "checking", "withdrawn")
#: What the calendar or the contract stands against in the world, although the table knows the move.
HELD_BACK = {
    ("awaiting_payment", "annul_unpaid"),
    ("contract_sent", "annul_unsigned"),
    ("works", "own_part_done"),
}


def expected(who: str, status: str, move: str) -> int:
    """The code with which the page of an act answers, by the tables alone."""
    act = ACTS[move]
    if who in ("supplier", "other supplier", "administrator"):
        return 403
    if who == "neighbour":
        return 404
    if who == "anonymous":
        return 303
    side = "applicant" if who == "applicant" else "company"
    if act.by != side or (act.signatory and who != "signatory"):
        return 403
    mode = REACHED.get(status, ("A",))[0]
    known = status in LIFECYCLE.move(move).sources and not LIFECYCLE.move(move).targets.keys().isdisjoint(
        {None, mode}
    )
    return 200 if known and (status, move) not in HELD_BACK else 409


@pytest.mark.parametrize(
    "who",
    [
        "operator",
        "signatory",
        "applicant",
        "neighbour",
        "supplier",
        "other supplier",
        "administrator",
        "anonymous",
    ],
)
def test_every_pair_of_status_and_act_answers_by_the_tables(still_world: World, who: str) -> None:
    browser = still_world.browser(who)
    wrong = []
    for status, move in product(STATUSES, ACTS):
        path = f"/cases/{still_world.cases[status]}/acts/{ACTS[move].name}"
        found = ask(browser, path).status_code
        if found != expected(who, status, move):
            wrong.append((status, move, found, expected(who, status, move)))
    assert wrong == []


@pytest.mark.parametrize("who", ["operator", "signatory", "applicant", "neighbour", "supplier"])
def test_what_has_no_page_takes_no_form_and_changes_nothing(still_world: World, who: str) -> None:
    browser, commits = still_world.browser(who), Commits(still_world)
    token = token_of(browser)
    commits.happened()
    wrong = []
    for status, move in product(STATUSES, ACTS):
        code = expected(who, status, move)
        if code == 200:
            continue
        path = f"/cases/{still_world.cases[status]}/acts/{ACTS[move].name}"
        found = ask(browser, path, "POST", data={"csrf_token": token, "reason": "Так."}).status_code
        if found != code:
            wrong.append((status, move, found, code))
    assert wrong == []
    assert not commits.happened()
    commits.close()


def test_nobody_knows_an_act_that_is_not_of_the_table(still_world: World) -> None:
    for name in ("conclude", "sign-contract", "publish_offer", "x", "%00"):
        path = f"/cases/{still_world.cases['awaiting_payment']}/acts/{name}"
        assert ask(still_world.browser("operator"), path).status_code == 404, name


#: Pages of acts that differ in what stands on them: who opens them, in which status.
LOOKED_AT = (
    ("operator", "preparing_contract", "publish-contract"),
    ("operator", "contract_disputed", "answer-dispute"),
    ("operator", "tu_check", "accept-conditions"),
    ("signatory", "works", "terminate"),
    ("applicant", "contract_sent", "dispute"),
    ("applicant", "works", "report-done"),
)


@pytest.mark.parametrize(("who", "status", "name"), LOOKED_AT)
def test_axe_finds_nothing_on_the_page_of_an_act(
    names: Loopback, live_world: World, tmp_path: Path, who: str, status: str, name: str
) -> None:
    path = f"/cases/{live_world.cases[status]}/acts/{name}"
    with (
        chromium(*names.arguments) as browser,
        script_window(browser, BASE, who, 390, tmp_path, client=live_world.browser(who)) as window,
    ):
        window.open(path)
        axe(window)
        wide, seen = window.page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        assert wide <= seen
