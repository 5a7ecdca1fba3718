"""The evidence of signatures as people get it: sheet, marked copy, folder of the case, and the page where anybody checks."""

import hashlib
import io
import json
import re
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pypdf
import pytest
from flask import Flask

from app import clock, gateways
from app.accounts.identifiers import format_snils
from app.cases.models import Case, CaseDocument
from app.cli.demo_world import SAMPLES
from app.documents.intake import Upload
from app.extensions import db
from app.signing.evidence_queries import signed_document
from app.signing.protocol_queries import sheet_page
from app.signing.record_queries import broken_signatures
from tests.application_world import pdf
from tests.browser import Browser
from tests.case_world import applicant, signed_in
from tests.evidence_world import ADDRESS, Signed, signed_case, stored, taken, unpacked
from tests.signing_roads import by_code
from tests.signing_world import document_of, paper_to_sign


@pytest.fixture
def world(app: Flask) -> Signed:
    with app.app_context():
        return signed_case()


@pytest.fixture
def own(app: Flask, world: Signed) -> Browser:
    return signed_in(app, world.own)


@pytest.fixture
def office(app: Flask, world: Signed) -> Browser:
    return signed_in(app, world.office)


def path(world: Signed, document_id: int, rest: str = "") -> str:
    return f"/cases/{world.case_id}/signed/{document_id}{rest}"


