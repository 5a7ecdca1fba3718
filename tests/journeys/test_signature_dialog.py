"""A signature is marked in a dialog over the case's page, and the applicant's open page shows it without a reload."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect

from tests.case_world import PDF
from tests.journeys.chromium import axe, chromium
from tests.journeys.loopback import Loopback
from tests.journeys.test_act_dialogs import at_work, dialog, open_case
from tests.signing_world import paper_to_sign, today_words
from tests.whole_site import World


@pytest.fixture(scope="module")
def chrome(names: Loopback) -> Iterator[Chromium]:
    with chromium(*names.arguments) as browser:
        yield browser


@pytest.mark.parametrize("width", [390, 1280])
def test_a_signature_is_marked_without_leaving_the_page(
    chrome: Chromium, live_world: World, tmp_path: Path, width: int
) -> None:
    case_id = live_world.cases["preparing_contract"]
    with live_world.app.app_context():
        first, second = paper_to_sign(case_id, live_world.people["operator"], ("company", "applicant"))
        today = today_words()
    with (
        at_work(chrome, live_world, tmp_path, width=width) as clerk,
        at_work(chrome, live_world, tmp_path, "applicant", width) as own,
    ):
        open_case(own, case_id)
        open_case(clerk, case_id)
        clerk.page.locator(f"#mark-{first}").click()
        form = dialog(clerk)
        expect(form).to_be_visible()
        form.get_by_role("button", name="Отметить подпись").click()
        expect(form.locator("#errors")).to_contain_text("Выберите скан подписанного документа.")
        axe(clerk)
        scan = {"name": "скан.pdf", "mimeType": "application/pdf", "buffer": PDF}
        form.locator('input[type="file"]').set_input_files([scan])  # type: ignore[list-item]
        form.get_by_label("Дата подписи").fill(today)
        form.get_by_label("Кто подписал", exact=True).fill("Сидоров А. П.")
        form.get_by_role("button", name="Отметить подпись").click()
        expect(form).to_be_hidden()
        told = f"добавлен: {today} на бумаге, Сидоров А. П."
        expect(clerk.page.locator("#documents")).to_contain_text(told)
        expect(clerk.page.locator(f"#mark-{second}")).to_be_visible()
        expect(clerk.page.locator(f"#mark-{first}")).to_have_count(0)
        assert clerk.page.evaluate("window.same")
        own.page.evaluate(
            "document.querySelectorAll('[hx-trigger=poll]').forEach(e => htmx.trigger(e, 'poll'))"
        )
        expect(own.page.locator("#documents")).to_contain_text(told)
        expect(own.page.locator("#documents")).to_contain_text("ждем вашу подпись")
        assert own.page.evaluate("window.same")
        axe(own)


@pytest.mark.parametrize("width", [390, 1280])
def test_a_supplier_places_an_account_and_reads_it_on_the_page(
    chrome: Chromium, live_world: World, tmp_path: Path, width: int
) -> None:
    with at_work(chrome, live_world, tmp_path, "supplier", width) as clerk:
        open_case(clerk, live_world.cases["preparing_offer"])
        axe(clerk)
        clerk.page.locator("#act-contracts-supply-page").click()
        expect(clerk.page.locator("#supply")).to_be_visible()
        axe(clerk)
        clerk.page.get_by_label("Наименование и платежные реквизиты").fill("АО «Энергосбыт»\nБИК 045773603")
        clerk.page.get_by_label("Лицевой счет").fill("5900 1")
        clerk.page.get_by_role("button", name="Разместить", exact=True).click()
        expect(clerk.page.locator("#errors")).to_contain_text("без пробелов")
        axe(clerk)
        clerk.page.get_by_label("Лицевой счет").fill("5900-1")
        clerk.page.get_by_role("button", name="Разместить", exact=True).click()
        expect(clerk.page.locator("#supply-contract")).to_contain_text("5900-1")
        axe(clerk)
