"""The door: signing in by any identifier, one answer for all refusals, sessions that really end, nothing typed lost."""

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from app import clock
from app.accounts.models import Applicant, LoginId, User, UserSession
from app.accounts.sign_in_routes import REFUSED
from app.extensions import db
from app.journal.models import JournalEntry
from app.transaction import transaction
from tests import factories as make
from tests.browser import BASE, Browser, Page
from tests.quick_hashes import quick_hashes  # noqa: F401  (a fixture)
from tests.unchanged import unchanged

HOST = "lk.example.org"
SESSION = "__Host-session"

pytestmark = pytest.mark.usefixtures("quick_hashes")


@pytest.fixture
def ivanov(app: Flask) -> int:
    """A person who signs in as ivanov@example.org and by 918-663-420 37."""
    with app.app_context():
        return make.make_applicant_user(
            email="ivanov@example.org", applicant=make.new_applicant(snils="91866342037")
        )


def sign_in(browser: Browser, login: str = "ivanov@example.org", password: str = make.PASSWORD) -> Page:
    return make.sign_in(browser, login, password)


def cookie(browser: Browser, name: str = SESSION) -> str:
    found = browser.client.get_cookie(name, domain=HOST)
    return found.value if found else ""


def set_cookie(browser: Browser, value: str, name: str = SESSION) -> None:
    browser.client.set_cookie(name, value, domain=HOST, secure=True)


def status_of(browser: Browser, path: str = "/profile") -> int:
    return browser.client.get(path, base_url=BASE).status_code


def end_sessions(app: Flask) -> None:
    with app.app_context(), transaction():
        db.session.execute(update(UserSession).values(ended_at=clock.now()))


def seen_ago(app: Flask, **ago: timedelta) -> None:
    with app.app_context(), transaction():
        db.session.execute(update(UserSession).values(**{name: clock.now() - by for name, by in ago.items()}))


@pytest.mark.parametrize(
    "login",
    [
        "ivanov@example.org",
        "IVANOV@Example.ORG",
        " ivanov@example.org ",
        "918-663-420 37",
        "91866342037",
        "918-663-420-37",
    ],
)
@pytest.mark.parametrize("by", ["", "ogrn"])
def test_whatever_is_typed_is_recognised_by_its_shape(
    browser: Browser, ivanov: int, login: str, by: str
) -> None:
    page = browser.send(browser.open("/login"), "/login", login=login, password=make.PASSWORD, by=by or None)
    assert (page.status, page.path) == (200, "/")


@pytest.mark.parametrize("form", ["sole_trader", "legal_entity"])
def test_a_business_signs_in_by_its_number(app: Flask, browser: Browser, form: str) -> None:
    with app.app_context():
        user_id = make.make_applicant_user(form)
        number = db.session.scalar(
            select(LoginId.value).where(LoginId.user_id == user_id, LoginId.kind != "email")
        )
    assert sign_in(browser, number).path == "/"


def test_the_page_has_the_four_ways_and_its_label_follows_the_chosen_one(browser: Browser) -> None:
    page = browser.open("/login")
    labels = [label.get_text(strip=True) for label in page.soup.select(".opt label")]
    assert labels == [
        "Физическое лицо (вход по СНИЛС)",
        "Юридическое лицо (вход по ОГРН)",
        "Индивидуальный предприниматель (вход по ОГРНИП)",
        "Вход по электронной почте",
    ]
    assert page.soup.find("label", attrs={"for": "f-login"}).get_text() == "СНИЛС / ОГРН / ОГРНИП / E-mail"
    chosen = browser.open("/login?by=ogrn")
    assert chosen.soup.find("label", attrs={"for": "f-login"}).get_text() == "ОГРН"
    assert chosen.value_of("by") == "ogrn"
    assert browser.open("/login?by=passport").value_of("by") == ""


@pytest.mark.parametrize(
    "login",
    ["", "12345", "ivanov", "ivanov@", "918-663-420 377", "１１２２３３４４５９５", "a\x00b", "я" * 9000],
)
def test_what_is_no_login_at_all_is_told_at_the_field(
    app: Flask, browser: Browser, ivanov: int, login: str
) -> None:
    with unchanged(app):
        page = sign_in(browser, login)
    assert page.status == 422
    assert "Введите СНИЛС (11 цифр), ОГРН (13 цифр)" in page.error_of("login")
    assert page.value_of("login").strip("\x00") == login.strip("\x00")


