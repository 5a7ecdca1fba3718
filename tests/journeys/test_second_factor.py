"""Two-step sign-in: set up with a real generator, asked for, used up, lost, required of those who see others' data."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.accounts.models import User, UserRole, UserSession
from app.accounts.secret_models import SecondFactor
from app.accounts.sessions import HALF
from app.company.actions import change_settings
from app.company.queries import today
from app.extensions import db
from app.notifications.models import OutboxRow
from app.transaction import transaction
from tests import factories as make
from tests.at_once import at_once
from tests.browser import Browser, Page
from tests.factories import PASSWORD, sign_in
from tests.generators import Generator, turn_on
from tests.quick_hashes import quick_hashes  # noqa: F401  (a fixture)

pytestmark = pytest.mark.usefixtures("quick_hashes")


@pytest.fixture
def ivanov(app: Flask) -> str:
    """The login of a registered person."""
    with app.app_context():
        return make.login_of(make.make_applicant_user())


@pytest.fixture
def phone(browser: Browser, ivanov: str) -> Generator:
    """Ivanov is in and has set a generator up."""
    sign_in(browser, ivanov)
    return turn_on(browser)


def enter(browser: Browser, login: str, code: str) -> Page:
    page = sign_in(browser, login)
    assert page.path == "/login/code"
    return browser.send(page, "/login/code", code=code)


def require(app: Flask) -> None:
    with app.app_context():
        change_settings({"security.second_factor": True}, valid_from=today(), at=clock.now())


def told(app: Flask) -> list[str]:
    with app.app_context():
        query = select(OutboxRow.subject).where(OutboxRow.kind == "second-factor").order_by(OutboxRow.id)
        return list(db.session.scalars(query))


def test_password_and_code_open_the_cabinet(app: Flask, ivanov: str, phone: Generator) -> None:
    assert enter(Browser(app), ivanov, phone.code()).path == "/"


def test_the_right_password_alone_opens_nothing(app: Flask, ivanov: str, phone: Generator) -> None:
    half = Browser(app)
    assert sign_in(half, ivanov).path == "/login/code"
    for path in ("/", "/cases", "/profile"):
        assert half.open(path).path == "/login", path
    assert "Иванов" not in half.open("/login").html
    assert half.open("/login/code").status == 200


def test_a_wrong_password_is_refused_as_without_a_second_factor(
    app: Flask, ivanov: str, phone: Generator
) -> None:
    plain, guarded = Browser(app), Browser(app)
    assert sign_in(guarded, ivanov, "wrong").text.replace(ivanov, "") == sign_in(
        plain, "nobody@example.org", "wrong"
    ).text.replace("nobody@example.org", "")


def test_a_code_is_worth_nothing_a_second_time(app: Flask, ivanov: str, phone: Generator) -> None:
    code = phone.code()
    assert enter(Browser(app), ivanov, code).path == "/"
    again = enter(Browser(app), ivanov, code)
    assert again.status == 422
    assert "Код не подходит" in again.error_of("code")


def test_the_code_that_turned_it_on_is_used_up_too(app: Flask, ivanov: str, phone: Generator) -> None:
    assert enter(Browser(app), ivanov, phone.last()).status == 422


def test_two_windows_with_one_code_get_one_session(app: Flask, ivanov: str, phone: Generator) -> None:
    code, windows = phone.code(), [Browser(app) for _ in range(4)]
    pages = [sign_in(one, ivanov) for one in windows]
    pairs = list(zip(windows, pages, strict=True))
    answers = at_once(
        app, [lambda pair=pair: pair[0].send(pair[1], "/login/code", code=code).path for pair in pairs]
    )
    assert sorted(answers).count("/") == 1


def test_wrong_codes_are_counted(app: Flask, ivanov: str, phone: Generator) -> None:
    window = Browser(app)
    page = sign_in(window, ivanov)
    answers = [window.send(page, "/login/code", code=f"{n:06}").status for n in range(7)]
    assert answers == [422] * 5 + [429] * 2
    assert window.send(page, "/login/code", code=phone.code()).status == 429, "also the right one has to wait"


def test_between_password_and_code_ten_minutes_may_pass(app: Flask, ivanov: str, phone: Generator) -> None:
    window = Browser(app)
    page = sign_in(window, ivanov)
    with app.app_context(), transaction():
        half = db.session.scalars(select(UserSession).where(UserSession.level == HALF)).one()
        half.created_at -= timedelta(minutes=11)
    late = window.send(page, "/login/code", code=phone.code())
    assert late.path == "/login"
    assert "Войдите еще раз" in late.text


def test_the_cookie_of_the_half_way_is_worth_nothing_after_the_code(
    app: Flask, ivanov: str, phone: Generator
) -> None:
    window = Browser(app)
    page = sign_in(window, ivanov)
    copied = window.client.get_cookie("__Host-session", domain="lk.example.org")
    window.send(page, "/login/code", code=phone.code())
    thief = Browser(app)
    thief.client.set_cookie("__Host-session", copied.value, domain="lk.example.org", secure=True)
    assert thief.open("/cases").path == "/login"
    late = thief.send(thief.open("/login/code"), "/login/code", code=phone.code())
    assert late.path == "/login"


def test_a_recovery_code_opens_once_and_a_letter_tells(app: Flask, ivanov: str, phone: Generator) -> None:
    assert len(phone.recovery) == 10
    assert enter(Browser(app), ivanov, phone.recovery[3]).path == "/"
    assert enter(Browser(app), ivanov, phone.recovery[3]).status == 422
    inside = Browser(app)
    assert enter(inside, ivanov, phone.recovery[4].upper()).path == "/"
    with app.app_context(), transaction():
        db.session.scalars(select(SecondFactor)).one().recovery_at -= timedelta(minutes=11)
    page = inside.open("/profile/second-factor")
    assert "кодов: 8 из 10" in page.text
    assert phone.recovery[0] not in page.html, "shown for ten minutes, not for ever"
    assert sum("резервный код" in subject for subject in told(app)) == 2


def test_new_recovery_codes_end_the_old_ones(
    app: Flask, browser: Browser, ivanov: str, phone: Generator
) -> None:
    page = browser.send(browser.open("/profile/second-factor"), "/second-factor/codes", code=phone.code())
    fresh = [found.get_text() for found in page.soup.find("main").find_all("code")]
    assert len(fresh) == 10 and not set(fresh) & set(phone.recovery)
    assert enter(Browser(app), ivanov, phone.recovery[0]).status == 422
    assert enter(Browser(app), ivanov, fresh[0]).path == "/"


def test_it_is_turned_off_by_a_code_alone(
    app: Flask, browser: Browser, ivanov: str, phone: Generator
) -> None:
    token = browser.open("/profile/second-factor").soup.find(attrs={"name": "csrf_token"})["value"]
    wrong = browser.post("/profile/second-factor/remove", {"csrf_token": token, "code": "000000"})
    assert wrong.status == 422
    done = browser.post("/profile/second-factor/remove", {"csrf_token": token, "code": phone.code()})
    assert "Двухэтапный вход отключен" in done.text
    assert sign_in(Browser(app), ivanov).path == "/"
    assert "двухэтапный вход отключен" in told(app)[-1]


def test_turning_it_on_ends_every_other_session(app: Flask, browser: Browser, ivanov: str) -> None:
    other = Browser(app)
    sign_in(other, ivanov)
    sign_in(browser, ivanov)
    turn_on(browser)
    assert other.open("/profile").path == "/login"
    assert browser.open("/profile").status == 200


def test_a_wrong_first_code_turns_nothing_on(app: Flask, browser: Browser, ivanov: str) -> None:
    sign_in(browser, ivanov)
    page = browser.send(browser.open("/profile/second-factor"), "/profile/second-factor")
    secret = page.soup.find("main").find("b").get_text()
    refused = browser.send(page, "/confirm", code="12")
    assert refused.status == 422
    assert "Код не подходит" in refused.error_of("code")
    assert refused.soup.find("main").find("b").get_text() == secret, "the square stays"
    assert sign_in(Browser(app), ivanov).path == "/"


def test_what_was_typed_before_the_session_ended_comes_back_after_the_code(
    app: Flask, browser: Browser, ivanov: str, phone: Generator
) -> None:
    page = browser.open("/cases/new/message")
    with app.app_context(), transaction():
        db.session.query(UserSession).update({UserSession.ended_at: clock.now()})
    asked = browser.send(page, "/cases/new/message", text="Прошу перенести опору", topic="Иное")
    code_page = browser.send(asked, "/login", login=ivanov, password=PASSWORD)
    back = browser.send(code_page, "/login/code", code=phone.code())
    assert "введенное сохранено" in back.text
    assert "Прошу перенести опору" in back.html


@pytest.mark.parametrize("role", ["operator", "signatory", "administrator", "supplier"])
def test_who_sees_others_data_has_to_set_it_up_first(app: Flask, browser: Browser, role: str) -> None:
    with app.app_context():
        supplier = make.make_supplier() if role == "supplier" else None
        login = make.login_of(make.make_staff(role, supplier_id=supplier))
    require(app)
    page = sign_in(browser, login)
    assert page.path == "/profile/second-factor"
    assert "Для вашей роли нужен двухэтапный вход" in page.text
    for path in ("/", "/cases", "/people", "/admin", "/profile"):
        assert browser.open(path).path == "/profile/second-factor", path
    turn_on(browser)
    assert browser.open("/").path == "/"


def test_an_applicant_is_offered_it_and_not_made_to(app: Flask, browser: Browser, ivanov: str) -> None:
    require(app)
    assert sign_in(browser, ivanov).path == "/"
    assert "выключен" in browser.open("/profile").text


def test_an_administrator_is_warned_while_it_is_not_required(app: Flask, browser: Browser) -> None:
    with app.app_context():
        login = make.login_of(make.make_administrator())
    sign_in(browser, login)
    assert "Двухэтапный вход выключен" in browser.open("/admin").text
    require(app)
    turn_on(browser)
    assert "Двухэтапный вход выключен" not in browser.open("/admin").text


LOST = "Отключить двухэтапный вход"


def id_of(app: Flask, login: str) -> int:
    with app.app_context():
        return db.session.scalars(select(User.id).where(User.notify_email == login)).one()


def entered(app: Flask, role: str) -> Browser:
    """A colleague of that role, who is in."""
    window = Browser(app)
    with app.app_context():
        login = make.login_of(make.make_staff(role))
    assert sign_in(window, login).path == "/"
    return window


def test_the_office_takes_a_lost_second_factor_away(
    app: Flask, browser: Browser, ivanov: str, phone: Generator
) -> None:
    path = f"/people/{id_of(app, ivanov)}"
    clerk = entered(app, "operator")
    page = clerk.open(path)
    assert LOST in page.text
    done = clerk.send(page, f"{path}/remove-second-factor")
    assert "Двухэтапный вход отключен" in done.text
    assert LOST not in done.text
    assert browser.open("/profile").path == "/login", "the open sessions have ended"
    assert sign_in(browser, ivanov).path == "/"
    assert told(app)[-1] == "Личный кабинет: двухэтапный вход отключен"
    assert clerk.send(page, f"{path}/remove-second-factor").path == path, "the second press changes nothing"


def test_an_administrator_takes_a_lost_second_factor_of_a_colleague_away(app: Flask) -> None:
    with app.app_context():
        login = make.login_of(make.make_staff("operator"))
    clerk, chief = Browser(app), entered(app, "administrator")
    sign_in(clerk, login)
    turn_on(clerk)
    path = f"/admin/people/{id_of(app, login)}"
    done = chief.send(chief.open(path), f"{path}/remove-second-factor")
    assert "Двухэтапный вход отключен" in done.text
    assert sign_in(clerk, login).path == "/"


def test_a_colleague_of_the_office_cannot_open_the_account_of_another(app: Flask) -> None:
    """Who works here may also file applications of their own: that makes their second factor nobody else's."""
    with app.app_context():
        user_id = make.make_applicant_user()
        with transaction():
            db.session.add(UserRole(user_id=user_id, role="administrator"))
        login = make.login_of(user_id)
    both, clerk = Browser(app), entered(app, "operator")
    sign_in(both, login)
    turn_on(both)
    path = f"/people/{user_id}"
    page = clerk.send(clerk.open(path), f"{path}/remove-second-factor")
    assert page.status == 403
    assert "отключает администратор" in page.text
    assert both.open("/profile").path == "/profile"


