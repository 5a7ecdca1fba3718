"""The shape of what the page of the plug-in sends: signatures in base64, one for each document."""

import base64
import binascii
from collections.abc import Mapping

from app.signing.certificate_rules import LARGEST_SIGNATURE


def read_signature(values: Mapping[str, str], name: str) -> bytes:
    """The bytes of a signature; empty when there is none, and what is no base64 as it came: the check refuses it."""
    text = "".join(values.get(name, "").split())
    if len(text) > LARGEST_SIGNATURE * 4 // 3 + 4:
        return text.encode()[: LARGEST_SIGNATURE + 1]
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return text.encode(errors="replace")
