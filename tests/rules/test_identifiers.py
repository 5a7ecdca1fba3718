"""СНИЛС, ИНН, ОГРН, ОГРНИП and КПП: what is taken, and what a person reads when it is not."""

import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts.identifiers import (
    format_snils,
    parse_inn,
    parse_kpp,
    parse_ogrn,
    parse_ogrnip,
    parse_snils,
)
from app.errors import InvalidValue
from tests.rules.examples import QUICK

ANY_PARSER: list[Callable[[str], str]] = [
    parse_snils,
    lambda text: parse_inn(text, length=10),
    lambda text: parse_inn(text, length=12),
    parse_ogrn,
    parse_ogrnip,
    parse_kpp,
]


def refusal(parse: Callable[[str], str], text: str) -> str:
    with pytest.raises(InvalidValue) as caught:
        parse(text)
    return caught.value.message


def snils_of(number: int) -> str:
    """The number with its control number, told apart from the module by following the published rule word by word."""
    digits = f"{number:09}"
    total = sum(int(digit) * weight for digit, weight in zip(digits, range(9, 0, -1), strict=True))
    if total > 101:
        total %= 101
    return digits + ("00" if total in (100, 101) else f"{total:02}")


@pytest.mark.parametrize(
    "text",
    [
        "918-663-420-37",
        "102-898-039-62",
        "112-233-445 95",
        "087-654-303 00",  # sum 202
        "087-654-302 00",  # sum 201: 201 mod 101 is 100, written 00
        "050-234-316 00",  # sum 100
        "016-103-396 00",  # sum 101
        "001-001-998 77",  # so early that it has no control number
    ],
)
def test_a_right_snils_is_taken(text: str) -> None:
    assert parse_snils(text) == "".join(filter(str.isdigit, text))


@pytest.mark.parametrize(
    "text",
    [
        "112-233-445 95",
        "112 233 445 95",
        "112.233.445.95",
        "112\u00a0233\u00a0445\u00a095",
        "112–233–445—95",
        "\u202a112-233-445 95\u202c",
        "11223344595",
        "11223344595\n",
        "\t11223344595 ",
    ],
)
def test_separators_people_type_do_not_matter(text: str) -> None:
    assert parse_snils(text) == "11223344595"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Введите 11 цифр СНИЛС."),
        ("   ", "Введите 11 цифр СНИЛС."),
        ("112-233-445 9", "Введите 11 цифр СНИЛС, у вас 10."),
        ("112-233-445 955", "Введите 11 цифр СНИЛС, у вас 12."),
        ("112-233-445 96", "Проверьте номер СНИЛС: контрольное число не сходится."),
        ("000-000-000 00", "Проверьте СНИЛС: номер не может состоять из одних нулей."),
        ("11223344５９5", "СНИЛС: наберите номер обычными цифрами 0–9, символ «５» не подходит."),
        ("١١٢٢٣٣٤٤٥٩٥", "СНИЛС: наберите номер обычными цифрами 0–9, символ «١» не подходит."),
        ("11223344О95", "СНИЛС: вместо буквы «О» наберите цифру 0."),
        ("11223З44595", "СНИЛС: только цифры, уберите символ «З»."),
        ("112233\n44595", "СНИЛС: только цифры, уберите невидимый символ."),
        ("11223344\x0095", "СНИЛС: только цифры, уберите невидимый символ."),
        ("1122334459²", "СНИЛС: только цифры, уберите символ «²»."),
    ],
)
def test_a_wrong_snils_is_refused_with_the_way_to_mend_it(text: str, sentence: str) -> None:
    assert refusal(parse_snils, text) == sentence


@QUICK
@given(st.integers(min_value=1_001_999, max_value=999_999_999))
def test_every_snils_with_its_control_number_is_taken(number: int) -> None:
    digits = snils_of(number)
    assert parse_snils(format_snils(digits)) == digits


@QUICK
@given(st.integers(1_001_999, 999_999_999), st.integers(0, 8), st.integers(1, 9))
def test_one_changed_digit_is_noticed_whenever_the_control_number_differs(
    number: int, place: int, shift: int
) -> None:
    digits = snils_of(number)
    changed = digits[:place] + str((int(digits[place]) + shift) % 10) + digits[place + 1 :]
    if int(changed[:9]) <= 1_001_998 or snils_of(int(changed[:9])) == changed:
        assert parse_snils(changed) == changed
    else:
        assert "контрольное число" in refusal(parse_snils, changed)


def test_a_snils_is_printed_the_official_way() -> None:
    assert format_snils("91866342037") == "918-663-420 37"
    assert format_snils("") == ""


