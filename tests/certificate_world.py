"""Signatures by certificate: a small authority with real GOST keys, and parties whose certificates it issues.

`tests/pki.py` has everything that can be wrong with a certificate; here stands what the site makes of a verdict.
"""

import os
import subprocess
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from glob import glob
from pathlib import Path
from tempfile import mkdtemp

from app import clock, gateways
from app.accounts.models import Applicant, User, UserRole
from app.actor import SIGNATORY
from app.cases.models import Case, CaseDocument
from app.company.actions import change_settings
from app.company.models import Supplier
from app.company.queries import today
from app.extensions import db
from app.gateways.certificates import read_certificate, read_list
from app.signing import certificate_actions
from app.signing.certificate_rules import Outcome
from app.signing.code_queries import Asker
from app.signing.models import Signature
from app.signing.trust_models import RevocationList
from app.signing.trust_steps import believe
from app.transaction import transaction
from tests.case_world import Person
from tests.code_world import asker
from tests.signing_world import document_of

_EXTENSIONS = """
[root]
basicConstraints=critical,CA:TRUE
keyUsage=keyCertSign,cRLSign
[person]
keyUsage=digitalSignature,nonRepudiation
certificatePolicies=1.2.643.100.113.1
[ca]
default_ca=own
[own]
database=index.txt
default_md=md_gost12_256
default_crl_days=5
crlnumber=number.txt
"""