def text(pdf: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def solid(words: str) -> str:
    return re.sub(r"\s", "", words)


def test_the_sheet_tells_the_whole_act_by_code_and_is_the_same_every_time(
    world: Signed, own: Browser
) -> None:
    first = taken(own, path(world, world.by_code, "/sheet.pdf"))
    told = text(first)
    assert world.code.number in told
    for words in (world.code.sha256, world.code.record_sha256, world.code.record["key"]["code_hmac"]):
        assert words in solid(told)
    assert "+7 950 •••-••-" in told
    assert world.code.record["key"]["phone"] not in solid(told)
    assert f"{ADDRESS}" in told
    assert "UTC" in told
    assert "/check" in told
    assert taken(own, path(world, world.by_code, "/sheet.pdf")) == first


def test_the_sheet_of_a_certificate_tells_its_owner_chain_and_check_but_not_another_sides_address(
    world: Signed, own: Browser, office: Browser
) -> None:
    told = text(taken(own, path(world, world.by_certificate, "/sheet.pdf")))
    for words in ("Сетев Сергей Петрович", "1025900000015", "Цепочка сертификатов", "подпись верна"):
        assert words in told
    assert ADDRESS not in told
    assert ADDRESS in text(taken(office, path(world, world.by_certificate, "/sheet.pdf")))


def test_the_copy_has_the_marks_after_the_pages_and_the_original_stays(
    app: Flask, world: Signed, own: Browser
) -> None:
    copy = taken(own, path(world, world.by_certificate, "/copy.pdf"))
    told = text(copy).lower()
    assert "документ подписан электронной подписью" in told
    assert "сетев сергей петрович" in told
    assert world.certificate.record["certificate"]["serial"].lower() in solid(told)
    assert "действителен" in told
    assert taken(own, path(world, world.by_certificate, "/copy.pdf")) == copy
    with app.app_context():
        original = stored(world.by_certificate)
    assert hashlib.sha256(original).hexdigest() == world.certificate.sha256


def two_pages() -> Upload:
    """A PDF with real pages, as programs write them."""
    writer, written = pypdf.PdfWriter(), io.BytesIO()
    for _ in range(2):
        writer.add_blank_page(width=595, height=842)
    writer.write(written)
    written.seek(0)
    return Upload("Договор.pdf", written)


@pytest.mark.parametrize(
    ("file", "pages", "apart"),
    [
        (two_pages, 3, ""),
        (lambda: Upload("План.png", io.BytesIO((SAMPLES / "plan.png").read_bytes())), 1, "не в формате PDF"),
        (lambda: pdf("no pages in it"), 1, "Добавить страницу в этот PDF не получается"),
    ],
)
def test_the_marks_stand_in_the_document_or_apart_and_say_why(
    app: Flask, world: Signed, own: Browser, file: Callable[[], Upload], pages: int, apart: str
) -> None:
    with app.app_context():
        (slot,) = paper_to_sign(world.case_id, world.office, ("applicant",), title="Приложение", file=file())
        by_code(world.case_id, world.own, slots=[slot], at=clock.now() + timedelta(minutes=5))
        document = document_of(slot).id
        before = stored(document)
    copy = taken(own, path(world, document, "/copy.pdf"))
    assert len(pypdf.PdfReader(io.BytesIO(copy)).pages) == pages
    assert "документ подписан электронной подписью" in text(copy).lower()
    assert apart in text(copy)
    with app.app_context():
        assert stored(document) == before, "the original stays as it was signed"


def test_the_document_leads_to_its_evidence(world: Signed, own: Browser) -> None:
    page = own.open(f"/cases/{world.case_id}")
    assert "Электронные подписи" in page.text
    shown = own.open(path(world, world.by_certificate))
    assert world.certificate.number in shown.text
    assert "действительна" in shown.text
    signature = taken(own, path(world, world.by_certificate, f"/{world.certificate.id}.sig"))
    assert signature == world.certificate.cms


def test_nobody_else_gets_any_of_it(app: Flask, world: Signed) -> None:
    with app.app_context():
        stranger = applicant()
    browser = signed_in(app, stranger)
    addresses = [path(world, world.by_code, rest) for rest in ("", "/sheet.pdf", "/copy.pdf", "/2.sig")]
    for address in (*addresses, f"/cases/{world.case_id}/folder.zip"):
        assert browser.open(address).status == 404, address


def test_the_folder_is_checked_by_its_own_commands_without_the_site(
    world: Signed, own: Browser, tmp_path: Path
) -> None:
    folder = unpacked(taken(own, f"/cases/{world.case_id}/folder.zip"), tmp_path / "folder")
    done = subprocess.run(["sh", "check.sh"], cwd=folder, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.split()[-1]) == (0, "OK"), done.stderr
    commands = [
        line[4:] for line in (folder / "check.txt").read_text().splitlines() if line.startswith("    ")
    ]
    assert any("openssl cms -verify" in line and "-crl_check_all" in line for line in commands)
    typed = "set -e\n" + "\n".join(commands)
    assert subprocess.run(["sh", "-c", typed], cwd=folder, capture_output=True, check=False).returncode == 0
    for sheet in folder.glob("sheets/*.pdf"):
        assert "Лист подписания" in text(sheet.read_bytes())
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["missing"] == []
    for one in manifest["files"]:
        assert hashlib.sha256((folder / one["path"]).read_bytes()).hexdigest() == one["sha256"]
    assert "203.0.113.7" not in (folder / "case.html").read_text()


@pytest.mark.parametrize("what", ["documents", "signatures", "records", "lists"])
def test_a_changed_file_of_the_folder_is_found(
    world: Signed, own: Browser, tmp_path: Path, what: str
) -> None:
    folder = unpacked(taken(own, f"/cases/{world.case_id}/folder.zip"), tmp_path / "folder")
    changed = sorted((folder / what).iterdir())[-1]
    changed.write_bytes(changed.read_bytes() + b" ")
    done = subprocess.run(["sh", "check.sh"], cwd=folder, capture_output=True, check=False)
    assert done.returncode != 0


def test_the_signature_itself_and_not_the_sums_alone_is_checked(
    world: Signed, own: Browser, tmp_path: Path
) -> None:
    folder = unpacked(taken(own, f"/cases/{world.case_id}/folder.zip"), tmp_path / "folder")
    script = (folder / "check.sh").read_text().replace("sha256sum --quiet -c SHA256SUMS", "true")
    (folder / "check.sh").write_text(script)
    (document,) = {
        line.split("-content ")[1].split()[0] for line in script.splitlines() if "-content" in line
    }
    (folder / document).write_bytes((folder / document).read_bytes() + b"%")
    assert subprocess.run(["sh", "check.sh"], cwd=folder, capture_output=True, check=False).returncode != 0


def test_each_side_gets_what_it_may_see(world: Signed, own: Browser, office: Browser, tmp_path: Path) -> None:
    mine = unpacked(taken(own, f"/cases/{world.case_id}/folder.zip"), tmp_path / "own")
    theirs = unpacked(taken(office, f"/cases/{world.case_id}/folder.zip"), tmp_path / "office")
    records = {one.stem for one in (mine / "records").iterdir()}
    assert records == {world.code.number}
    assert len(list((theirs / "records").iterdir())) == 2


def test_anybody_checks_a_file_without_signing_in(app: Flask, world: Signed) -> None:
    with app.app_context():
        content = stored(world.by_code)
    browser = Browser(app)
    form = browser.open("/check")
    found = browser.send(form, "/check", file=(io.BytesIO(content), "anything.pdf"))
    assert world.code.number in found.text
    assert "заявитель" in found.text
    for private in (world.code.signer, "Договор", world.code.record["who"]["name"]):
        assert private not in found.text
    other = browser.send(form, "/check", file=(io.BytesIO(content + b" "), "anything.pdf"))
    assert "Такой файл здесь не подписывали" in other.text
    by_hash = browser.open(f"/check?sha256={world.code.sha256}")
    assert world.code.number in by_hash.text


def test_anybody_checks_a_number(app: Flask, world: Signed) -> None:
    browser = Browser(app)
    found = browser.open(f"/check?number={world.certificate.number.replace('-', '').lower()}")
    assert "Подпись с таким номером есть" in found.text
    assert world.certificate.sha256 in solid(found.text)
    assert world.certificate.signer not in found.text
    assert "Подписи с таким номером здесь нет" in browser.open("/check?number=2222-2222-2222").text
    assert browser.open("/check?number=привет").status == 422
    assert browser.open("/check?sha256=zz").status == 422
    assert browser.send(browser.open("/check"), "/check").status == 422


def test_a_stranger_sends_so_many_files_and_no_more(app: Flask) -> None:
    browser = Browser(app)
    form = browser.open("/check")
    answers = [browser.send(form, "/check", file=(io.BytesIO(b"x"), "x")).status for _ in range(31)]
    assert answers == [200] * 30 + [429]


def test_the_sheet_gives_another_side_no_numbers_of_the_signer_and_no_names_of_the_office(
    app: Flask, world: Signed
) -> None:
    with app.app_context():
        case = db.session.get_one(Case, world.case_id)
        signed = signed_document(case, world.office.actor, world.by_code)
        pages = {side: sheet_page(case, signed, side) for side in ("applicant", "company", "supplier")}
        who = signed.signatures[0].record["who"]
    for private in (format_snils(who["snils"]), who["confirmed"]["by"], "Личность подтверждена"):
        assert private in pages["applicant"] and private in pages["company"]
        assert private not in pages["supplier"]
    assert who["name"] in pages["supplier"]
    assert "note" not in who["confirmed"]


def test_a_file_that_was_put_in_the_place_of_the_signed_one_is_found_everywhere(
    app: Flask, world: Signed, own: Browser, office: Browser, tmp_path: Path
) -> None:
    with app.app_context():
        version = db.session.get_one(CaseDocument, world.by_code).version
        gateways.current().files.path(version.storage_key).write_bytes(b"%PDF-1.7 another contract")
        assert [line for line in broken_signatures() if "не тот, что был подписан" in line]
    assert "действительна" not in own.open(path(world, world.by_code)).text
    assert own.open(path(world, world.by_code, "/copy.pdf")).status == 409
    for browser in (own, office):
        folder = unpacked(taken(browser, f"/cases/{world.case_id}/folder.zip"), tmp_path / str(id(browser)))
        assert (
            subprocess.run(["sh", "check.sh"], cwd=folder, capture_output=True, check=False).returncode != 0
        )
        assert json.loads((folder / "manifest.json").read_text())["changed_on_server"]
        assert "на сервере не те" in (folder / "index.html").read_text()
