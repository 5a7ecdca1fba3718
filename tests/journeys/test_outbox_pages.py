"""Letters as people and the office see them: links that exist, the demo's outbox, the ledger, another try by hand."""

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask

from app import create_app, gateways
from app.gateways.email import Letter, RecordingPost, Undeliverable
from app.gateways.sms import Sms
from app.notifications import actions, queries
from app.notifications.kinds import KINDS
from app.notifications.steps import Recipient, notify
from app.transaction import transaction
from tests.browser import Browser
from tests.case_world import applicant, draft
from tests.databases import Databases, close, config_for
from tests.letters import CASE, EXTRA

AT = datetime(2026, 8, 6, 1, 28, tzinfo=UTC)


@pytest.fixture
def demo(databases: Databases, tmp_path: Path) -> Iterator[Flask]:
    made = create_app(config_for(databases.fresh(), tmp_path / "instance", demo=True))
    yield made
    close(made)


def write(
    kind: str = "number-given",
    address: str = "ivanov@example.org",
    *,
    case_id: int | None = None,
    **changes: object,
) -> int:
    context = {**CASE, **EXTRA[kind], **changes}
    with transaction():
        people, key = [Recipient(None, address)], f"{kind}-{case_id}"
        return notify(kind, to=people, context=context, key=key, at=AT, case_id=case_id)[0].id


@pytest.mark.parametrize("kind", KINDS)
def test_every_link_of_a_letter_leads_to_a_page_of_this_site(context: Flask, kind: str) -> None:
    body = gateways.current().texts.email(kind, {**CASE, **EXTRA[kind]})
    public_url = context.extensions["config"].public_url
    router = context.url_map.bind(urlsplit(public_url).netloc, url_scheme="https")
    links = re.findall(r"\w+://\S+", body)
    assert links
    for link in links:
        assert link.startswith(public_url + "/")
        endpoint, _values = router.match(urlsplit(link).path, method="GET")  # raises for no such page
        # A letter about an account leads to a page of its own, all others to the case.
        assert endpoint != "cases.page" if "path" in EXTRA[kind] else endpoint == "cases.page"


def test_the_demo_shows_its_letters_to_everybody(demo: Flask) -> None:
    browser = Browser(demo)
    assert "Писем и СМС пока нет" in browser.open("/demo/outbox").text
    with demo.app_context():
        actions.deliver(write(), at=AT, owner="worker:1")
        actions.deliver(
            write("message-added", "energy@example.org"), at=AT + timedelta(hours=1), owner="worker:1"
        )
    page = browser.open("/demo/outbox")
    assert page.status == 200
    assert page.text.index("energy@example.org") < page.text.index("ivanov@example.org")  # the newest first
    assert "06.08.2026, 06:28" in page.text  # in the company's zone
    letter = browser.open(page.link("Присвоен № 299"))
    assert "Личный кабинет ООО «Калиновские Электрические Сети»" in letter.text
    assert "Регистрационный номер: 299" in letter.text
    assert letter.link("https://lk.example.org/cases/31") == "https://lk.example.org/cases/31"


def test_the_demo_makes_no_links_of_what_people_wrote_and_runs_none_of_it(demo: Flask) -> None:
    hostile = "https://lk.example.org@evil.example/\nhttps://evil.example/\n<script>alert(1)</script>"
    with demo.app_context():
        actions.deliver(write("message-added", text=hostile), at=AT, owner="worker:1")
    browser = Browser(demo)
    letter = browser.open(browser.open("/demo/outbox").link("Добавлено новое сообщение"))
    assert [a["href"] for a in letter.soup.main.find_all("a") if "evil" in a["href"]] == []
    assert letter.soup.main.find("script") is None
    assert "<script>alert(1)</script>" in letter.text


@pytest.mark.parametrize("key", ["..%2F..%2Fsecret_key", "0" * 32, "0" * 31, "А" * 32, "%00", "x.json"])
def test_a_letter_that_is_not_there_is_not_found(demo: Flask, key: str) -> None:
    assert Browser(demo).open(f"/demo/outbox/{key}").status == 404


def test_outside_the_demo_there_is_no_such_page(app: Flask, browser: Browser) -> None:
    with app.app_context():
        actions.deliver(write(), at=AT, owner="worker:1")
        (sent,) = RecordingPost(app.extensions["config"].instance_path / "outbox").newest(1)
    for path in ("/demo/outbox", f"/demo/outbox/{sent.key}"):
        assert browser.open(path).status == 404


def test_a_demo_that_sends_its_letters_out_does_not_show_them(databases: Databases, tmp_path: Path) -> None:
    config = config_for(
        databases.fresh(), tmp_path / "instance", demo=True, mail_url="smtp://127.0.0.1:9", sms_urls=()
    )
    made = create_app(config)
    assert Browser(made).open("/demo/outbox").status == 404
    close(made)


