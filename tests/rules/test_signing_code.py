"""Codes from an SMS: what is one, how long it holds, what is said, how a message keeps to one segment."""

from datetime import UTC, datetime, timedelta

import pytest

from app.errors import InvalidValue
from app.notifications.codes import derive, read_code, same_code
from app.signing.code_rules import (
    FOR_DOCUMENT,
    LIFE,
    LONGEST_SMS,
    MOST_TRIES,
    Standing,
    cap_words,
    clock_words,
    code_proof,
    documents_hash,
    seconds_to_wait,
    sms_words,
    standing,
    wait_words,
    wrong_words,
)

NOW = datetime(2026, 7, 30, 12, tzinfo=UTC)
TITLES = (
    ["Договор"],
    ["Договор об осуществлении технологического присоединения к электрическим сетям"],
    ["Акт 😀" * 30],
    ["Договор", "Акт"],
    [""],
)


@pytest.mark.parametrize(
    "typed", ["461325", " 461 325 ", "461-325", "461\u00a0325", "4 6 1 3 2 5\n", "\u200b461325"]
)
def test_a_code_is_read_as_people_type_and_paste_it(typed: str) -> None:
    assert read_code(typed) == "461325"


@pytest.mark.parametrize(
    "typed", ["", "  ", "46132", "4613255", "46132a", "４６１３２５", "١٢٣٤٥٦", "0" * 100]
)
def test_anything_else_says_what_a_code_is(typed: str) -> None:
    with pytest.raises(InvalidValue, match=r"[Кк]од"):
        read_code(typed)


@pytest.mark.parametrize(
    "host", ["lk.kes.ru", "lk.example.org", "127.0.0.1", "xn--80aafg4awbfege9o.xn--p1ai", "a" * 60]
)
@pytest.mark.parametrize("number", ["1", "299", "2026-000123-ТП", "9" * 40])
@pytest.mark.parametrize("titles", TITLES)
def test_an_sms_is_one_segment_and_names_the_application(titles: list[str], number: str, host: str) -> None:
    what, bound = sms_words(titles, number, host)
    text = f"Код 461325, {what}" + (f"\n@{host} #461325" if bound else "")
    assert len(text.encode("utf-16-le")) // 2 <= LONGEST_SMS
    assert f"№ {number}" in text or len(number) == 40


def test_an_sms_names_the_document_and_ends_with_the_line_for_the_phone() -> None:
    assert sms_words(["Договор ТП"], "299", "lk.kes.ru") == ("подпись: Договор ТП, заявка № 299", True)
    assert sms_words(["Договор", "Акт"], "299", "lk.kes.ru")[0] == "подпись: 2 документа, заявка № 299"


def test_a_host_that_leaves_no_room_loses_its_line_and_not_the_document() -> None:
    what, bound = sms_words(["Договор"], "299", "a" * 60)
    assert (what, bound) == ("подпись: Договор, заявка № 299", False)


@pytest.mark.parametrize(
    ("state", "tries", "left", "same", "expected"),
    [
        ("open", 0, 1, True, "open"),
        ("open", MOST_TRIES - 1, 1, True, "open"),
        ("open", MOST_TRIES, 1, True, "spent"),
        ("open", 0, 0, True, "expired"),
        ("open", 0, 1, False, "elsewhere"),
        ("used", 1, -1, False, "used"),
        ("replaced", 0, 1, True, "replaced"),
        ("spent", MOST_TRIES, 1, True, "spent"),
        ("expired", 0, -1, True, "expired"),
    ],
)
def test_a_code_stands_as_it_stands(
    state: str, tries: int, left: int, same: bool, expected: Standing
) -> None:
    ends = NOW + timedelta(seconds=left)
    assert standing(state, tries=tries, expires_at=ends, same_session=same, at=NOW) == expected


def test_a_code_lives_ten_minutes() -> None:
    assert timedelta(minutes=10) == LIFE


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (4, "Осталось 4 попытки."),
        (2, "Осталось 2 попытки."),
        (1, "Осталась 1 попытка."),
        (0, "Попыток больше нет: запросите новый код."),
    ],
)
def test_a_wrong_code_says_how_many_tries_are_left(left: int, words: str) -> None:
    assert wrong_words(left) == f"Неверный код. {words}"


def test_a_cap_lets_the_next_one_through_when_the_oldest_of_the_newest_is_old_enough() -> None:
    times = [NOW - timedelta(minutes=minutes) for minutes in (50, 40, 30, 20)]
    assert seconds_to_wait(FOR_DOCUMENT, times, NOW) == 0
    times.append(NOW - timedelta(minutes=1))
    assert seconds_to_wait(FOR_DOCUMENT, times, NOW) == 10 * 60
    assert seconds_to_wait(FOR_DOCUMENT, times, NOW + timedelta(minutes=10)) == 0
    assert "через 10 минут" in cap_words(FOR_DOCUMENT, 600)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(48, "через 48 с"), (600, "через 10 минут"), (7200, "через 2 часа"), (61 * 60, "через 61 минуту")],
)
def test_waiting_is_told_in_words(seconds: int, words: str) -> None:
    assert wait_words(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "в 23:31"),
        (40, "в 23:31"),
        (60, "в 23:31"),
        (61, "в 23:32"),
        (3600, "завтра в 00:30"),
        (25 * 3600, "03.12.2026 в 00:30"),
    ],
)
def test_when_another_code_can_be_asked_for_is_told_by_the_clock_on_the_wall(
    seconds: int, words: str
) -> None:
    at = datetime(2026, 12, 1, 20, 30, tzinfo=UTC)
    assert clock_words(seconds, at, "Europe/Moscow") == words


def test_another_document_edition_byte_or_order_is_another_hash() -> None:
    one, other = {"slot": 1, "sha256": "a"}, {"slot": 2, "sha256": "a"}
    found = [
        documents_hash(documents)
        for documents in ([one], [other], [{**one, "sha256": "b"}], [one, other], [other, one], [])
    ]
    assert len(set(found)) == len(found)


def test_the_proof_holds_for_one_key_salt_code_and_set_of_documents_alone() -> None:
    told = {"salt": "s", "code": "461325", "digest": "d"}
    proofs = {code_proof("key", **told), code_proof("other", **told)}
    proofs |= {code_proof("key", **{**told, name: "461326"}) for name in told}
    assert len(proofs) == 5


def test_codes_are_six_digits_that_differ_by_salt_and_by_key() -> None:
    codes = [derive("key", str(number)) for number in range(2000)]
    assert all(len(one) == 6 and one.isdigit() for one in codes)
    assert len(set(codes)) > 1990
    assert derive("other", "1") != derive("key", "1")


def test_codes_are_compared_as_a_whole() -> None:
    assert same_code("461325", "461325")
    assert not same_code("461324", "461325")
