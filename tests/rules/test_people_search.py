"""How the office's question about a person is read."""

import pytest

from app.accounts.people_search import LONGEST, parse_people_query, patterns, phone_digits
from app.errors import InvalidValue


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("918-663-420 37", "91866342037"),
        ("1168702456933", "1168702456933"),
        ("+7 (950) 400-00-01", "79504000001"),
        (" 4174 ", "4174"),
    ],
)
def test_numbers_are_read_without_their_separators(text: str, digits: str) -> None:
    assert parse_people_query(text).digits == digits


def test_an_address_is_compared_in_small_letters() -> None:
    assert parse_people_query("Ivanov@Example").address == "ivanov@example"


def test_words_of_names_and_titles_stay_words() -> None:
    assert parse_people_query("  иванов  петр ").words == ("иванов", "петр")
    assert parse_people_query("Дом 7").words == ("Дом", "7")


@pytest.mark.parametrize("text", ["", "   ", "​", "12", "а" * (LONGEST + 1), "a\x00b"])
def test_a_question_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue):
        parse_people_query(text)


@pytest.mark.parametrize(
    ("typed", "digits"),
    [("89504000001", "9504000001"), ("79504000001", "9504000001"), ("4000001", "4000001")],
)
def test_a_phone_is_looked_for_without_the_code_of_the_country(typed: str, digits: str) -> None:
    assert phone_digits(typed) == digits


def test_a_word_is_looked_for_in_its_usual_writings_and_without_yo() -> None:
    assert patterns("королёв") == ["корол_в", "Корол_в", "КОРОЛ_В"]


def test_signs_of_like_count_as_typed() -> None:
    assert patterns("50%_\\") == ["50\\%\\_\\\\"]
