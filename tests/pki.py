"""Authorities, people and lists of revoked certificates made by real OpenSSL, once for a run of tests.

root → sub-CA → people, in GOST of 256 bits; a few people in GOST of 512 bits, RSA and ECDSA. Everything is valid from 2020 to
2045, so that worlds of any day can use it. Keys never leave a temporary folder.
"""

import atexit
import base64
import hashlib
import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from asn1crypto import core

from app.gateways.certificates import Certificate, read_certificate
from app.gateways.cms import Trust
from app.gateways.der import parts, wrapped
from app.gateways.openssl import OpenSsl

BEGIN, END = datetime(2020, 1, 1, tzinfo=UTC), datetime(2045, 1, 1, tzinfo=UTC)
#: Which day is «now» where a test does not care.
NOW = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
LISTS_AT = "http://ca.example.org"

#: `genpkey` options and the digest of each algorithm; OIDs of digest and signature for what is put together by hand.
ALGORITHMS = {
    "gost256": (("gost2012_256", "paramset:A"), "md_gost12_256"),
    "gost512": (("gost2012_512", "paramset:A"), "md_gost12_512"),
    "rsa": (("RSA", "rsa_keygen_bits:2048"), "sha256"),
    "ecdsa": (("EC", "ec_paramgen_curve:P-256"), "sha256"),
}
_OIDS = {
    "gost256": ("1.2.643.7.1.1.2.2", "1.2.643.7.1.1.1.1"),
    "gost512": ("1.2.643.7.1.1.2.3", "1.2.643.7.1.1.1.2"),
    "rsa": ("2.16.840.1.101.3.4.2.1", "1.2.840.113549.1.1.11"),
    "ecdsa": ("2.16.840.1.101.3.4.2.1", "1.2.840.10045.4.3.2"),
}

#: Names of the people, as an authority writes them.
IVANOV = {"CN": "Иванов Иван Иванович", "SN": "Иванов", "GN": "Иван Иванович", "SNILS": "91866342037"}
IVANOV |= {"INN": "500100732259"}
ENERGY = {"CN": "ООО «Энергия»", "O": "ООО «Энергия»", "SN": "Петров", "GN": "Петр Петрович"}
ENERGY |= {"SNILS": "10289803962", "INN": "500100732259", "OGRN": "1168702456933", "INNLE": "7707083893"}
TRADER = {**IVANOV, "OGRNIP": "304500116000157"}
EMPLOYEE = {"CN": "Сидоров Семен Семенович", "SN": "Сидоров", "GN": "Семен Семенович", "O": "ООО «Энергия»"}
EMPLOYEE |= {"SNILS": "11223344595", "INN": "500100732259"}
OTHER = {**ENERGY, "CN": "ООО «Чужая»", "O": "ООО «Чужая»", "OGRN": "1027700132195", "INNLE": "7736050003"}

#: OpenSSL 3.0 has no name for the number of an organisation (ИННЮЛ).
_NAMED = ("oid_section=oids", "[oids]", "INNLE=1.2.643.100.4")
_PERSON = {"keyUsage": "critical,digitalSignature,nonRepudiation", "certificatePolicies": "1.2.643.100.113.1"}
_AUTHORITY = {"keyUsage": "critical,keyCertSign,cRLSign", "basicConstraints": "critical,CA:TRUE"}


@dataclass(frozen=True)
class Holder:
    """Somebody with a key and a certificate; `issuer` is the name of who issued it, itself for a root."""

    name: str
    algorithm: str
    key: Path
    pem: str
    issuer: str

    @property
    def certificate(self) -> Certificate:
        return read_certificate(self.pem)


