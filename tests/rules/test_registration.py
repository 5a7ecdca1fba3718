"""What follows from a registration: which identifiers sign in, what is told about names."""

import pytest

from app.accounts.confirmation import LONGEST_NOTE, parse_note, parse_remark
from app.accounts.policy import may_confirm, may_see_people, side_of
from app.accounts.registration import Acting, NewAccount, NewApplicant, PersonName, login_ids, name_words
from app.actor import Actor
from app.errors import InvalidValue

IVANOV = PersonName("Иванов", "Петр", "Григорьевич")


def account(form: str, capacity: str, **changes: object) -> NewAccount:
    applicant = NewApplicant(form, IVANOV, snils="91866342037", ogrn="1168702456933", **changes)
    return NewAccount(IVANOV, "Ivanov@example.org", "+79504000001", applicant, Acting(capacity), {})


@pytest.mark.parametrize(
    ("form", "capacity", "number"),
    [
        ("individual", "self", ("snils", "91866342037")),
        ("sole_trader", "head", ("ogrnip", "1168702456933")),
        ("legal_entity", "head", ("ogrn", "1168702456933")),
    ],
)
def test_people_sign_in_by_their_own_number_and_by_e_mail(form: str, capacity: str, number: tuple) -> None:
    assert login_ids(account(form, capacity)) == [("email", "ivanov@example.org"), number]


@pytest.mark.parametrize("form", ["sole_trader", "legal_entity"])
def test_a_representative_signs_in_by_e_mail_alone(form: str) -> None:
    assert login_ids(account(form, "representative")) == [("email", "ivanov@example.org")]


def test_whose_number_is_taken_may_sign_in_by_e_mail_alone() -> None:
    plain = account("individual", "self")
    by_email = NewAccount(**{**plain.__dict__, "by_email_only": True})
    assert [kind for kind, _ in login_ids(by_email)] == ["email"]


def test_words_of_two_alphabets_are_found_in_names_and_titles() -> None:
    assert name_words(account("individual", "self")) == []
    assert name_words(account("legal_entity", "head", title="ООО «Энeргия»")) == ["«Энeргия»"]


@pytest.mark.parametrize(
    ("roles", "side"),
    [
        ({"applicant"}, "applicant"),
        ({"operator"}, "company"),
        ({"administrator"}, "company"),
        ({"supplier"}, "supplier"),
        ({"applicant", "operator"}, "company"),
    ],
)
def test_a_person_stands_on_one_side_of_the_journal(roles: set[str], side: str) -> None:
    assert side_of(frozenset(roles)) == side


def test_the_office_confirms_others_and_nobody_themselves() -> None:
    operator = Actor(7, "", frozenset({"operator", "applicant"}))
    assert may_confirm(operator, 8)
    assert not may_confirm(operator, 7)


@pytest.mark.parametrize("role", ["administrator", "supplier", "applicant"])
def test_nobody_else_sees_or_confirms_people(role: str) -> None:
    actor = Actor(7, "", frozenset({role}))
    assert not may_see_people(actor)
    assert not may_confirm(actor, 8)


def test_a_note_about_the_document_is_one_line() -> None:
    assert parse_note("  паспорт,\nвыдан  20.11.2010 ") == "паспорт, выдан 20.11.2010"
    assert parse_remark("первая\r\nвторая") == "первая\nвторая"
    assert parse_remark("") == ""


@pytest.mark.parametrize("text", ["", "  ", "​", "а" * (LONGEST_NOTE + 1), "a\x00b"])
def test_a_note_that_says_nothing_or_too_much_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match="Реквизиты документа"):
        parse_note(text)
