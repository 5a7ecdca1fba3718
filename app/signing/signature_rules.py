"""What an electronic signature is made of: numbers, canonical records, who signs in which way. Pure."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Literal

Kind = Literal["code", "certificate"]

#: Letters and digits that nobody takes for each other, read aloud or copied from paper.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_GROUPS = (4, 4, 4)
#: How many random bytes a number is made of.
NUMBER_BYTES = 16


def signature_number(random: bytes) -> str:
    """«7K3M-92QX-4TFD» from NUMBER_BYTES random bytes: twelve of thirty signs, some 58 bits."""
    value = int.from_bytes(random, "big")
    signs = []
    for _ in range(sum(_GROUPS)):
        value, sign = divmod(value, len(ALPHABET))
        signs.append(ALPHABET[sign])
    text = "".join(signs)
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


_LOOK_ALIKE = str.maketrans("АВЕКМНРСТХ", "ABEKMHPCTX")


def typed_number(text: str) -> str:
    """A number as a person types it, with or without dashes, in small letters too; what cannot be one comes back empty.

    Letters that look the same on a Russian keyboard count as the Latin ones.
    """
    signs = [sign for sign in text.upper().translate(_LOOK_ALIKE) if sign.isalnum()]
    if len(signs) != sum(_GROUPS) or any(sign not in ALPHABET for sign in signs):
        return ""
    joined = "".join(signs)
    return "-".join(joined[start : start + 4] for start in range(0, len(joined), 4))


def canonical(value: Any) -> bytes:
    """JSON in the one form that hashes are taken of: sorted keys, no spaces, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def record_hash(record: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of a record in canonical JSON."""
    return hashlib.sha256(canonical(record)).hexdigest()


def roads(party: str, legal_form: str) -> tuple[Kind, ...]:
    """How a party may sign besides paper, the usual way first (design decision 3).

    An individual signs by a code from an SMS and may use a certificate; everybody else signs by certificate.
    """
    if party == "applicant" and legal_form == "individual":
        return ("code", "certificate")
    return ("certificate",)