class Pki:
    """The authorities of one run; `holders` by name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.openssl = OpenSsl()
        self.holders: dict[str, Holder] = {}
        self._serial = 0x1000
        for algorithm in ALGORITHMS:
            self._authorities(algorithm)
        self._people()

    def issue(
        self, name: str, names: dict[str, str], issuer: str, **changes: str | datetime | None
    ) -> Holder:
        """A key and a certificate; `changes` replace extensions (None leaves one out), `begin` and `end` its days."""
        begin, end = changes.pop("begin", BEGIN), changes.pop("end", END)
        md = changes.pop("md", None)
        above = self.holders.get(issuer)
        algorithm = str(changes.pop("algorithm", above.algorithm if above else "gost256"))
        (kind, option), usual = ALGORITHMS[algorithm]
        key, request = self.folder / f"{name}.key", self.folder / f"{name}.csr"
        if not key.exists():
            self.run("genpkey", "-algorithm", kind, "-pkeyopt", option, "-out", key)
        self._serial += 1
        lines = [
            *_NAMED,
            "[req]",
            "distinguished_name=dn",
            "prompt=no",
            "utf8=yes",
            "string_mask=utf8only",
            "[dn]",
        ]
        lines += [f"{field}={value}" for field, value in names.items()]
        extensions: dict[str, str | datetime | None] = {
            "subjectKeyIdentifier": "hash",
            "authorityKeyIdentifier": "keyid",
        }
        extensions |= {**_PERSON, "crlDistributionPoints": f"URI:{LISTS_AT}/{issuer}.crl", **changes}
        lines += ["[ext]", *(f"{field}={value}" for field, value in extensions.items() if value)]
        settings = "\n".join(lines).encode()
        digest = f"-{md or usual}"
        self.run("req", "-new", "-utf8", "-config", settings, "-key", key, "-out", request, digest)
        signer = above or Holder(name, algorithm, key, "", name)
        database = self._database(signer, settings)
        command: tuple[str | Path | bytes, ...] = (
            "ca",
            "-batch",
            "-notext",
            "-utf8",
            "-config",
            database,
            "-in",
            request,
            "-extensions",
            "ext",
        )
        command += ("-md", str(md or ALGORITHMS[signer.algorithm][1]), "-keyfile", signer.key)
        command += ("-startdate", f"{begin:%Y%m%d%H%M%SZ}", "-enddate", f"{end:%Y%m%d%H%M%SZ}")
        command += ("-cert", signer.pem.encode()) if above else ("-selfsign",)
        pem = self.run(*command)
        self.holders[name] = Holder(name, algorithm, key, pem[pem.index("-----BEGIN") :], issuer)
        return self.holders[name]

    def crl(
        self,
        issuer: str,
        *revoked: str,
        this_update: datetime = BEGIN,
        next_update: datetime = END,
        on: datetime = datetime(2025, 6, 1, tzinfo=UTC),
    ) -> bytes:
        """A list (DER) of an authority that names these people as revoked on a day."""
        authority = self.holders[issuer]
        index = "".join(
            f"R\t{END:%y%m%d%H%M%SZ}\t{on:%y%m%d%H%M%SZ}\t{self.holders[name].certificate.serial}\tunknown\t/CN=x\n"
            for name in revoked
        )
        settings = self._database(authority, b"", index)
        days = (
            "-crl_lastupdate",
            f"{this_update:%Y%m%d%H%M%SZ}",
            "-crl_nextupdate",
            f"{next_update:%Y%m%d%H%M%SZ}",
        )
        command = (
            "ca",
            "-gencrl",
            "-config",
            settings,
            "-crlexts",
            "crl",
            "-md",
            ALGORITHMS[authority.algorithm][1],
        )
        text = self.run(*command, *days, "-keyfile", authority.key, "-cert", authority.pem.encode())
        return base64.b64decode("".join(text[text.index("-----BEGIN") :].splitlines()[1:-1]))

    def run(self, *arguments: str | Path | bytes) -> str:
        """OpenSSL's words; a failure ends the test."""
        answer = self.openssl.run(*arguments)
        assert answer.right, answer.errors
        return answer.out

    def _database(self, authority: Holder, settings: bytes, index: str = "") -> bytes:
        """What `openssl ca` wants to know."""
        place = self.folder / f"ca-{authority.name}"
        place.mkdir(exist_ok=True)
        (place / "index").write_text(index, encoding="ascii")
        (place / "index.attr").write_text("unique_subject=no\n", encoding="ascii")
        (place / "serial").write_text(f"{self._serial:04X}\n", encoding="ascii")
        (place / "crlnumber").write_text("01\n", encoding="ascii")
        lines = [
            *([] if settings else _NAMED),
            "[ca]",
            "default_ca=here",
            "[here]",
            f"database={place}/index",
            f"serial={place}/serial",
        ]
        lines += [f"new_certs_dir={place}", f"crlnumber={place}/crlnumber", "policy=any", "preserve=yes"]
        lines += ["string_mask=utf8only", "[any]"]
        fields = ("CN", "O", "SN", "GN", "SNILS", "INN", "OGRN", "OGRNIP", "INNLE")
        lines += [f"{field}=optional" for field in fields]
        lines += ["[crl]", "authorityKeyIdentifier=keyid"]
        return settings + b"\n" + "\n".join(lines).encode() + b"\n"

    def _authorities(self, algorithm: str) -> None:
        own = {**_AUTHORITY, "certificatePolicies": None}
        root, sub = f"root-{algorithm}", f"sub-{algorithm}"
        self.issue(root, {"CN": f"Головной УЦ {algorithm}"}, root, algorithm=algorithm, **own)
        self.issue(sub, {"CN": f"Подчиненный УЦ {algorithm}", "O": "АО «УЦ»"}, root, **own)

    def _people(self) -> None:
        own = {**_AUTHORITY, "certificatePolicies": None}
        for algorithm in ALGORITHMS:
            self.issue(f"individual-{algorithm}", IVANOV, f"sub-{algorithm}")
        sub = "sub-gost256"
        self.holders["individual"] = self.holders["individual-gost256"]
        for name, names in {"legal": ENERGY, "trader": TRADER, "employee": EMPLOYEE, "other": OTHER}.items():
            self.issue(name, names, sub)
        self.issue("legal-gost512", ENERGY, "sub-gost512")
        self.issue("expired", IVANOV, sub, end=datetime(2026, 1, 1, tzinfo=UTC))
        self.issue("not-yet", IVANOV, sub, begin=datetime(2040, 1, 1, tzinfo=UTC))
        self.issue("revoked", IVANOV, sub)
        self.issue("no-usage", IVANOV, sub, keyUsage="critical,keyEncipherment")
        self.issue("no-policy", IVANOV, sub, certificatePolicies=None)
        self.issue("sub-revoked", {"CN": "Отозванный УЦ"}, "root-gost256", **own)
        self.issue("under-revoked", IVANOV, "sub-revoked")
        self.issue("root-foreign", {"CN": "Чужой УЦ"}, "root-foreign", **own)
        self.issue("foreign", ENERGY, "root-foreign")
        self.issue("self-signed", ENERGY, "self-signed")
        # the same names as ours, another key: what an attacker would make
        self.issue("sub-twin", {"CN": "Подчиненный УЦ gost256", "O": "АО «УЦ»"}, "root-foreign", **own)
        self.issue("by-twin", ENERGY, "sub-twin")
        self.issue("by-person", ENERGY, "individual")
        # another key under the number of somebody else's certificate
        self._serial = int(self.holders["individual"].certificate.serial, 16) - 1
        self.issue("same-number", IVANOV, sub)
        usage = {"keyUsage": "critical,digitalSignature", "extendedKeyUsage": "critical,timeStamping"}
        self.issue("stamps", {"CN": "Служба штампов времени"}, sub, **usage)
        # an organisation's numbers under the number of an employee's certificate, by an authority of the attacker's own whose
        # name is ours with its parts the other way round: OpenSSL keeps their order
        self.issue("sub-mirror", {"O": "АО «УЦ»", "CN": "Подчиненный УЦ gost256"}, "root-foreign", **own)
        self._serial = int(self.holders["employee"].certificate.serial, 16) - 1
        self.issue("mirrored", ENERGY, "sub-mirror", authorityKeyIdentifier=None)
        self._serial = 0x2000


