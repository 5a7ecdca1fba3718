"""The folder of a case proves by its own commands what the site has taken, however long the chain and the waiting were."""

import subprocess
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask

from app import clock
from app.cases.actions import send_message
from app.cases.models import Case
from app.documents.intake import Upload
from app.extensions import db
from app.gateways.certificates import read_certificate, read_list
from app.signing import authority_actions
from app.signing.certificate_actions import decide_waiting
from app.signing.certificate_models import CertificateAttempt
from app.signing.folder_archive import archive
from app.signing.folder_queries import folder_of
from app.signing.models import Signature
from app.signing.trust_models import RevocationList
from app.signing.trust_steps import believe
from app.transaction import transaction
from tests import pki
from tests.case_world import Person, applicant, operator, sent
from tests.certificate_world import bytes_of, company_has, may_sign_for_company, send
from tests.evidence_world import unpacked
from tests.pki import EMPLOYEE, ENERGY, sign
from tests.powers import power
from tests.signing_world import paper_to_sign


class World:
    """A case with a paper that the company signs, authorities of two floors whose lists may not have come."""

    def __init__(self) -> None:
        self.head = may_sign_for_company(operator())
        self.own = applicant()
        self.case_id = sent(self.own)
        (self.slot,) = paper_to_sign(self.case_id, self.head, ("company",), title="Условия")
        company_has(ENERGY["OGRN"])
        with transaction():
            for name, kind in (("root-gost256", "root"), ("sub-gost256", "intermediate")):
                found = read_certificate(pki.pki().holders[name].pem)
                believe(found, kind, by=None, at=clock.now())

    def list_comes(self, issuer: str, der: bytes) -> None:
        read = read_list(der)
        assert read.next_update is not None
        row = RevocationList(
            issuer_sha256=pki.pki().holders[issuer].certificate.sha256,
            url=f"http://crl.example.org/{issuer}-{read.sha256[:8]}.crl",
            sha256=read.sha256,
            der=der,
            this_update=read.this_update,
            next_update=read.next_update,
            fetched_at=clock.now(),
        )
        with transaction():
            db.session.add(row)

    def lists_come(self) -> None:
        for issuer in ("root-gost256", "sub-gost256"):
            self.list_comes(issuer, pki.pki().crl(issuer))

    def signed_by(self, who: str, **how: str) -> str:
        (outcome,) = send(self.case_id, {self.slot: sign(bytes_of(self.slot), who, **how)}, self.head)
        return outcome.state

    def folder(self, place: Path, who: Person | None = None) -> Path:
        found = folder_of(db.session.get_one(Case, self.case_id), (who or self.head).actor, at=clock.now())
        return unpacked(b"".join(archive(found)), place)


def checked(folder: Path) -> tuple[int, str]:
    done = subprocess.run(["sh", "check.sh"], cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("without", ["", "chain"])
def test_the_chain_is_whole_though_the_signature_brings_none_of_it(
    context: Flask, tmp_path: Path, without: str
) -> None:
    site = World()
    site.lists_come()
    assert site.signed_by("legal", without=without) == "accepted"
    folder = site.folder(tmp_path / "folder")
    assert checked(folder)[0] == 0, checked(folder)
    assert "-crl_check_all" in (folder / "check.txt").read_text()


def test_what_was_revoked_after_it_had_come_in_is_checked_for_the_moment_of_its_coming(
    context: Flask, tmp_path: Path
) -> None:
    site = World()
    assert site.signed_by("legal") == "waits_list"
    now = clock.now().replace(microsecond=0) + timedelta(seconds=1)
    site.list_comes("root-gost256", pki.pki().crl("root-gost256"))
    days = {"this_update": now + timedelta(hours=1), "on": now + timedelta(minutes=30)}
    site.list_comes("sub-gost256", pki.pki().crl("sub-gost256", "legal", **days))
    decide_waiting(db.session.query(CertificateAttempt.id).scalar(), at=now + timedelta(hours=2))
    (signature,) = db.session.query(Signature)
    assert signature.record["check"]["at_receipt"] is True
    folder = site.folder(tmp_path / "folder")
    assert checked(folder)[0] == 0, checked(folder)
    assert "или был отозван" in (folder / "check.txt").read_text()


def test_a_signature_by_power_of_attorney_brings_it_and_its_own_proof(context: Flask, tmp_path: Path) -> None:
    site = World()
    site.lists_come()
    assert site.signed_by("employee") == "waits_authority"
    about = {"snils": EMPLOYEE["SNILS"], "inn": EMPLOYEE["INN"]}
    content = power(ogrn=ENERGY["OGRN"], name="ООО «Энергия»", **about)
    file, at = Upload("МЧД.xml", BytesIO(content)), clock.now() + timedelta(seconds=1)
    authority_id = authority_actions.send(
        site.case_id, file, sign(content, "legal", without="chain"), by=site.head.actor, at=at
    )
    judge = operator("Судьина", email="judge@example.org")
    authority_actions.accept(site.case_id, authority_id, by=judge.actor, at=at)
    folder = site.folder(tmp_path / "folder")
    assert checked(folder)[0] == 0, checked(folder)
    (kept,) = (folder / "authorities").iterdir()
    assert kept.read_bytes() == content
    (folder / "check.sh").write_text(
        (folder / "check.sh").read_text().replace("sha256sum --quiet -c SHA256SUMS", "true")
    )
    kept.write_bytes(content + b" ")
    assert checked(folder)[0] != 0, "the principal's signature is checked, and not the sums alone"


def test_what_only_the_company_reads_lies_apart_and_is_not_in_the_applicants_folder_at_all(
    context: Flask, tmp_path: Path
) -> None:
    site = World()
    site.lists_come()
    (inner,) = paper_to_sign(site.case_id, site.head, ("company",), title="Служебная записка", internal=True)
    (outcome,) = send(site.case_id, {inner: sign(bytes_of(inner), "legal")}, site.head)
    assert outcome.state == "accepted"
    send_message(site.case_id, "Между нами.", [], channel="internal", by=site.head.actor, at=clock.now())
    office = site.folder(tmp_path / "office", site.head)
    theirs = site.folder(tmp_path / "own", site.own)
    number = db.session.query(Signature).filter_by(slot_id=inner).one().number
    names = [str(one.relative_to(office)) for one in office.rglob("*") if one.is_file()]
    private = [name for name in names if number in name or "documents/02" in name or "sheets/02" in name]
    assert len(private) >= 6, names
    assert {name.partition("/")[0] for name in private} == {"company-only"}
    index = (office / "index.html").read_text(encoding="utf-8")
    assert 'href="company-only/case.html"' in index
    assert checked(office)[0] == 0, "it is checked with all others"
    everything = " ".join(
        f"{one.relative_to(theirs)} {one.read_text(encoding='utf-8', errors='replace')}"
        for one in theirs.rglob("*")
        if one.is_file()
    )
    for private in (
        "Служебная записка",
        "zapiska",
        "Между нами",
        "company-only",
        sha256(bytes_of(inner)).hexdigest(),
    ):
        assert private not in everything, private
