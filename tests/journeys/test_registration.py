"""Registration by the real pages: three legal forms, every wrong field told at once, straight into the cabinet."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import create_app
from app.accounts.models import Applicant, Consent, LoginId, User, UserApplicant, UserRole
from app.company import queries as company
from app.extensions import db
from tests import factories as make
from tests.browser import BASE, Browser, Page
from tests.databases import SqliteDatabases, close, config_for
from tests.unchanged import unchanged
from tests.valid_numbers import inn10, inn12, ogrn, ogrnip, snils

COMMON = {
    "email": "Ivanov@example.org",
    "last_name": "Иванов",
    "first_name": "Петр",
    "middle_name": "Григорьевич",
    "phone": "8 (950) 400-00-01",
    "password": make.PASSWORD,
    "password_again": make.PASSWORD,
    "consent": "y",
    "agreement": "y",
}
FORMS = {
    "individual": COMMON | {"snils": "918-663-420-37", "personal_account": "123 456 7890"},
    "sole_trader": COMMON | {"inn": "5001 0073 2259", "ogrnip": "304500116000157", "capacity": "head"},
    "legal_entity": COMMON
    | {
        "title": "ООО «Энергия»",
        "inn": "4174873890",
        "ogrn": "1168702456933",
        "kpp": "419901495",
        "capacity": "head",
    },
}
OWN = {"own_last_name": "Сергеев", "own_first_name": "Петр", "own_middle_name": "Сергеевич"}
PAPER = {"authority_number": "7", "authority_date": "01.07.2026", "authority_until": ""}


def send(browser: Browser, form: str = "individual", **changes: object) -> Page:
    page = browser.open(f"/register?form={form}")
    return browser.send(page, "/register", **(FORMS[form] | changes))


def only_user() -> User:
    return db.session.scalars(select(User)).one()


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_the_way_from_the_sign_in_page_to_the_cabinet(app: Flask, browser: Browser) -> None:
    page = browser.open(browser.open("/login").link("Зарегистрируйтесь!"))
    assert "Добро пожаловать в личный кабинет ООО «Калиновские Электрические Сети»" in page.text
    assert "Личный кабинет дает возможность организовать электронный документооборот" in page.text
    page = browser.open(f"{page.path}?form=individual")
    page = browser.send(page, "/register", **FORMS["individual"])
    assert (page.status, page.path) == (200, "/")
    assert "Учетная запись создана" in page.text
    assert "[Иванов П. Г.]" in page.html.replace("\n", " ").replace("        ", "")


def test_the_choice_of_the_legal_form_comes_first(browser: Browser) -> None:
    page = browser.open("/register")
    form = page.form("/register")
    assert [radio["value"] for radio in form.find_all("input", type="radio")] == [
        "individual",
        "sole_trader",
        "legal_entity",
    ]
    assert form.get("method") == "get"
    assert not form.find("input", checked=True)


@pytest.mark.parametrize("address", ["/register?form=", "/register?form=minister"])
def test_a_missing_choice_is_asked_for(browser: Browser, address: str) -> None:
    assert "Выберите правовую форму." in browser.open(address).text


def test_a_form_without_its_legal_form_is_not_taken(app: Flask, browser: Browser) -> None:
    page = browser.open("/register?form=individual")
    with unchanged(app):
        answer = browser.send(page, "/register", **FORMS["individual"], form="minister")
    assert answer.status == 422
    assert "Выберите правовую форму." in answer.text


@pytest.mark.parametrize("form", FORMS)
def test_each_legal_form_registers_with_its_own_fields(app: Flask, browser: Browser, form: str) -> None:
    assert send(browser, form).path == "/"
    with app.app_context():
        user, applicant = only_user(), db.session.scalars(select(Applicant)).one()
        assert (user.name, user.phone, user.notify_email) == (
            "Иванов Петр Григорьевич",
            "+79504000001",
            "Ivanov@example.org",
        )
        assert applicant.legal_form == form
        numbers = {
            "individual": ("91866342037", "", "", "", "1234567890"),
            "sole_trader": ("", "500100732259", "304500116000157", "", ""),
            "legal_entity": ("", "4174873890", "1168702456933", "419901495", ""),
        }
        assert (
            applicant.snils,
            applicant.inn,
            applicant.ogrn,
            applicant.kpp,
            applicant.personal_account,
        ) == numbers[form]


@pytest.mark.parametrize("form", ["sole_trader", "legal_entity"])
def test_a_representative_tells_the_own_name_and_the_power_of_attorney(
    app: Flask, browser: Browser, form: str
) -> None:
    with app.app_context():
        until = company.today() + timedelta(days=90)
    changes = OWN | PAPER | {"authority_until": f"{until:%d.%m.%Y}", "capacity": "representative"}
    assert send(browser, form, **changes).path == "/"
    with app.app_context():
        link = db.session.scalars(select(UserApplicant)).one()
        assert only_user().name == "Сергеев Петр Сергеевич"
        assert link.applicant.last_name == "Иванов"
        assert (link.capacity, link.valid_until) == ("representative", until)
        assert db.session.scalars(select(LoginId.kind)).all() == ["email"]


def test_what_a_head_typed_among_the_fields_of_a_representative_does_not_matter(
    app: Flask, browser: Browser
) -> None:
    assert send(browser, "legal_entity", own_last_name="???", authority_date="вчера").path == "/"


def test_a_representative_has_to_fill_the_fields_of_a_representative(app: Flask, browser: Browser) -> None:
    with unchanged(app):
        page = send(browser, "legal_entity", capacity="representative")
    assert page.status == 422
    for name in ("own_last_name", "own_first_name", "own_middle_name", "authority_number", "authority_date"):
        assert page.error_of(name), name
    assert not page.error_of("authority_until")
    assert page.soup.find("details").has_attr("open")


@pytest.mark.parametrize("form", FORMS)
def test_every_wrong_field_is_told_at_once_at_the_field_and_in_the_summary(
    app: Flask, browser: Browser, form: str
) -> None:
    page = browser.open(f"/register?form={form}")
    with unchanged(app):
        page = browser.send(page, "/register")
    assert page.status == 422
    assert page.title.startswith("Ошибка: ")
    required = set(FORMS[form]) - {"personal_account", "password_again"}
    assert {name for name in FORMS[form] if page.error_of(name)} == required
    summary = page.soup.find(id="errors")
    assert summary.has_attr("autofocus")
    assert {link["href"] for link in summary.find_all("a")} == {f"#f-{name}" for name in required}
    for link in summary.find_all("a"):
        assert page.soup.find(id=link["href"][1:]), link
        assert link.get_text() in page.error_of(link["href"][3:])


def test_consents_are_two_separate_empty_boxes_with_links_to_their_texts(browser: Browser) -> None:
    page = browser.open("/register?form=individual")
    for name, code in (("consent", "consent"), ("agreement", "agreement")):
        box = page.soup.find("input", id=f"f-{name}")
        assert box["type"] == "checkbox"
        assert not box.has_attr("checked")
        assert page.soup.find("label", attrs={"for": f"f-{name}"}).a["href"] == f"/legal/{code}"


@pytest.mark.parametrize("missing", ["consent", "agreement"])
def test_one_consent_does_not_stand_for_the_other(app: Flask, browser: Browser, missing: str) -> None:
    with unchanged(app):
        page = send(browser, **{missing: None})
    assert page.status == 422
    assert page.error_of(missing)


@pytest.mark.parametrize("version", ["", "0", "2", "1e5", "١", "9" * 40, "'"])
def test_a_text_of_another_version_than_shown_is_not_accepted(
    app: Flask, browser: Browser, version: str
) -> None:
    with unchanged(app):
        page = send(browser, consent_version=version)
    assert page.status == 422
    assert "новая версия" in page.error_of("consent")
    assert not page.value_of("consent")
    assert page.value_of("consent_version") == "1"


NAMES_1000 = "Я" * 10_000
MANY_LETTERS = "а" * 40_000

#: (legal form, field, what was typed, part of the sentence at the field)
WRONG = [
    ("individual", "snils", "１１２-233-445 95", "обычными цифрами"),
    ("individual", "snils", "112-233-445 96", "контрольное число"),
    ("individual", "snils", "000-000-000 00", "одних нулей"),
    ("individual", "snils", "1122\n33445\n95", "только цифры"),
    ("individual", "snils", "1122334459", "у вас 10"),
    ("individual", "snils", "١١٢٢٣٣٤٤٥٩٥", "обычными цифрами"),
    ("sole_trader", "inn", "500100732258", "контрольная цифра"),
    ("sole_trader", "inn", "50010073225", "у вас 11"),
    ("sole_trader", "inn", "000000000000", "одних нулей"),
    ("sole_trader", "inn", "5OO100732259", "цифру 0"),
    ("sole_trader", "inn", "4174873890", "такой ИНН у организации"),
    ("legal_entity", "inn", "7743013902", "контрольная цифра"),
    ("legal_entity", "inn", "500100732259", "такой ИНН у человека"),
    ("legal_entity", "inn", "0000000000", "одних нулей"),
    ("legal_entity", "ogrn", "5087746147777", "контрольная цифра"),
    ("legal_entity", "ogrn", "304500116000157", "«Индивидуальный предприниматель»"),
    ("sole_trader", "ogrnip", "1168702456933", "«Юридическое лицо»"),
    ("sole_trader", "ogrnip", "304500116000158", "контрольная цифра"),
    ("legal_entity", "kpp", "41990149", "у вас 8"),
    ("legal_entity", "kpp", "4199аб495", "латинские"),
    ("legal_entity", "title", "   ", "заполните"),
    ("legal_entity", "title", "<script>alert(1)</script>", "уберите"),
    ("individual", "last_name", "", "заполните"),
    ("individual", "last_name", " ", "заполните"),
    ("individual", "last_name", "​", "заполните"),
    ("individual", "last_name", NAMES_1000, "не больше 100"),
    ("individual", "last_name", "<script>alert(1)</script>", "уберите"),
    ("individual", "first_name", "{{7*7}}", "уберите"),
    ("individual", "first_name", "${7*7}", "уберите"),
    ("individual", "first_name", "%s%n", "уберите"),
    ("individual", "first_name", "Петр\x00", "управляющий"),
    ("individual", "first_name", "и" + "̆" * 40, "слишком много знаков"),
    ("individual", "phone", "+380501234567", "+7 9"),
    ("individual", "phone", "+19001234567", "+7 9"),
    ("individual", "phone", "112", "цифры 9"),
    ("individual", "phone", "+7 800 000-00-00", "цифры 9"),
    ("individual", "phone", "9" * 25, "у вас 25"),
    ("individual", "phone", "tel:+79504000001", "только цифры"),
    ("individual", "phone", MANY_LETTERS, "слишком длинное"),
    ("individual", "email", "a@b.ru, c@d.ru", "один адрес"),
    ("individual", "email", "a@b.ru\nBcc: x@y.ru", ""),
    ("individual", "email", '"a b"@c.ru', ""),
    ("individual", "email", "a@[127.0.0.1]", "после знака @"),
    ("individual", "email", "a@localhost", "после знака @"),
    ("individual", "email", "a" * 300 + "@example.org", "не больше 254"),
    ("individual", "email", "иван@пример.рф", "латиницей"),
    ("individual", "email", MANY_LETTERS, "не больше 254"),
    ("individual", "personal_account", "12", "от 6 до 20"),
    ("individual", "password", "короткий"[:7], "не короче 8"),
    ("individual", "password", "qwerty123", "слишком известен"),
    ("individual", "password", "91866342037", "повторяет ваши данные"),
    ("individual", "password", "п" * 129, "не длиннее 128"),
    ("sole_trader", "capacity", "minister", "Выберите"),
    ("legal_entity", "capacity", None, "Выберите"),
]


@pytest.fixture(scope="module")
def untouched(sqlite: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One application for all refusals of the table: each proves that it changed nothing."""
    made = create_app(config_for(sqlite.fresh(), tmp_path_factory.mktemp("instance")))
    yield made
    close(made)


