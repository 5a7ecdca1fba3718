"""Whose certificate signed: by which numbers it is known, what never matches, and that each refusal says what to do."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from app.signing.certificate_rules import (
    NO_LIST,
    SENTENCES,
    Expected,
    legal_inn,
    match,
    sentence_of,
    waits_too_long,
)

FIRM = Expected("legal_entity", ogrn="1025900000001", inn="5900000001")
TRADER = Expected("sole_trader", ogrn="304590000000001", inn="590000000001")
PERSON = Expected("individual", snils="91866342037", inn="590000000002")

#: The codes of the table of signing.md, §3.
CODES = [
    "wrong_document",
    "bad_signature",
    "expired",
    "not_yet_valid",
    "revoked",
    "unknown_ca",
    "crl_missing",
    "crl",
    "no_signed_attrs",
    "not_cades",
    "attached",
    "signers",
    "key_usage",
    "not_qualified",
    "algorithm",
    "malformed",
    "too_large",
    "engine",
    "config",
]


@dataclass(frozen=True)
class Owner:
    inn: str = ""
    inn_legal: str = ""
    ogrn: str = ""
    ogrnip: str = ""
    snils: str = ""


def code(owner: Owner, expected: Expected, *, inn_suffices: bool = True) -> str:
    return match(owner, expected, inn_suffices=inn_suffices).code


def test_a_firm_is_known_by_its_number() -> None:
    assert code(Owner(ogrn="1025900000001", snils="10289803962"), FIRM) == "ok"
    assert code(Owner(ogrn="1025900000001", inn_legal="5900000001"), FIRM) == "ok"
    assert code(Owner(ogrn="1025900000002"), FIRM) == "other_owner"


def test_a_firms_certificate_whose_two_numbers_disagree_is_not_taken() -> None:
    assert code(Owner(ogrn="1025900000001", inn_legal="5900000009"), FIRM) == "other_owner"
    assert code(Owner(ogrn="1025900000001", inn="005900000009"), FIRM) == "other_owner"


def test_an_employee_without_the_firms_number_needs_a_power_of_attorney() -> None:
    assert code(Owner(snils="10289803962", inn="590000000002"), FIRM) == "authority"
    assert code(Owner(snils="10289803962", inn="590000000002"), TRADER) == "authority"
    assert code(Owner(), FIRM) == "other_owner"  # nobody whom a power of attorney could name


def test_a_trader_is_known_by_the_number_or_by_the_tax_number_when_the_office_says_so() -> None:
    assert code(Owner(ogrnip="304590000000001"), TRADER) == "ok"
    assert code(Owner(ogrnip="304590000000002", inn="590000000001"), TRADER) == "other_owner"
    found = match(Owner(inn="590000000001"), TRADER, inn_suffices=True)
    assert (found.code, found.by) == ("ok", "inn") and "нет ОГРНИП" in found.note
    assert code(Owner(inn="590000000001"), TRADER, inn_suffices=False) == "ogrnip_missing"
    assert code(Owner(inn="590000000001", ogrn="1025900000001"), TRADER) == "other_owner"  # a firm's


def test_a_person_is_known_by_the_insurance_number() -> None:
    assert code(Owner(snils="91866342037"), PERSON) == "ok"
    assert code(Owner(snils="91866342037", ogrnip="304590000000001"), PERSON) == "ok"  # who is a trader, too
    assert code(Owner(snils="10289803962"), PERSON) == "other_owner"
    assert code(Owner(snils="10289803962", inn="590000000002"), PERSON) == "other_owner"
    assert match(Owner(inn="590000000002"), PERSON, inn_suffices=True).note
    assert code(Owner(snils="91866342037", ogrn="1025900000001"), PERSON) == "organisation"


@pytest.mark.parametrize("form", ["individual", "sole_trader", "legal_entity"])
def test_an_empty_number_never_matches(form: str) -> None:
    assert code(Owner(), Expected(form)) == "no_requisites"
    assert code(Owner(snils="91866342037", inn="590000000002"), Expected(form)) == "no_requisites"
    assert code(Owner(), Expected(form, "1", "2", "3")) == "other_owner"


def test_the_old_way_of_writing_a_firms_tax_number_is_read() -> None:
    assert legal_inn(Owner(inn="005900000001")) == "5900000001"
    assert legal_inn(Owner(inn_legal="005900000001")) == "5900000001"
    assert legal_inn(Owner(inn="590000000002")) == ""


@pytest.mark.parametrize("one", [*CODES, *SENTENCES])
def test_every_refusal_is_a_sentence_that_says_what_to_do(one: str) -> None:
    said = sentence_of(one)
    assert one in SENTENCES and said.endswith(".") and re.match("[А-Я]", said)
    assert "ё" not in said and len(said) < 250
    assert re.search(r"[ийь]те(сь)?\b", said), "nobody is asked to do anything"


def test_a_code_that_nobody_knows_yet_still_says_something() -> None:
    assert "код new_code" in sentence_of("new_code")


def test_a_signature_waits_for_a_list_as_long_as_the_office_says() -> None:
    sent = datetime(2026, 12, 1, tzinfo=UTC)
    assert frozenset({"crl", "crl_missing"}) == NO_LIST
    assert waits_too_long(sent, sent, hours=0)
    assert not waits_too_long(sent, sent + timedelta(hours=23, minutes=59), hours=24)
    assert waits_too_long(sent, sent + timedelta(hours=24), hours=24)
