"""The second factor's rules: codes of RFC 6238, one use of each step, recovery codes."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from app.accounts.second_factor import (
    RECOVERY_CODES,
    generator_address,
    generator_secret,
    in_groups,
    matching_recovery,
    matching_step,
    recovery_codes,
    square,
)

KEY, SALT = "k" * 40, "salt"
AT = datetime(2026, 8, 6, 6, 28, 10, tzinfo=UTC)
STEP = int(AT.timestamp()) // 30
#: RFC 6238, appendix B, SHA-1: the secret «12345678901234567890» in base32; the last six of its eight digits.
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
RFC_CODES = {59: "287082", 1111111109: "081804", 1111111111: "050471", 20000000000: "353130"}


@pytest.mark.parametrize(("seconds", "code"), RFC_CODES.items())
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    at = datetime.fromtimestamp(seconds, UTC)
    assert matching_step([RFC_SECRET], code, at=at, after=0) == seconds // 30


def code(step: int, secret: str = RFC_SECRET) -> str:
    return pyotp.TOTP(secret).generate_otp(step)


@pytest.mark.parametrize("late", [-1, 0, 1])
def test_a_clock_may_be_wrong_by_one_step(late: int) -> None:
    assert matching_step([RFC_SECRET], code(STEP + late), at=AT, after=0) == STEP + late


@pytest.mark.parametrize("late", [-2, 2])
def test_and_not_by_two(late: int) -> None:
    assert matching_step([RFC_SECRET], code(STEP + late), at=AT, after=0) is None


def test_a_step_is_worth_nothing_once_it_or_a_later_one_was_used() -> None:
    assert matching_step([RFC_SECRET], code(STEP), at=AT, after=STEP) is None
    assert matching_step([RFC_SECRET], code(STEP - 1), at=AT, after=STEP) is None
    assert matching_step([RFC_SECRET], code(STEP + 1), at=AT, after=STEP) == STEP + 1


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "абвгде", "١٢٣٤٥٦", "0x0000", "9" * 4000])
def test_what_is_no_code_is_wrong(typed: str) -> None:
    assert matching_step([RFC_SECRET], typed, at=AT, after=0) is None
    assert matching_recovery([recovery_codes(KEY, SALT)], typed, used=()) is None


def test_a_code_may_be_typed_with_spaces() -> None:
    typed = code(STEP)
    assert matching_step([RFC_SECRET], f" {typed[:3]} {typed[3:]} ", at=AT, after=0) == STEP


def test_after_a_change_of_the_server_s_key_generators_of_before_go_on() -> None:
    old, new = generator_secret(KEY, SALT), generator_secret("n" * 40, SALT)
    assert old != new
    assert matching_step([new, old], code(STEP, old), at=AT, after=0) == STEP
    assert matching_step([new], code(STEP, old), at=AT, after=0) is None


def test_a_secret_is_another_one_for_another_salt_and_has_160_bits() -> None:
    secret = generator_secret(KEY, SALT)
    assert len(secret) == 32
    assert secret != generator_secret(KEY, "other")
    assert in_groups(secret).replace(" ", "") == secret


@pytest.mark.parametrize(("key", "salt"), [("", SALT), (KEY, "")])
def test_without_a_key_or_a_salt_there_is_no_secret(key: str, salt: str) -> None:
    with pytest.raises(ValueError, match="key and a salt"):
        generator_secret(key, salt)


def test_ten_recovery_codes_that_are_read_aloud_easily_each_works_once() -> None:
    codes = recovery_codes(KEY, SALT)
    assert len(set(codes)) == RECOVERY_CODES == 10
    assert not set("".join(codes)) & set("01ilo")
    for number, one in enumerate(codes):
        assert matching_recovery([codes], one.upper().replace("-", " "), used=()) == number
        assert matching_recovery([codes], one, used={number}) is None


def test_the_square_holds_the_address_of_the_generator() -> None:
    address = generator_address(RFC_SECRET, login="op@example.org", site="ООО «КЭС»")
    parsed = pyotp.parse_uri(address)
    assert (parsed.secret, parsed.name, parsed.issuer) == (RFC_SECRET, "op@example.org", "ООО «КЭС»")
    drawn = square(address).decode()
    assert drawn.startswith('<svg xmlns="http://www.w3.org/2000/svg"')
    assert "style" not in drawn
    assert len(drawn) > 1000


def test_the_window_of_a_code_is_thirty_seconds() -> None:
    typed = code(STEP)
    assert matching_step([RFC_SECRET], typed, at=AT + timedelta(seconds=45), after=0) == STEP
    assert matching_step([RFC_SECRET], typed, at=AT + timedelta(seconds=85), after=0) is None