def test_an_empty_password_is_told_without_counting_a_try(app: Flask, browser: Browser, ivanov: int) -> None:
    with unchanged(app):
        page = sign_in(browser, password="")
    assert (page.status, page.error_of("password")) == (422, "Ошибка: Введите пароль.")


def anonymous(page: Page, login: str) -> str:
    """The page without what is random by itself and without what was typed."""
    text = re.sub(r'name="csrf_token" value="[^"]*"', "", page.html)
    return re.sub(r"<!--.*?-->|data-p=\"[^\"]*\"", "", text).replace(login, "LOGIN")


def block(app: Flask, user_id: int) -> None:
    with app.app_context(), transaction():
        db.session.get_one(User, user_id).state = "blocked"


def test_unknown_wrong_blocked_and_unconfirmed_get_the_same_page(app: Flask, ivanov: int) -> None:
    with app.app_context():
        confirmed = make.make_applicant_user(email="confirmed@example.org", confirmed=True)
        blocked = make.make_applicant_user(email="blocked@example.org")
    assert confirmed != ivanov
    block(app, blocked)
    tries = [
        ("nobody@example.org", make.PASSWORD),
        ("ivanov@example.org", "не тот пароль"),
        ("confirmed@example.org", "не тот пароль"),
        ("blocked@example.org", make.PASSWORD),
        ("blocked@example.org", "не тот пароль"),
    ]
    pages, cookies = [], []
    for login, password in tries:
        browser = Browser(app)
        page = sign_in(browser, login, password)
        assert page.status == 422
        assert REFUSED in page.error_of("login")
        assert password not in page.html
        pages.append(anonymous(page, login))
        cookies.append(sorted(header.split("=")[0] for header in page.response.headers.getlist("Set-Cookie")))
    assert len(set(pages)) == 1
    assert all(one == cookies[0] for one in cookies)


@pytest.mark.parametrize("login", ["ivanov@example.org", "nobody@example.org"])
def test_after_five_tries_everybody_waits_known_or_not(
    app: Flask, browser: Browser, ivanov: int, login: str
) -> None:
    for _ in range(5):
        assert sign_in(browser, login, "не тот пароль").status == 422
    page = sign_in(browser, login)
    assert page.status == 429
    assert int(page.response.headers["Retry-After"]) <= 60
    assert "Подождите 1 минуту" in page.text
    assert page.value_of("login") == login


@pytest.mark.parametrize("header", ["X-Real-Ip", "Forwarded", "X-Client-Ip"])
def test_a_made_up_address_is_no_way_around_the_limit(
    app: Flask, browser: Browser, ivanov: int, header: str
) -> None:
    statuses = []
    for number in range(7):
        page = browser.open("/login")
        values = {"login": "ivanov@example.org", "password": "нет", "csrf_token": page.value_of("csrf_token")}
        headers = {header: f"for=192.0.2.{number}", "Referer": BASE + "/"}
        answer = browser.client.post("/login", base_url=BASE, data=values, headers=headers)
        statuses.append(answer.status_code)
    assert statuses == [422] * 5 + [429] * 2


def test_only_the_last_address_that_the_proxy_wrote_counts(app: Flask, browser: Browser, ivanov: int) -> None:
    statuses = []
    for number in range(6):
        page = browser.open("/login")
        values = {"login": "ivanov@example.org", "password": "нет", "csrf_token": page.value_of("csrf_token")}
        forwarded = ", ".join([f"192.0.2.{number}"] * 100 + ["198.51.100.9"])
        answer = browser.client.post(
            "/login",
            base_url=BASE,
            data=values,
            headers={"X-Forwarded-For": forwarded, "Referer": BASE + "/"},
        )
        statuses.append(answer.status_code)
    assert statuses == [422] * 5 + [429]


