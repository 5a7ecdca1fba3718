"""What an office may set: each setting has its rule, its words and a way back from the kept value."""

from datetime import UTC, datetime

import pytest

from app.accounts.contacts import parse_personal_account
from app.administration.first_password import first_password
from app.administration.settings_rules import (
    SETTINGS_BY_KEY,
    ZONES,
    parse_account_pattern,
    parse_number_pattern,
    parse_office_phone,
    parse_zone,
    stage_setting,
)
from app.administration.wording import TERMS, term_words
from app.company.seed import SETTINGS
from app.company.seed import TERMS as SEEDED_TERMS
from app.company.wording import zone_label
from app.errors import InvalidValue

SUMMER = datetime(2026, 8, 6, 1, 28, tzinfo=UTC)


def test_every_setting_of_the_program_can_be_changed_on_a_page_but_the_words_for_the_zone() -> None:
    assert set(SETTINGS_BY_KEY) == set(SETTINGS) - {"company.zone_label"}


def test_every_term_of_the_program_has_its_words() -> None:
    assert set(TERMS) == set(SEEDED_TERMS)
    assert term_words(1, "working_days") == "1 рабочий день"
    assert term_words(15, "days") == "15 дней"


@pytest.mark.parametrize("key", SETTINGS_BY_KEY)
def test_what_is_shipped_passes_its_own_rule_and_comes_back_as_it_was(key: str) -> None:
    setting = SETTINGS_BY_KEY[key]
    assert setting.read(setting.typed(SETTINGS[key])) == SETTINGS[key]


@pytest.mark.parametrize("key", [key for key, one in SETTINGS_BY_KEY.items() if not one.optional])
def test_what_must_be_there_is_not_left_empty(key: str) -> None:
    with pytest.raises(InvalidValue):
        SETTINGS_BY_KEY[key].read("  ")


@pytest.mark.parametrize("zone", [*ZONES, "Asia/Chita", " Europe/Moscow "])
def test_a_zone_is_known_by_its_name(zone: str) -> None:
    assert parse_zone(zone) == zone.strip()


@pytest.mark.parametrize(
    "zone", ["", "Asia", "МСК", "UTC+3", "../etc/passwd", "Europe/Nowhere", "/etc/localtime", "A/" * 40]
)
def test_what_is_no_zone_is_refused(zone: str) -> None:
    with pytest.raises(InvalidValue, match="часовой пояс"):
        parse_zone(zone)


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("Europe/Moscow", "МСК"),
        ("Europe/Kaliningrad", "МСК−1"),
        ("Asia/Yekaterinburg", "МСК+2"),
        ("Asia/Kamchatka", "МСК+9"),
        ("Asia/Kolkata", "МСК+2:30"),
    ],
)
def test_a_zone_is_named_by_its_distance_from_moscow(zone: str, words: str) -> None:
    assert zone_label(zone, SUMMER) == words


@pytest.mark.parametrize("pattern", ["{n}", "{n:05}", "ТП-{n}/{year}", "{yy}-{month}-{n}"])
def test_a_pattern_that_makes_good_numbers_is_taken(pattern: str) -> None:
    assert parse_number_pattern(pattern) == pattern


@pytest.mark.parametrize("pattern", ["", "ТП", "{m}", "{n", "{n}<script>", "x" * 50 + "{n}"])
def test_a_pattern_that_would_fail_at_the_first_number_is_refused(pattern: str) -> None:
    with pytest.raises(InvalidValue):
        parse_number_pattern(pattern)


@pytest.mark.parametrize(
    ("pattern", "account"),
    [("[0-9]{6,20}", "123456"), ("41-[0-9]{8}", "41-00000001"), ("[АБ]/[0-9]{3}-?[0-9]", "А/1234")],
)
def test_a_pattern_of_accounts_finds_the_accounts_it_means(pattern: str, account: str) -> None:
    assert parse_personal_account(account, parse_account_pattern(pattern)) == account


@pytest.mark.parametrize(
    "pattern",
    ["", "(a+)+", "[0-9]+", ".*", "[9-0]", "a{3,2}", "a{2", "\\d", "[0-9]{1,9}" * 4, "(?:a|aa)", "^1$"],
)
def test_a_pattern_that_is_wrong_or_could_make_the_check_slow_is_refused(pattern: str) -> None:
    with pytest.raises(InvalidValue, match="Шаблон лицевого счета"):
        parse_account_pattern(pattern)


@pytest.mark.parametrize("phone", ["8 800 000-00-00", "+7 (3812) 55–00–00", "112"])
def test_a_phone_is_taken_as_it_is_printed(phone: str) -> None:
    assert parse_office_phone(phone) == phone.replace("–", "-")


@pytest.mark.parametrize("phone", ["", "12", "звоните", "8 800 000-00-00, 8 800 000-00-01", "1" * 16])
def test_what_no_phone_could_dial_is_refused(phone: str) -> None:
    with pytest.raises(InvalidValue):
        parse_office_phone(phone)


@pytest.mark.parametrize("typed", ["0", "4", "1441", "сто", "-5", "1.5", "9" * 30, ""])
def test_a_time_of_a_session_has_bounds_that_are_told(typed: str) -> None:
    with pytest.raises(InvalidValue):
        SETTINGS_BY_KEY["session.idle_minutes"].read(typed)


def test_an_empty_name_of_a_stage_means_the_program_s_own() -> None:
    setting = stage_setting("checking", "Заявка принята к рассмотрению")
    assert (setting.key, setting.read(" "), setting.shown("")) == ("label.stage.checking", "", "не задано")


def test_first_passwords_never_repeat_and_hold_no_look_alikes() -> None:
    made = {first_password() for _ in range(200)}
    assert len(made) == 200
    assert not set("".join(made)) & set("01loiOI")
    assert all(len(one) == 19 for one in made)
