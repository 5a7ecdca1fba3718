"""Operators of SMS as their documentation has them, each played by a real HTTP server: what is sent, how it is read."""

import json
import logging
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import pytest
from flask import Flask

from app.config import Config, ConfigError
from app.gateways.sms import Operator, Operators, Report, Sms, SmsAway, SmsRefused, SmsUnknown
from app.gateways.sms_addresses import sms_desk, sms_words
from app.gateways.sms_presets import PRESETS
from tests.post_office import free_port
from tests.sms_office import LOGIN, PASSWORD, SENDER, SmsOffice, sms_office

AT = datetime(2026, 12, 1, 0, 5, tzinfo=UTC)
TEXT = "Код 461325, подпись: Договор & {password}, заявка № 299\n@lk.example.org #461325"
SMS = Sms("<1@lk.example.org>", "+79504000001", TEXT)
IDS = {"smsc": "1001", "smsru": "000000-10000000", "exolve": "439166538239448537", "smsaero": "12345"}
FIELDS = {
    "smsc": {"phones": "79504000001", "mes": TEXT, "sender": SENDER},
    "smsru": {"to": "79504000001", "msg": TEXT, "from": SENDER},
    "exolve": {"destination": "79504000001", "text": TEXT, "number": SENDER},
    "smsaero": {"number": "79504000001", "text": TEXT, "sign": SENDER},
}
every = pytest.mark.parametrize("name", PRESETS)


@pytest.fixture
def office() -> Iterator[SmsOffice]:
    with sms_office() as opened:
        yield opened


def desk(*urls: str, seconds: float = 1.0, instance: Path = Path("/nowhere")) -> Operators:
    made = sms_desk(urls, instance, seconds=seconds)
    assert isinstance(made, Operators)
    return made


def operator(office: SmsOffice, name: str, seconds: float = 1.0) -> Operator:
    return desk(office.url(name), seconds=seconds).operators[0]


@every
def test_an_operator_is_sent_one_post_with_the_text_in_its_body_and_gives_its_id(
    office: SmsOffice, name: str
) -> None:
    assert operator(office, name).send(SMS) == IDS[name]
    (taken,) = office.taken
    assert taken.method == "POST"
    assert FIELDS[name].items() <= taken.fields.items()
    assert "461325" not in taken.path and "461325" not in str(taken.headers)


@every
def test_a_refused_number_is_refused_for_good(office: SmsOffice, name: str) -> None:
    office.mode = "number"
    expected = (
        SmsAway if name == "exolve" else SmsRefused
    )  # Exolve's answer does not tell it from other mistakes
    with pytest.raises(expected):
        operator(office, name).send(SMS)


@every
@pytest.mark.parametrize("mode", ["money", "login", "away", "fault", "moved"])
def test_an_operator_that_takes_nothing_may_be_followed_by_another(
    office: SmsOffice, name: str, mode: str
) -> None:
    office.mode = mode
    with pytest.raises(SmsAway) as refused:
        operator(office, name).send(SMS)
    assert PASSWORD not in str(refused.value) and "79504000001" not in str(refused.value)
    assert len(office.taken) == 1  # no redirect is followed


@every
@pytest.mark.parametrize("mode", ["hang", "drip", "cut", "garbage", "empty", "lost"])
def test_without_an_answer_that_can_be_read_nobody_knows_whether_the_sms_has_left(
    office: SmsOffice, name: str, mode: str
) -> None:
    office.mode = mode
    begun = monotonic()
    with pytest.raises(SmsUnknown):
        operator(office, name, seconds=0.5).send(SMS)
    assert monotonic() - begun < 2.5
    assert len(office.taken) == 1


def test_the_limit_of_an_answer_is_ten_seconds() -> None:
    (one,) = sms_desk(["smsru://key@"], Path("/nowhere")).operators
    assert one.seconds == 10  # type: ignore[attr-defined]


@every
@pytest.mark.parametrize(
    ("ours", "words"),
    [
        ("delivered", {"smsc": "1", "smsru": "103", "exolve": "DELIVERY_STATUS_DELIVERED", "smsaero": "1"}),
        ("failed", {"smsc": "20", "smsru": "105", "exolve": "REJECTED", "smsaero": "2"}),
        ("sent", {"smsc": "0", "smsru": "102", "exolve": "SENT", "smsaero": "3"}),
        ("queued", {"smsc": "-1", "smsru": "100", "exolve": "QUEUED", "smsaero": "8"}),
        ("", {"smsc": "99", "smsru": "999", "exolve": "SOMETHING", "smsaero": "77"}),
    ],
)
def test_what_became_of_an_sms_is_asked_and_put_into_our_words(
    office: SmsOffice, name: str, ours: str, words: dict[str, str]
) -> None:
    office.word = words[name]
    assert operator(office, name).status(IDS[name], "+79504000001") == ours


@every
def test_the_money_left_is_told(office: SmsOffice, name: str) -> None:
    expected = {"smsc": "123.45", "smsru": "4122.56", "exolve": "512.30", "smsaero": "1389.26"}
    assert operator(office, name).balance() == expected[name]
    assert {one.method for one in office.taken} == {"POST"}


