"""The form of a detached CAdES signature, read strictly, before anything is computed. Pure.

Lists of revoked certificates inside a signature are not signed, and OpenSSL prefers them to ours: an old one would hide a
revocation. They are cut out.
"""

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from asn1crypto import cms

from app.gateways.certificates import Certificate, Unreadable, name_key, read_certificate
from app.gateways.der import Malformed, Part, definite, parts, wrapped

#: A signature with the certificates of its chain has some 10 KB.
MOST_BYTES = 1024 * 1024
#: Far more than any chain has.
MOST_CERTIFICATES = 30
#: A few kilobytes are usual; a hundred thousand policies in one take seconds to read.
LARGEST_CERTIFICATE = 16 * 1024
_DATA, _SIGNED = "data", "signed_data"
_SEQUENCE, _CONTENT, _LISTS = 0x30, 0xA0, 0xA1
_CONTENT_TYPE, _DIGEST = "1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4"
#: signing-certificate-v2 (RFC 5035): ties the signature to the certificate, so that no twin can be put in.
_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47"
#: MD5, SHA-1, ГОСТ Р 34.11-94: with these nothing has to be read any further.
_BROKEN = ("1.2.840.113549.2.5", "1.3.14.3.2.26", "1.2.643.2.2.9")
_PEM = re.compile(r"-----BEGIN (CMS|PKCS7|PKCS #7 SIGNED DATA)-----([^-]+)-----END \1-----")
_BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


class Refused(Exception):
    """This is no signature that we take; `code` is one of `cms.Verdict`."""

    def __init__(self, code: str) -> None:
        """Keep the code."""
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Signed:
    """A signature as it was read: DER without lists, the signer's certificate, the others, OID of the digest."""

    der: bytes = field(repr=False)
    signer: Certificate
    others: tuple[Certificate, ...]
    digest: str


def read(data: bytes) -> Signed:
    """A detached signature of one signer, from DER, BER, PEM or base64; raises Refused."""
    if len(data) > MOST_BYTES:
        raise Refused("too_large")
    try:
        der = _without_lists(definite(binary(data)))
        return _signed(der, cms.ContentInfo.load(der, strict=True))
    except (Malformed, Unreadable) as error:
        raise Refused("malformed") from error
    except (
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        IndexError,
        OverflowError,
        RecursionError,
    ) as error:
        raise Refused("malformed") from error


def binary(data: bytes) -> bytes:
    """The bytes of ASN.1 that a file of a signature holds, however it was saved; raises Malformed."""
    if data[:1] == bytes((_SEQUENCE,)) and data[1:2] != b"\x00":
        # «0» in ASCII begins a text too, yet base64 of a SEQUENCE begins with «M»
        return data
    text = _text(data)
    if text.lstrip().startswith("-----"):
        found = _PEM.fullmatch(text.strip())
        if not found:
            raise Malformed("PEM of something else")
        text = found.group(2)
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Malformed("not base64") from error


def _text(data: bytes) -> str:
    encoding = next((name for mark, name in _BOMS.items() if data.startswith(mark)), "")
    if not encoding and data[1:2] == b"\x00":
        encoding = "utf-16-le"  # as some programs for Windows save it, without a mark
    try:
        return data.decode(encoding or "ascii")
    except UnicodeError as error:
        raise Malformed("neither binary nor text") from error


def with_certificates(der: bytes, certificates: Iterable[Certificate]) -> bytes:
    """A signature that was read, with these certificates in the place of its own, which nothing signs.

    OpenSSL takes the signer's and those of the chain from there: it must not find any that we have not looked at.
    """
    kind, body = _body(der)
    instead = wrapped(_CONTENT, b"".join(dict.fromkeys(one.der for one in certificates)))
    return _info(kind, b"".join(instead if part.tag == _CONTENT else part.whole for part in body))


def _without_lists(der: bytes) -> bytes:
    """The same ContentInfo without the field `crls`; everything else byte for byte."""
    kind, body = _body(der)
    if all(part.tag != _LISTS for part in body):
        return der
    return _info(kind, b"".join(part.whole for part in body if part.tag != _LISTS))


def _body(der: bytes) -> tuple[bytes, list[Part]]:
    """The type of a ContentInfo and the fields of its SignedData."""
    info = parts(parts(der)[0].content)
    if len(info) != 2 or info[1].tag != _CONTENT:
        raise Malformed("no ContentInfo")
    return info[0].whole, parts(parts(info[1].content)[0].content)


def _info(kind: bytes, fields: bytes) -> bytes:
    return wrapped(_SEQUENCE, kind + wrapped(_CONTENT, wrapped(_SEQUENCE, fields)))


def _signed(der: bytes, info: cms.ContentInfo) -> Signed:
    if info["content_type"].native != _SIGNED:
        raise Refused("malformed")
    body = info["content"]
    inner = body["encap_content_info"]
    if inner["content_type"].native != _DATA:
        raise Refused("malformed")
    if inner["content"].native is not None:
        raise Refused("attached")
    if len(body["signer_infos"]) != 1:
        raise Refused("signers")
    signer = body["signer_infos"][0]
    digest = signer["digest_algorithm"]["algorithm"].dotted
    if digest in _BROKEN:
        raise Refused("algorithm")
    _check_attributes(signer["signed_attrs"])
    held = _certificates(body["certificates"] or ())
    own = {one.der: one for one in held if _names(signer["sid"], one)}
    if not own:
        raise Refused("bad_signature")
    if len(own) > 1:
        raise Refused("malformed")  # a twin: OpenSSL might take the one and we read the other
    (found,) = own.values()
    return Signed(der, found, tuple(one for one in held if one != found), digest)


def _certificates(choices: cms.CertificateSet) -> list[Certificate]:
    if len(choices) > MOST_CERTIFICATES:
        raise Refused("malformed")
    if any(len(choice.chosen.dump()) > LARGEST_CERTIFICATE for choice in choices):
        raise Refused("malformed")
    return [read_certificate(choice.chosen.dump()) for choice in choices if choice.name == "certificate"]


def _check_attributes(attributes: cms.CMSAttributes) -> None:
    """Three attributes are asked for, each once and with one value; others may stand beside them."""
    if not len(attributes):
        raise Refused("no_signed_attrs")
    found: dict[str, cms.CMSAttribute] = {}
    for attribute in attributes:
        oid = attribute["type"].dotted
        if oid in found:
            raise Refused("malformed")
        found[oid] = attribute
    for oid in (_CONTENT_TYPE, _DIGEST):
        if oid not in found or len(found[oid]["values"]) != 1:
            raise Refused("malformed")
    if found[_CONTENT_TYPE]["values"][0].native != _DATA:
        raise Refused("malformed")
    if _CERTIFICATE_V2 not in found or len(found[_CERTIFICATE_V2]["values"]) != 1:
        raise Refused("not_cades")


def _names(sid: cms.SignerIdentifier, certificate: Certificate) -> bool:
    """Whether the signature names this certificate as the signer's: by issuer and number, or by the key's id."""
    if sid.name == "subject_key_identifier":
        return bool(certificate.key_id) and sid.native == certificate.key_id
    named = sid.chosen
    return (
        int(certificate.serial, 16) == named["serial_number"].native
        and name_key(named["issuer"]) == certificate.issuer_key
    )
