"""SMS: whom they may go to, how many, when they are tried again, how reports are read; and their codes."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from app.company.seed import SETTINGS
from app.notifications import sms_rules
from app.notifications.codes import derive, report_secret
from app.notifications.sms_rules import Limits, Written

AT = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
MIDNIGHT = AT + timedelta(hours=7)
LIMITS = Limits(pause_seconds=60, number_day=3, address_hour=4, site_day=10)
KEY = "a key for tests only"


def ago(*minutes: float) -> list[datetime]:
    return [AT - timedelta(minutes=one) for one in minutes]


def wait(
    number: list[datetime] | None = None, address: list[datetime] | None = None, site: int = 0
) -> tuple[int, str] | None:
    written = Written(number or [], address or [], site)
    found = sms_rules.wait(LIMITS, written, at=AT, day_ends=MIDNIGHT)
    return found and (found.seconds, found.sentence)


@pytest.mark.parametrize("phone", ["+79504000001", "+79999999999"])
def test_sms_go_to_russian_mobile_numbers(phone: str) -> None:
    assert sms_rules.is_mobile(phone)


@pytest.mark.parametrize(
    "phone",
    [
        "",
        "+74952000001",
        "79504000001",
        "89504000001",
        "+7950400000",
        "+795040000011",
        "+375291234567",
        "+7950400000１",
        "+79504000001\n",
    ],
)
def test_sms_go_to_no_other_numbers(phone: str) -> None:
    assert not sms_rules.is_mobile(phone)
    assert sms_rules.masked(phone) == ""


def test_a_number_is_shown_by_its_ends() -> None:
    assert sms_rules.masked("+79504000001") == "+7 950 •••-••-01"


def test_the_first_sms_waits_for_nothing() -> None:
    assert wait() is None


def test_between_two_sms_to_a_number_a_minute_passes() -> None:
    assert wait(ago(0.5)) == (30, "Новое СМС можно запросить через 30 сек.")
    assert wait(ago(1)) is None


def test_a_number_gets_so_many_in_a_day_and_then_when_the_oldest_is_a_day_old() -> None:
    assert wait(ago(5, 10)) is None
    seconds, sentence = wait(ago(5, 10, 60)) or (0, "")
    assert seconds == 23 * 3600
    assert sentence == "На этот номер за сутки отправлено уже 3 СМС. Следующее — через 23 ч."
    assert wait(ago(5, 10, 24 * 60)) is None


def test_an_address_gets_so_many_in_an_hour() -> None:
    assert wait([], ago(1, 2, 3)) is None
    seconds, sentence = wait([], ago(1, 2, 3, 50)) or (0, "")
    assert seconds == 600 and "через 10 мин." in sentence


def test_the_site_gets_so_many_in_a_day_and_says_that_it_sends_no_more() -> None:
    assert wait(site=9) is None
    assert wait(ago(0.5), site=10) == (7 * 3600, sms_rules.SITE_FULL)


def test_a_clock_that_was_put_back_holds_nobody_for_longer_than_the_pause() -> None:
    assert wait(ago(-30)) is None


def test_the_office_is_warned_once_before_the_end_and_once_at_it() -> None:
    assert sms_rules.warns_at(LIMITS) == {8: "near", 10: "full"}
    assert sms_rules.warns_at(Limits(60, 3, 4, 1)) == {1: "full"}
    assert Limits.of(SETTINGS).site_day == 500


def test_pauses_after_failures_are_those_of_somebody_who_waits_at_the_screen() -> None:
    pauses = [sms_rules.pause_after_failure(tries).total_seconds() for tries in (1, 2, 3, 4, 5, 6, 50)]
    assert pauses == [5, 15, 30, 60, 120, 120, 120]


def test_an_operator_is_asked_ever_more_seldom() -> None:
    looks = [sms_rules.next_look(timedelta(seconds=age)).total_seconds() for age in (0, 30, 120, 3600, 86400)]
    assert looks == [15, 15, 60, 1800, 3600]


@pytest.mark.parametrize(
    ("present", "told", "is_news"),
    [
        ("", "queued", True),
        ("queued", "sent", True),
        ("sent", "queued", False),
        ("sent", "sent", False),
        ("queued", "delivered", True),
        ("delivered", "failed", False),
        ("failed", "delivered", False),
        ("delivered", "sent", False),
        ("unknown", "delivered", True),
        ("unknown", "queued", False),
    ],
)
def test_the_last_word_of_an_operator_stays(present: str, told: str, is_news: bool) -> None:
    assert sms_rules.newer(present, told) is is_news


@pytest.mark.parametrize(
    ("text", "parts"), [("Я" * 70, 1), ("Я" * 71, 2), ("Я" * 134, 2), ("Я" * 135, 3), ("😀" * 36, 2)]
)
def test_an_operator_counts_by_seventy_signs(text: str, parts: int) -> None:
    assert sms_rules.parts(text) == parts


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("", ""),
        ("no answer", "оператор не ответил вовремя: СМС могло уйти, повторно оно не отправляется"),
        (
            "no answer: TimeoutError",
            "оператор не ответил вовремя: СМС могло уйти, повторно оно не отправляется (TimeoutError)",
        ),
        ("bad number: code 7", "оператор не принимает этот номер (code 7)"),
        ("no answer: HTTP 502", "у оператора сбой: СМС могло уйти, повторно оно не отправляется (HTTP 502)"),
        ("smsc: code 3", "оператор smsc не принял СМС (code 3)"),
        ("no operator", "оператор не принял СМС (no operator)"),
        (
            "smsc: HTTP 503; smsaero: code false, HTTP 402",
            "у оператора smsc сбой (HTTP 503); запасной оператор smsaero не принял СМС (code false, HTTP 402)",
        ),
        (
            "smsc: ConnectionRefusedError; smsaero: HTTP 500",
            "оператор smsc недоступен (ConnectionRefusedError); у запасного оператора smsaero сбой (HTTP 500)",
        ),
    ],
)
def test_a_failure_is_told_in_words(error: str, words: str) -> None:
    assert sms_rules.reason_words(error) == words


@pytest.mark.parametrize(
    ("state", "delivery", "error", "says", "late"),
    [
        ("new", "", "", "отправляется", False),
        ("sending", "", "", "отправляется", False),
        ("retry", "", "smsc: HTTP 503", "пробует еще раз", False),
        ("sent", "", "", "передано оператору", False),
        ("sent", "queued", "", "передано оператору", False),
        ("sent", "sent", "", "передано оператору", False),
        ("sent", "delivered", "", "Нет его на экране?", False),
        ("sent", "failed", "", "телефон включен", True),
        ("sent", "unknown", "", "Неизвестно, дошло ли", True),
        ("dead", "unknown", "no answer", "Неизвестно, дошло ли", True),
        ("dead", "", "bad number: code 7", "не принимает этот номер", True),
        ("expired", "", "smsc: HTTP 503", "не удалось отправить", True),
    ],
)
def test_who_waits_for_an_sms_reads_how_it_stands(
    state: str, delivery: str, error: str, says: str, late: bool
) -> None:
    found = sms_rules.awaited(state, delivery, error, kept=False)
    assert says in found.sentence and found.late is late


def test_on_a_stand_nobody_waits_for_the_phone() -> None:
    found = sms_rules.awaited("sent", "", "", kept=True)
    assert "на телефон СМС не придет" in found.sentence


def test_a_code_is_six_digits_that_key_and_salt_decide() -> None:
    code = derive(KEY, "salt")
    assert len(code) == 6 and code.isascii() and code.isdigit()
    assert derive(KEY, "salt") == code
    assert len({code, derive(KEY, "salt2"), derive(KEY + "x", "salt")}) == 3


def test_codes_are_spread_evenly_and_begin_with_zero_too() -> None:
    codes = [derive(KEY, str(number)) for number in range(20_000)]
    first = Counter(code[0] for code in codes)
    assert set(first) == set("0123456789") and all(1800 < count < 2200 for count in first.values())
    assert len(set(codes)) > 19_500


@pytest.mark.parametrize(("key", "salt"), [("", "salt"), (KEY, ""), ("", "")])
def test_without_a_key_or_a_salt_there_is_no_code(key: str, salt: str) -> None:
    with pytest.raises(ValueError, match="needs a key"):
        derive(key, salt)


def test_each_operator_has_its_own_secret_for_its_reports() -> None:
    assert len({report_secret(KEY, "smsc"), report_secret(KEY, "smsru"), report_secret("other", "smsc")}) == 3
    assert len(report_secret(KEY, "smsc")) == 40