@every
def test_a_question_without_an_answer_is_no_answer(office: SmsOffice, name: str) -> None:
    one = operator(office, name, seconds=0.3)
    office.mode = "garbage"
    for asked in (lambda: one.status("1", "+79504000001"), one.balance):
        with pytest.raises(SmsAway):
            asked()


@pytest.mark.parametrize(
    ("name", "kind", "body", "reports"),
    [
        (
            "smsc",
            "form",
            b"id=1001&phone=79504000001&status=1&time=01.12.2026",
            [Report("1001", "delivered")],
        ),
        ("smsc", "form", b"id=1001&status=20&err=6", [Report("1001", "failed")]),
        (
            "smsru",
            "form",
            b"data%5B0%5D=sms_status%0A000000-10000000%0A103%0A1796083200&data%5B1%5D=sms_status%0A000000-2%0A104",
            [Report("000000-10000000", "delivered"), Report("000000-2", "failed")],
        ),
        ("smsru", "form", b"data%5B0%5D=callcheck_status%0A1%0A400", []),
        (
            "exolve",
            "json",
            b'{"message_id": "43", "delivery_status": "DELIVERED"}',
            [Report("43", "delivered")],
        ),
        ("smsaero", "form", b"id=12345&status=1&extendStatus=delivery", [Report("12345", "delivered")]),
        ("smsaero", "json", b'{"id": 12345, "status": 2}', [Report("12345", "failed")]),
        ("smsc", "json", b"{", []),
        ("smsc", "json", b"[" * 100_000, []),
        ("smsc", "json", b'["x", 1, null, {"id": {"a": 1}}]', []),
        ("smsru", "json", b'{"data": 5}', []),
        ("smsc", "form", b"\xff\xfe", []),
        ("smsc", "form", b"", []),
        ("exolve", "json", b'{"message_id": "43", "delivery_status": ["x"]}', [Report("43", "")]),
    ],
)
def test_an_operator_tells_of_deliveries_by_itself(
    name: str, kind: str, body: bytes, reports: list[Report]
) -> None:
    one = desk(f"{name}://login:key@").operators[0]
    assert list(one.reports(f"application/{kind}", body)) == reports


def test_an_operator_wants_its_reports_answered_in_its_own_way() -> None:
    assert [desk(f"{name}://key@").operators[0].report_answer for name in ("smsru", "smsc")] == ["100", ""]


def test_the_second_operator_takes_what_the_first_one_does_not(office: SmsOffice) -> None:
    with sms_office("away") as first:
        handed = desk(first.url("smsc"), office.url("smsaero")).send(SMS, at=AT)
        assert (handed.provider, handed.message_id) == ("smsaero", "12345")
        assert (len(first.taken), len(office.taken)) == (1, 1)


def test_the_second_operator_takes_over_when_the_first_one_cannot_be_reached(office: SmsOffice) -> None:
    nobody = f"smsc://login:key@127.0.0.1:{free_port()}"
    assert desk(nobody, office.url("smsru")).send(SMS, at=AT).provider == "smsru"


@pytest.mark.parametrize("mode", ["hang", "cut", "lost"])
def test_the_second_operator_is_not_asked_when_the_first_one_may_have_sent(
    office: SmsOffice, mode: str
) -> None:
    with sms_office(mode) as first:
        with pytest.raises(SmsUnknown) as unknown:
            desk(first.url("smsc"), office.url("smsaero"), seconds=0.5).send(SMS, at=AT)
        assert unknown.value.provider == "smsc"
        assert office.taken == []


def test_a_number_that_is_none_goes_to_no_second_operator(office: SmsOffice) -> None:
    with sms_office("number") as first, pytest.raises(SmsRefused):
        desk(first.url("smsc"), office.url("smsaero")).send(SMS, at=AT)
    assert office.taken == []


def test_when_all_are_away_the_reasons_of_all_are_told() -> None:
    with sms_office("money") as first, sms_office("away") as second, pytest.raises(SmsAway) as away:
        desk(first.url("smsc"), second.url("smsru")).send(SMS, at=AT)
    assert str(away.value) == "smsc: code 3; smsru: HTTP 503"


