"""Signing by a file of a signature in real Chromium: download, sign, a wrong file, the right one; axe at each step."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import FilePayload, expect

from tests.actions.test_authorities import head
from tests.browser import BASE
from tests.journeys.chromium import Window, axe, chromium, script_window
from tests.journeys.loopback import Loopback
from tests.journeys.test_certificate_pages import World

FIELD = "Файл подписи: Договор"


@pytest.fixture(scope="module")
def chrome(names: Loopback) -> Iterator[Chromium]:
    with chromium(*names.arguments) as browser:
        yield browser


@pytest.fixture
def site(names: Loopback, app: Flask) -> Iterator[World]:
    names.site.app, names.cdn.mode = app, "on"
    yield World(app)
    names.site.app = None


def signature(content: bytes) -> FilePayload:
    """What a program of the person's makes of a document."""
    return {
        "name": "Договор.pdf.sig",
        "mimeType": "application/octet-stream",
        "buffer": head().sign(content),
    }


def downloaded(own: Window) -> bytes:
    with own.page.expect_download() as waiting:
        own.follow("Скачать документ", exact=False)
    return Path(waiting.value.path()).read_bytes()


@pytest.mark.parametrize("width", [390, 1280])
def test_a_document_is_downloaded_signed_elsewhere_and_its_signature_sent(
    chrome: Chromium, site: World, tmp_path: Path, width: int
) -> None:
    client = site.browser(site.own)
    with script_window(chrome, BASE, "applicant", width, tmp_path, client=client) as own:
        own.open(f"/cases/{site.case_id}")
        own.follow("Подписать!")
        found = own.page.locator("#dialog")
        expect(found).to_be_visible()
        axe(own)
        own.picture("sign")
        found.get_by_role("checkbox", name="Технические условия").uncheck()
        found.get_by_role("button", name="Приложить файл подписи").click()
        own.reads("Подписать файлом подписи")
        axe(own)
        content = downloaded(own)
        assert content == site.content[0]

        own.press("Отправить подпись")
        own.sees("Выберите файл подписи этого документа.")
        own.page.get_by_label(FIELD).set_input_files([signature(b"another document")])
        own.press("Отправить подпись")
        own.sees("Подпись не принята", "Договор: Подпись сделана для другого файла: скачайте документ здесь")
        axe(own)
        own.picture("refused")
        assert site.states() == ["pending", "pending"]

        own.page.get_by_label(FIELD).set_input_files([signature(content)])
        own.press("Отправить подпись")
        own.sees("Подписано: 1 документ.", "сертификатом, Сергеев Павел Сергеевич")
        axe(own)
        own.picture("signed")
    assert site.states() == ["signed", "pending"]
