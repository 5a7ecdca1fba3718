"""Is this detached signature right: the verdict of system OpenSSL with the engine of GOST. Knows no subject.

Nothing here computes a signature by itself: `cms_structure` reads, `openssl` decides, and a second question to it only says
why not. How each case of a bad signature ends is a row of tests/actions/test_cms.py.
"""

import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from app.gateways.certificates import (
    Certificate,
    Owner,
    RevokedList,
    Unreadable,
    owner,
    read_certificate,
    read_list,
)
from app.gateways.cms_algorithms import allowed, allowed_chain, words
from app.gateways.cms_answers import BAD_LISTS, code_of
from app.gateways.cms_structure import Refused, Signed, read, with_certificates
from app.gateways.cms_trust import BadTrust, Pool, Trust, ended, used
from app.gateways.cms_trust import Path as Chain
from app.gateways.openssl import EngineAway, OpenSsl

__all__ = ["Checker", "EngineAway", "Owner", "Trust", "Verdict"]

#: What a certificate for signing documents says of its key; one of the two.
_FOR_SIGNING = frozenset({"digital_signature", "non_repudiation"})
_GOST_DIGESTS = {"gost256": "-md_gost12_256", "gost512": "-md_gost12_512"}


@dataclass(frozen=True)
class Verdict:
    """What the check has found.

    `code` is «ok» or why not: wrong_document, bad_signature, expired, not_yet_valid, revoked, unknown_ca, crl_missing,
    crl, no_signed_attrs, not_cades, attached, signers, key_usage, not_qualified, algorithm, malformed, too_large; and, when
    it is the server that is at fault, engine, config. With `crl_missing` and `crl` all but the lists is right.
    `cms` is DER without the lists of revoked certificates that came inside; `chain` is PEM, the signer first, the root
    last, and stands only when it leads to a root of ours (ok, crl_missing, crl); `lists_used` are SHA-256 (hex).
    `revoked_at` stands with «revoked» when the list names the day. `at_receipt`: the certificate has ended since the
    signature came in, and it is right for that moment.
    """

    code: str
    owner: Owner | None = None
    cms: bytes = field(default=b"", repr=False)
    chain: tuple[str, ...] = field(default=(), repr=False)
    lists_used: tuple[str, ...] = ()
    algorithm: str = ""
    engine: str = ""
    revoked_at: datetime | None = None
    at_receipt: bool = False


@dataclass(frozen=True)
class _Question:
    """All that OpenSSL is asked about one signature."""

    signed: Signed
    content: Path | bytes
    pool: Pool
    paths: list[Chain]
    at: datetime
    require_gost: bool

    @property
    def der(self) -> bytes:
        """The signature with the signer's certificate and those of the chains alone."""
        between = (link for path in self.paths for link in path[1:-1])
        return with_certificates(self.signed.der, (self.signed.signer, *between))


