"""Certification authorities of tests, made by the same openssl that checks: roots, sub-authorities, owners, lists."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from time import sleep

from app import clock
from app.actor import Actor
from app.administration import trust_actions
from app.gateways.certificates import read_certificate
from app.transaction import transaction
from tests.case_world import Person, add_person

_CONFIG = """openssl_conf = init
[init]
engines = engs
[engs]
gost = g
[g]
engine_id = gost
dynamic_path = {engine}
default_algorithms = ALL
[req]
distinguished_name = dn
[dn]
[ca]
default_ca = d
[d]
database = index.txt
crlnumber = crlnumber
default_md = md_gost12_256
"""
_AUTHORITY = (
    "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n"
)
_OWNER = "keyUsage=critical,digitalSignature,nonRepudiation\n"


@dataclass
class Authority:
    """One authority with its key in a folder of its own; `issued_by` None makes a root."""

    folder: Path
    name: str
    issued_by: "Authority | None" = None
    #: Where the list about this certificate lies: its issuer's.
    list_url: str = ""
    days: int = 3650
    pem: str = field(init=False)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True)
        told = subprocess.run(["openssl", "version", "-e"], capture_output=True, check=True, text=True).stdout
        engine = Path(told.split('"')[1]) / "gost.so"
        (self.folder / "gost.cnf").write_text(_CONFIG.format(engine=engine), encoding="utf-8")
        (self.folder / "index.txt").touch()
        (self.folder / "crlnumber").write_text("01\n")
        self.pem = (self.issued_by or self)._issue(self, _AUTHORITY)

    def owner(self, name: str = "Иванов Петр Григорьевич", *, list_url: str = "") -> str:
        """The certificate (PEM) of somebody who may sign, but issue nothing."""
        holder = object.__new__(Authority)
        holder.folder, holder.name, holder.list_url, holder.days = self.folder / "owner", name, list_url, 365
        holder.issued_by = self
        holder.folder.mkdir(exist_ok=True)
        return self._issue(holder, _OWNER)

    def revocation_list(self, *, days: float = 7, back: int = 0) -> bytes:
        """A list (DER) that holds for some days from now; `back` dates it so many days earlier."""
        told = ["ca", "-gencrl", "-cert", "cert.pem", "-keyfile", "key.pem", "-out", "list.pem"]
        if back:
            told += ["-crl_lastupdate", self._moment(-back), "-crl_nextupdate", self._moment(days - back)]
        else:
            told += ["-crlsec", str(int(days * 86400))]
        self._run(*told)
        self._run("crl", "-in", "list.pem", "-outform", "DER", "-out", "list.der")
        return (self.folder / "list.der").read_bytes()

    def _issue(self, subject: "Authority", extensions: str) -> str:
        if subject.list_url:
            extensions += f"crlDistributionPoints=URI:{subject.list_url},URI:ldap://example.org/x\n"
        if subject is not self:
            extensions += "authorityKeyIdentifier=keyid\n"
        (subject.folder / "ext").write_text(extensions, encoding="utf-8")
        key, request, made = (str(subject.folder / one) for one in ("key.pem", "req.pem", "cert.pem"))
        new = ["-newkey", "gost2012_256", "-pkeyopt", "paramset:A", "-nodes", "-keyout", key]
        self._run("req", "-new", *new, "-out", request, "-utf8", "-subj", f"/CN={subject.name}")
        by = ["-signkey", key] if subject is self else ["-CA", "cert.pem", "-CAkey", "key.pem"]
        told = ["x509", "-req", "-in", request, *by, "-out", made, "-extfile", str(subject.folder / "ext")]
        self._run(*told, "-days", str(subject.days), "-md_gost12_256", "-CAcreateserial")
        return Path(made).read_text(encoding="ascii")

    def _moment(self, days: float) -> str:
        found = subprocess.run(
            ["date", "-u", "-d", f"{int(days * 86400)} seconds", "+%y%m%d%H%M%SZ"],
            capture_output=True,
            check=True,
            text=True,
        )
        return found.stdout.strip()

    def _run(self, *arguments: str) -> None:
        subprocess.run(
            ["openssl", *arguments],
            cwd=self.folder,
            env={"OPENSSL_CONF": str(self.folder / "gost.cnf"), "PATH": "/usr/bin:/bin"},
            capture_output=True,
            check=True,
        )


def sha256(pem: str) -> str:
    """The hash of a certificate as its authority publishes it."""
    return read_certificate(pem).sha256


@dataclass
class Shelf:
    """A site that gives files out: path → (code, headers, body)."""

    place: str
    files: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    #: Whether bodies come a byte at a time.
    drips: bool = False

    def url(self, path: str) -> str:
        return f"http://{self.place}{path}"

    def put(self, path: str, body: bytes, code: int = 200, **headers: str) -> str:
        self.files[path] = (code, headers, body)
        return self.url(path)


@contextmanager
def shelf() -> Iterator[Shelf]:
    """A real server on this machine for the time of the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.asked.append(self.path)
            code, headers, body = made.files.get(self.path, (404, {}, b""))
            self.send_response(code)
            for name, value in ({"Content-Length": str(len(body))} | headers).items():
                if value:
                    self.send_header(name, value)
            self.end_headers()
            with suppress(OSError):
                for place in range(len(body)) if made.drips else ():
                    self.wfile.write(body[place : place + 1])
                    sleep(0.2)
                self.wfile.write(b"" if made.drips else body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made = Shelf(f"127.0.0.1:{server.server_port}")
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def somebody(role: str) -> Person:
    """One of the company's people with this role."""
    with transaction():
        user_id = add_person("Админов", roles=(role,), email=f"{role}@example.org").id
    return Person(Actor(user_id, "Админов Петр Григорьевич", frozenset({role})))


def believed_root(authority: Authority, by: Person, kind: trust_actions.CertificateKind = "root") -> None:
    """Put the certificate of an authority in as an administrator does."""
    trust_actions.add(authority.pem.encode(), kind, sha256(authority.pem), by=by.actor, at=clock.now())