@pytest.mark.parametrize(("form", "field", "typed", "sentence"), WRONG)
def test_a_wrong_value_is_told_at_its_field_and_changes_nothing(
    untouched: Flask, form: str, field: str, typed: str | None, sentence: str
) -> None:
    with unchanged(untouched):
        page = send(Browser(untouched), form, **{field: typed})
    assert page.status == 422
    assert page.error_of(field)
    assert sentence in page.error_of(field)
    if field == "password":
        assert typed not in page.html, "a password is never printed back"
    elif typed and field != "capacity":
        assert page.value_of(field).strip("\x00") == typed.strip("\x00")
    other = "email" if field != "email" else "phone"
    assert page.value_of(other) == FORMS[form][other], "what was right stays typed"


#: (field, what was typed, what is stored)
RIGHT: list[tuple[str, str, Callable[[User, Applicant], str], str]] = [
    ("snils", "112.233.445 95", lambda user, found: found.snils, "11223344595"),
    ("snils", "112 233 445 95", lambda user, found: found.snils, "11223344595"),
    ("snils", "11223344595\n", lambda user, found: found.snils, "11223344595"),
    ("last_name", "Я", lambda user, found: user.last_name, "Я"),
    ("last_name", "О'Коннор", lambda user, found: user.last_name, "О'Коннор"),
    ("first_name", "Анна-Мария", lambda user, found: user.first_name, "Анна-Мария"),
    ("first_name", "Ибн Сина оглы", lambda user, found: user.first_name, "Ибн Сина оглы"),
    ("first_name", "Сергей", lambda user, found: user.first_name, "Сергей"),
    ("phone", "+7 950 400-00-01", lambda user, found: user.phone, "+79504000001"),
    ("phone", "89504000001", lambda user, found: user.phone, "+79504000001"),
    ("phone", "79504000001", lambda user, found: user.phone, "+79504000001"),
    ("email", "ivan@пример.рф", lambda user, found: user.notify_email, "ivan@xn--e1afmkfd.xn--p1ai"),
    ("personal_account", "", lambda user, found: found.personal_account, ""),
]


