"""Signing by certificate in the browser, in real Chromium.

A stand-in has the object model of the plug-in; its signatures are real ones of GOST, and the check is the real one.
The plug-in itself, tokens and CryptoPro's own signatures are not shown here.
"""

import base64
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect

from app import clock
from app.company.actions import change_settings
from app.company.queries import today
from app.extensions import db
from app.gateways.certificates import read_certificate, read_list
from app.signing.certificate_models import CertificateAttempt
from app.signing.certificate_rules import MOST_AT_ONCE
from app.signing.trust_models import RevocationList
from app.signing.trust_steps import believe
from app.transaction import transaction
from tests import pki
from tests.browser import BASE
from tests.case_world import applicant, operator, sent, signed_in
from tests.certificate_world import firm, soon
from tests.journeys.chromium import Window, axe, chromium, script_window
from tests.journeys.loopback import Loopback
from tests.signing_world import paper_to_sign, slot

SCRIPT = "/plugin/cadesplugin_api.js"
STAND_IN = Path(__file__).with_name("plugin_stand_in.js")
KEYS = {"gost256": "1.2.643.7.1.1.1.1", "gost512": "1.2.643.7.1.1.1.2", "rsa": "1.2.840.113549.1.1.1"}
HASHES = {101: "gost256", 102: "gost512"}
EXTENSION = "chrome-extension://iifchhfnnmpdbibifmljnfjhpififfog"


def setting(key: str, value: str) -> None:
    change_settings({key: value}, valid_from=today(), at=soon())
    db.session().info.clear()


def trusted_pki() -> None:
    """The office believes the authorities of `tests.pki`, and all their lists are there."""
    with transaction():
        for algorithm in ("gost256", "gost512"):
            believe(read_certificate(pki.certificate(f"root-{algorithm}")), "root", by=None, at=clock.now())
            sub = read_certificate(pki.certificate(f"sub-{algorithm}"))
            believe(sub, "intermediate", by=None, at=clock.now())
        issuers = [f"{level}-{algorithm}" for algorithm in pki.ALGORITHMS for level in ("root", "sub")]
        for name, der in zip(issuers, pki.lists(), strict=False):
            read = read_list(der)
            assert read.next_update is not None
            db.session.add(
                RevocationList(
                    issuer_sha256=read_certificate(pki.certificate(name)).sha256,
                    url=f"{pki.LISTS_AT}/{name}.crl",
                    sha256=read.sha256,
                    der=der,
                    this_update=read.this_update,
                    next_update=read.next_update,
                    fetched_at=clock.now(),
                )
            )


