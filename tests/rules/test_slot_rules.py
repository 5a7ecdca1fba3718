"""Who marks which signature, and when: every state, every place in the order, every side."""

from dataclasses import dataclass
from datetime import date

import pytest

from app.errors import InvalidValue
from app.signing.slot_rules import awaited, is_complete, marks, refuse_day, refuse_parties, second, why_not


@dataclass(frozen=True)
class Slot:
    party: str
    place: int
    state: str = "pending"
    required: bool = True


def slots(*states: str, parties: str = "company supplier applicant") -> list[Slot]:
    named = parties.split()[-len(states) :] if len(states) < 3 else parties.split()
    return [
        Slot(party, place, state) for place, (party, state) in enumerate(zip(named, states, strict=True), 1)
    ]


@pytest.mark.parametrize(
    ("states", "place", "refusal"),
    [
        ("pending pending pending", 1, ""),
        ("pending pending pending", 2, "Сначала должна быть подпись сетевой организации"),
        ("pending pending pending", 3, "Сначала должна быть подпись сетевой организации"),
        ("signed pending pending", 1, "уже стоит"),
        ("signed pending pending", 2, ""),
        ("signed pending pending", 3, "Сначала должна быть подпись гарантирующего поставщика"),
        ("signed signed pending", 3, ""),
        ("signed declined pending", 2, "отказались"),
        ("signed declined pending", 3, "Сначала должна быть подпись гарантирующего поставщика"),
        ("signed superseded superseded", 1, "уже стоит"),
        ("signed superseded superseded", 2, "новая редакция"),
        ("signed superseded superseded", 3, "новая редакция"),
        ("signed signed signed", 3, "уже стоит"),
    ],
)
def test_a_signature_is_marked_in_its_turn_alone(states: str, place: int, refusal: str) -> None:
    found = slots(*states.split())
    told = why_not(found[place - 1], found)
    assert refusal in told and bool(told) == bool(refusal)


def test_a_signature_that_is_not_required_holds_nobody_up() -> None:
    found = [Slot("company", 1, required=False), Slot("applicant", 2)]
    assert why_not(found[1], found) == awaited(found[1], found) == ""
    assert not is_complete(found)
    assert is_complete([found[0], Slot("applicant", 2, "signed")])


@pytest.mark.parametrize(
    ("states", "complete"),
    [
        ("signed signed signed", True),
        ("signed signed pending", False),
        ("signed signed superseded", False),
        ("signed declined signed", False),
    ],
)
def test_a_document_is_signed_when_every_required_party_has_signed(states: str, complete: bool) -> None:
    assert is_complete(slots(*states.split())) == complete
    assert not is_complete([])


@pytest.mark.parametrize("document_side", ["company", "applicant", "supplier"])
@pytest.mark.parametrize("signer", ["company", "applicant", "supplier"])
@pytest.mark.parametrize("side", ["company", "applicant", "supplier", None])
def test_each_side_marks_its_own_and_the_applicants_under_its_papers(
    side: str | None, signer: str, document_side: str
) -> None:
    allowed = {
        ("company", "company", "company"),
        ("company", "company", "applicant"),
        ("company", "company", "supplier"),
        ("company", "applicant", "company"),
        ("company", "applicant", "applicant"),
        ("supplier", "supplier", "company"),
        ("supplier", "supplier", "applicant"),
        ("supplier", "supplier", "supplier"),
        ("supplier", "applicant", "supplier"),
    }
    assert marks(side, signer, document_side) == ((side, signer, document_side) in allowed)


def test_one_scan_shows_the_next_signature_too() -> None:
    found = slots("pending", "pending", "pending")
    assert second(found[0], found) is found[1]
    assert second(found[2], found) is None
    signed = slots("pending", "signed", "pending")
    assert second(signed[0], signed) is signed[2]


def test_in_mode_a_the_applicant_signs_nothing() -> None:
    refuse_parties(["company"], "A")
    refuse_parties(["company", "applicant"], "B")
    with pytest.raises(ValueError, match="mode A"):
        refuse_parties(["company", "applicant"], "A")
    with pytest.raises(ValueError, match="at least one"):
        refuse_parties([], "B")


@pytest.mark.parametrize(("day", "refusal"), [(2, "не раньше"), (3, ""), (5, ""), (6, "не позже")])
def test_the_day_is_from_that_of_the_application_to_today(day: int, refusal: str) -> None:
    def asked() -> None:
        refuse_day(date(2026, 12, day), today=date(2026, 12, 5), sent_on=date(2026, 12, 3))

    if refusal:
        with pytest.raises(InvalidValue, match=refusal):
            asked()
    else:
        asked()