def test_the_demo_shows_its_sms_with_their_codes_and_nobody_else_s_site_does(
    demo: Flask, app: Flask, browser: Browser
) -> None:
    sms = Sms("<1@lk.example.org>", "+79504000001", "Код 461325, <b>договор</b>\n@lk.example.org #461325")
    for shown in (demo, app):
        with shown.app_context():
            gateways.current().sms.send(sms, at=AT)
    page = Browser(demo).open("/demo/outbox")
    assert "Код 461325, <b>договор</b>" in page.text and page.soup.main.find("b") is None
    assert "+79504000001" in page.text and "06.08.2026, 06:28" in page.text
    assert browser.open("/demo/outbox").status == 404


def test_the_page_shows_the_newest_letters_and_says_that_there_are_more(demo: Flask) -> None:
    post = RecordingPost(demo.extensions["config"].instance_path / "outbox")
    for number in range(60):
        letter = Letter(
            f"<{number:032x}@lk.example.org>", "Личный кабинет", f"p{number}@example.org", "Тема", "Текст"
        )
        post.send(letter, at=AT)
        os.utime(post.folder / f"{number:032x}.json", (number, number))
    page = Browser(demo).open("/demo/outbox")
    assert len(page.soup.select("tbody tr")) == 50
    assert "p59@example.org" in page.text and "p9@example.org" not in page.text
    assert "Показаны последние 50 писем." in page.text


def test_a_letter_recorded_twice_is_one_letter(tmp_path: Path) -> None:
    post = RecordingPost(tmp_path)
    letter = Letter(f"<{'a' * 32}@lk.example.org>", "Личный кабинет", "ivanov@example.org", "Тема", "Текст")
    post.send(letter, at=AT)
    post.send(letter, at=AT + timedelta(minutes=1))
    (only,) = post.newest(10)
    assert (only.letter, only.at) == (letter, AT + timedelta(minutes=1))
    assert [path.name for path in tmp_path.iterdir()] == [f"{'a' * 32}.json"]


def test_the_ledger_of_a_case_tells_what_became_of_each_letter(context: Flask) -> None:
    case_id, other = (
        draft(applicant()),
        draft(applicant("Соседов", snils="10289803962", email="s@example.org")),
    )
    sent, muted = write("number-given", case_id=case_id), write("archived", "", case_id=case_id)
    dead, waiting = write("message-added", case_id=case_id), write("status-added", case_id=case_id)
    write("number-given", case_id=other)
    assert actions.deliver(sent, at=AT + timedelta(minutes=1), owner="worker:1") == "sent"
    gateways.use(replace(gateways.current(), post=Refusing()))
    assert actions.deliver(dead, at=AT, owner="worker:1") == "dead"
    lines = {line.id: line for line in queries.letters_of_case(case_id)}
    assert list(lines) == [waiting, dead, muted, sent]
    assert lines[sent].words == "Уведомление: присвоен регистрационный номер"
    assert (lines[sent].state, lines[sent].at) == ("Доставлено почтовому серверу", AT + timedelta(minutes=1))
    assert (lines[sent].address, lines[sent].tries, lines[sent].error) == ("ivanov@example.org", 1, "")
    assert (lines[muted].state, lines[muted].address) == ("Адрес не указан", "")
    assert (lines[waiting].state, lines[waiting].at) == ("Ждет отправки", AT)
    assert (lines[dead].state, lines[dead].dead) == ("Не доставлено", True)
    assert lines[dead].error == "почтовый сервер не принял письмо (код 550)"


class Refusing:
    """A post whose server knows nobody."""

    def send(self, letter: Letter, *, at: datetime) -> None:
        raise Undeliverable("SMTP 550")


def test_the_office_can_send_a_dead_letter_again(app: Flask) -> None:
    with app.app_context():
        gateways.use(replace(app.extensions["gateways"], post=Refusing()))
        row_id = write()
        assert actions.deliver(row_id, at=AT, owner="worker:1") == "dead"
    runner = app.test_cli_runner()
    done = runner.invoke(args=["outbox", "again", str(row_id)])
    assert (done.exit_code, done.output) == (0, f"Письмо {row_id} поставлено в очередь.\n")
    with app.app_context():
        assert actions.deliver(row_id, at=AT + timedelta(days=3650), owner="worker:1") == "sent"
    refused = runner.invoke(args=["outbox", "again", str(row_id)])
    assert refused.exit_code == 1
    assert f"Среди недоставленных нет письма {row_id}." in refused.output
