"""A code exists in the SMS alone: after a run with the real worker no log, no key of Redis, no row and no file holds it."""

import logging
import re
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app import clock
from app.extensions import db
from app.notifications.models import OutboxRow
from app.signing.code_models import SigningCode
from app.transaction import transaction
from tests.case_world import signed_in
from tests.code_world import Paper, paper, signatures
from tests.databases import SqliteDatabases
from tests.journeys.test_delivery import Site, open_site
from tests.journeys.test_signing_code import code_path
from tests.post_office import until
from tests.signing_world import paper_to_sign
from tests.sms_office import SmsOffice


@pytest.fixture
def operator_of_sms() -> Iterator[SmsOffice]:
    office = SmsOffice()
    yield office
    office.close()


def holds(text: str, code: str) -> bool:
    """Whether a text names the code; digits inside longer numbers, hashes and fractions of seconds are no code."""
    return re.search(rf"(?<![0-9A-Za-z.]){code}(?![0-9A-Za-z])", text) is not None


def in_redis(site: Site) -> str:
    """Everything that Redis holds, jobs of RQ unpacked."""
    client: Any = site.redis.client
    told: list[bytes] = []
    for key in client.scan_iter():
        kind, values = client.type(key), list[bytes]()
        if kind == b"string":
            values = [client.get(key)]
        elif kind == b"hash":
            values = [one for pair in client.hgetall(key).items() for one in pair]
        elif kind == b"list":
            values = client.lrange(key, 0, -1)
        elif kind == b"zset":
            values = client.zrange(key, 0, -1)
        elif kind == b"set":
            values = list(client.smembers(key))
        elif kind == b"stream":
            values = [repr(client.xrange(key)).encode()]
        for value in (key, *values):
            told.append(value)
            with suppress(zlib.error):
                told.append(zlib.decompress(value))
    return "\n".join(one.decode("utf-8", "replace") for one in told)


def in_database(site: Site) -> str:
    path = str(site.app.config["SQLALCHEMY_DATABASE_URI"]).removeprefix("sqlite:///")
    with closing(sqlite3.connect(path)) as connection:
        return "\n".join(connection.iterdump())


def in_files(folder: Path) -> str:
    return "\n".join(
        path.read_bytes().decode("utf-8", "replace") for path in folder.rglob("*") if path.is_file()
    )


def sms_text(site: Site, office: SmsOffice, count: int) -> str:
    """The text of the newest SMS, when the worker has handed over so many."""

    def all_left() -> bool:
        with site.app.app_context():
            rows = db.session.query(OutboxRow).filter_by(kind="signing-code", state="sent").count()
            return rows == count and len(office.sent()) == count

    try:
        until(all_left, 30, f"{count} SMS are handed over")
    except AssertionError as late:
        raise AssertionError(f"{late}\n{site.programs.log()}") from late
    return office.sent()[-1].text


def test_a_code_is_in_the_sms_and_nowhere_else(
    sqlite: SqliteDatabases, operator_of_sms: SmsOffice, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("sqlalchemy.engine").setLevel(logging.INFO)  # every parameter of every statement
    try:
        with open_site(sqlite) as site:
            site.programs.environment["SMS_URL"] = operator_of_sms.url("smsc")
            site.programs.dispatcher()
            site.programs.worker()
            with site.app.app_context():
                one = paper()
                (other,) = paper_to_sign(one.case_id, one.office, ("applicant",), title="Акт")
            codes = signed_and_asked(site, operator_of_sms, one, other)
            places = {
                "logs": site.programs.log() + caplog.text,
                "redis": in_redis(site),
                "database": in_database(site),
                "files": in_files(site.app.extensions["config"].instance_path),
            }
            assert "signing_codes" in places["logs"], "statements were logged"
            assert "deliver_sms" in places["redis"], "jobs went through Redis"
            found = [(place, code) for place, text in places.items() for code in codes if holds(text, code)]
            assert found == []
    finally:
        logging.getLogger("sqlalchemy.engine").setLevel(logging.NOTSET)


def signed_and_asked(site: Site, office: SmsOffice, one: Paper, other: int) -> list[str]:
    """One document signed by its code after a wrong guess, a second code on its way; both codes."""
    browser = signed_in(site.app, one.own)
    page = browser.send(browser.open(code_path(one)), button="Получить код")
    text = sms_text(site, office, 1)
    assert re.fullmatch(r"Код \d{6}, подпись: Договор, заявка № 1\n@lk\.example\.org #\d{6}", text)
    codes = re.findall(r"\d{6}", text)
    assert codes[0] == codes[1]
    assert holds(text, codes[0])
    guess = f"{(int(codes[0]) + 1) % 1_000_000:06}"
    page = browser.send(page, button="Подтвердить и отправить", code=guess)
    assert "Неверный код" in page.text
    page = browser.send(page, button="Подтвердить и отправить", code=codes[0])
    assert "Документ подписан" in page.text
    long_ago = clock.now() - timedelta(days=1)
    with site.app.app_context():
        assert len(signatures(one.slot_id)) == 1
        assert signatures(one.slot_id)[0].record["delivery"]["provider"] == "smsc"
    with site.app.app_context(), transaction():
        db.session.query(OutboxRow).filter_by(kind="signing-code").update({"created_at": long_ago})
        db.session.query(SigningCode).update({"made_at": long_ago})
    browser.send(browser.open(code_path(one, other)), button="Получить код")
    return [codes[0], re.findall(r"\d{6}", sms_text(site, office, 2))[0]]
