"""«Забыли пароль?», the change of a password, first passwords, the list of sessions."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.accounts.models import LoginId, User
from app.accounts.secret_models import SentSecret
from app.extensions import db
from app.notifications.actions import deliver
from app.notifications.models import OutboxRow
from app.transaction import transaction
from tests import factories as make
from tests.browser import Browser, Page
from tests.factories import PASSWORD, sign_in
from tests.quick_hashes import quick_hashes  # noqa: F401  (a fixture)
from tests.unchanged import unchanged

pytestmark = pytest.mark.usefixtures("quick_hashes")

NEW = "лампа над столом 12"


@pytest.fixture
def ivanov(app: Flask) -> str:
    """The login of a registered person."""
    with app.app_context():
        return make.login_of(make.make_applicant_user())


def letters(app: Flask, kind: str) -> list[OutboxRow]:
    with app.app_context():
        return list(
            db.session.scalars(select(OutboxRow).where(OutboxRow.kind == kind).order_by(OutboxRow.id))
        )


def ask(browser: Browser, login: str) -> Page:
    return browser.send(browser.open("/password/forgot"), "/password/forgot", login=login)


def link_in_letter(app: Flask) -> str:
    """The path of the newest link, as the letter that has left has it."""
    row = letters(app, "password-reset")[-1]
    with app.app_context():
        assert deliver(row.id, at=clock.now(), owner="tests") == "sent"
        folder = app.extensions["config"].instance_path / "outbox"
        key = row.message_id.strip("<>").partition("@")[0]
        body = (folder / f"{key}.json").read_text(encoding="utf-8")
    return re.search(r"https://lk\.example\.org(/password/new/[\w-]+)", body)[1]  # type: ignore[index]


def set_anew(browser: Browser, path: str, password: str = NEW) -> Page:
    return browser.send(browser.open(path), path, password=password, password_again=password)


def test_a_forgotten_password_is_set_anew_by_the_link_of_the_letter(
    app: Flask, browser: Browser, ivanov: str
) -> None:
    page = browser.open(browser.open("/login").link("Забыли пароль?"))
    sent = browser.send(page, "/password/forgot", login=ivanov)
    assert "отправлено письмо со ссылкой" in sent.text
    done = set_anew(browser, link_in_letter(app))
    assert done.path == "/login"
    assert "Пароль изменен" in done.text
    assert sign_in(Browser(app), ivanov).status == 422
    assert sign_in(Browser(app), ivanov, NEW).path == "/"


def test_the_answer_is_the_same_for_a_login_that_nobody_has(
    app: Flask, browser: Browser, ivanov: str
) -> None:
    known, unknown = ask(browser, ivanov), ask(Browser(app), "nobody@example.org")
    assert known.text == unknown.text
    assert (known.status, known.path) == (unknown.status, unknown.path)
    assert [row.address for row in letters(app, "password-reset")] == [ivanov]


def test_a_blocked_person_gets_no_letter(app: Flask, browser: Browser, ivanov: str) -> None:
    with app.app_context(), transaction():
        db.session.scalars(select(User).join(LoginId).where(LoginId.value == ivanov)).one().state = "blocked"
    assert "отправлено письмо" in ask(browser, ivanov).text
    assert not letters(app, "password-reset")


def test_the_secret_of_the_link_stands_in_no_table(app: Flask, browser: Browser, ivanov: str) -> None:
    ask(browser, ivanov)
    token = link_in_letter(app).rpartition("/")[2].partition("-")[2]
    assert len(token) == 43
    with app.app_context():
        for table in db.metadata.sorted_tables:
            assert token not in repr(db.session.execute(select(table)).all()), table.name


def test_opening_the_link_uses_nothing_up(app: Flask, browser: Browser, ivanov: str) -> None:
    ask(browser, ivanov)
    path = link_in_letter(app)
    with unchanged(app):
        for _ in range(3):
            assert Browser(app).open(path).status == 200
    assert set_anew(browser, path).path == "/login"


def test_a_link_works_once(app: Flask, browser: Browser, ivanov: str) -> None:
    ask(browser, ivanov)
    path = link_in_letter(app)
    page = browser.open(path)
    set_anew(browser, path)
    again = browser.send(page, path, password="совсем другой пароль", password_again="совсем другой пароль")
    assert again.status == 404
    assert "Ссылка уже не действует" in again.text
    assert sign_in(Browser(app), ivanov, NEW).path == "/"


def test_a_link_lives_an_hour(app: Flask, browser: Browser, ivanov: str) -> None:
    ask(browser, ivanov)
    path = link_in_letter(app)
    with app.app_context(), transaction():
        link = db.session.scalars(select(SentSecret).where(SentSecret.purpose == "reset")).one()
        link.created_at -= timedelta(hours=1)
        link.expires_at -= timedelta(hours=1)
    assert browser.open(path).status == 404


def test_a_changed_password_ends_every_link(app: Flask, browser: Browser, ivanov: str) -> None:
    ask(browser, ivanov)
    first = link_in_letter(app)
    ask(browser, ivanov)
    set_anew(browser, link_in_letter(app))
    assert browser.open(first).status == 404


@pytest.mark.parametrize(
    "token", ["1-" + "A" * 43, "x", "1", "-", "1-" + "A" * 44, "99999999999999999999-" + "A" * 43, "%00"]
)
def test_a_made_up_link_is_told_like_an_ended_one(
    app: Flask, browser: Browser, ivanov: str, token: str
) -> None:
    ask(browser, ivanov)
    with unchanged(app):
        page = browser.open(f"/password/new/{token}")
        assert page.status == 404
    assert "Ссылка уже не действует" in page.text


def test_the_new_password_is_checked_and_the_link_stays(app: Flask, browser: Browser, ivanov: str) -> None:
    ask(browser, ivanov)
    path = link_in_letter(app)
    short = set_anew(browser, path, "12")
    assert short.status == 422
    assert "не короче 8" in short.error_of("password")
    own = set_anew(browser, path, "Иванов Петр")
    assert "повторяет ваши данные" in own.error_of("password")
    unlike = browser.send(browser.open(path), path, password=NEW, password_again="другое")
    assert "не совпадают" in unlike.error_of("password_again")
    assert NEW not in unlike.html
    assert set_anew(browser, path).path == "/login"


def test_whoever_asks_again_and_again_waits(app: Flask, browser: Browser, ivanov: str) -> None:
    for login in (ivanov, "nobody@example.org"):
        answers = [ask(browser, login) for _ in range(5)]
        assert [page.status for page in answers] == [200, 200, 200, 429, 429]
        assert "Подождите" in answers[-1].text
        assert int(answers[-1].response.headers["Retry-After"]) > 0


@pytest.mark.parametrize("login", ["", "привет", "123", "a@b", "\0", "1" * 4000])
def test_what_is_no_login_gets_a_sentence(browser: Browser, login: str) -> None:
    page = ask(browser, login)
    assert page.status in (400, 422)
    if page.status == 422:
        assert page.error_of("login")


def test_a_change_ends_the_other_sessions_and_keeps_this_one(
    app: Flask, browser: Browser, ivanov: str
) -> None:
    others = [Browser(app), Browser(app)]
    for one in (browser, *others):
        sign_in(one, ivanov)
    page = browser.open(browser.open("/profile").link("Изменить пароль"))
    done = browser.send(page, "/profile/password", old_password=PASSWORD, password=NEW, password_again=NEW)
    assert done.path == "/profile"
    assert "Пароль изменен" in done.text
    assert [one.open("/profile").path for one in others] == ["/login", "/login"]
    assert browser.open("/profile").status == 200
    (letter,) = letters(app, "password-changed")
    assert letter.address == ivanov
    assert sign_in(Browser(app), ivanov, NEW).path == "/"


def test_a_wrong_old_password_changes_nothing_and_is_counted(
    app: Flask, browser: Browser, ivanov: str
) -> None:
    sign_in(browser, ivanov)

    def change(old: str) -> Page:
        page = browser.open("/profile/password")
        return browser.send(page, "/profile/password", old_password=old, password=NEW, password_again=NEW)

    tries = [change(f"неверный {n}") for n in range(6)]
    assert [page.status for page in tries] == [422] * 5 + [429]
    assert "Старый пароль не подходит" in tries[0].error_of("old_password")
    assert change(PASSWORD).status == 429, "also the right one has to wait"
    assert not letters(app, "password-changed")
    assert sign_in(Browser(app), ivanov).path == "/"


@pytest.mark.parametrize(
    ("fields", "name", "words"),
    [
        ({"old_password": "", "password": NEW, "password_again": NEW}, "old_password", "Введите старый"),
        (
            {"old_password": PASSWORD, "password": PASSWORD, "password_again": PASSWORD},
            "password",
            "как старый",
        ),
        ({"old_password": PASSWORD, "password": "", "password_again": ""}, "password", "Придумайте"),
        (
            {"old_password": PASSWORD, "password": NEW, "password_again": "x"},
            "password_again",
            "не совпадают",
        ),
        (
            {"old_password": PASSWORD, "password": "qwerty123", "password_again": "qwerty123"},
            "password",
            "известен",
        ),
    ],
)
def test_what_will_not_do_is_told_at_its_field(
    app: Flask, browser: Browser, ivanov: str, fields: dict[str, str], name: str, words: str
) -> None:
    sign_in(browser, ivanov)
    page = browser.open("/profile/password")
    with unchanged(app):
        refused = browser.send(page, "/profile/password", **fields)
    assert refused.status == 422
    assert words in refused.error_of(name)


def first_password(app: Flask) -> tuple[str, str]:
    """A clerk to whom the administrator has given a first password: login and password."""
    boss = Browser(app)
    with app.app_context():
        clerk = make.make_operator()
        login = make.login_of(clerk)
        admin = make.login_of(make.make_administrator())
    sign_in(boss, admin)
    page = boss.open(f"/admin/people/{clerk}")
    boss.send(page, "/password")
    return login, page.value_of("password")


def test_a_first_password_opens_nothing_until_it_is_changed(app: Flask, browser: Browser) -> None:
    login, given = first_password(app)
    page = sign_in(browser, login, given)
    assert page.path == "/profile/password"
    assert "Придумайте свой" in page.text
    assert page.soup.find("nav", attrs={"aria-label": "Разделы"}).get_text(" ", strip=True) == "Выход"
    for path in ("/", "/cases", "/people", "/profile", "/profile/sessions"):
        assert browser.open(path).path == "/profile/password", path
    with unchanged(app):
        token = page.soup.find(attrs={"name": "csrf_token"})["value"]
        assert browser.post("/cases/new/message", {"csrf_token": token}).path == "/profile/password"
    done = browser.send(page, "/profile/password", old_password=given, password=NEW, password_again=NEW)
    assert done.path == "/profile"
    assert browser.open("/cases").path == "/cases"


def test_somebody_who_owes_a_password_may_leave(app: Flask, browser: Browser) -> None:
    login, given = first_password(app)
    page = sign_in(browser, login, given)
    assert browser.send(page, "/logout").path == "/login"


def test_a_fragment_leads_the_whole_page_to_the_change(app: Flask, browser: Browser) -> None:
    login, given = first_password(app)
    sign_in(browser, login, given)
    headers = {"HX-Request": "true", "HX-Request-Type": "partial"}
    answer = browser.client.get("/cases", base_url="https://lk.example.org", headers=headers)
    assert answer.headers["HX-Redirect"] == "/profile/password"


def test_the_list_of_sessions_names_this_browser_and_ends_others(
    app: Flask, browser: Browser, ivanov: str
) -> None:
    other = Browser(app)
    for one in (browser, other):
        sign_in(one, ivanov)
    page = browser.open(browser.open("/profile").link("Посмотреть сеансы"))
    rows = [item.get_text(" ", strip=True) for item in page.soup.find("main").find_all("li")]
    assert len(rows) == 3, "that of the registration too"
    assert "этот браузер" in rows[0]
    for _ in range(2):
        done = browser.send(browser.open("/profile/sessions"), button="Завершить")
        assert "Сеанс закончен" in done.text
    assert other.open("/profile").path == "/login"
    assert browser.open("/profile").status == 200


def test_all_others_end_at_one_press(app: Flask, browser: Browser, ivanov: str) -> None:
    others = [Browser(app) for _ in range(3)]
    for one in (browser, *others):
        sign_in(one, ivanov)
    browser.send(browser.open("/profile/sessions"), button="Завершить остальные")
    assert {one.open("/profile").path for one in others} == {"/login"}
    assert len(browser.open("/profile/sessions").soup.find("main").find_all("li")) == 1


def test_nobody_ends_the_session_of_somebody_else(app: Flask, browser: Browser, ivanov: str) -> None:
    stranger = Browser(app)
    with app.app_context():
        other = make.login_of(make.make_applicant_user())
    sign_in(browser, ivanov)
    sign_in(stranger, other)
    token = stranger.open("/profile").soup.find(attrs={"name": "csrf_token"})["value"]
    with unchanged(app):
        assert stranger.post("/profile/sessions/1/end", {"csrf_token": token}).status == 404
        assert stranger.post("/profile/sessions/999/end", {"csrf_token": token}).status == 404
    assert browser.open("/profile").status == 200