def test_the_persons_own_browser_gets_in_while_strangers_try(
    app: Flask, browser: Browser, ivanov: int
) -> None:
    sign_in(browser)
    browser.send(browser.open("/profile"), "/logout")
    stranger = Browser(app)
    for _ in range(5):
        sign_in(stranger, password="не тот пароль")
    assert sign_in(stranger).status == 429
    assert sign_in(browser).path == "/"


@pytest.mark.parametrize("forged", ["", "garbage", "WzEsIngiXQ.AAAA", "a" * 3000])
def test_a_forged_mark_of_a_known_browser_is_none(app: Flask, ivanov: int, forged: str) -> None:
    browser = Browser(app)
    set_cookie(browser, forged, "__Host-browser")
    for _ in range(5):
        assert sign_in(browser, password="не тот пароль").status == 422
    assert sign_in(browser).status == 429


def test_cookies_are_safe_and_none_signs_in_for_long(app: Flask, browser: Browser, ivanov: int) -> None:
    page = browser.open("/login")
    answer = browser.send(page, "/login", follow=False, login="ivanov@example.org", password=make.PASSWORD)
    cookies = {header.split("=")[0]: header for header in answer.response.headers.getlist("Set-Cookie")}
    assert set(cookies) <= {SESSION, "__Host-browser", "css"}
    for attribute in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert attribute in cookies[SESSION]
        assert attribute in cookies["__Host-browser"]
    assert "Domain" not in cookies[SESSION]
    assert "Expires" not in cookies[SESSION]
    assert "Max-Age" not in cookies[SESSION]
    alone = Browser(app)
    set_cookie(alone, cookie(browser, "__Host-browser"), "__Host-browser")
    assert status_of(alone) == 303, "the mark of a browser opens nothing"


def test_a_new_sign_in_leaves_nothing_of_the_session_before(
    app: Flask, browser: Browser, ivanov: int
) -> None:
    with browser.client.session_transaction(base_url=BASE) as planted:
        planted["planted"] = "before the sign-in"
    sign_in(browser)
    with browser.client.session_transaction(base_url=BASE) as after:
        assert "planted" not in after
    first = cookie(browser)
    sign_in_again = browser.open("/login")  # leads home: somebody is in
    assert sign_in_again.path == "/"
    other = Browser(app)
    sign_in(other)
    assert cookie(other) != first


def test_sign_out_ends_the_session_and_a_copied_cookie_with_it(
    app: Flask, browser: Browser, ivanov: int
) -> None:
    sign_in(browser)
    copied = cookie(browser)
    page = browser.open("/profile")
    answer = browser.send(page, "/logout", follow=False)
    assert (answer.status, answer.response.headers["Location"]) == (303, "/login")
    assert answer.response.headers["Clear-Site-Data"] == '"cache", "storage"'
    thief = Browser(app)
    set_cookie(thief, copied)
    assert status_of(thief) == 303
    with app.app_context():
        kinds = db.session.scalars(select(JournalEntry.kind).where(JournalEntry.actor_id == ivanov)).all()
        assert kinds[-2:] == ["signed_in", "signed_out"]


def test_sign_out_needs_the_token_and_a_press(app: Flask, browser: Browser, ivanov: int) -> None:
    sign_in(browser)
    assert browser.client.get("/logout", base_url=BASE).status_code == 405
    with unchanged(app):
        assert browser.post("/logout", {}).status == 422
    assert status_of(browser) == 200


def test_sign_out_pressed_twice_is_no_error(browser: Browser, ivanov: int) -> None:
    sign_in(browser)
    page = browser.open("/profile")
    assert browser.send(page, "/logout").path == "/login"
    page = browser.send(browser.open("/login"), "/login", login="ivanov@example.org", password=make.PASSWORD)
    assert browser.send(page, "/logout").path == "/login"


@pytest.mark.parametrize(
    ("ago", "alive"),
    [
        ({"seen_at": timedelta(minutes=59)}, True),
        ({"seen_at": timedelta(minutes=61)}, False),
        ({"created_at": timedelta(hours=11, minutes=59)}, True),
        ({"created_at": timedelta(hours=12, minutes=1)}, False),
    ],
)
def test_a_session_ends_by_itself(
    app: Flask, browser: Browser, ivanov: int, ago: dict[str, timedelta], alive: bool
) -> None:
    sign_in(browser)
    seen_ago(app, **ago)
    assert status_of(browser) == (200 if alive else 303)