class World:
    """A firm with two papers for its signature."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context():
            office, own = operator(), applicant()
            self.case_id = sent(own)
            self.own = firm(own, ogrn=pki.ENERGY["OGRN"], inn=pki.ENERGY["INNLE"])
            titles = ("Договор", "Технические условия")
            self.slots = [paper_to_sign(self.case_id, office, ("applicant",), title=one)[0] for one in titles]
            trusted_pki()
            setting("signing.plugin_script", SCRIPT)

    @property
    def url(self) -> str:
        return f"/cases/{self.case_id}/sign/certificate?" + "&".join(f"slot={one}" for one in self.slots)

    def states(self) -> list[str]:
        with self.app.app_context():
            return [slot(one).state for one in self.slots]

    def attempts(self) -> list[tuple[str, str]]:
        with self.app.app_context():
            return [(one.road, one.state) for one in db.session.query(CertificateAttempt)]


class PlugIn:
    """What the stand-in has: certificates and their keys, and how the person answers its questions."""

    def __init__(self, *people: str) -> None:
        self.people = people
        self.state = "there"
        self.answers: list[bool] = []
        self.asked: list[str] = []
        self.signed = 0

    def asks(self, question: str) -> bool:
        self.asked.append(question)
        return self.answers.pop(0) if self.answers else True

    def certificates(self) -> list[dict[str, str]]:
        return [self._certificate(who) for who in self.people]

    def _certificate(self, who: str) -> dict[str, str]:
        holder = pki.pki().holders[who]
        read = holder.certificate
        names = {"CN": "", **(pki.IVANOV if who in _PERSONS else pki.ENERGY)}
        russian = {"INN": "ИНН", "OGRN": "ОГРН", "SNILS": "СНИЛС", "INNLE": "OID.1.2.643.100.4", "GN": "G"}
        told = [
            f'{russian.get(key, key)}="{value.replace(chr(34), chr(34) * 2)}"' for key, value in names.items()
        ]
        return {
            "who": who,
            "subject": ", ".join(told),
            "begin": read.not_before.isoformat(),
            "end": read.not_after.isoformat(),
            "oid": KEYS[holder.algorithm],
        }

    def signs(self, who: str, algorithm: int, digest: str, kind: int) -> str:
        assert (
            kind == 1 and HASHES[algorithm] == pki.pki().holders[who].algorithm and digest == digest.upper()
        )
        self.signed += 1
        return base64.encodebytes(pki.sign_hash(digest.lower(), who)).decode().replace("\n", "\r\n")


_PERSONS = ("individual", "individual-rsa", "expired", "revoked")


@pytest.fixture(scope="module")
def chrome(names: Loopback) -> Iterator[Chromium]:
    with chromium(*names.arguments) as browser:
        yield browser


@pytest.fixture
def site(names: Loopback, app: Flask) -> Iterator[World]:
    names.site.app, names.cdn.mode = app, "on"
    yield World(app)
    names.site.app = None


@contextmanager
def opened(
    chrome: Chromium, site: World, plug_in: PlugIn, folder: Path, width: int = 1280, url: str = ""
) -> Iterator[Window]:
    """The page in a window whose browser has the plug-in; a violated policy fails at the end."""
    client = signed_in(site.app, site.own)
    with script_window(chrome, BASE, "applicant", width, folder, client=client) as own:
        context = own.page.context
        context.expose_function("pluginState", lambda: plug_in.state)
        context.expose_function("pluginAsks", plug_in.asks)
        context.expose_function("pluginCertificates", plug_in.certificates)
        context.expose_function("pluginSigns", plug_in.signs)
        context.route(
            f"**{SCRIPT}", lambda route: route.fulfill(path=STAND_IN, content_type="text/javascript")
        )
        own.open(url or site.url)
        yield own


@pytest.mark.parametrize(("who", "width"), [("legal", 1280), ("legal-gost512", 390)])
def test_two_documents_are_signed_with_one_choice(
    chrome: Chromium, site: World, tmp_path: Path, who: str, width: int
) -> None:
    plug_in = PlugIn(who, "individual-rsa", "expired")
    with opened(chrome, site, plug_in, tmp_path, width) as own:
        expect(own.page.get_by_role("group", name="Выбрать сертификат для подписи")).to_be_visible()
        expect(own.page.get_by_role("radio")).to_have_count(2)  # RSA is not offered
        chosen = own.page.get_by_role("radio", name=re.compile("ООО «Энергия»"))
        expect(chosen).to_be_checked()
        own.sees("ИНН 7707083893 · ОГРН 1168702456933 · действует с 01.01.2020 по 01.01.2045")
        expired = own.page.get_by_role("radio", name=re.compile("срок действия кончился"))
        expect(expired).to_be_disabled()
        own.sees("Если появится вопрос плагина, ответьте «Да» в его окне")
        axe(own)
        own.picture("certificates")
        own.press("Подписать и отправить")
        own.sees("Договор: подписано.", "Технические условия: подписано.")
        own.picture("signed")
        axe(own)
    assert site.states() == ["signed", "signed"] and plug_in.asked == ["store", "sign", "sign"]
    assert site.attempts() == [("plugin", "accepted")] * 2


def test_a_revoked_certificate_is_refused_by_the_server(
    chrome: Chromium, site: World, tmp_path: Path
) -> None:
    with opened(chrome, site, PlugIn("revoked"), tmp_path) as own:
        own.press("Подписать и отправить")
        own.sees(
            "Подпись не принята", "Договор: Сертификат отозван", "Технические условия: Сертификат отозван"
        )
        expect(own.page.get_by_role("radio")).to_have_count(1)  # the page is whole again, with the plug-in
        axe(own)
    assert site.states() == ["pending", "pending"]


def test_no_is_survived_at_both_questions(chrome: Chromium, site: World, tmp_path: Path) -> None:
    plug_in = PlugIn("legal")
    plug_in.answers = [False, True, True, False]
    with opened(chrome, site, plug_in, tmp_path) as own:
        expect(own.page.locator("#plugin-says")).to_contain_text("вы ответили «Нет»")
        axe(own)
        own.press("Спросить еще раз")
        own.press("Подписать и отправить")
        expect(own.page.locator("#plugin-says")).to_contain_text("Ничего не подписано и не отправлено")
        assert site.states() == ["pending", "pending"]
        own.press("Подписать и отправить")
        own.sees("Технические условия: подписано.")
    assert site.states() == ["signed", "signed"]


@pytest.mark.parametrize("state", ["missing", "silent"])
def test_without_the_plug_in_a_window_of_links_and_check_again(
    chrome: Chromium, site: World, tmp_path: Path, state: str
) -> None:
    plug_in = PlugIn("legal")
    plug_in.state = state
    with opened(chrome, site, plug_in, tmp_path, 390) as own:
        card = own.card("Нужны программы для подписи")
        expect(card).to_be_visible(timeout=20_000)  # a silent plug-in is given eight seconds
        names = ["КриптоПро CSP", "КриптоПро ЭЦП Browser plug-in", "Расширение для браузера"]
        own.sees(*names, "Корневой сертификат Минцифры", "Проверка плагина", within=card)
        expect(own.page.get_by_role("button", name="Подписать и отправить")).to_be_hidden()
        axe(own)
        own.picture("missing")
        own.follow("Подписать без плагина")
        own.reads("Подписать файлом подписи")
        own.page.go_back()
        plug_in.state = "there"
        own.follow("Проверить снова")
        expect(own.page.get_by_role("radio")).to_have_count(1)
        own.sees("Технические условия")


def test_without_scripts_the_page_leads_to_the_road_by_file(site: World) -> None:
    client = signed_in(site.app, site.own)
    page = client.open(site.url)
    assert "В браузере выключен JavaScript" in str(page.soup.noscript)
    by_file = client.open(page.link("Подписать без плагина"))
    assert by_file.title.startswith("Подписать файлом подписи") and "Технические условия" in by_file.text


def test_the_policy_is_open_on_that_page_alone(site: World) -> None:
    client = signed_in(site.app, site.own)
    header = "Content-Security-Policy"
    assert f" {EXTENSION} " in client.open(site.url).response.headers[header]
    for path in (
        f"/cases/{site.case_id}",
        f"/cases/{site.case_id}/sign",
        f"/cases/{site.case_id}/sign/file",
        "/x",
    ):
        policy = client.open(path).response.headers[header]
        assert "chrome-extension" not in policy and "script-src 'self'" in policy
    with site.app.app_context():
        setting("signing.plugin_script", "https://files.example.org/cadesplugin_api.js")
    opened_to = client.open(site.url).response.headers[header]
    assert " https://files.example.org/cadesplugin_api.js;" in opened_to and "unsafe" not in opened_to


def test_where_no_plug_in_is_set_up_nothing_is_opened(site: World) -> None:
    with site.app.app_context():
        setting("signing.plugin_script", "")
    page = signed_in(site.app, site.own).open(site.url)
    assert "здесь не настроено" in page.text and "sign.js" not in page.html
    assert "chrome-extension" not in page.response.headers["Content-Security-Policy"]
    assert page.link("Приложить файл подписи").startswith(f"/cases/{site.case_id}/sign/file?slot=")


@pytest.mark.parametrize("junk", ["", "AAAA", "не base64", "A" * 5000])
def test_junk_instead_of_a_signature_is_refused_with_a_sentence(site: World, junk: str) -> None:
    client = signed_in(site.app, site.own)
    page = client.open(site.url)
    page = client.send(page, "/sign/certificate", **{f"signature-{site.slots[0]}": junk})
    assert (
        page.status == 422 and "Договор: " in page.text and "Технические условия: Этот документ" in page.text
    )
    assert site.states() == ["pending", "pending"]


def test_only_what_is_signed_at_once_is_hashed(site: World) -> None:
    with site.app.app_context():
        office = operator("Власова", email="vlasova@example.org")
        more = [paper_to_sign(site.case_id, office, ("applicant",), title=f"Лист {n}")[0] for n in range(9)]
    site.slots += more
    client = signed_in(site.app, site.own)
    page = client.open(site.url)
    assert len(page.soup.find_all("input", {"name": "slot"})) == len(site.slots) - 1 == MOST_AT_ONCE
    token = page.soup.find("input", {"name": "csrf_token"})["value"]  # type: ignore[index]
    page = client.post(site.url, {"csrf_token": str(token), "slot": [str(one) for one in site.slots]})
    assert page.status == 422 and len(page.soup.find_all("input", {"name": "slot"})) == MOST_AT_ONCE


def test_a_neighbour_finds_nothing(site: World) -> None:
    with site.app.app_context():
        neighbour = applicant("Соседов", snils="10289803962", email="sosed@example.org")
    assert signed_in(site.app, neighbour).open(site.url).status == 404
