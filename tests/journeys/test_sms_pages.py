"""SMS as the administrator and operators of SMS see them: the page, a trial SMS, limits, reports of deliveries."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from app import clock, create_app
from app.accounts.models import User
from app.extensions import db
from app.journal.models import JournalDetails
from app.notifications import sms_actions
from app.notifications.codes import report_secret
from app.notifications.models import OutboxRow
from app.transaction import transaction
from tests import factories as make
from tests.browser import Browser
from tests.databases import SECRET_KEY, Databases, close, config_for
from tests.factories import sign_in
from tests.sms_office import SmsOffice, sms_office

PAGE = "/admin/sms"
PHONE = "+79504000001"


@pytest.fixture
def office() -> Iterator[SmsOffice]:
    with sms_office() as opened:
        yield opened


@pytest.fixture
def site(databases: Databases, tmp_path, office: SmsOffice) -> Iterator[Flask]:  # type: ignore[no-untyped-def]
    """A site with smsc.ru and a second operator."""
    urls = (office.url("smsc"), office.url("smsaero"))
    made = create_app(config_for(databases.fresh(), tmp_path / "instance", sms_urls=urls))
    yield made
    close(made)


@pytest.fixture
def admin(site: Flask) -> Browser:
    return administrator_of(site)


def administrator_of(app: Flask) -> Browser:
    with app.app_context():
        user_id = make.make_administrator()
        login = make.login_of(user_id)
        with transaction():
            db.session.execute(update(User).where(User.id == user_id).values(phone=PHONE))
    browser = Browser(app)
    sign_in(browser, login)
    return browser


def deliver_all(app: Flask) -> list[str]:
    with app.app_context():
        ids = db.session.scalars(select(OutboxRow.id).where(OutboxRow.channel == "sms")).all()
        return [sms_actions.deliver_sms(one, at=clock.now(), owner="worker:1") for one in ids]


def report(
    app: Flask, body: str, *, name: str = "smsc", secret: str = "", kind: str = "x-www-form-urlencoded"
) -> int:
    """A call of an operator: no session, no token."""
    secret = secret or report_secret(SECRET_KEY, name)
    client = app.test_client(use_cookies=False)
    response = client.post(
        f"/sms/report/{name}/{secret}",
        data=body,
        content_type=f"application/{kind}",
        base_url="https://lk.example.org",
    )
    return response.status_code


def test_a_trial_sms_goes_to_the_own_number_and_its_story_stands_on_the_page(
    site: Flask, admin: Browser, office: SmsOffice
) -> None:
    page = admin.open(PAGE)
    assert "Уйдет на ваш номер +7 950 •••-••-01" in page.text
    assert "только когда основной его точно не взял" in page.text and "оно пробное" in page.text
    assert "smsc.ru, отправитель KALINOVO" in page.text and "SMS Aero, отправитель KALINOVO" in page.text
    sent = admin.send(page, PAGE)
    assert "Пробное СМС поставлено в очередь" in sent.text and "Ждет отправки" in sent.text
    assert deliver_all(site) == ["sent"]
    assert (office.sent()[0].phone, office.sent()[0].text) == (
        "79504000001",
        "Пробное СМС из личного кабинета. Делать ничего не нужно.",
    )
    assert "Передано оператору" in admin.open(PAGE).text
    assert report(site, "id=1001&status=1&phone=79504000001") == 200
    ledger = admin.open(PAGE)
    assert "Доставлено на телефон" in ledger.text and "СМС: пробное СМС" in ledger.text
    assert PHONE not in ledger.html


def test_what_the_operator_says_when_it_sends_nothing_stands_on_the_page(
    site: Flask, admin: Browser, office: SmsOffice
) -> None:
    office.mode = "money"
    admin.send(admin.open(PAGE), PAGE)
    assert deliver_all(site) == ["retry"]
    page = admin.open(PAGE)
    assert "Ждет следующей попытки" in page.text
    assert (
        "Оператор smsc не принял СМС (code 3); запасной оператор smsaero не принял СМС (code false, HTTP 402)."
        in page.text
    )


def test_the_next_trial_sms_waits_a_minute_and_the_page_says_so(admin: Browser) -> None:
    page = admin.open(PAGE)
    admin.send(page, PAGE)
    again = admin.send(admin.open(PAGE), PAGE)
    assert again.status == 422
    assert "Новое СМС можно запросить через" in again.text


def test_a_double_press_is_one_sms(site: Flask, admin: Browser) -> None:
    page = admin.open(PAGE)
    assert [admin.send(page, PAGE).path for _ in range(2)] == [PAGE, PAGE]
    with site.app_context():
        assert len(list(db.session.scalars(select(OutboxRow)))) == 1


def test_an_administrator_without_a_number_is_told_where_to_put_it(site: Flask, admin: Browser) -> None:
    with site.app_context(), transaction():
        db.session.execute(update(User).values(phone=""))
    page = admin.open(PAGE)
    assert "нет мобильного номера" in page.text
    assert admin.send(page, PAGE).status == 422


def test_the_limits_are_set_on_their_page_and_hold_at_once(site: Flask, admin: Browser) -> None:
    page = admin.open("/admin/sms/limits")
    assert page.value_of("sms.site_day") == "500"
    wrong = admin.send(page, "/admin/sms/limits", **{"sms.pause_seconds": "5"})
    assert wrong.status == 422 and "целое число от 30 до 3600" in wrong.text
    assert "Сохранено" in admin.send(page, "/admin/sms/limits", **{"sms.site_day": "1"}).text
    admin.send(admin.open(PAGE), PAGE)
    full = admin.open(PAGE)
    assert "СМС на сегодня закончились" in full.text and "1 из 1" in full.text
    with site.app_context(), transaction():
        db.session.execute(update(OutboxRow).values(created_at=clock.now() - timedelta(minutes=2)))
    assert "Сегодня сайт больше не отправляет СМС" in admin.send(admin.open(PAGE), PAGE).text


def test_the_money_left_is_asked_for_only_when_one_wants_to_know(admin: Browser, office: SmsOffice) -> None:
    assert "Остаток" not in admin.open(PAGE).text and office.taken == []
    page = admin.open(PAGE + "?balance=1")
    assert "Остаток: 123.45" in page.text and "Остаток: 1389.26" in page.text
    office.mode = "away"
    assert admin.open(PAGE + "?balance=1").text.count("оператор не ответил") == 2


def test_the_page_names_the_address_for_reports_and_no_password(
    site: Flask, admin: Browser, office: SmsOffice
) -> None:
    page = admin.open(PAGE)
    assert f"https://lk.example.org/sms/report/smsc/{report_secret(SECRET_KEY, 'smsc')}" in page.text
    for secret in ("s3c:r/t@ы", "s3c%3Ar", "seti@example.org"):
        assert secret not in page.html
    admin.send(page, PAGE)
    with site.app_context():
        kept = " ".join(map(str, db.session.scalars(select(JournalDetails.body))))
        assert kept and "s3c" not in kept and PHONE not in kept


def test_without_an_operator_the_page_says_that_nobody_can_sign_by_a_code(
    databases: Databases,
    tmp_path,  # type: ignore[no-untyped-def]
) -> None:
    made = create_app(config_for(databases.fresh(), tmp_path / "instance", sms_urls=()))
    browser = administrator_of(made)
    page = browser.open(PAGE)
    assert "Оператор СМС не задан" in page.text
    refused = browser.send(page, PAGE)
    assert refused.status == 422 and "Сайт сейчас не отправляет СМС" in refused.text
    close(made)


@pytest.mark.parametrize("secret", ["0" * 40, "x", "%D1%8B", "a" * 5000])
def test_who_does_not_know_the_secret_tells_nothing(site: Flask, admin: Browser, secret: str) -> None:
    admin.send(admin.open(PAGE), PAGE)
    deliver_all(site)
    assert report(site, "id=1001&status=20", secret=secret) == 404
    assert report(site, "id=1001&status=20", name="smsaero", secret=report_secret(SECRET_KEY, "smsc")) == 404
    assert report(site, "id=1001&status=20", name="smsru") == 404
    assert "Передано оператору" in admin.open(PAGE).text


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("", "x-www-form-urlencoded"),
        ("id=1001", "x-www-form-urlencoded"),
        ("status=1&id=" + "9" * 300, "x-www-form-urlencoded"),
        ("=1", "x-www-form-urlencoded"),
        ("{", "json"),
        ("[" * 50_000, "json"),
        ('{"id": 1001, "status": {"a": 1}}', "json"),
        ('{"id": "\\ud800", "status": "1"}', "json"),
        ("null", "json"),
        ("\x00\xff", "octet-stream"),
    ],
)
def test_a_report_that_cannot_be_read_harms_nothing(site: Flask, body: str, kind: str) -> None:
    assert report(site, body, kind=kind) in (200, 400)


def test_reading_the_address_of_reports_is_no_report(site: Flask) -> None:
    path = f"/sms/report/smsc/{report_secret(SECRET_KEY, 'smsc')}"
    assert site.test_client().get(path, base_url="https://lk.example.org").status_code == 405