@pytest.mark.parametrize(("field", "typed", "stored", "value"), RIGHT)
def test_a_value_is_taken_as_people_write_it(
    app: Flask, browser: Browser, field: str, typed: str, stored: Callable, value: str
) -> None:
    assert send(browser, **{field: typed}).path == "/"
    with app.app_context():
        assert stored(only_user(), db.session.scalars(select(Applicant)).one()) == value


def test_whoever_has_no_patronymic_says_so(app: Flask, browser: Browser) -> None:
    page = send(browser, middle_name="")
    assert (page.status, "«Нет отчества»" in page.error_of("middle_name")) == (422, True)
    page = send(browser, no_middle_name="y")
    assert (page.status, "уберите отметку" in page.error_of("middle_name").lower()) == (422, True)
    assert send(browser, middle_name="", no_middle_name="y").path == "/"
    with app.app_context():
        assert only_user().name == "Иванов Петр"


def test_letters_of_two_alphabets_are_warned_about_and_taken(app: Flask, browser: Browser) -> None:
    page = send(browser, last_name="Ивaнов")
    assert page.path == "/"
    assert "«Ивaнов» есть и русские, и латинские буквы" in page.text


def test_two_different_passwords_are_told_at_the_second(app: Flask, browser: Browser) -> None:
    with unchanged(app):
        page = send(browser, password_again=make.PASSWORD + "!")
    assert page.status == 422
    assert "не совпадают" in page.error_of("password_again")
    assert not page.error_of("password")
    assert make.PASSWORD not in page.html