class Checker:
    """Checks signatures; one for the application."""

    def __init__(self, openssl: OpenSsl | None = None) -> None:
        """Nothing is started before the first question."""
        self.openssl = openssl or OpenSsl()

    def check(
        self,
        cms: bytes,
        content: Path | bytes,
        trust: Trust,
        *,
        at: datetime,
        require_gost: bool = True,
        require_qualified: bool = True,
        received: datetime | None = None,
    ) -> Verdict:
        """Whether `cms` (DER, BER, PEM or base64) signs `content`, as far as `trust` goes, at this time.

        `received`: when the site took the signature in, if that was before; what happened to the certificate after
        that does not count. Never raises for what a person has sent; OSError when the stored file is not there.
        """
        try:
            signed = read(cms)
        except Refused as refused:
            return Verdict(refused.code)
        found = Verdict("", owner(signed.signer), signed.der, algorithm=words(signed.signer))
        if isinstance(content, Path):
            content.stat()
        if not allowed(signed.signer, signed.digest, require_gost=require_gost):
            return replace(found, code="algorithm")
        try:
            pool = Pool(trust)
            paths = pool.paths(signed.signer, signed.others)
            question = _Question(signed, content, pool, paths, at, require_gost)
            decided = self._decided(question, found, received or at)
        except BadTrust:
            return replace(found, code="config")
        except EngineAway:
            return replace(found, code="engine")
        if decided.code in ("ok", *BAD_LISTS):
            decided = _fit(decided, signed.signer, require_qualified)
        return replace(decided, engine=f"{self.openssl.version}, gost")

    def digests(self, path: Path) -> dict[str, str]:
        """Hashes of a file, hex: sha256, gost256, gost512 (ГОСТ Р 34.11-2012); raises EngineAway, OSError."""
        with path.open("rb") as source:
            found = {"sha256": hashlib.file_digest(source, "sha256").hexdigest()}
        for name, option in _GOST_DIGESTS.items():
            answer = self.openssl.run("dgst", option, "-r", path.resolve())
            if not answer.right:
                raise EngineAway(self.openssl.self_test() or answer.errors)
            found[name] = answer.out.split()[0]
        return found

    def self_test(self) -> str:
        """Empty when everything is there, or a sentence that says what is missing."""
        return self.openssl.self_test()

    def issued_list(self, data: bytes, issuer: str) -> bool:
        """Whether this authority (PEM) has signed this list of revoked certificates; raises EngineAway."""
        try:
            der, authority = read_list(data).der, read_certificate(issuer).pem.encode()
        except Unreadable:
            return False
        command = ("crl", "-inform", "DER", "-noout", "-verify", "-no-CApath", "-no-CAstore")
        return "verify OK" in self.openssl.run(*command, "-CAfile", authority, "-in", der).errors

    def leads_to_root(self, chain: tuple[str, ...], trust: Trust) -> bool:
        """Whether a chain (PEM, the signer first) is signed all the way to a root of ours; dates and lists aside."""
        try:
            links = tuple(read_certificate(text) for text in chain)
        except Unreadable:
            return False
        return bool(links) and links[-1] in Pool(trust).roots and self._is_chain(links)

    def _decided(self, question: _Question, found: Verdict, received: datetime) -> Verdict:
        """The verdict on everything but what the certificate is for."""
        if not self.openssl.ready():
            return replace(found, code="engine")
        lists = question.pool.lists_of(question.paths, question.at)
        store, paths = question.pool.store, question.paths
        code, without = self._asked(question, store(paths, lists), "-crl_check_all"), store(paths, ())
        if code == "revoked":
            found = replace(found, revoked_at=ended(question.paths, lists))
        lacking = code if code in BAD_LISTS else "ok"
        if code in BAD_LISTS:
            # OpenSSL looks for lists before it looks at the signatures of the chain: ask for all the rest
            code = _other_than_ok(self._asked(question, without)) or code
        if received < question.at and _later(code, question.signed.signer, found.revoked_at, received):
            # The certificate has ended since; whether it was revoked before is still told by a list alone.
            code = _other_than_ok(self._asked(replace(question, at=received), without)) or lacking
            found = replace(found, at_receipt=code == "ok")
        if code not in ("ok", *BAD_LISTS):
            code = _other_than_ok(self._asked_of_signature(question)) or code
        if code not in ("ok", *BAD_LISTS):
            return replace(found, code=code if self.openssl.self_test() == "" else "engine")
        return self._with_chain(question, replace(found, code=code), lists)

    def _with_chain(self, question: _Question, found: Verdict, lists: tuple[RevokedList, ...]) -> Verdict:
        """The verdict with the chain that leads to a root of ours, if its algorithms are taken."""
        chain = self._chain(question.paths)
        if not chain:
            return replace(found, code="unknown_ca")
        if not allowed_chain(chain, require_gost=question.require_gost):
            return replace(found, code="algorithm")
        links = tuple(link.pem for link in chain)
        return replace(found, chain=links, lists_used=used(chain, lists), revoked_at=None)

    def _asked(self, question: _Question, store: bytes, *options: str) -> str:
        """OpenSSL's answer about signature, document, certificate, chain and dates."""
        moment = str(int(question.at.timestamp()))
        command = (*_verify(question), "-cades", "-purpose", "any", "-attime", moment, *options)
        return code_of(self.openssl.run(*command, "-CAfile", store))

    def _asked_of_signature(self, question: _Question) -> str:
        """OpenSSL's answer about signature and document alone."""
        return code_of(self.openssl.run(*_verify(question), "-no-CAfile", "-noverify"))

    def _chain(self, paths: list[Chain]) -> Chain:
        """Of the chains that the names allow the one that is signed so; OpenSSL has found one of them right."""
        if len(paths) == 1:
            return paths[0]
        return next((path for path in paths if self._is_chain(path)), ())

    def _is_chain(self, path: Chain) -> bool:
        between = "".join(link.pem for link in path[1:-1]).encode()
        command = ("verify", "-no_check_time", "-purpose", "any", "-no-CApath", "-no-CAstore")
        known: list[str | bytes] = ["-CAfile", path[-1].pem.encode()]
        if between:
            known += ["-untrusted", between]
        return self.openssl.run(*command, *known, path[0].pem.encode()).right


def _verify(question: _Question) -> tuple[str | Path | bytes, ...]:
    content = question.content.resolve() if isinstance(question.content, Path) else question.content
    command = (
        "cms",
        "-verify",
        "-binary",
        "-inform",
        "DER",
        "-out",
        "/dev/null",
        "-no-CApath",
        "-no-CAstore",
    )
    return (*command, "-in", question.der, "-content", content)


def _other_than_ok(code: str) -> str:
    return "" if code == "ok" else code


def _later(code: str, signer: Certificate, revoked_at: datetime | None, received: datetime) -> bool:
    """Whether the certificate ended only after the signature had come in."""
    if code == "revoked":
        return revoked_at is not None and revoked_at > received
    return code == "expired" and signer.not_after > received


def _fit(decided: Verdict, signer: Certificate, require_qualified: bool) -> Verdict:
    """The verdict once more, when the certificate is not for signing documents."""
    if not signer.usage & _FOR_SIGNING:
        return replace(decided, code="key_usage", chain=())
    if require_qualified and not signer.qualified:
        return replace(decided, code="not_qualified", chain=())
    return decided