def test_a_session_of_the_office_ends_sooner(app: Flask, browser: Browser) -> None:
    with app.app_context():
        login = make.login_of(make.make_operator())
    sign_in(browser, login)
    seen_ago(app, seen_at=timedelta(minutes=31))
    assert status_of(browser, "/people") == 303


def test_a_blocked_person_is_out_at_the_next_request(app: Flask, browser: Browser, ivanov: int) -> None:
    sign_in(browser)
    block(app, ivanov)
    assert status_of(browser) == 303


@pytest.mark.parametrize("value", ["garbage", "a" * 4096, "eyJfdXNlcl9pZCI6IngifQ.aaaa.bbbb", "..", "​"])
def test_a_broken_cookie_is_a_stranger(app: Flask, ivanov: int, value: str) -> None:
    browser = Browser(app)
    headers = {"Cookie": f"{SESSION}={value.encode().decode('latin-1')}"}
    assert browser.client.get("/profile", base_url=BASE, headers=headers).status_code == 303
    assert browser.client.get("/login", base_url=BASE, headers=headers).status_code == 200


def test_a_cut_or_changed_cookie_is_a_stranger(app: Flask, browser: Browser, ivanov: int) -> None:
    sign_in(browser)
    real = cookie(browser)
    for wrong in (real[:-1], real[:-3] + "AAA", real.split(".")[0], real[1:]):
        other = Browser(app)
        set_cookie(other, wrong)
        assert status_of(other) == 303


def test_a_cookie_signed_with_another_key_is_a_stranger(app: Flask, browser: Browser, ivanov: int) -> None:
    sign_in(browser)
    app.config["SECRET_KEY"] = "another key of the same length as the first one was"
    assert status_of(browser) == 303


def test_who_has_to_sign_in_comes_back_to_the_asked_page(browser: Browser, ivanov: int) -> None:
    answer = browser.client.get("/applicants/new?form=legal_entity", base_url=BASE)
    assert answer.status_code == 303
    page = browser.open("/applicants/new?form=legal_entity")
    assert page.path == "/login"
    page = browser.send(page, "/login", login="ivanov@example.org", password=make.PASSWORD)
    assert (page.path, "Наименование" in page.text) == ("/applicants/new", True)


@pytest.mark.parametrize(
    "hostile",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil.example", "javascript:alert(1)"],
)
def test_nobody_is_led_to_another_site(app: Flask, ivanov: int, hostile: str) -> None:
    browser = Browser(app)
    page = Page(browser.client.get("/login", query_string={"next": hostile}, base_url=BASE))
    assert hostile not in page.html
    answer = browser.send(
        page, "/login", follow=False, login="ivanov@example.org", password=make.PASSWORD, next=hostile
    )
    assert answer.response.headers["Location"] == "/"
    again = browser.client.get("/login", query_string={"next": hostile}, base_url=BASE)
    assert again.headers["Location"] == "/"


