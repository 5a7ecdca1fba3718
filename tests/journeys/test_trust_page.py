"""The administrator's page of trust: certificates by their published hash, lists, what is wrong in plain words."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.extensions import db
from app.gateways.certificates import read_certificate
from app.gateways.cms import Checker
from app.gateways.openssl import NO_ENGINE
from app.signing.trust_models import RevocationSource, TrustedCertificate
from app.signing.trust_queries import trust
from tests.authority_world import Authority, sha256, somebody
from tests.browser import Browser, Page, file
from tests.case_world import signed_in

TRUST = "/admin/trust"
ROOT_LIST = "http://crl.example.org/root.crl"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("pki") / "root", "Минцифры <России>")


@pytest.fixture(scope="module")
def sub(root: Authority) -> Authority:
    return Authority(root.folder.parent / "sub", "УЦ Энергия", root, ROOT_LIST, days=30)


@pytest.fixture
def admin(app: Flask) -> Iterator[Browser]:
    with app.app_context():
        person = somebody("administrator")
    yield signed_in(app, person)


def show(admin: Browser, content: bytes, kind: str) -> Page:
    """Choose a file on the page and look at what is in it."""
    sent = file(content, "ca.cer")
    return admin.send(admin.open(TRUST), button="Посмотреть сертификат", certificate=sent, kind=kind)


def believe(admin: Browser, authority: Authority, kind: str) -> Page:
    page = show(admin, authority.pem.encode(), kind)
    return admin.send(page, button="Доверять этому сертификату", published=sha256(authority.pem))


def test_an_administrator_compares_the_hash_and_believes_a_root(
    app: Flask, admin: Browser, root: Authority, sub: Authority
) -> None:
    empty = admin.open(TRUST)
    assert empty.status == 200 and "подписи сертификатом не принимаются" in empty.text
    for content in (root.pem.encode(), read_certificate(root.pem).der):
        page = show(admin, content, "root")
        assert page.status == 200 and page.soup.h1 is not None
        assert page.soup.h1.get_text(strip=True) == "Минцифры <России>"
        grouped = sha256(root.pem).upper()
        assert " ".join(grouped[place : place + 4] for place in range(0, 64, 4)) in page.text
    with app.app_context():
        assert db.session.scalars(select(TrustedCertificate)).all() == []
    wrong = admin.send(page, button="Доверять этому сертификату", published=sha256(sub.pem))
    assert wrong.status == 422 and "не от выбранного сертификата" in wrong.error_of("published")
    assert wrong.value_of("published") == sha256(sub.pem)
    done = admin.send(wrong, button="Доверять этому сертификату", published=sha256(root.pem))
    assert done.status == 200 and "добавлен в доверенные" in done.text
    with app.app_context():
        assert db.session.scalars(select(TrustedCertificate.sha256)).all() == [sha256(root.pem)]


def test_a_double_press_adds_once(app: Flask, admin: Browser, root: Authority) -> None:
    page = show(admin, root.pem.encode(), "root")
    for _ in range(2):
        done = admin.send(page, button="Доверять этому сертификату", published=sha256(root.pem))
    assert done.path == TRUST or done.status == 422
    with app.app_context():
        assert len(db.session.scalars(select(TrustedCertificate)).all()) == 1


@pytest.mark.parametrize(
    ("content", "kind", "field", "says"),
    [
        (b"", "root", "certificate", "Выберите файл"),
        (b"\x30\x80\x00\x00", "root", "certificate", "нет сертификата"),
        (b"\xff" * 70_000, "root", "certificate", "нет сертификата"),
        (b"x", "", "kind", "корневой"),
        (b"x", "owner", "kind", "корневой"),
    ],
)
def test_what_is_no_certificate_is_told_at_its_field(
    admin: Browser, content: bytes, kind: str, field: str, says: str
) -> None:
    page = admin.open(TRUST)
    sent = file(content, "ca.cer") if content else None
    answer = admin.send(page, button="Посмотреть сертификат", certificate=sent, kind=kind)
    assert answer.status == 422 and says in answer.error_of(field)


def test_the_page_tells_of_sources_and_fetches_on_demand(
    app: Flask, admin: Browser, root: Authority, sub: Authority
) -> None:
    believe(admin, root, "root")
    page = believe(admin, sub, "intermediate")
    assert "Скоро истечет" in page.text and "Скоро истечет 1 сертификат" in page.text
    assert ROOT_LIST in page.text and "Списка еще нет" in page.text
    with app.app_context():
        source = db.session.scalars(select(RevocationSource)).one()
        source.last_error, source.tries = "Сервер crl.example.org не найден (DNS).", 3
        db.session.commit()
    told = admin.open(TRUST).text
    assert "не найден (DNS). Попыток подряд: 3." in told
    asked = admin.send(admin.open(TRUST), action="/fetch")
    assert asked.status == 200 and "Список скачивается" in asked.text
    sent = file(root.revocation_list(), "root.crl")
    done = admin.send(asked, button="Загрузить список", list=sent)
    assert "принят" in done.text and "Свежий до" in done.text and "Загружены вручную" in done.text
    assert "Действует до" in done.text
    again = admin.send(done, button="Загрузить список", list=file(b"%PDF", "root.crl"))
    assert again.status == 422 and "нет списка отзыва" in again.error_of("list")
    nothing = admin.send(done, button="Загрузить список")
    assert nothing.status == 422 and "Выберите файл" in nothing.error_of("list")


def test_what_is_taken_out_is_confirmed_first_and_stays_to_be_seen(
    app: Flask, admin: Browser, root: Authority
) -> None:
    page = believe(admin, root, "root")
    asked = admin.open(page.link("Не доверять"))
    assert (
        "Принятые подписи останутся" in asked.text and "Это единственный действующий корневой" in asked.text
    )
    with app.app_context():
        assert trust(clock.now()).roots
    gone = admin.send(asked, action="/remove")
    assert "убран из доверенных" in gone.text and "Больше не доверяем: 1" in gone.text
    assert admin.send(asked, action="/remove", action_key="another-page").status == 409
    assert admin.open(asked.path).path == TRUST
    with app.app_context():
        assert trust(clock.now()).roots == ()


def test_without_the_engine_the_page_and_the_doctor_say_so_and_the_site_lives(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        person = somebody("administrator")
    admin = signed_in(app, person)
    monkeypatch.setattr(Checker, "self_test", lambda _checker: NO_ENGINE)
    assert NO_ENGINE in admin.open(TRUST).text
    answer = app.test_cli_runner().invoke(args=["doctor"])
    assert answer.exit_code == 1 and f"ОШИБКА: {NO_ENGINE}" in answer.output
    assert admin.open("/healthz").status == 200


def test_the_doctor_names_what_is_missing(app: Flask) -> None:
    answer = app.test_cli_runner().invoke(args=["doctor"])
    assert answer.exit_code == 0, answer.output
    assert "корневых сертификатов нет" in answer.output and "работают" in answer.output


@pytest.mark.parametrize("role", ["operator", "signatory"])
def test_nobody_else_sees_the_page(app: Flask, role: str) -> None:
    with app.app_context():
        person = somebody(role)
    browser = signed_in(app, person)
    assert browser.open(TRUST).status == 403
    for path in ("", "/lists", "/certificates/1/remove", "/sources/1/fetch"):
        assert browser.post(TRUST + path, {}).status in (400, 403)