@cache
def pki() -> Pki:
    """The authorities of this process, made at the first call."""
    folder = Path(tempfile.mkdtemp(prefix="pki-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Pki(folder)


@cache
def lists(state: str = "fresh") -> tuple[bytes, ...]:
    """Lists of all our authorities: fresh, expired (in 2026), early (from 2040), missing."""
    if state == "missing":
        return ()
    days = {
        "fresh": (BEGIN, END),
        "expired": (BEGIN, datetime(2026, 1, 1, tzinfo=UTC)),
        "early": (datetime(2040, 1, 1, tzinfo=UTC), END),
    }
    begin, end = days[state]
    revoked = {"sub-gost256": ("revoked",), "root-gost256": ("sub-revoked",)}
    issuers = [f"{level}-{algorithm}" for algorithm in ALGORITHMS for level in ("root", "sub")]
    made = (
        pki().crl(issuer, *revoked.get(issuer, ()), this_update=begin, next_update=end)
        for issuer in (*issuers, "sub-revoked")
    )
    return tuple(made)


def trust(lists_are: str = "fresh", *, intermediates: bool = True) -> Trust:
    """Belief in our roots (of all algorithms) and, if wanted, our sub-CAs; never in the foreign root."""
    holders = pki().holders
    roots = tuple(holders[f"root-{algorithm}"].pem for algorithm in ALGORITHMS)
    below = (*(f"sub-{algorithm}" for algorithm in ALGORITHMS), "sub-revoked")
    return Trust(roots, tuple(holders[name].pem for name in below) if intermediates else (), lists(lists_are))


def certificate(who: str = "individual") -> str:
    """Somebody's certificate, PEM."""
    return pki().holders[who].pem


def sign(
    document: bytes | Path, who: str = "individual", *options: str, without: str = "", md: str = ""
) -> bytes:
    """A detached CAdES-BES signature (DER) by `openssl cms -sign`, with the sub-CA's certificate inside.

    `without`: «chain», «cades»; other `options` go to OpenSSL as they are.
    """
    holder = pki().holders[who]
    command: tuple[str | Path | bytes, ...] = ("cms", "-sign", "-binary", "-nosmimecap", "-outform", "DER")
    command += ("-in", document, "-signer", holder.pem.encode(), "-inkey", holder.key)
    command += ("-md", md or ALGORITHMS[holder.algorithm][1], *options)
    if without != "chain" and not holder.issuer.startswith("root-") and holder.issuer != who:
        command += ("-certfile", certificate(holder.issuer).encode())
    if without != "cades":
        command += ("-cades",)
    place = pki().folder / "made.sig"
    pki().run(*command, "-out", place)
    return place.read_bytes()


def stamped(cms: bytes) -> bytes:
    """The same signature with a stamp of time (RFC 3161) among what it does not sign, as CAdES-T has it."""
    place, holder = pki().folder, pki().holders["stamps"]
    settings = place / "tsa.cnf"
    settings.write_text(
        "[tsa]\ndefault_tsa=here\n[here]\n"
        f"serial={place}/tsa-serial\ndefault_policy=1.2.3.4\ndigests=md_gost12_256\nsigner_digest=md_gost12_256\n"
        "ess_cert_id_alg=sha256\n",
        encoding="ascii",
    )
    fields = [part.whole for part in parts(parts(parts(parts(cms)[0].content)[1].content)[0].content)]
    signer = parts(parts(fields[-1])[0].content)[0].content
    value = parts(signer)[-1].content
    query, reply, token = place / "stamp.tsq", place / "stamp.tsr", place / "stamp.tst"
    pki().run("ts", "-query", "-data", value, "-md_gost12_256", "-cert", "-out", query)
    asked = ("ts", "-reply", "-config", settings, "-queryfile", query, "-out", reply)
    pki().run(*asked, "-signer", holder.pem.encode(), "-inkey", holder.key)
    pki().run("ts", "-reply", "-in", reply, "-token_out", "-out", token)
    stamp = _attribute("1.2.840.113549.1.9.16.2.14", token.read_bytes())
    fields[-1] = wrapped(0x31, _sequence(signer + wrapped(0xA1, stamp)))
    return _sequence(_oid("1.2.840.113549.1.7.2") + wrapped(0xA0, _sequence(b"".join(fields))))


def sign_hash(digest: str, who: str = "individual", *, crls: tuple[bytes, ...] = ()) -> bytes:
    """CAdES-BES (DER) over a hash alone (hex), put together as the browser's plug-in does; `crls` go inside."""
    holder = pki().holders[who]
    body, (md, key) = holder.certificate.der, _OIDS[holder.algorithm]
    own = bytes.fromhex(hashes(body)[holder.algorithm])
    moment = core.UTCTime(NOW).dump()
    ess = _sequence(_sequence(_sequence(_sequence(_oid(md)) + _octets(own))))
    attributes = [
        _attribute("1.2.840.113549.1.9.3", _oid("1.2.840.113549.1.7.1")),
        _attribute("1.2.840.113549.1.9.5", moment),
        _attribute("1.2.840.113549.1.9.4", _octets(bytes.fromhex(digest))),
        _attribute("1.2.840.113549.1.9.16.2.47", ess),
    ]
    signed = b"".join(sorted(attributes))
    place = pki().folder / "made.raw"
    option = f"-{ALGORITHMS[holder.algorithm][1]}"
    pki().run("dgst", option, "-sign", holder.key, "-out", place, wrapped(0x31, signed))
    named = parts(parts(body)[0].content)
    issuer, serial = parts(named[0].content)[3].whole, parts(named[0].content)[1].whole
    signer = _sequence(
        core.Integer(1).dump()
        + _sequence(issuer + serial)
        + _sequence(_oid(md))
        + wrapped(0xA0, signed)
        + _sequence(_oid(key))
        + _octets(place.read_bytes())
    )
    return signed_data(
        _sequence(_oid(md)), body + read_certificate(certificate(holder.issuer)).der, signer, crls
    )


def signed_data(digests: bytes, certificates: bytes, signers: bytes, crls: tuple[bytes, ...] = ()) -> bytes:
    """A detached SignedData (DER) from its parts."""
    inner = core.Integer(1).dump() + wrapped(0x31, digests) + _sequence(_oid("1.2.840.113549.1.7.1"))
    inner += (
        wrapped(0xA0, certificates)
        + (wrapped(0xA1, b"".join(crls)) if crls else b"")
        + wrapped(0x31, signers)
    )
    return _sequence(_oid("1.2.840.113549.1.7.2") + wrapped(0xA0, _sequence(inner)))


def hashes(content: bytes) -> dict[str, str]:
    """Hashes (hex) by algorithm of a key, as the server gives them to the plug-in."""
    gost = {
        name: pki().run("dgst", f"-{ALGORITHMS[name][1]}", "-r", content).split()[0]
        for name in ("gost256", "gost512")
    }
    sha = hashlib.sha256(content).hexdigest()
    return {**gost, "rsa": sha, "ecdsa": sha}


def pem(data: bytes, label: str = "CMS") -> bytes:
    return f"-----BEGIN {label}-----\n{base64.encodebytes(data).decode()}-----END {label}-----\n".encode()


def _sequence(content: bytes) -> bytes:
    return wrapped(0x30, content)


def _octets(content: bytes) -> bytes:
    return wrapped(0x04, content)


def _oid(dotted: str) -> bytes:
    dumped: bytes = core.ObjectIdentifier(dotted).dump()
    return dumped


def _attribute(oid: str, value: bytes) -> bytes:
    return _sequence(_oid(oid) + wrapped(0x31, value))