@pytest.mark.parametrize(
    "password",
    ["пароль с пробелами ", "  спереди и сзади  ", "🔌⚡💡🏠🔋🪫🧯🪜", "пароль из слов " * 8 + "12345678"],
)
def test_a_password_counts_as_typed(app: Flask, browser: Browser, password: str) -> None:
    assert send(browser, password=password, password_again=password).path == "/"
    other = Browser(app)
    assert make.sign_in(other, "ivanov@example.org", password.strip() + "?").status == 422
    assert make.sign_in(other, "ivanov@example.org", password).path == "/"


def test_a_taken_account_is_told_with_the_ways_in(app: Flask, browser: Browser) -> None:
    send(browser)
    second = Browser(app)
    with unchanged(app, but=["attempts"]):
        page = send(second, email="other@example.org", last_name="Петров")
    assert page.status == 422
    assert "Такая учетная запись уже есть" in page.error_of("snils")
    assert page.soup.find("main").find("a", href="/login")
    assert page.value_of("last_name") == "Петров"
    page = second.send(
        page, "/register", password=make.PASSWORD, password_again=make.PASSWORD, by_email_only="y"
    )
    assert page.path == "/"


def test_a_taken_e_mail_offers_no_way_round(app: Flask, browser: Browser) -> None:
    send(browser)
    page = send(Browser(app), email="IVANOV@example.org", snils=snils(123456789))
    assert page.status == 422
    assert page.error_of("email")
    assert not page.soup.find(id="f-by_email_only")


def test_asking_for_accounts_one_after_the_other_has_to_wait_and_loses_nothing(
    app: Flask, browser: Browser
) -> None:
    send(browser)
    stranger = Browser(app)
    for _ in range(5):
        assert send(stranger).status == 422
    page = send(stranger)
    assert page.status == 429 and 30 <= int(page.response.headers["Retry-After"]) <= 60
    assert "Подождите 1 минуту" in page.text
    assert page.value_of("snils") == "918-663-420-37"


