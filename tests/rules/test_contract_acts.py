"""The table of acts and the reading of their small forms."""

import re
from datetime import date
from pathlib import Path

import pytest

from app.connections.lifecycle import LIFECYCLE
from app.contracts.act_rules import Values, read
from app.contracts.acts import ACTS, act_named
from app.contracts.paper_kinds import PAPER_TITLES
from app.contracts.paper_sheets import _HEADINGS
from app.errors import InvalidForm

SENT, TODAY = date(2026, 12, 1), date(2026, 12, 20)

#: Moves that come about otherwise: through the older decisions, money, signatures.
ELSEWHERE = {
    "submit",
    "register",
    "accept",
    "complete",
    "request_fixes",
    "send_fixes",
    "annul_incomplete",
    "withdraw",
    "reject",
    "conclude",
    "sign_contract",
    "sign_act",
}


def typed(name: str, files: int = 0, **texts: str) -> Values:
    return read(ACTS[name], texts, files, earliest=SENT, today=TODAY)


def errors(name: str, files: int = 0, **texts: str) -> dict[str, list[str]]:
    with pytest.raises(InvalidForm) as refused:
        typed(name, files, **texts)
    return refused.value.errors


def test_every_move_has_one_way_to_come_about():
    assert set(ACTS) | ELSEWHERE == {move.name for move in LIFECYCLE.moves}
    assert not set(ACTS) & ELSEWHERE


@pytest.mark.parametrize("name", ACTS)
def test_an_act_is_a_move_of_its_side_and_asks_a_reason_where_the_table_does(name):
    act, move = ACTS[name], LIFECYCLE.move(name)
    assert act.by in move.by
    reason = act.field("reason")
    assert (reason is not None and reason.required) == move.needs_reason
    assert act_named(act.name) is act


@pytest.mark.parametrize("name", ACTS)
def test_the_words_of_an_act_are_sentences(name):
    act = ACTS[name]
    assert act.title[0].isupper() and not act.title.endswith(".")
    assert act.follows.endswith(".") and act.done.endswith(".")
    for field in act.fields:
        assert field.label and not field.label.endswith(".")
        assert field.hint == "" or field.hint.endswith(".")
        if field.required and field.shape in ("area", "file"):
            assert field.blank.endswith(".")


def test_heads_alone_restore_and_terminate():
    assert {name for name, act in ACTS.items() if act.signatory} == {
        "restore_unpaid",
        "restore_unsigned",
        "restore_incomplete",
        "terminate",
    }


def test_what_takes_files_says_what_they_become():
    for act in ACTS.values():
        # Without a title each stands under its own name.
        assert (act.files is not None) == bool(act.document[0])


@pytest.mark.parametrize("day", ["01.12.2026", "1.12.2026", "20.12.2026", "2026-12-05"])
def test_a_day_lies_between_the_sending_and_today(day):
    assert SENT <= typed("admit_meter", on=day).on <= TODAY


@pytest.mark.parametrize("day", ["", "30.11.2026", "21.12.2026", "завтра", "31.02.2026", "9" * 5000, "\x00"])
def test_any_other_day_is_refused_with_what_to_do(day):
    (sentence,) = errors("admit_meter", on=day)["on"]
    assert sentence.startswith("Дата допуска")


def test_all_that_is_wrong_is_told_at_once():
    assert set(errors("publish_contract", 2, on="", signer=" ")) == {"files", "signer", "on"}


def test_one_scan_is_one_file():
    fine = {"signer": "Сидоров А. П.", "on": "05.12.2026"}
    assert typed("publish_contract", 1, **fine) == Values("", date(2026, 12, 5), "Сидоров А. П.")
    assert "один файл" in errors("publish_contract", 2, **fine)["files"][0]


def test_who_signed_a_new_edition_is_asked_only_when_there_is_one():
    assert typed("answer_dispute", reason="Оставляем.") == Values("Оставляем.")
    assert typed("answer_dispute", reason="Оставляем.", on="1.12.2026").on is None
    assert set(errors("answer_dispute", reason="Оставляем.", on="вчера")) == {"on"}
    assert set(errors("answer_dispute", 1, reason="Изменили.")) == {"signer", "on"}


def test_a_reason_is_kept_in_lines_and_bounded():
    assert typed("terminate", reason=" По соглашению.\r\nСторон. ").reason == "По соглашению.\nСторон."
    assert "reason" in errors("terminate", reason="Я" * 1001)
    assert "reason" in errors("terminate", reason=" \u200b ")
    assert typed("return_conditions", reason="Я" * 3000).reason


def test_the_act_of_admission_has_one_name_on_pages_in_letters_and_in_papers() -> None:
    said = [
        (path.name, found.group())
        for path in Path("app").rglob("*")
        if path.suffix in (".py", ".html", ".txt", ".md")
        for found in re.finditer(
            r"(?i)\bакт[а-я]* (?:его )?допуска[^.,;\"\n]*", path.read_text(encoding="utf-8")
        )
    ]
    assert len(said) >= 6
    wrong = [
        one for one in said if not re.match(r"(?i)акт[а-я]* допуска прибора учета в эксплуатацию", one[1])
    ]
    assert not wrong
    assert " ".join(_HEADINGS["meter_act"]) == PAPER_TITLES["meter_act"]
