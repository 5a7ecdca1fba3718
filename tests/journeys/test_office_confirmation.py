"""The office at work: finding a person, confirming the account, moving a login; and who may not."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts import queries
from app.accounts.models import OfficeConfirmation, User, UserRole
from app.accounts.registration import Acting, Authority
from app.cli.accounts import accounts_cli
from app.company import queries as company
from app.extensions import db
from app.journal.models import JournalEntry
from app.notifications.models import OutboxRow
from app.transaction import transaction
from tests import factories as make
from tests.browser import BASE, Browser, Page
from tests.quick_hashes import quick_hashes  # noqa: F401  (a fixture)
from tests.unchanged import unchanged

pytestmark = pytest.mark.usefixtures("quick_hashes")

SHOWN = {"kind": "passport", "note": "паспорт, выдан 20.11.2010", "remark": "пришел\nсам"}

#: What a confirmation writes when no login moves.
UNTOUCHED_BY_LOGINS = (
    "office_confirmations",
    "users",
    "action_keys",
    "journal_entries",
    "journal_details",
    "journal_heads",
)


@pytest.fixture
def ivanov(app: Flask) -> int:
    with app.app_context():
        return make.make_applicant_user(
            email="ivanov@example.org", applicant=make.new_applicant(snils="91866342037")
        )


def signed_in(app: Flask, maker: Callable[[], int]) -> Browser:
    browser = Browser(app)
    with app.app_context():
        login = make.login_of(maker())
    assert make.sign_in(browser, login).status == 200
    return browser


@pytest.fixture
def office(app: Flask) -> Browser:
    return signed_in(app, make.make_operator)


def search(browser: Browser, words: str) -> Page:
    return browser.send(browser.open("/people"), "/people/search", q=words)


def test_the_office_finds_a_person_and_confirms_the_account(app: Flask, office: Browser, ivanov: int) -> None:
    page = office.open("/profile")
    page = office.open(page.link("Заявители"))
    assert "Ждут подтверждения" in page.text
    page = office.send(page, "/people/search", q="918-663-420 37")
    assert "Найдено: 1" in page.text
    page = office.open(page.link("Иванов Петр Григорьевич"))
    assert "неподтвержденная учетная запись" in page.text
    page = office.send(page, "/confirm", **SHOWN)
    assert page.path == f"/people/{ivanov}"
    for words in ("Учетная запись подтверждена.", "Сергеев П. С.: паспорт", "паспорт, выдан 20.11.2010"):
        assert words in page.text
    person = Browser(app)
    make.sign_in(person, "ivanov@example.org")
    page = person.open("/profile")
    assert "Подтверждена" in page.text
    assert "Сергеев П. С.: паспорт" in page.text
    assert "еподтвержденная учетная запись" not in page.text
    assert "выдан 20.11.2010" not in page.text, "what the office wrote down stays in the office"


def test_what_is_searched_for_never_stands_in_an_address(app: Flask, office: Browser, ivanov: int) -> None:
    page = search(office, "иванов")
    assert (page.status, page.path, page.value_of("q")) == (200, "/people/search", "иванов")
    assert page.form("/people/search")["method"] == "post"
    assert office.client.get("/people/search", base_url=BASE).status_code == 405
    for link in page.soup.find_all("a"):
        assert "%" not in link["href"]
    assert "Найдено" not in office.open("/people?q=91866342037").text


@pytest.mark.parametrize("words", ["", "  ", "12", "a\x00b", "я" * 500])
def test_a_question_that_is_none_is_told_at_its_field(app: Flask, office: Browser, words: str) -> None:
    with unchanged(app):
        page = search(office, words)
    assert page.status == 422
    assert page.error_of("q")
    assert page.value_of("q").strip("\x00") == words.strip("\x00")


@pytest.mark.parametrize("words", ["%", "_", "' OR '1'='1", "<script>alert(1)</script>", "Петрова", "\\"])
def test_whom_nobody_knows_is_not_found(app: Flask, office: Browser, ivanov: int, words: str) -> None:
    page = search(office, words)
    assert (page.status, "Никто не найден" in page.text) == (200, True)
    assert "<script>" not in page.html


def test_a_power_of_attorney_is_shown_for_comparison(app: Flask, office: Browser) -> None:
    with app.app_context():
        today = company.today()
        acting = Acting("representative", Authority("77 АБ 1234567", today, today))
        user_id = make.make_applicant_user("legal_entity", acting=acting)
    page = office.open(f"/people/{user_id}")
    assert "Представитель по доверенности № 77 АБ 1234567 от" in page.text
    assert f"действует до {today:%d.%m.%Y}" in page.text


def test_letters_of_two_alphabets_are_marked_for_the_office(app: Flask, office: Browser) -> None:
    with app.app_context():
        name = make.PersonName("Ивaнов", "Петр", "Григорьевич")
        user_id = make.make_applicant_user(applicant=make.new_applicant(name=name))
    assert "«Ивaнов» есть и русские, и латинские буквы" in office.open(f"/people/{user_id}").text


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("kind", None, "Выберите"),
        ("kind", "library card", "Выберите"),
        ("note", "", "Реквизиты документа"),
        ("note", "   ", "Реквизиты документа"),
        ("note", "а" * 301, "не больше 300"),
        ("note", "a\x00b", "управляющий"),
        ("remark", "а" * 1001, "не больше 1000"),
    ],
)
def test_a_wrong_field_is_told_and_nothing_is_confirmed(
    app: Flask, office: Browser, ivanov: int, field: str, typed: str | None, sentence: str
) -> None:
    page = office.open(f"/people/{ivanov}")
    with unchanged(app):
        page = office.send(page, "/confirm", **(SHOWN | {field: typed}))
    assert page.status == 422
    assert sentence in page.error_of(field)
    other = "note" if field != "note" else "remark"
    assert page.value_of(other).strip() == SHOWN[other]


def test_the_office_puts_in_a_new_phone_and_the_person_is_told(
    app: Flask, office: Browser, ivanov: int
) -> None:
    page = office.send(office.open(f"/people/{ivanov}"), "/confirm", **SHOWN, phone="8 950 400-00-77")
    assert "+7 950 400-00-77" in page.text
    with app.app_context():
        assert db.session.get_one(User, ivanov).phone == "+79504000077"
        (letter,) = db.session.scalars(select(OutboxRow).where(OutboxRow.kind == "phone-changed"))
        assert letter.address == "ivanov@example.org" and "+7 950 •••-••-77" in letter.body
        (entry,) = db.session.scalars(select(JournalEntry).where(JournalEntry.kind == "phone_changed"))
        assert "9504000077" not in str(entry.body)
    again = office.send(office.open(f"/people/{ivanov}"), "/confirm", **SHOWN, phone="+7 950 400 00 77")
    assert again.status == 200
    wrong = office.send(office.open(f"/people/{ivanov}"), "/confirm", **SHOWN, phone="8 343 400-00-77")
    assert wrong.status == 422 and "начинается с цифры 9" in wrong.error_of("phone")
    assert wrong.value_of("phone") == "8 343 400-00-77"
    with app.app_context():
        assert db.session.query(OutboxRow).filter_by(kind="phone-changed").count() == 1


def test_the_button_pressed_twice_confirms_once(app: Flask, office: Browser, ivanov: int) -> None:
    page = office.open(f"/people/{ivanov}")
    for _ in range(2):
        answer = office.send(page, "/confirm", follow=False, **SHOWN)
        assert (answer.status, answer.response.headers["Location"]) == (303, f"/people/{ivanov}")
    with app.app_context():
        assert len(db.session.scalars(select(OfficeConfirmation)).all()) == 1


def test_a_login_of_a_squatter_goes_to_its_owner_by_an_explicit_tick(app: Flask, office: Browser) -> None:
    with app.app_context():
        numbers = make.new_applicant()
        squatter = make.make_applicant_user(applicant=numbers)
        owner = make.make_applicant_user(applicant=numbers, by_email_only=True)
        number = numbers.snils
        login = make.login_of(owner)
    page = office.open(f"/people/{owner}")
    assert "входит другая, неподтвержденная учетная запись" in page.text
    box = page.soup.find("input", attrs={"name": "moved"})
    assert not box.has_attr("checked")
    page = office.send(page, "/confirm", **SHOWN, moved=box["value"])
    assert page.status == 200
    assert make.sign_in(Browser(app), number).path == "/"
    with app.app_context():
        assert [one.kind for one in queries.login_ids_of(squatter)] == ["email"]
        assert queries.holder("snils", number).notify_email == login


@pytest.mark.parametrize("moved", ["1", "999"])
def test_a_login_that_nobody_disputes_is_not_moved(
    app: Flask, office: Browser, ivanov: int, moved: str
) -> None:
    page = office.open(f"/people/{ivanov}")
    with unchanged(app):
        assert office.send(page, "/confirm", **SHOWN, moved=moved).status == 409


@pytest.mark.parametrize("moved", ["x", "", "9" * 30, "-1", "\x00"])
def test_a_tick_that_no_page_has_moves_nothing(app: Flask, office: Browser, ivanov: int, moved: str) -> None:
    page = office.open(f"/people/{ivanov}")
    with unchanged(app, but=UNTOUCHED_BY_LOGINS):
        assert office.send(page, "/confirm", follow=False, **SHOWN, moved=moved).status == 303


def test_nobody_confirms_themselves(app: Flask, office: Browser) -> None:
    with app.app_context():
        user_id = db.session.scalars(select(User.id)).one()
        with transaction():
            db.session.add(UserRole(user_id=user_id, role="applicant"))
    page = office.open(f"/people/{user_id}")
    assert "Свою учетную запись подтверждает другой сотрудник" in page.text
    assert not page.soup.find("form", action=f"/people/{user_id}/confirm")
    token = page.value_of("csrf_token")
    with unchanged(app):
        assert office.post(f"/people/{user_id}/confirm", SHOWN | {"csrf_token": token}).status == 403


@pytest.mark.parametrize(
    "maker", [make.make_administrator, make.make_supplier_user, make.make_applicant_user]
)
def test_nobody_else_reaches_the_pages_of_the_office(app: Flask, ivanov: int, maker: Callable) -> None:
    browser = signed_in(app, maker)
    token = browser.open("/profile").value_of("csrf_token")
    with unchanged(app):
        assert browser.open("/people").status == 403
        assert browser.open(f"/people/{ivanov}").status == 403
        assert browser.open("/people/999999").status == 403
        assert browser.post("/people/search", {"q": "иванов", "csrf_token": token}).status == 403
        assert browser.post(f"/people/{ivanov}/confirm", SHOWN | {"csrf_token": token}).status == 403
    assert "Заявители" not in [
        item.get_text(strip=True) for item in browser.open("/profile").soup.select("nav a")
    ]


def test_a_stranger_signs_in_first(app: Flask, ivanov: int) -> None:
    browser = Browser(app)
    with unchanged(app):
        for path in ("/people", f"/people/{ivanov}"):
            assert browser.client.get(path, base_url=BASE).status_code == 303
        assert browser.post(f"/people/{ivanov}/confirm", SHOWN).status == 401


@pytest.mark.parametrize(
    "address", ["/people/0", "/people/007", "/people/1.0", "/people/x", "/people/" + "9" * 4000, "/people/١"]
)
def test_an_address_that_is_none_is_no_page(office: Browser, address: str) -> None:
    assert office.open(address).status == 404


def test_staff_and_people_who_do_not_exist_are_one_answer(app: Flask, office: Browser) -> None:
    with app.app_context():
        staff = make.make_administrator()
    first, second = office.open(f"/people/{staff}"), office.open("/people/999999")
    assert first.status == second.status == 404
    assert first.text == second.text


def run(app: Flask, *words: str, password: str = "светлый дом у реки") -> tuple[int, str]:
    result = app.test_cli_runner().invoke(accounts_cli, [*words, "--password-stdin"], input=f"{password}\n")
    return result.exit_code, result.output


STAFF = ("add-staff", "--email", "op@example.org", "--last-name", "Сергеев", "--first-name", "Петр")


def test_the_operator_of_the_site_makes_accounts_of_staff(app: Flask) -> None:
    code, told = run(app, *STAFF, "--role", "operator", "--role", "signatory")
    assert code == 0, told
    browser = Browser(app)
    assert make.sign_in(browser, "op@example.org", "светлый дом у реки").path == "/"
    assert browser.open("/people").status == 200


@pytest.mark.parametrize(
    ("words", "password", "sentence"),
    [
        (("--role", "operator"), "12345678", "слишком известен"),
        (("--role", "operator"), "короче", "не короче 8"),
        (("--role", "operator"), "op@example.org", "повторяет ваши данные"),
        (("--role", "supplier"), "светлый дом у реки", "нужен номер поставщика"),
        (("--role", "supplier", "--supplier", "999"), "светлый дом у реки", "поставщика с таким номером нет"),
        (("--role", "operator", "--phone", "112"), "светлый дом у реки", "цифры 9"),
        (("--role", "operator", "--middle-name", "123"), "светлый дом у реки", "Отчество"),
        (("--role", "operator", "--email", "op@"), "светлый дом у реки", "Введите адрес"),
        (("--role", "king"), "светлый дом у реки", "king"),
        ((), "светлый дом у реки", "--role"),
    ],
)
def test_a_wrong_account_of_staff_is_one_clear_line(
    app: Flask, words: tuple[str, ...], password: str, sentence: str
) -> None:
    with unchanged(app):
        code, told = run(app, *STAFF, *words, password=password)
    assert code != 0
    assert sentence in told
    assert "Traceback" not in told


def test_a_forgotten_password_is_set_anew(app: Flask, ivanov: int) -> None:
    browser = Browser(app)
    make.sign_in(browser, "ivanov@example.org")
    code, told = run(app, "set-password", "--login", "918-663-420 37")
    assert code == 0, told
    assert browser.client.get("/profile", base_url=BASE).status_code == 303, "open sessions have ended"
    assert make.sign_in(browser, "ivanov@example.org").status == 422
    assert make.sign_in(browser, "ivanov@example.org", "светлый дом у реки").path == "/"


def test_a_password_for_nobody_is_refused(app: Flask) -> None:
    with unchanged(app):
        code, told = run(app, "set-password", "--login", "nobody@example.org")
    assert code != 0
    assert "нет" in told