def test_a_raw_byte_in_an_address_is_no_error_of_ours(app: Flask, browser: Browser) -> None:
    answer = browser.client.get("/profile", base_url=BASE, environ_overrides={"QUERY_STRING": "q=\xff\xfe"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/login")


NEW_FIRM = {
    "title": "ООО «Свет»",
    "inn": "4174873890",
    "ogrn": "1168702456933",
    "kpp": "419901495",
    "last_name": "Сергеев",
    "first_name": "Петр",
    "middle_name": "Сергеевич",
    "capacity": "head",
}


def too_late(app: Flask, browser: Browser) -> Page:
    """A filled form that is sent after the session has ended."""
    sign_in(browser)
    page = browser.open("/applicants/new?form=legal_entity")
    end_sessions(app)
    return browser.send(page, "/applicants/new", **NEW_FIRM)


def applicants(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(Applicant.title).order_by(Applicant.id)))


def test_what_was_typed_when_the_session_ended_comes_back_to_the_same_person(
    app: Flask, browser: Browser, ivanov: int
) -> None:
    page = too_late(app, browser)
    assert page.status == 401
    assert "Введенное сохранено" in page.text
    page = browser.send(page, "/login", login="ivanov@example.org", password=make.PASSWORD)
    assert (page.status, applicants(app)) == (200, [""])
    for typed in ("ООО «Свет»", "Сергеев", "1168702456933"):
        assert typed in page.text
    page = browser.send(page, button="Отправить еще раз")
    assert (page.status, applicants(app)) == (200, ["", "ООО «Свет»"])


def test_a_wrong_password_in_between_loses_nothing(app: Flask, browser: Browser, ivanov: int) -> None:
    page = too_late(app, browser)
    page = browser.send(page, "/login", login="ivanov@example.org", password="не тот пароль")
    assert page.status == 422
    page = browser.send(page, "/login", login="ivanov@example.org", password=make.PASSWORD)
    assert "ООО «Свет»" in page.text


def test_another_person_at_the_same_browser_sees_nothing_of_it(
    app: Flask, browser: Browser, ivanov: int
) -> None:
    with app.app_context():
        make.make_applicant_user(email="petrov@example.org")
    page = too_late(app, browser)
    page = browser.send(page, "/login", login="petrov@example.org", password=make.PASSWORD)
    assert page.path == "/"
    assert "принадлежит другой учетной записи" in page.text
    assert "Свет" not in page.html


def test_passwords_files_and_codes_are_never_carried(app: Flask, browser: Browser, ivanov: int) -> None:
    sign_in(browser)
    token = browser.open("/applicants/new?form=legal_entity").value_of("csrf_token")
    end_sessions(app)
    typed = {"title": "ООО «Свет»", "password": "секрет-1", "sms_code": "461325", "csrf_token": token}
    page = browser.post("/applicants/new", typed)
    page = browser.send(page, "/login", login="ivanov@example.org", password=make.PASSWORD)
    assert "ООО «Свет»" in page.text
    assert "секрет-1" not in page.html
    assert "461325" not in page.html


def test_a_stranger_gets_the_sign_in_page_and_nothing_is_kept(
    app: Flask, browser: Browser, ivanov: int
) -> None:
    with unchanged(app):
        page = browser.post("/applicants/new", NEW_FIRM)
    assert page.status == 401
    assert not page.value_of("kept")
    assert "Свет" not in page.html


@pytest.mark.parametrize("forged", ["", "garbage", "a.b.c", "é", "x" * 100_000])
def test_a_forged_form_is_not_given_back(app: Flask, browser: Browser, ivanov: int, forged: str) -> None:
    page = browser.open("/login")
    token = page.value_of("csrf_token")
    values = {"login": "ivanov@example.org", "password": make.PASSWORD, "csrf_token": token, "kept": forged}
    assert browser.post("/login", values).path == "/"


def test_a_long_text_is_shown_in_a_block_that_can_be_copied(
    app: Flask, browser: Browser, ivanov: int
) -> None:
    sign_in(browser)
    browser.open("/applicants/new?form=legal_entity")
    end_sessions(app)
    text = "первая строка\r\nвторая строка " + "и дальше " * 3000
    page = browser.post("/applicants/new", {"title": text})
    page = browser.send(page, "/login", login="ivanov@example.org", password=make.PASSWORD)
    block = page.soup.find("textarea")
    assert block.has_attr("readonly")
    assert block.get_text().replace("\r\n", "\n").strip() == text.replace("\r\n", "\n").strip()
    sent = page.form(button="Отправить еще раз").find("input", attrs={"name": "title"})["value"]
    assert sent.replace("\r\n", "\n") == text.replace("\r\n", "\n")


@pytest.mark.parametrize(
    "host", ["evil.example", "lk.example.org.evil.example", "$nonsense", "evil.example:443"]
)
def test_a_foreign_host_is_refused(browser: Browser, ivanov: int, host: str) -> None:
    answer = browser.client.get("/login", base_url=BASE, headers={"Host": host})
    assert answer.status_code == 400
    assert "evil" not in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Original-Url": "/people"},
        {"X-Rewrite-Url": "/people"},
        {"X-Forwarded-Prefix": "/evil"},
        {"X-Http-Method-Override": "POST"},
    ],
)
def test_headers_of_other_servers_have_no_effect(browser: Browser, headers: dict[str, str]) -> None:
    answer = browser.client.get("/login", base_url=BASE, headers=headers)
    assert answer.status_code == 200
    assert "evil" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("token", [None, "", "garbage", "other"])