def test_nobody_takes_their_own_away_without_a_code(app: Flask) -> None:
    chief = entered(app, "administrator")
    turn_on(chief)
    own = chief.open("/admin/people").link("Сергеев Петр Сергеевич")
    page = chief.open(own)
    assert LOST not in page.text
    token = page.soup.find(attrs={"name": "csrf_token"})["value"]
    assert chief.post(f"{own}/remove-second-factor", {"csrf_token": token}).status == 403


def test_the_operator_of_the_site_takes_a_second_factor_away(
    app: Flask, ivanov: str, phone: Generator
) -> None:
    words = ["accounts", "remove-second-factor", "--login", ivanov]
    done = app.test_cli_runner().invoke(args=words)
    assert (done.exit_code, done.output.strip()) == (
        0,
        "Двухэтапный вход отключен, открытые сеансы закончены.",
    )
    assert sign_in(Browser(app), ivanov).path == "/"
    again = app.test_cli_runner().invoke(args=words)
    assert again.exit_code == 1
    assert "не включен" in again.output


@pytest.mark.parametrize("code", ["", " ", "\u202e123456", "1" * 5000, "код"])
def test_what_is_no_code_gets_a_sentence(app: Flask, ivanov: str, phone: Generator, code: str) -> None:
    page = enter(Browser(app), ivanov, code)
    assert page.status == 422
    assert page.error_of("code")


def test_the_square_is_a_picture_for_the_time_of_the_setting_up(
    app: Flask, browser: Browser, ivanov: str
) -> None:
    sign_in(browser, ivanov)
    assert browser.open("/profile/second-factor/square").status == 404
    page = browser.send(browser.open("/profile/second-factor"), "/profile/second-factor")
    picture = page.soup.find("main").find("img")
    assert (picture["width"], picture["height"]) == ("220", "220")
    answer = browser.open(picture["src"])
    assert answer.response.mimetype == "image/svg+xml"
    assert "no-store" in answer.response.headers["Cache-Control"]
    phone = Generator(page.soup.find("main").find("b").get_text().replace(" ", ""))
    assert "Включен" in browser.send(page, "/confirm", code=phone.code()).text
    assert browser.open(picture["src"]).status == 404, "afterwards the secret is shown to nobody"
