"""Which questions of a page wait for a choice above them, and which choices those are."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from app.connections.answers import (
    deciding,
    depending,
    merge_valid,
    offered_fields,
    parse_topic,
    put_off,
    tell_the_same,
)
from tests.rules.applications import HOME as CONTEXT


@pytest.mark.parametrize(
    ("topic", "answers", "waiting"),
    [
        (
            "applicant",
            {},
            {
                "account",
                "identity_name",
                "identity_number",
                "passport_series",
                "passport_number",
                "department_code",
            },
        ),
        (
            "applicant",
            {"account_known": "yes", "identity_kind": "other"},
            {"passport_series", "passport_number", "department_code"},
        ),
        (
            "applicant",
            {"account_known": "no", "identity_kind": "passport"},
            {"account", "identity_name", "identity_number"},
        ),
        ("type", {"connection_type": "permanent"}, {"temporary_until", "permanent_contract"}),
        ("type", {"connection_type": "temporary_mobile"}, {"permanent_contract"}),
        ("type", {"connection_type": "temporary_scheme"}, set()),
        ("object", {"cadastral_absent": True, "reason": "other"}, set()),
        (
            "object",
            {"cadastral_absent": False, "reason": "more_power"},
            {"cadastral_absent_why", "reason_text"},
        ),
        ("supplier", {"supplier": "none"}, {"contract_kind"}),
        ("comment", {}, set()),
    ],
)
def test_questions_wait_for_the_choice_that_opens_them(
    topic: str, answers: Mapping[str, Any], waiting: set[str]
) -> None:
    assert put_off(topic, answers, CONTEXT) == waiting


def test_what_was_answered_before_its_choice_was_made_stays_in_sight() -> None:
    assert "temporary_until" not in put_off("type", {"temporary_until": "2030-01-01"}, CONTEXT)


def test_what_was_answered_for_another_choice_waits() -> None:
    answers = {"connection_type": "permanent", "temporary_until": "2030-01-01"}
    assert "temporary_until" in put_off("type", answers, CONTEXT)


@pytest.mark.parametrize(
    ("topic", "codes"),
    [
        ("applicant", {"account_known", "identity_kind"}),
        ("type", {"connection_type"}),
        ("object", {"cadastral_absent", "reason"}),
        ("supplier", {"supplier"}),
        ("params", set()),
        ("rule", set()),
    ],
)
def test_choices_on_which_others_of_the_page_depend_are_known(topic: str, codes: set[str]) -> None:
    permanent = {"connection_type": "permanent"}
    fields = offered_fields(topic, permanent, CONTEXT)
    assert deciding(fields) == codes
    assert bool(depending(fields)) == bool(codes)
    assert put_off(topic, permanent, CONTEXT) <= depending(fields)


def test_a_wrong_value_leaves_what_is_stored_and_an_empty_one_does_not() -> None:
    stored = {"power_new": 15_000, "points": 2, "place": "Лесная"}
    parsed = parse_topic("params", {"power_new": ["много"], "points": [""]}, CONTEXT, stored)
    assert merge_valid(stored, parsed) == {"power_new": 15_000, "place": "Лесная"}


def test_a_flag_that_is_not_ticked_tells_nothing() -> None:
    assert tell_the_same({}, {"cadastral_absent": False, "place": ""})
    assert not tell_the_same({}, {"cadastral_absent": True})


def test_a_supplier_that_left_the_list_opens_its_questions_again() -> None:
    gone = replace(CONTEXT, supplier_options={})
    parsed = parse_topic("supplier", {"supplier": ["7"], "contract_kind": ["supply"]}, gone)
    assert "supplier" in parsed.errors
    assert "contract_kind" not in put_off("supplier", parsed.answers, gone)
