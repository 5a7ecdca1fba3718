"""«Настройка»: a company makes the cabinet its own by `flask setup` and the pages alone."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock, create_app
from app.config import Config
from app.extensions import db
from app.notifications.actions import deliver
from app.notifications.models import OutboxRow
from tests import factories as make
from tests.browser import Browser
from tests.databases import SECRET_KEY, SqliteDatabases, close, config_for
from tests.factories import PASSWORD, sign_in
from tests.generators import turn_on
from tests.post_office import Sink
from tests.unchanged import unchanged
from tests.whole_site import World

ADMIN = "admin@seti.example.org"


@pytest.fixture
def sink() -> Iterator[Sink]:
    opened = Sink()
    yield opened
    opened.close()


@pytest.fixture
def fresh(sqlite: SqliteDatabases, tmp_path: Path, sink: Sink) -> Iterator[Flask]:
    """A site just set up by the command and started again, so that its mail server counts."""
    made = create_app(config_for(sqlite.empty(), tmp_path / "instance"))
    words = [
        "--name=АО «Северные сети»",
        "--zone=Asia/Omsk",
        "--phone=8 800 555-00-00",
        f"--mail-url={sink.url}",
        "--mail-from=lk@seti.example.org",
        f"--admin-email={ADMIN}",
        "--admin-last-name=Карпов",
        "--admin-first-name=Игорь",
    ]
    result = made.test_cli_runner().invoke(args=["setup", *words, "--password-stdin"], input=PASSWORD)
    assert result.exit_code == 0, result.output
    here = made.extensions["config"]
    close(made)
    environment = {
        "INSTANCE_PATH": str(here.instance_path),
        "DATABASE_URL": here.database_url,
        "SECRET_KEY": SECRET_KEY,
        "PUBLIC_URL": "https://lk.example.org",
    }
    restarted = create_app(Config.from_environment(environment))
    yield restarted
    close(restarted)


@pytest.fixture
def admin(fresh: Flask) -> Browser:
    browser = Browser(fresh)
    sign_in(browser, ADMIN)
    turn_on(browser)
    return browser


@pytest.fixture
def boss(world: World) -> Browser:
    """The administrator of the world with everything in it."""
    return world.browser("administrator")


def deliver_all(app: Flask) -> list[str]:
    with app.app_context():
        ids = db.session.scalars(select(OutboxRow.id).where(OutboxRow.state.in_(("new", "retry")))).all()
        return [deliver(one, at=clock.now(), owner="tests") for one in ids]


def test_a_fresh_installation_becomes_another_company_s_by_the_command_and_the_pages_alone(
    fresh: Flask, admin: Browser, sink: Sink
) -> None:
    home = admin.open("/")
    assert "Настройка" in home.soup.find("nav", attrs={"aria-label": "Разделы"}).get_text(" ")
    assert home.title.endswith("Личный кабинет АО «Северные сети»")
    assert "Документооборот" not in home.soup.find("header").get_text(" ")

    saved = admin.send(
        admin.open("/admin/company"), "/admin/company", **{"company.name": "АО «Полярные сети»"}
    )
    assert "Сохранено" in saved.text
    assert saved.title.endswith("Личный кабинет АО «Полярные сети»")
    assert "АО «Полярные сети»" in Browser(fresh).open("/login").text

    added = admin.send(admin.open("/admin/suppliers/new"), "/admin/suppliers/new", name="АО «Энергосбыт»")
    assert "АО «Энергосбыт»" in added.text
    supplier = admin.open(added.link("АО «Энергосбыт»"))
    new_clerk = admin.open(supplier.link("Добавить сотрудника"))
    first_password = new_clerk.value_of("password")
    clerk = {"last_name": "Сергеев", "first_name": "Петр", "email": "clerk@sbyt.example.org"}
    done = admin.send(new_clerk, "/people/new", **clerk)
    assert "Сергеев Петр" in done.text
    assert first_password not in done.html
    assert sign_in(Browser(fresh), "clerk@sbyt.example.org", first_password).path == "/profile/password"

    operator = admin.open("/admin/people/new")
    admin.send(
        operator,
        "/admin/people/new",
        last_name="Вершинина",
        first_name="Анна",
        email="office@seti.example.org",
        roles=["operator", "signatory"],
    )
    office, first = Browser(fresh), operator.value_of("password")
    asked = sign_in(office, "office@seti.example.org", first)
    own = {"password": PASSWORD, "password_again": PASSWORD}
    assert "Включите его" in office.send(asked, "/profile/password", old_password=first, **own).text
    turn_on(office)
    assert office.open("/cases").status == 200

    admin.send(admin.open("/admin/topics"), "/admin/topics", title="Электромобили", position="1")
    with fresh.app_context():
        person = make.make_applicant_user()
        login = make.login_of(person)
        case_id = make.make_draft(person)
    applicant = Browser(fresh)
    sign_in(applicant, login)
    supply = applicant.open(f"/cases/{case_id}/form/supplier")
    assert "АО «Энергосбыт»" in supply.text

    sent = admin.send(admin.open("/admin/mail"), "/admin/mail", address="ivanov@example.org")
    assert "Ждет отправки" in sent.text
    assert set(deliver_all(fresh)) == {"sent"}
    assert "Доставлено почтовому серверу" in admin.open("/admin/mail").text
    (letter,) = (one for one in sink.letters if one.recipients == ["ivanov@example.org"])
    assert "Личный кабинет АО «Полярные сети»" in letter.header("From")
    assert "lk@seti.example.org" in letter.header("From")


def test_a_new_topic_is_offered_to_whoever_writes_an_appeal(world: World, boss: Browser) -> None:
    boss.send(boss.open("/admin/topics"), "/admin/topics", title="Электромобили", position="1")
    page = world.browser("applicant").open("/cases/new/message")
    assert "Электромобили" in page.text
    topic = boss.open(boss.open("/admin/topics").link("Электромобили"))
    boss.send(topic, topic.path, active=None)
    assert "Не предлагается" in boss.open("/admin/topics").text
    assert "Электромобили" not in world.browser("applicant").open("/cases/new/message").text


def test_an_own_kind_of_documents_can_be_posted_by_the_office(world: World, boss: Browser) -> None:
    page = boss.send(boss.open("/admin/documents"), "/admin/documents", title="Акт осмотра")
    assert "Акт осмотра" in page.text and "Письмо" in page.text
    case_id = world.cases["checking"]
    assert "Акт осмотра" in world.browser("operator").open(f"/cases/{case_id}/documents").html


def test_the_mail_server_s_refusal_stands_on_the_page_in_words(
    fresh: Flask, admin: Browser, sink: Sink
) -> None:
    sink.mode = "550"
    admin.send(admin.open("/admin/mail"), "/admin/mail", address="nobody@example.org")
    assert set(deliver_all(fresh)) == {"dead"}
    page = admin.open("/admin/mail")
    assert "Не доставлено" in page.text
    assert "Почтовый сервер не принял письмо (код 550)." in page.text


@pytest.mark.parametrize("who", ["anonymous", "applicant", "operator", "supplier"])
def test_nobody_else_reaches_any_page_of_the_set_up(still_world: World, who: str) -> None:
    browser = still_world.browser(who)
    asked = 0
    for rule in still_world.app.url_map.iter_rules():
        if not rule.endpoint.startswith("administration."):
            continue
        path = re.sub(r"<any\((\w+)[^>]*>", r"\1", rule.rule).replace("<id:year>", "2027")
        for name in ("supplier_id", "topic_id", "kind_id", "user_id", "version", "certificate_id"):
            path = path.replace(f"<id:{name}>", "1")
        if "GET" in (rule.methods or ()):
            status = browser.client.get(path, base_url="https://lk.example.org").status_code
            assert status == (303 if who == "anonymous" else 403), path
            asked += 1
    assert asked > 15
    home = browser.open("/")
    assert "/admin" not in [link.get("href") for link in home.soup.find_all("a")]


def test_an_administrator_alone_sees_no_case(world: World, boss: Browser) -> None:
    assert boss.open("/cases").status == 403
    assert boss.open(f"/cases/{world.cases['checking']}").status in (403, 404)


def test_a_wrong_value_stands_at_its_field_and_nothing_typed_is_lost(world: World, boss: Browser) -> None:
    with unchanged(world.app):
        page = boss.send(
            boss.open("/admin/company"),
            "/admin/company",
            **{"company.inn": "123", "company.phone": "звоните", "company.hours": "по будням"},
        )
    assert page.status == 422
    assert "у вас 3" in page.error_of("company.inn")
    assert "один номер цифрами" in page.error_of("company.phone")
    assert page.value_of("company.hours") == "по будням"
    assert page.title.startswith("Ошибка: ")


@pytest.mark.parametrize("path", ["/admin/company", "/admin/rules", "/admin/labels"])
def test_who_has_changed_nothing_is_told_so(world: World, boss: Browser, path: str) -> None:
    boss.send(boss.open(path), path)
    again = boss.send(boss.open(path), path)
    assert again.status == 200
    assert "Вы ничего не изменили" in again.text and "Сохранено. Новые" not in again.text


def test_two_administrators_who_save_the_same_page_are_told_of_each_other(
    world: World, boss: Browser
) -> None:
    early = boss.open("/admin/company")
    boss.send(boss.open("/admin/company"), "/admin/company", **{"company.hours": "круглосуточно"})
    late = boss.send(early, "/admin/company", **{"company.hours": "по будням"})
    assert late.status == 409
    assert "Сейчас сохранено" in late.text and "круглосуточно" in late.text
    assert late.value_of("company.hours") == "по будням"
    saved = boss.send(late, "/admin/company")
    assert (saved.status, saved.value_of("company.hours")) == (200, "по будням")
    assert "История изменений" in saved.text


def test_two_administrators_who_change_one_supplier_are_told_of_each_other(
    world: World, boss: Browser
) -> None:
    path = f"/admin/suppliers/{world.people['supplier'].actor.supplier_id}"
    early = boss.open(path)
    boss.send(boss.open(path), path, email="new@example.org")
    late = boss.send(early, path, email="other@example.org")
    assert late.status == 409
    assert "new@example.org" in late.text
    assert late.value_of("email") == "other@example.org"
    assert boss.send(late, path).value_of("email") == "other@example.org"


def test_a_text_is_looked_at_before_it_is_published_and_the_old_version_stays(
    world: World, boss: Browser
) -> None:
    page = boss.open("/admin/texts/consent")
    with unchanged(world.app):
        shown = boss.send(page, "/consent", button="Посмотреть", body="**Жирный** новый текст")
    assert shown.status == 200
    assert shown.soup.find("strong").get_text() == "Жирный"
    boss.send(shown, "/consent", button="Опубликовать новую версию")
    assert "Жирный новый текст" in Browser(world.app).open("/legal/consent").text
    old = boss.open(boss.open("/admin/texts/consent").link("Версия 1"))
    assert "Жирный новый текст" not in old.text
    late = boss.send(page, "/consent", button="Опубликовать новую версию", body="Опоздавший текст")
    assert late.status == 409
    assert "Жирный новый текст" in late.text
    assert late.value_of("body") == "Опоздавший текст"


def test_a_stage_in_the_office_s_own_words_is_so_called_on_its_page(world: World, boss: Browser) -> None:
    page = boss.open("/admin/labels")
    boss.send(page, "/admin/labels", **{"label.stage.checking": "Смотрим документы"})
    assert "Смотрим документы" in world.browser("applicant").open(f"/cases/{world.cases['checking']}").text


def test_a_blocked_clerk_is_out_with_the_next_click(world: World, boss: Browser) -> None:
    clerk = world.people["supplier"]
    assert world.browser("supplier").open("/").path == "/"
    page = boss.send(boss.open(f"/admin/people/{clerk.id}"), button="Заблокировать")
    assert "Вход заблокирован" in page.text
    assert world.browser("supplier").open("/").path == "/login"
    assert "Вход снова открыт" in boss.send(page, button="Разблокировать").text


def test_one_s_own_page_has_no_buttons_and_says_why(world: World, boss: Browser) -> None:
    page = boss.open(f"/admin/people/{world.people['administrator'].id}")
    assert "Свои роли, вход и пароль меняет другой администратор." in page.text
    assert page.soup.find("main").find("form") is None


def test_a_first_password_is_suggested_anew_and_never_printed_back(world: World, boss: Browser) -> None:
    page = boss.open("/admin/people/new")
    refused = boss.send(page, "/admin/people/new", password="qwerty123", roles=["operator"])
    assert refused.status == 422
    assert "слишком известен" in refused.error_of("password")
    assert "qwerty123" not in refused.html
    assert refused.value_of("password") not in ("", page.value_of("password"))


def test_a_new_first_password_lets_the_person_in(world: World, boss: Browser) -> None:
    with world.app.app_context():
        user_id = make.make_operator()
        login = make.login_of(user_id)
    page = boss.open(f"/admin/people/{user_id}")
    given = page.value_of("password")
    boss.send(page, "/password")
    assert sign_in(Browser(world.app), login, given).path == "/profile/password"
    assert sign_in(Browser(world.app), login).status == 422


def test_roles_overtaken_by_somebody_else_show_what_is_there_now(world: World, boss: Browser) -> None:
    user_id = world.people["operator"].id
    early = boss.open(f"/admin/people/{user_id}")
    boss.send(boss.open(f"/admin/people/{user_id}"), "/roles", roles=["signatory"])
    late = boss.send(early, "/roles", roles=["operator", "administrator"])
    assert late.status == 409
    assert "Сейчас сохранено Роли подписант" in late.text
    done = boss.send(late, "/roles")
    assert "Роли изменены" in done.text
    assert "администратор, оператор" in done.text
