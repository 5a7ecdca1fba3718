"""Certificates and lists of revoked certificates as they are read: names, dates, addresses. Believes nothing.

`asn1crypto` does not know the keys of GOST, so only names, numbers and extensions are asked of it.
"""

import base64
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from asn1crypto import core, crl, x509

from app.gateways import asn1_limits  # noqa: F401  (reading is limited from here on)
from app.gateways.der import Malformed, parts

#: All that one name says, in an order of its own: what two spellings of the same name have in common.
NameKey = tuple[tuple[str, str], ...]

_COMMON, _SURNAME, _GIVEN, _ORGANISATION = "2.5.4.3", "2.5.4.4", "2.5.4.42", "2.5.4.10"
_RSA = "1.2.840.113549.1.1.1"
_INN, _INN_LEGAL = "1.2.643.3.131.1.1", "1.2.643.100.4"
_OGRN, _OGRNIP, _SNILS = "1.2.643.100.1", "1.2.643.100.5", "1.2.643.100.3"
#: Classes of the means of signature, КС1 and above (order of the ФСБ № 795): only qualified certificates name one.
_QUALIFIED = "1.2.643.100.113."
#: Larger certificates and lists are read anew each time, so that nobody fills the memory with them.
_MOST_KEPT = 16 * 1024
_LABELS = (b"CERTIFICATE", b"X509 CERTIFICATE", b"TRUSTED CERTIFICATE")
_PEM = re.compile(rb"\s*-----BEGIN ([A-Z0-9 ]+)-----(.+?)-----END \1-----\s*", re.DOTALL)


class Unreadable(Exception):
    """The bytes are no certificate, or no list of revoked certificates."""


@dataclass(frozen=True)
class Certificate:
    """One certificate: `sha256` of the DER bytes and `serial` in hex, `list_urls` where its issuer's lists lie.

    `facts` are of the owner's name, by OID; `self_signed` says that subject and issuer are one, not that the signature is
    right. Algorithms are OIDs; `key_bits` is known of RSA alone, else 0.
    """

    pem: str = field(repr=False)
    der: bytes = field(repr=False)
    sha256: str
    serial: str
    subject: str
    issuer: str
    not_before: datetime
    not_after: datetime
    self_signed: bool
    authority: bool
    list_urls: tuple[str, ...]
    subject_key: NameKey
    issuer_key: NameKey
    key_id: bytes
    authority_key_id: bytes
    key_algorithm: str
    key_bits: int
    signature_algorithm: str
    usage: frozenset[str]
    policies: frozenset[str]

    @property
    def qualified(self) -> bool:
        """Whether a class of the means of signature is named, as in every qualified certificate."""
        return any(policy.startswith(_QUALIFIED) for policy in self.policies)

    def issued(self, other: "Certificate") -> bool:
        """Whether the names allow that this one issued the other; OpenSSL alone knows whether it did."""
        return self.subject_key == other.issuer_key and (
            not self.key_id or not other.authority_key_id or self.key_id == other.authority_key_id
        )


@dataclass(frozen=True)
class Owner:
    """Whose certificate it is, as the authority wrote it; what it did not write is empty.

    `inn` is of the person (12 digits), `inn_legal` of the organisation (10 digits); `snils` 11 digits; `serial` is hex.
    """

    name: str
    organisation: str
    inn: str
    inn_legal: str
    ogrn: str
    ogrnip: str
    snils: str
    serial: str
    issuer: str
    not_before: datetime
    not_after: datetime
    qualified: bool


@dataclass(frozen=True)
class RevokedList:
    """A list of revoked certificates: who issued it and how long it holds; `next_update` None when it does not say."""

    der: bytes = field(repr=False)
    sha256: str
    issuer: str
    this_update: datetime
    next_update: datetime | None
    issuer_key: NameKey
    authority_key_id: bytes


def read_certificate(data: bytes | str) -> Certificate:
    """A certificate from PEM or DER, one and nothing else; raises Unreadable."""
    der = _unwrapped(data) if isinstance(data, str) and len(data) <= _MOST_KEPT else _der(data, *_LABELS)
    try:
        return _known(der) if len(der) <= _MOST_KEPT else _certificate(der)
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError, Malformed) as error:
        raise Unreadable("certificate") from error


@lru_cache(maxsize=512)
def _unwrapped(text: str) -> bytes:
    return _der(text, *_LABELS)


def read_list(data: bytes) -> RevokedList:
    """A list of revoked certificates from PEM or DER; raises Unreadable."""
    der = _der(data, b"X509 CRL")
    return _known_list(der) if len(der) <= _MOST_KEPT else _list(der)


@lru_cache(maxsize=64)
def _known_list(der: bytes) -> RevokedList:
    return _list(der)


def _list(der: bytes) -> RevokedList:
    try:
        body = crl.CertificateList.load(der, strict=True)["tbs_cert_list"]
        key_id = b""
        for extension in body["crl_extensions"] if body["crl_extensions"].native is not None else ():
            if extension["extn_id"].native == "authority_key_identifier":
                key_id = extension["extn_value"].parsed["key_identifier"].native or b""
        following = body["next_update"].native
        return RevokedList(
            der=der,
            sha256=hashlib.sha256(der).hexdigest(),
            issuer=_text(body["issuer"]),
            this_update=body["this_update"].native,
            next_update=following,
            issuer_key=_key(body["issuer"]),
            authority_key_id=key_id,
        )
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError) as error:
        raise Unreadable("list") from error


