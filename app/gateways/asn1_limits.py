"""A limit that asn1crypto lacks: an object identifier of a hundred kilobytes costs it half a minute of a processor.

It builds each part of an identifier as one number, byte by byte, so the time grows with the square of the length, and
identifiers stand at any depth of a signature, a certificate or a list. Whoever reads ASN.1 here imports this module.
"""

from asn1crypto import core

#: The longest that is in use has some twenty bytes.
LONGEST_IDENTIFIER = 64

_dotted = core.ObjectIdentifier.dotted.fget


def _limited(identifier: core.ObjectIdentifier) -> str:
    if len(identifier.contents or b"") > LONGEST_IDENTIFIER:
        raise ValueError("an object identifier without end")
    return _dotted(identifier)  # type: ignore[no-any-return]


core.ObjectIdentifier.dotted = property(_limited)