def test_a_button_pressed_twice_makes_one_account_and_signs_in(app: Flask) -> None:
    browser = Browser(app)
    page = browser.open("/register?form=individual")
    before = browser.client.get_cookie("__Host-session", domain="lk.example.org").value
    assert browser.send(page, "/register", **FORMS["individual"]).path == "/"
    browser.client.set_cookie("__Host-session", before, domain="lk.example.org", secure=True)
    again = browser.send(page, "/register", **FORMS["individual"])
    assert (again.status, again.path) == (200, "/")
    with app.app_context():
        assert (count(User), count(Applicant)) == (1, 1)


def test_the_accepted_texts_are_kept_with_version_hash_and_place(app: Flask, browser: Browser) -> None:
    send(browser)
    with app.app_context():
        rows = db.session.scalars(select(Consent)).all()
        texts = {company.current_text(code).sha256 for code in ("consent", "agreement")}
        assert {row.text_sha256 for row in rows} == texts
        assert all(row.address == "127.0.0.1" and "Werkzeug" in row.agent for row in rows)


@pytest.mark.parametrize("code", ["consent", "agreement"])
def test_a_text_stands_on_its_page_with_version_and_date(app: Flask, browser: Browser, code: str) -> None:
    page = browser.open(f"/legal/{code}")
    with app.app_context():
        text = company.current_text(code)
    assert re.search(r"Версия 1 от \d\d\.\d\d\.\d{4}", page.text)
    assert text.sha256 in page.text
    last = re.sub(r"[*\s]+", " ", text.body.splitlines()[-1]).strip()
    assert last in page.text


@pytest.mark.parametrize("path", ["/legal/", "/legal/other", "/legal/%00", "/legal/consent%00"])
def test_there_are_no_other_texts(browser: Browser, path: str) -> None:
    assert browser.open(path).status == 404


@pytest.mark.parametrize(
    "extra",
    [
        {"role": "administrator", "roles": "operator"},
        {"user_id": "1", "id": "1", "state": "active", "version": "999"},
        {"confirmed_at": "2026-01-01", "supplier_id": "1"},
    ],
)
def test_fields_that_no_page_has_change_nothing(app: Flask, browser: Browser, extra: dict[str, str]) -> None:
    assert send(browser, **extra).path == "/"
    with app.app_context():
        assert only_user().confirmed_at is None
        assert db.session.scalars(select(UserRole.role)).all() == ["applicant"]


RAW = [
    b"last_name=%ff%fe",
    b"last_name=%",
    b"last_name=\xff\xfe",
    b"last_name=%00",
    b"%00=%00&form=%00",
    b"=&=&&&",
    b"last_name=" + b"%F0%9F" * 10,
]


@pytest.mark.parametrize("body", RAW)
def test_a_body_that_is_no_text_is_refused_and_never_an_error_of_ours(
    app: Flask, browser: Browser, body: bytes
) -> None:
    token = browser.open("/register?form=individual").value_of("csrf_token")
    with unchanged(app):
        page = browser.post(
            "/register",
            body + b"&form=individual&csrf_token=" + token.encode(),
            content_type="application/x-www-form-urlencoded",
        )
    assert page.status in (400, 422)


def test_a_form_without_its_token_is_given_back_for_another_try(app: Flask, browser: Browser) -> None:
    with unchanged(app):
        page = browser.post("/register", FORMS["individual"] | {"form": "individual"})
    assert page.status == 422
    assert page.value_of("snils") == "918-663-420-37"
    assert make.PASSWORD not in page.html
    answer = browser.send(page, button="Отправить еще раз")
    assert (answer.status, answer.value_of("last_name")) == (422, "Иванов")
    assert answer.error_of("password")


def test_a_body_over_the_limit_is_refused(app: Flask, browser: Browser) -> None:
    browser.open("/register?form=individual")
    with unchanged(app):
        page = browser.post("/register", {"form": "individual", "last_name": "а" * 300_000})
    assert page.status == 413


def test_numbers_of_the_tests_are_right(app: Flask, browser: Browser) -> None:
    assert send(browser, snils=snils(987654)).path == "/"
    page = send(Browser(app), "sole_trader", email="b@example.org", inn=inn12(7), ogrnip=ogrnip(7))
    assert page.path == "/"
    page = send(Browser(app), "legal_entity", email="c@example.org", inn=inn10(7), ogrn=ogrn(7))
    assert page.path == "/"


def test_who_is_signed_in_does_not_register(browser: Browser) -> None:
    send(browser)
    answer = browser.client.get("/register?form=individual", base_url=BASE)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
