"""A case with one document that is signed by a code and one that is signed by a real certificate."""

import io
import zipfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from app import clock
from app.cases.models import CaseDocument
from app.extensions import db
from app.signing.models import Signature
from tests.application_world import filer
from tests.browser import BASE, Browser
from tests.case_world import Person, operator, sent
from tests.certificate_world import (
    authority,
    bytes_of,
    company_has,
    holder,
    may_sign_for_company,
    send,
    trusted,
)
from tests.code_world import VISIT, Paper, ask, asker, confirmed, digits, enter
from tests.signing_world import document_of, paper_to_sign

COMPANY_OGRN = "1025900000015"


@dataclass(frozen=True)
class Signed:
    """Who takes part, and the two documents with their signatures."""

    own: Person
    office: Person
    case_id: int
    by_code: int
    by_certificate: int
    code: Signature
    certificate: Signature


def signed_case() -> Signed:
    office = may_sign_for_company(operator())
    own = confirmed(filer(), office)
    case_id = sent(own)
    (code_slot,) = paper_to_sign(case_id, office, ("applicant",), title="Договор")
    (file_slot,) = paper_to_sign(case_id, office, ("company",), title="Условия")
    paper = Paper(own, office, case_id, code_slot, asker(own))
    at = clock.now() + timedelta(seconds=1)
    code_id = ask(paper, at=at)
    assert enter(paper, code_id, digits(code_id), at=at + timedelta(seconds=5)).signed
    company_has(COMPANY_OGRN)
    trusted(authority())
    head = holder("Сетев Сергей Петрович", ("O", "АО «Сети»"), ("OGRN", COMPANY_OGRN))
    (outcome,) = send(case_id, {file_slot: head.sign(bytes_of(file_slot))}, office)
    assert outcome.state == "accepted", outcome
    code, certificate = db.session.query(Signature).order_by(Signature.id)
    return Signed(
        own,
        office,
        case_id,
        document_of(code_slot).id,
        document_of(file_slot).id,
        code,
        certificate,
    )


def stored(document_id: int) -> bytes:
    """The file of a document as it lies in the store."""
    from app import gateways

    found = db.session.get_one(CaseDocument, document_id)
    return gateways.current().files.path(found.version.storage_key).read_bytes()


def taken(browser: Browser, path: str) -> bytes:
    """The bytes of a download."""
    response = browser.client.get(path, base_url=BASE)
    assert response.status_code == 200, (path, response.status_code)
    return response.get_data()


def unpacked(content: bytes, folder: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(content)) as found:
        assert found.testzip() is None
        found.extractall(folder)
    return folder


ADDRESS = VISIT.address
