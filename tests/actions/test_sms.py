"""SMS of the outbox: written with their act, within limits, sent once at most, never late, with what became of them.

The operator is a real HTTP server that answers as its documentation says.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from app import clock, gateways
from app.company.actions import change_settings
from app.errors import InvalidValue, TooManyTries, Unavailable
from app.extensions import db
from app.gateways.sms import Report
from app.gateways.sms_addresses import sms_desk
from app.notifications import actions, queries, sms_actions, sms_queries, sms_rules
from app.notifications.codes import derive
from app.notifications.models import OutboxRow
from app.notifications.sms_steps import Recipient, send_sms
from app.transaction import transaction
from tests.databases import SECRET_KEY
from tests.factories import make_administrator
from tests.sms_office import SmsOffice, sms_office

AT = datetime(2026, 8, 6, 1, 28, tzinfo=UTC)
PHONE = "+79504000001"
CONTEXT = {"what": "подпись: Договор, заявка № 299", "bound": True}


@pytest.fixture
def office() -> Iterator[SmsOffice]:
    with sms_office() as opened:
        yield opened


@pytest.fixture
def site(app: Flask, office: SmsOffice) -> Iterator[Flask]:
    """The application with smsc.ru as its operator."""
    with sms_office("ok") as second:
        app.extensions["second"] = second
        use(app, office.url("smsc"))
        with app.app_context():
            gateways.use(app.extensions["gateways"])
            yield app


def use(app: Flask, *urls: str) -> None:
    desk = sms_desk(urls, app.extensions["config"].instance_path, seconds=0.5)
    app.extensions["gateways"] = replace(app.extensions["gateways"], sms=desk)
    gateways.use(app.extensions["gateways"])


def write(
    phone: str = PHONE,
    *,
    at: datetime = AT,
    key: str = "",
    salt: str = "salt",
    asked_from: str = "",
    minutes: int = 10,
) -> int:
    with transaction():
        row = send_sms(
            "signing-code",
            to=Recipient(None, phone),
            context=CONTEXT,
            key=key or f"act-{phone}-{at.isoformat()}",
            at=at,
            salt=salt,
            expires_at=at + timedelta(minutes=minutes),
            asked_from=asked_from,
        )
        return row.id


def deliver(row_id: int, at: datetime = AT) -> str:
    return sms_actions.deliver_sms(row_id, at=at, owner="worker:1", lease_seconds=60)


def row(row_id: int) -> OutboxRow:
    db.session.rollback()
    return db.session.get_one(OutboxRow, row_id, populate_existing=True)


def set_limits(**values: int) -> None:
    settings = {f"sms.{name}": value for name, value in values.items()}
    change_settings(settings, valid_from=clock.day_in("Asia/Yekaterinburg", AT), at=AT)


def test_an_sms_is_written_with_its_act_or_not_at_all(site: Flask) -> None:
    with pytest.raises(RuntimeError, match="open transaction"):
        send_sms("signing-code", to=Recipient(None, PHONE), context=CONTEXT, key="act", at=AT)
    with pytest.raises(ZeroDivisionError), transaction():
        send_sms("signing-code", to=Recipient(None, PHONE), context=CONTEXT, key="act", at=AT, salt="s")
        raise ZeroDivisionError
    assert db.session.scalar(select(OutboxRow.id)) is None


def test_the_code_exists_only_in_what_the_operator_gets(site: Flask, office: SmsOffice) -> None:
    row_id = write()
    assert deliver(row_id) == "sent"
    code = derive(SECRET_KEY, "salt")
    (sent,) = office.sent()
    assert sent.text == f"Код {code}, подпись: Договор, заявка № 299\n@lk.example.org #{code}"
    assert sms_rules.parts(sent.text) == 2 or len(sent.text) <= 70
    written = row(row_id)
    assert "{secret}" in written.body
    assert code not in " ".join(str(value) for value in vars(written).values())
    assert (written.provider, written.provider_id, written.delivery) == ("smsc", "1001", "")


def test_an_sms_that_has_left_is_not_sent_again(site: Flask, office: SmsOffice) -> None:
    row_id = write()
    assert [deliver(row_id), deliver(row_id), deliver(row_id, AT + timedelta(hours=1))] == [
        "sent",
        "skipped",
        "skipped",
    ]
    assert actions.deliver(row_id, at=AT, owner="worker:1") == "skipped"
    assert len(office.sent()) == 1


def test_letters_and_sms_do_not_stand_in_each_other_s_lines(site: Flask) -> None:
    row_id = write()
    assert queries.due(AT, limit=10) == []
    assert [one.id for one in sms_queries.due_sms(AT, limit=10)] == [row_id]


def test_eight_workers_send_one_sms_once(site: Flask, office: SmsOffice) -> None:
    row_id = write()

    def work(number: int) -> str:
        with site.app_context():
            gateways.use(site.extensions["gateways"])
            return sms_actions.deliver_sms(row_id, at=AT, owner=f"worker:{number}")

    with ThreadPoolExecutor(8) as pool:
        results = sorted(pool.map(work, range(8)))
    assert results == ["sent"] + ["skipped"] * 7
    assert len(office.sent()) == 1


@pytest.mark.parametrize("mode", ["hang", "cut", "lost", "garbage"])
def test_after_a_time_out_an_sms_is_never_repeated(site: Flask, office: SmsOffice, mode: str) -> None:
    office.mode = mode
    use(site, office.url("smsc"), site.extensions["second"].url("smsru"))
    row_id = write()
    assert deliver(row_id) == "dead"
    assert (row(row_id).delivery, row(row_id).provider) == ("unknown", "smsc")
    office.mode = "ok"
    assert deliver(row_id, AT + timedelta(minutes=5)) == "skipped"
    assert len(office.sent()) == 1 and site.extensions["second"].taken == []
    assert sms_queries.newest_sms(1)[0].state == "Неизвестно, ушло ли"


def test_the_worker_that_dies_with_an_sms_in_its_hands_may_have_sent_it(
    site: Flask, office: SmsOffice
) -> None:
    row_id = write()
    with transaction():
        values = {"state": "sending", "tries": 1, "lease_until": AT + timedelta(seconds=60)}
        db.session.execute(update(OutboxRow).values(**values))
    assert sms_actions.give_up_lost(at=AT + timedelta(seconds=59)) == 0
    assert actions.free_lost(at=AT + timedelta(seconds=61)) == 0
    assert sms_actions.give_up_lost(at=AT + timedelta(seconds=61)) == 1
    assert row(row_id).state == "dead" and row(row_id).delivery == "unknown"
    assert deliver(row_id, AT + timedelta(seconds=62)) == "skipped"
    assert office.taken == []


def test_when_the_first_operator_refuses_the_second_one_sends(site: Flask, office: SmsOffice) -> None:
    office.mode = "money"
    second: SmsOffice = site.extensions["second"]
    use(site, office.url("smsc"), second.url("smsaero"))
    row_id = write()
    assert deliver(row_id) == "sent"
    assert row(row_id).provider == "smsaero"
    assert len(second.sent()) == 1


def test_while_all_are_away_an_sms_waits_with_short_pauses_and_goes_out_in_time(
    site: Flask, office: SmsOffice
) -> None:
    office.mode = "away"
    row_id = write()
    assert deliver(row_id) == "retry"
    assert deliver(row_id, AT + timedelta(seconds=4)) == "skipped"
    assert deliver(row_id, AT + timedelta(seconds=5)) == "retry"
    assert row(row_id).last_error == "smsc: HTTP 503"
    office.mode = "ok"
    assert deliver(row_id, AT + timedelta(seconds=20)) == "sent"
    assert row(row_id).last_error == ""


def test_an_expired_code_is_never_sent_late(site: Flask, office: SmsOffice) -> None:
    office.mode = "away"
    row_id, at = write(), AT
    while row(row_id).state != "expired":
        at = max(row(row_id).next_at, at)
        assert at <= AT + timedelta(minutes=10)
        deliver(row_id, at)
    office.mode = "ok"
    tried = len(office.taken)
    assert deliver(row_id, AT + timedelta(minutes=15)) == "skipped"
    assert len(office.taken) == tried
    assert sms_queries.newest_sms(1)[0].state == "Не отправлено: срок действия прошел"


def test_a_number_that_no_operator_takes_is_not_tried_again(site: Flask, office: SmsOffice) -> None:
    office.mode = "number"
    row_id = write()
    assert deliver(row_id) == "dead"
    assert deliver(row_id, AT + timedelta(minutes=1)) == "skipped"
    (line,) = sms_queries.newest_sms(1)
    assert (line.state, line.error) == ("Не доставлено", "оператор не принимает этот номер (code 7)")
    assert line.phone == "+7 950 •••-••-01" and PHONE not in line.error


def test_staff_cannot_send_an_sms_again(site: Flask, office: SmsOffice) -> None:
    office.mode = "number"
    row_id = write()
    deliver(row_id)
    with pytest.raises(Exception, match="нет письма"):
        actions.send_again(row_id, at=AT)


@pytest.mark.parametrize("phone", ["", "+74952000001", "+375291234567", "79504000001"])
def test_no_sms_goes_to_a_number_that_is_no_russian_mobile_one(site: Flask, phone: str) -> None:
    with pytest.raises(InvalidValue, match=r"\+7 9"):
        write(phone)


def test_without_an_operator_nothing_is_written_and_the_page_says_so(site: Flask) -> None:
    use(site)
    with pytest.raises(Unavailable, match="не отправляет СМС"):
        write()
    assert db.session.scalar(select(OutboxRow.id)) is None


def test_one_number_waits_a_minute_between_two_sms(site: Flask) -> None:
    write()
    with pytest.raises(TooManyTries, match="через 30 сек") as refused:
        write(at=AT + timedelta(seconds=30))
    assert refused.value.retry_after == 30
    assert sms_queries.wait(PHONE, "", at=AT + timedelta(seconds=50)) == sms_rules.Wait(
        10, "Новое СМС можно запросить через 10 сек."
    )
    write(at=AT + timedelta(seconds=60))


def test_one_number_and_one_address_get_so_many_in_their_times(site: Flask) -> None:
    set_limits(number_day=3, address_hour=4)
    for minutes in (0, 1, 2):
        write(at=AT + timedelta(minutes=minutes), asked_from="192.0.2.7")
    with pytest.raises(TooManyTries, match="за сутки отправлено уже 3"):
        write(at=AT + timedelta(hours=23))
    write("+79504000002", at=AT + timedelta(minutes=3), asked_from="192.0.2.7")
    with pytest.raises(TooManyTries, match="С вашего адреса"):
        write("+79504000003", at=AT + timedelta(minutes=4), asked_from="192.0.2.7")
    write("+79504000003", at=AT + timedelta(minutes=4), asked_from="192.0.2.8")
    write("+79504000004", at=AT + timedelta(minutes=61), asked_from="192.0.2.7")


def test_the_site_sends_so_many_in_a_day_of_the_company_however_many_ask_at_once(site: Flask) -> None:
    set_limits(site_day=5)

    def ask(number: int) -> str:
        with site.app_context():
            try:
                write(f"+7950{number:07}", key=f"act-{number}")
            except TooManyTries as refused:
                return refused.message
            return "written"

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(40)))
    assert sorted(answers) == sorted(["written"] * 5 + [sms_rules.SITE_FULL] * 35)
    assert sms_queries.today(AT) == sms_queries.Day(5, 5)
    _, day_ends = sms_queries.day_of(AT)
    assert day_ends.isoformat() == "2026-08-07T00:00:00+05:00"
    write("+79510000000", at=day_ends)


def test_the_administrators_are_told_once_before_the_end_and_once_at_it(site: Flask) -> None:
    make_administrator()
    set_limits(site_day=5)
    for number in range(5):
        write(f"+7950{number:07}")
    told = list(
        db.session.scalars(
            select(OutboxRow.subject).where(OutboxRow.kind == "sms-running-out").order_by(OutboxRow.id)
        )
    )
    assert told == ["СМС на сегодня заканчиваются", "СМС на сегодня закончились"]


@pytest.mark.parametrize(("word", "delivery"), [("1", "delivered"), ("20", "failed"), ("0", "sent")])
def test_the_operator_is_asked_what_became_of_an_sms(
    site: Flask, office: SmsOffice, word: str, delivery: str
) -> None:
    office.word = word
    row_id = write()
    deliver(row_id)
    soon = AT + sms_rules.FIRST_LOOK
    assert sms_queries.due_reports(AT, limit=10) == []
    assert [one.id for one in sms_queries.due_reports(soon, limit=10)] == [row_id]
    assert sms_actions.ask_delivery(row_id, at=soon) == delivery
    assert sms_actions.ask_delivery(row_id, at=soon) == ""
    assert row(row_id).delivery == delivery
    assert (row(row_id).delivered_at == soon) is (delivery == "delivered")
    waiting = sms_queries.due_reports(soon + timedelta(minutes=5), limit=10)
    assert bool(waiting) is (delivery == "sent")


def test_an_operator_that_never_tells_is_asked_for_a_day(site: Flask, office: SmsOffice) -> None:
    office.word = "99"
    row_id, at = write(), AT
    deliver(row_id)
    while sms_queries.due_reports(at, limit=1) or row(row_id).delivery == "":
        at = row(row_id).next_at
        sms_actions.ask_delivery(row_id, at=at)
    assert row(row_id).delivery == "unknown"
    assert AT + timedelta(hours=24) < at < AT + timedelta(hours=26)
    assert len(office.taken) < 60


def test_what_an_operator_tells_by_itself_is_kept_once_and_in_order(site: Flask) -> None:
    row_id = write()
    deliver(row_id)
    for delivery, news in (("sent", 1), ("queued", 0), ("delivered", 1), ("failed", 0), ("", 0)):
        assert (
            sms_actions.take_reports("smsc", [Report("1001", delivery)], at=AT + timedelta(seconds=9)) == news
        )
    assert sms_actions.take_reports("smsru", [Report("1001", "failed")], at=AT) == 0
    assert sms_actions.take_reports("smsc", [Report("", "failed"), Report("9", "failed")], at=AT) == 0
    assert (row(row_id).delivery, row(row_id).delivered_at) == ("delivered", AT + timedelta(seconds=9))
    assert sms_queries.newest_sms(1)[0].state == "Доставлено на телефон"
