"""«Проверка подписи» and the page of an unpacked folder in a real browser: the files stay there."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect

from tests.browser import BASE, Browser
from tests.case_world import signed_in
from tests.evidence_world import Signed, signed_case, stored, taken, unpacked
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


@pytest.fixture
def own(app: Flask, world: Signed) -> Browser:
    return signed_in(app, world.own)


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


@pytest.mark.parametrize("what", ["whole", "changed", "missing", "added"])
def test_the_page_of_the_folder_finds_what_is_not_as_it_was_without_a_network(
    world: Signed, own: Browser, chrome: Chromium, tmp_path: Path, what: str
) -> None:
    folder = unpacked(taken(own, f"/cases/{world.case_id}/folder.zip"), tmp_path / "case-1")
    document = sorted((folder / "documents").iterdir())[0]
    if what == "changed":
        document.write_bytes(document.read_bytes() + b" ")
    elif what == "missing":
        document.unlink()
    elif what == "added":
        (folder / "documents" / "99-more.pdf").write_bytes(b"%PDF-1.7")
    asked: list[str] = []
    page = chrome.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"file://{folder}/index.html")
    page.get_by_label("Распакованная папка").set_input_files(str(folder))
    result = page.locator("#result")
    words = {
        "whole": "Все файлы на месте и не изменены",
        "changed": f"Изменен: documents/{document.name}",
        "missing": f"Нет файла: documents/{document.name}",
        "added": "Лишний файл, в папке дела его не было: case-1/documents/99-more.pdf",
    }
    expect(result).to_contain_text(words[what])
    assert all(url.startswith("file://") for url in asked)
    page.close()