def test_any_other_operator_is_a_file_of_the_instance(office: SmsOffice, tmp_path: Path) -> None:
    told = {
        "name": "other",
        "title": "Другой оператор",
        "password": "k:1",
        "sender": "SETI",
        "send": {
            "url": f"http://127.0.0.1:{office.port}/api/{{login}}send?key={{password}}",
            "fields": {"to": "+{phone}", "text": "{text}", "ref": "{key}"},
            "json": True,
            "headers": {"X-Key": "{password}"},
        },
        "id_path": "result.*.uid",
        "status": {"url": f"http://127.0.0.1:{office.port}/api/state", "fields": {"uid": "{id}"}},
        "status_path": "result.*.state",
        "words": {"on the phone": "delivered"},
        "balance": {"url": f"http://127.0.0.1:{office.port}/api/money"},
        "balance_path": "money.left",
        "reports": {"id_path": "uid", "status_path": "state"},
    }
    (tmp_path / "other.json").write_text(json.dumps(told), encoding="utf-8")
    made = desk("template:other.json", instance=tmp_path)
    handed = made.send(SMS, at=AT)
    assert (handed.provider, handed.message_id) == ("other", "77")
    assert office.taken[0].headers["X-Key"] == "k:1"
    assert office.taken[0].fields == {"to": "+79504000001", "text": TEXT, "ref": SMS.key}
    office.word = "on the phone"
    assert made.operators[0].status("77", "+79504000001") == "delivered"
    assert made.operators[0].balance() == "12.5"
    report = b'{"uid": 77, "state": "on the phone"}'
    assert made.operators[0].reports("application/json", report) == [Report("77", "delivered")]
    assert sms_words(["template:other.json"], tmp_path) == "Другой оператор, отправитель SETI"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"send": {"url": "https://api.example.org/send", "method": "GET"}}, "только POST"),
        ({"send": {"url": "https://api.example.org/send?text={text}"}}, "без текста СМС"),
        ({"send": {"url": "http://api.example.org/send"}}, "нужен https"),
        ({"send": {"url": "https://api.example.org/send", "filds": {}}}, "непонятное поле filds"),
        ({"colour": "red"}, "непонятное поле colour"),
        ({"name": "Оператор"}, "короткое имя"),
        ({"error_paths": "code"}, "виды полей"),
        ({"send": "https://api.example.org"}, "непонятное поле"),
        ({"words": 5}, "виды полей"),
    ],
)
def test_a_file_with_a_mistake_stops_the_start_with_one_line(
    tmp_path: Path, change: dict[str, object], reason: str
) -> None:
    good = {
        "name": "other",
        "password": "k1",
        "send": {"url": "https://api.example.org/send"},
        "id_path": "id",
    }
    (tmp_path / "other.json").write_text(json.dumps({**good, **change}), encoding="utf-8")
    with pytest.raises(ConfigError, match=reason) as refused:
        desk("template:other.json", instance=tmp_path)
    assert "k1" not in str(refused.value) and "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "urls",
    [
        ("smsc://",),
        ("smsc://login:hidden@:x",),
        ("smsc://login:hidden@[1",),
        ("telegram://hidden@",),
        ("https://hidden@smsc.ru",),
        ("template:",),
        ("template:absent.json",),
        ("smsc://login:hidden@", "smsc://other:hidden@"),
        ("smsc://login:hidden@/path",),
    ],
)
def test_a_wrong_address_stops_the_start_without_showing_the_password(
    urls: tuple[str, ...], tmp_path: Path
) -> None:
    with pytest.raises(ConfigError) as refused:
        desk(*urls, instance=tmp_path)
    assert "hidden" not in str(refused.value)


def test_the_words_for_an_operator_hold_no_secret() -> None:
    words = sms_words([f"smsc://{LOGIN}:hidden@?sender=SETI", "smsaero://a:hidden@"], Path("/nowhere"))
    assert words == "smsc.ru, отправитель SETI; SMS Aero"
    assert "hidden" not in repr(desk("smsc://login:hidden@").operators)


def test_without_an_operator_no_sms_leaves() -> None:
    assert not desk().ready
    with pytest.raises(SmsAway):
        desk().send(SMS, at=AT)


def test_nothing_of_an_sms_comes_into_a_log(office: SmsOffice, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        for mode in ("ok", "garbage", "number"):
            office.mode = mode
            with suppress(SmsUnknown, SmsRefused):
                operator(office, "smsc").send(SMS)
    assert "461325" not in caplog.text and PASSWORD not in caplog.text


def test_operators_of_sms_are_kept_in_files_that_only_their_owner_reads(app: Flask) -> None:
    config = app.extensions["config"]
    url = "smsc://login:hidden@?sender=SETI"
    runner = app.test_cli_runner()
    told = runner.invoke(args=["setup", "--no-input", "--sms-url", url, "--sms-url-2", "smsru://hidden2@"])
    assert told.exit_code == 0, told.output
    assert "СМС: smsc.ru, отправитель SETI; sms.ru" in told.output and "hidden" not in told.output
    kept = config.instance_path / "sms_url"
    assert kept.stat().st_mode & 0o777 == 0o600
    environment = {"INSTANCE_PATH": str(config.instance_path), "SECRET_KEY": config.secret_key}
    assert Config.from_environment(environment).sms_urls == (url, "smsru://hidden2@")
    wrong = runner.invoke(args=["setup", "--no-input", "--sms-url", "smsc://hidden@/x"])
    assert wrong.exit_code == 1 and "hidden" not in wrong.output
    runner.invoke(args=["setup", "--no-input", "--sms-url", "-", "--sms-url-2", "-"])
    assert Config.from_environment(environment).sms_urls == ()