def revoked_at(data: bytes, serial: str) -> datetime | None:
    """When a list (DER) says that a certificate ended; None when it does not name it."""
    number = int(serial, 16)
    entries = crl.CertificateList.load(data)["tbs_cert_list"]["revoked_certificates"]
    for entry in entries if len(entries) else ():
        if entry["user_certificate"].native == number:
            ended: datetime = entry["revocation_date"].native
            return ended
    return None


def owner(certificate: Certificate) -> Owner:
    """Whose it is. Until 2022 an organisation's ИНН stood among the persons' as «00» and ten digits."""
    return (_known_owner if len(certificate.der) <= _MOST_KEPT else _owner)(certificate)


@lru_cache(maxsize=512)
def _known_owner(certificate: Certificate) -> Owner:
    return _owner(certificate)


def _owner(certificate: Certificate) -> Owner:
    facts = dict(_facts(x509.Certificate.load(certificate.der).subject))
    inn, inn_legal = facts.get(_INN, ""), facts.get(_INN_LEGAL, "")
    if len(inn) == 12 and inn.startswith("00"):
        inn, inn_legal = "", inn_legal or inn[2:]
    person = " ".join(part for part in (facts.get(_SURNAME, ""), facts.get(_GIVEN, "")) if part)
    return Owner(
        name=person or facts.get(_COMMON, ""),
        organisation=facts.get(_ORGANISATION, ""),
        inn=inn,
        inn_legal=inn_legal,
        ogrn=facts.get(_OGRN, ""),
        ogrnip=facts.get(_OGRNIP, ""),
        snils=facts.get(_SNILS, ""),
        serial=certificate.serial,
        issuer=certificate.issuer,
        not_before=certificate.not_before,
        not_after=certificate.not_after,
        qualified=certificate.qualified,
    )


def pem(der: bytes, label: str = "CERTIFICATE") -> str:
    """Bytes between the lines of a PEM."""
    return f"-----BEGIN {label}-----\n{base64.encodebytes(der).decode('ascii')}-----END {label}-----\n"


def name_key(name: x509.Name) -> NameKey:
    """What a name says; raises ValueError for what is no name."""
    return _key(name)


@lru_cache(maxsize=512)
def _known(der: bytes) -> Certificate:
    """Authorities are the same in every check, and who signs, signs again."""
    return _certificate(der)


def _certificate(der: bytes) -> Certificate:
    read = x509.Certificate.load(der, strict=True)
    body = read["tbs_certificate"]
    key_info = body["subject_public_key_info"]
    key = _first_oid(key_info.dump())
    names = _key(read.subject), _key(read.issuer)
    key_id, above = read.key_identifier or b"", read.authority_key_identifier or b""
    return Certificate(
        pem=pem(der),
        der=der,
        sha256=hashlib.sha256(der).hexdigest(),
        serial=f"{read.serial_number:X}",
        subject=_text(read.subject),
        issuer=_text(read.issuer),
        not_before=body["validity"]["not_before"].native,
        not_after=body["validity"]["not_after"].native,
        self_signed=names[0] == names[1] and above in (b"", key_id),
        authority=bool(read.ca),
        list_urls=tuple(_addresses(read)),
        subject_key=names[0],
        issuer_key=names[1],
        key_id=key_id,
        authority_key_id=above,
        key_algorithm=key,
        key_bits=key_info.bit_size if key == _RSA else 0,
        signature_algorithm=read["signature_algorithm"]["algorithm"].dotted,
        usage=frozenset(read.key_usage_value.native if read.key_usage_value else ()),
        policies=frozenset(
            policy["policy_identifier"].dotted for policy in read.certificate_policies_value or ()
        ),
    )


def _first_oid(key_info: bytes) -> str:
    """The algorithm of a public key, read without understanding the key: asn1crypto knows none of GOST."""
    algorithm = parts(parts(key_info)[0].content)[0]
    oid: str = core.ObjectIdentifier.load(parts(algorithm.content)[0].whole).dotted
    return oid


def _der(data: bytes | str, *labels: bytes) -> bytes:
    """The bytes inside a PEM of one of these kinds, or the bytes themselves."""
    raw = data.encode("utf-8", "replace") if isinstance(data, str) else data
    if raw[:1] == b"\x30":
        return raw
    found = _PEM.fullmatch(raw.removeprefix(b"\xef\xbb\xbf"))
    if not found or found.group(1) not in labels:
        raise Unreadable("neither DER nor PEM")
    try:
        return base64.b64decode(b"".join(found.group(2).split()), validate=True)
    except ValueError as error:
        raise Unreadable("not base64") from error


def _addresses(read: x509.Certificate) -> Iterator[str]:
    """Where lists lie, as the certificate names it: addresses of the web alone."""
    for point in read.crl_distribution_points_value or ():
        place = point["distribution_point"]
        if place.name != "full_name":
            continue
        for name in place.chosen:
            if name.name == "uniform_resource_identifier":
                address = str(name.native)
                if address.lower().startswith(("http://", "https://")):
                    yield address


def _facts(name: x509.Name) -> Iterator[tuple[str, str]]:
    for part in name.chosen:
        for fact in part:
            value = str(fact["value"].native)
            yield fact["type"].dotted, "".join(sign if sign.isprintable() else " " for sign in value).strip()


def _key(name: x509.Name) -> NameKey:
    return tuple(sorted((oid, " ".join(text.casefold().split())) for oid, text in _facts(name)))


def _text(name: x509.Name) -> str:
    """A name for people: how it calls itself, or all that it says."""
    facts = list(_facts(name))
    told = dict(facts)
    return told.get(_COMMON) or told.get(_ORGANISATION) or ", ".join(text for _oid, text in facts)