@pytest.mark.parametrize("text", ["7707083893", "4174873890", "77 0708-3893"])
def test_a_right_inn_of_an_organisation_is_taken(text: str) -> None:
    assert parse_inn(text, length=10) in ("7707083893", "4174873890")


@pytest.mark.parametrize("text", ["500100732259", "526317984689", "380123456770"])
def test_a_right_inn_of_a_person_is_taken(text: str) -> None:
    assert parse_inn(text, length=12) == text


@pytest.mark.parametrize(
    ("text", "length", "sentence"),
    [
        ("7743013902", 10, "Проверьте ИНН: контрольная цифра не сходится."),
        ("500100732258", 12, "Проверьте ИНН: контрольная цифра не сходится."),
        ("500100732219", 12, "Проверьте ИНН: контрольная цифра не сходится."),
        ("0000000000", 10, "Проверьте ИНН: номер не может состоять из одних нулей."),
        ("000000000000", 12, "Проверьте ИНН: номер не может состоять из одних нулей."),
        ("77070838931", 10, "Введите 10 цифр ИНН, у вас 11."),
        ("77О7083893", 10, "ИНН: вместо буквы «О» наберите цифру 0."),
        ("500100732259", 10, "ИНН организации состоит из 10 цифр, у вас 12"),
        ("7707083893", 12, "ИНН предпринимателя состоит из 12 цифр, у вас 10"),
    ],
)
def test_a_wrong_inn_is_refused_with_the_way_to_mend_it(text: str, length: int, sentence: str) -> None:
    assert refusal(lambda typed: parse_inn(typed, length=length), text).startswith(sentence)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["1205900022085", "1168702456933", "1027700132195", "1-02-77-00132195"])
def test_a_right_ogrn_is_taken(text: str) -> None:
    assert parse_ogrn(text) == text.replace("-", "")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("5087746147777", "Проверьте ОГРН: контрольная цифра не сходится."),
        ("2027700132195", "Проверьте ОГРН: он начинается с цифры 1 или 5."),
        ("0000000000000", "Проверьте ОГРН: номер не может состоять из одних нулей."),
        ("102770013219", "Введите 13 цифр ОГРН, у вас 12."),
    ],
)
def test_a_wrong_ogrn_is_refused_with_the_way_to_mend_it(text: str, sentence: str) -> None:
    assert refusal(parse_ogrn, text).startswith(sentence)


@pytest.mark.parametrize(
    "text",
    [
        "304500116000157",
        "320590000034560",
        "304770000000020",  # remainder 10 is written 0
        "316613186091391",  # remainder 11 is written 1
    ],
)
def test_a_right_ogrnip_is_taken(text: str) -> None:
    assert parse_ogrnip(text) == text


def test_every_ogrnip_with_its_control_digit_is_taken() -> None:
    numbers = random.Random(20261122)
    for _ in range(1000):
        first = numbers.randrange(3 * 10**13, 4 * 10**13)
        typed = f"{first}{first % 13 % 10}"
        assert parse_ogrnip(typed) == typed


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("304500116000158", "Проверьте ОГРНИП: контрольная цифра не сходится."),
        ("404500116000157", "Проверьте ОГРНИП: он начинается с цифры 3."),
        ("30450011600015", "Введите 15 цифр ОГРНИП, у вас 14."),
    ],
)
def test_a_wrong_ogrnip_is_refused_with_the_way_to_mend_it(text: str, sentence: str) -> None:
    assert refusal(parse_ogrnip, text).startswith(sentence)


def test_an_ogrn_in_the_form_of_a_sole_trader_names_the_right_form() -> None:
    assert "«Юридическое лицо»" in refusal(parse_ogrnip, "1027700132195")


def test_an_ogrnip_in_the_form_of_an_organisation_names_the_right_form() -> None:
    assert "«Индивидуальный предприниматель»" in refusal(parse_ogrn, "304500116000157")


@pytest.mark.parametrize(
    ("text", "value"),
    [("419901495", "419901495"), ("4199 01 495", "419901495"), ("4199az495", "4199AZ495")],
)
def test_a_right_kpp_is_taken(text: str, value: str) -> None:
    assert parse_kpp(text) == value


@pytest.mark.parametrize(
    "text", ["41990149", "4199014955", "A19901495", "4199АБ495", "４19901495", "000000000", ""]
)
def test_a_wrong_kpp_is_refused(text: str) -> None:
    assert "КПП" in refusal(parse_kpp, text)


@pytest.mark.parametrize("parse", ANY_PARSER)
@pytest.mark.parametrize("text", ["1" * 100_000, "-" * 100_000 + "x", "я" * 100_000])
def test_a_pasted_book_gets_a_short_sentence_at_once(parse: Callable[[str], str], text: str) -> None:
    assert len(refusal(parse, text)) < 120
