"""«Проверка подписи» in a real browser: the file stays there, its hash alone goes to the site."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect

from tests.browser import BASE
from tests.evidence_world import Signed, signed_case, stored
from tests.journeys.chromium import chromium, script_window
from tests.journeys.loopback import Loopback


@pytest.fixture(scope="module")
def chrome(names: Loopback) -> Iterator[Chromium]:
    with chromium(*names.arguments) as browser:
        yield browser


@pytest.fixture
def world(names: Loopback, app: Flask) -> Iterator[Signed]:
    with app.app_context():
        made = signed_case()
    names.site.app = app
    yield made
    names.site.app = None


def test_the_browser_computes_the_hash_and_sends_no_file(
    chrome: Chromium, app: Flask, world: Signed, tmp_path: Path
) -> None:
    with app.app_context():
        content = stored(world.by_code)
    signed, posts = tmp_path / "signed.pdf", []
    signed.write_bytes(content)
    with script_window(chrome, BASE, "anybody", 390, tmp_path) as own:
        own.page.on("request", lambda asked: posts.append(asked.method) if asked.method == "POST" else None)
        own.open("/check")
        own.page.get_by_label("Подписанный файл").set_input_files(str(signed))
        own.page.get_by_role("button", name="Проверить файл").click()
        expect(own.page.get_by_text(world.code.number)).to_be_visible()
        signed.write_bytes(content + b" ")
        own.page.get_by_label("Подписанный файл").set_input_files(str(signed))
        own.page.get_by_role("button", name="Проверить файл").click()
        expect(own.page.get_by_text("Такой файл здесь не подписывали")).to_be_visible()
    assert posts == []
