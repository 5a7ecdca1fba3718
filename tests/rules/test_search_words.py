"""What of a text the search keeps, what a typed query asks for, and whether the two meet."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cases.search_words import (
    LONGEST_QUERY,
    MOST_WORDS,
    NO_WORDS,
    TOO_LONG,
    TOO_MANY,
    index_text,
    norm,
    parse_query,
    stands_alone,
    words_of,
)


def meets(typed: str, text: str) -> bool:
    """The meaning of a search, which both databases give by their own means."""
    words = words_of(text)

    def met(word: str) -> bool:
        return word in words if stands_alone(word) else any(one.startswith(word) for one in words)

    terms = parse_query(typed).terms
    return bool(terms) and all(
        met(term.whole) or (bool(term.parts) and all(map(met, term.parts))) for term in terms
    )


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("Вводное устройство, п. Посёлок", "поселок"),
        ("посёлок", "ПОСЁЛОК"),
        ("поселок", "посёлок"),
        ("посе\u0308лок", "посёлок"),
        ("поселок", "по-сёлок"),
        ("по‑сёлок", "поселок"),
        ("по—сёлок", "по-селок"),
        ("договор энергоснабжения", "договором"),
        ("договоры", "договора"),
        ("насосная станция", "насосной станции"),
        ("Иванов Петр Григорьевич", "иванову петру"),
        ("Калиново", "калин"),
        ("59:01:4410000:123", "59:01:4410000:123"),
        ("59:01:4410000:123", "59 01 4410000 123"),
        ("59:01:4410000:123", "590144 10000123"),
        ("59:01:4410000:123", "59014410000123"),
        ("59:01:4410000:123", "59-01-4410000-123"),
        ("59:01:4410000:123", "4410000:123"),
        ("59:01:4410000:77, 59:01:4410000:78", "59014410000:78"),
        ("4174873890", "41748 73890"),
        ("4174873890", "4174873890"),
        ("299", "№299"),
        ("299", "№ 299"),
        ("ТП-299/26", "299/26"),
        ("ТП-299/26", "тп 299"),
        ("ТП-299/26", "тп29926"),
        ("ул. Лесная, д. 12а", "лесная 12 а"),
        ("ул. Лесная, д. 12А", "12а"),
        ("+7 950 400-00-01", "8 (950) 400-00-01"),
        ("89504000001", "+79504000001"),
        ("ООО «Энергия»", '"энергия"'),
        ("за\u0301мок", "замок"),
    ],
)
def test_a_word_is_found_in_any_writing(text: str, typed: str) -> None:
    assert meets(typed, text)


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("поселок", "селок"),
        ("дом 12", "дом 13"),
        ("59:01:4410000:123", "59:02"),
        ("Иванов", "Петров"),
        ("кран", "к"),
        ("299", "99"),
        ("дом", "дом лес"),
        ("31", "3"),
    ],
)
def test_other_words_are_not_found(text: str, typed: str) -> None:
    assert not meets(typed, text)


@pytest.mark.parametrize("typed", ["", "   ", "!!!", "№", "«»", "😀😀", "'\"()*:^-", "\x00\x01", "%_\\"])
def test_a_query_without_words_asks_for_nothing_and_says_so(typed: str) -> None:
    search = parse_query(typed)
    assert search.terms == ()
    assert search.note == (NO_WORDS if search.text else "")


def test_a_long_query_is_cut_and_says_so() -> None:
    assert parse_query("слово " * 9).note == ""
    search = parse_query("а" * 10_000)
    assert len(search.text) == LONGEST_QUERY and search.note == TOO_LONG
    search = parse_query(" ".join(f"слово{chr(0x430 + n)}" for n in range(20)))
    assert len(search.terms) == MOST_WORDS and search.note == TOO_MANY


def test_signs_that_nothing_can_store_leave_the_text_usable() -> None:
    assert parse_query("ива\x00нов\ud800 петр\n\tгригорьевич").text == "ива нов петр григорьевич"


def test_words_that_operators_are_made_of_are_only_words() -> None:
    assert [term.whole for term in parse_query('near OR "not" AND company_text:x*').terms] == [
        "near",
        "or",
        "not",
        "and",
        "companytextx",
    ]


@given(st.text(max_size=400))
def test_any_text_gives_words_of_letters_and_digits_alone(text: str) -> None:
    words = words_of(text)
    assert all(word.isalnum() and len(word) <= 64 for word in words if word)
    for term in parse_query(text).terms:
        assert all(word.isalnum() for word in (term.whole, *term.parts))


@given(st.text(alphabet="абвгдеёжзийклмнопрстуфхцчшщъыьэюя", min_size=1, max_size=30))
def test_every_russian_word_finds_itself(word: str) -> None:
    assert meets(word, word) and meets(word.upper(), f"слово {word}, слово")


@given(st.text(alphabet="абвг 0123456789:-/.()«»№", min_size=1, max_size=60))
def test_a_text_finds_itself_unless_it_is_too_long(text: str) -> None:
    search = parse_query(text)
    assert not search.terms or search.note or meets(text, text)


def test_the_index_keeps_a_word_once_and_stops_at_its_limit() -> None:
    assert index_text([words_of("дом дом"), words_of("Дом лес")]) == "дом лес"
    assert index_text([["один"], ["два"], ["три"]], limit=9) == "один два"
    assert index_text([["один"], ["два"], ["три"]], limit=7) == "один"
    assert len(index_text([words_of(f"слово{n}") for n in range(20_000)])) <= 100_000


def test_letters_are_compared_composed_and_in_lower_case() -> None:
    assert norm(unicodedata.normalize("NFD", "ЙОД Ёж")) == "йод еж"
    assert norm("soft\u00adhyphen") == "softhyphen"