class Authority:
    """An authority that issues certificates and lists of those it has revoked, in a folder of its own."""

    def __init__(self, name: str) -> None:
        self.folder = Path(mkdtemp(prefix="authority-"))
        self.write("index.txt", "")
        self.write("number.txt", "01\n")
        self.write("ca.cnf", _EXTENSIONS)
        self._key("root")
        subject = ("-subj", f"/CN={name}", "-utf8", "-config", "ca.cnf", "-extensions", "root")
        config = "[req]\ndistinguished_name=dn\n[dn]\n"
        self.write("ca.cnf", config + _EXTENSIONS)
        self.run("req", "-x509", "-new", "-key", "root.key", "-days", "30", *subject, "-out", "root.pem")

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")

    def run(self, *arguments: str) -> None:
        """OpenSSL with the engine of GOST."""
        configuration = Path("app/gateways/openssl_gost.cnf").resolve()
        (engine,) = glob("/usr/lib/*/engines-3/gost.so")
        environment = {**os.environ, "OPENSSL_CONF": str(configuration), "GOST_ENGINE": engine}
        done = subprocess.run(
            ["openssl", *arguments], cwd=self.folder, env=environment, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr.decode()

    def _key(self, name: str) -> None:
        kind = ("-algorithm", "gost2012_256", "-pkeyopt", "paramset:A")
        self.run("genpkey", *kind, "-out", f"{name}.key")

    def issue(self, name: str, **numbers: str) -> "Holder":
        """A certificate of a person («Петров Иван Сергеевич»); `numbers` are OGRN, OGRNIP, INN, SNILS, O."""
        file = f"holder{len(list(self.folder.glob('*.key')))}"
        last, _, given = name.partition(" ")
        facts = {"CN": numbers.get("O", name), "SN": last, "GN": given, **numbers}
        subject = "".join(f"/{key}={value}" for key, value in facts.items())
        self._key(file)
        self.run(
            "req",
            "-new",
            "-utf8",
            "-config",
            "ca.cnf",
            "-key",
            f"{file}.key",
            "-subj",
            subject,
            "-out",
            "a.csr",
        )
        made = ("-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial", "-days", "20", "-in", "a.csr")
        self.run("x509", "-req", *made, "-extfile", "ca.cnf", "-extensions", "person", "-out", f"{file}.pem")
        return Holder(self, file)

    def revoked_list(self) -> bytes:
        """The list of what is revoked now, DER."""
        signs = ("-config", "ca.cnf", "-keyfile", "root.key", "-cert", "root.pem")
        self.run("ca", "-gencrl", *signs, "-name", "own", "-out", "list.pem")
        self.run("crl", "-in", "list.pem", "-outform", "DER", "-out", "list.der")
        return (self.folder / "list.der").read_bytes()

    @property
    def root(self) -> str:
        return (self.folder / "root.pem").read_text()


@dataclass(frozen=True)
class Holder:
    """Who holds a certificate and its key."""

    authority: Authority
    file: str

    def sign(self, content: bytes) -> bytes:
        """A detached CAdES-BES signature, DER."""
        folder = self.authority.folder
        (folder / "content").write_bytes(content)
        how = ("-binary", "-md", "md_gost12_256", "-cades", "-nosmimecap", "-outform", "DER")
        who = ("-signer", f"{self.file}.pem", "-inkey", f"{self.file}.key")
        self.authority.run("cms", "-sign", *how, *who, "-in", "content", "-out", "signature")
        return (folder / "signature").read_bytes()

    def revoke(self) -> None:
        """Put the certificate into the authority's next list."""
        signs = ("-config", "ca.cnf", "-keyfile", "root.key", "-cert", "root.pem", "-name", "own")
        self.authority.run("ca", "-revoke", f"{self.file}.pem", *signs)


@cache
def authority(name: str = "УЦ Проверочный") -> Authority:
    """One authority for all tests of a process: making keys and certificates takes its time."""
    return Authority(name)


@cache
def holder(name: str, *numbers: tuple[str, str]) -> Holder:
    return authority().issue(name, **dict(numbers))


def trusted(found: Authority, *, lists: bool = True) -> None:
    """The office believes the authority; with `lists` its list of revoked certificates is there."""
    with transaction():
        believe(read_certificate(found.root), "root", by=None, at=clock.now())
    if lists:
        fetched(found)


def fetched(found: Authority) -> None:
    """The authority's list has come."""
    der = found.revoked_list()
    read, root = read_list(der), read_certificate(found.root)
    assert read.next_update is not None
    with transaction():
        db.session.add(
            RevocationList(
                issuer_sha256=root.sha256,
                url="http://lists.example.org/root.crl",
                sha256=read.sha256,
                der=der,
                this_update=read.this_update,
                next_update=read.next_update,
                fetched_at=clock.now(),
            )
        )


def firm(person: Person, *, ogrn: str, inn: str = "", form: str = "legal_entity") -> Person:
    """The person's applicant is a firm or a sole trader with these numbers; the account is confirmed in the office."""
    with transaction():
        found = db.session.get_one(Applicant, person.applicant_id)
        found.legal_form, found.ogrn, found.inn = form, ogrn, inn or "5900000001"
        if form == "legal_entity":
            found.kpp, found.title, found.snils = "590001001", "ООО «Ромашка»", ""
        for case in db.session.query(Case).filter_by(applicant_id=found.id):
            case.applicant_name = found.name
    return seen_in_office(person)


def seen_in_office(person: Person) -> Person:
    with transaction():
        db.session.get_one(User, person.id).confirmed_at = clock.now()
    return replace(person, actor=replace(person.actor, confirmed=True))


def with_numbers(supplier: Person, *, ogrn: str, inn: str = "") -> None:
    """The supplier's numbers, by which their certificates are known."""
    with transaction():
        found = db.session.get_one(Supplier, supplier.actor.supplier_id)
        found.ogrn, found.inn = ogrn, inn


def may_sign_for_company(person: Person) -> Person:
    """The same person of the company with the right to sign for it."""
    with transaction():
        db.session.add(UserRole(user_id=person.id, role=SIGNATORY))
    return replace(person, actor=replace(person.actor, roles=person.actor.roles | {SIGNATORY}))


def company_has(ogrn: str) -> None:
    """The company's number in the settings."""
    change_settings({"company.ogrn": ogrn}, valid_from=today(), at=soon())
    db.session().info.clear()


def bytes_of(slot_id: int) -> bytes:
    """The document of a slot as it is downloaded."""
    document: CaseDocument = document_of(slot_id)
    return gateways.current().files.path(document.version.storage_key).read_bytes()


def send(
    case_id: int,
    signatures: dict[int, bytes],
    by: Person,
    *,
    at: datetime | None = None,
    key: str = "",
    who: Asker | None = None,
) -> list[Outcome]:
    """Send signatures as the page does, in a session of their own or in that of `who`."""
    who = who or asker(by)
    return certificate_actions.submit(
        case_id,
        signatures,
        road="file",
        by=by.actor,
        at=at or soon(),
        visit=who.visit,
        session_id=who.session_id,
        key=key,
    )


def soon(**more: float) -> datetime:
    """Shortly after now: what was issued a moment ago is valid then."""
    return datetime.now(UTC) + timedelta(seconds=1, **more)


def signatures() -> list[Signature]:
    return list(db.session.query(Signature).order_by(Signature.id))