def test_without_the_right_token_nobody_signs_in(
    app: Flask, browser: Browser, ivanov: int, token: str | None
) -> None:
    browser.open("/login")
    values = {"login": "ivanov@example.org", "password": make.PASSWORD}
    if token == "other":
        token = Browser(app).open("/login").value_of("csrf_token")
    with unchanged(app):
        page = browser.post("/login", values | ({"csrf_token": token} if token is not None else {}))
    assert page.status == 422
    assert make.PASSWORD not in page.html
    assert status_of(browser) == 303


def test_a_page_of_a_signed_in_person_is_kept_by_nobody(browser: Browser, ivanov: int) -> None:
    sign_in(browser)
    for path in ("/profile", "/applicants/new"):
        assert browser.client.get(path, base_url=BASE).headers["Cache-Control"] == "no-store"


def test_the_profile_shows_what_the_account_holds(browser: Browser, ivanov: int) -> None:
    page = sign_in(browser)
    page = browser.open(page.link("Данные и настройки"))
    for words in (
        "Неподтвержденная учетная запись",
        "ivanov@example.org",
        "918-663-420 37",
        "Заявители, от имени которых я действую",
        "Физическое лицо",
    ):
        assert words in page.text
    assert "п. Калиново, ул. Центральная, 1" in page.text


def test_one_more_applicant_is_added_and_the_person_goes_on_where_they_came_from(
    app: Flask, browser: Browser, ivanov: int
) -> None:
    sign_in(browser)
    page = browser.open("/applicants/new?next=/profile?from=draft")
    page = browser.open("/applicants/new?form=legal_entity&next=/profile%3Ffrom%3Ddraft")
    answer = browser.send(page, "/applicants/new", follow=False, **NEW_FIRM)
    assert (answer.status, answer.response.headers["Location"]) == (303, "/profile?from=draft")
    again = browser.send(page, "/applicants/new", follow=False, **NEW_FIRM)
    assert (again.status, again.response.headers["Location"]) == (303, "/profile?from=draft")
    assert applicants(app) == ["", "ООО «Свет»"], "the button was pressed twice, the firm is there once"


def test_a_person_is_not_added_as_an_applicant(app: Flask, browser: Browser, ivanov: int) -> None:
    sign_in(browser)
    page = browser.open("/applicants/new?form=individual")
    assert "Выберите правовую форму." in page.text
    token = page.value_of("csrf_token")
    with unchanged(app):
        answer = browser.post("/applicants/new", {"form": "individual", "csrf_token": token})
    assert answer.status == 422


def test_wrong_fields_of_a_new_applicant_are_told_and_nothing_is_added(
    app: Flask, browser: Browser, ivanov: int
) -> None:
    sign_in(browser)
    page = browser.open("/applicants/new?form=sole_trader")
    with unchanged(app):
        page = browser.send(page, "/applicants/new", inn="123", last_name="Петров")
    assert page.status == 422
    assert "у вас 3" in page.error_of("inn")
    assert page.value_of("last_name") == "Петров"


def test_a_session_of_somebody_who_is_gone_is_no_session(app: Flask, browser: Browser, ivanov: int) -> None:
    sign_in(browser)
    with app.app_context(), transaction():
        db.session.query(UserSession).delete()
    assert status_of(browser) == 303
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(UserSession)) == 0


def test_times_of_sessions_are_written(app: Flask, browser: Browser, ivanov: int) -> None:
    before = clock.now()
    sign_in(browser)
    with app.app_context():
        row = db.session.scalars(select(UserSession).order_by(UserSession.id.desc())).first()
        assert isinstance(row.created_at, datetime)
        assert before <= row.created_at <= clock.now()
        assert (row.address, row.ended_at) == ("127.0.0.1", None)
