"""Which algorithms a signature may be made with, and what they are called. Pure.

GOST of 2012 (ГОСТ Р 34.10-2012, 34.11-2012) is the one for qualified signatures; RSA and ECDSA with SHA-2 where the office
allows them. Everything older (SHA-1, MD5, GOST of 2001) is refused.
"""

from collections.abc import Sequence

from app.gateways.certificates import Certificate

_RSA, _EC = "1.2.840.113549.1.1.1", "1.2.840.10045.2.1"
#: Key of GOST → the digest that belongs to it, and the signature in a certificate.
_GOST = {
    "1.2.643.7.1.1.1.1": ("1.2.643.7.1.1.2.2", "1.2.643.7.1.1.3.2", "ГОСТ Р 34.10-2012, 256 бит"),
    "1.2.643.7.1.1.1.2": ("1.2.643.7.1.1.2.3", "1.2.643.7.1.1.3.3", "ГОСТ Р 34.10-2012, 512 бит"),
}
_SHA2 = tuple(f"2.16.840.1.101.3.4.2.{number}" for number in (1, 2, 3))
#: RSA and ECDSA with SHA-256, 384, 512.
_SHA2_SIGNATURES = (
    *(f"1.2.840.113549.1.1.{number}" for number in (11, 12, 13)),
    *(f"1.2.840.10045.4.3.{number}" for number in (2, 3, 4)),
)
_LEAST_RSA = 2048


def allowed(signer: Certificate, digest: str, *, require_gost: bool) -> bool:
    """Whether a signature by this certificate with this digest (OID) is taken at all."""
    if signer.key_algorithm in _GOST:
        return digest == _GOST[signer.key_algorithm][0]
    if require_gost or digest not in _SHA2:
        return False
    return signer.key_algorithm == _EC or (signer.key_algorithm == _RSA and signer.key_bits >= _LEAST_RSA)


def allowed_chain(chain: Sequence[Certificate], *, require_gost: bool) -> bool:
    """Whether every certificate of a chain (the root last) is signed with an algorithm that holds.

    The root's signature of itself says nothing: it is believed because the office has put it in.
    """
    good = [signature for _digest, signature, _words in _GOST.values()]
    if not require_gost:
        good += _SHA2_SIGNATURES
    return all(link.signature_algorithm in good for link in chain[:-1])


def words(signer: Certificate) -> str:
    """What a signature by this certificate is made with, for people."""
    if signer.key_algorithm in _GOST:
        return _GOST[signer.key_algorithm][2]
    if signer.key_algorithm == _RSA:
        return f"RSA, {signer.key_bits} бит"
    return "ECDSA" if signer.key_algorithm == _EC else signer.key_algorithm
