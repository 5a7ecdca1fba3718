"""The second factor: codes of a generator (TOTP, RFC 6238: SHA-1, thirty seconds, six digits) and recovery codes. Pure.

Nothing of it is stored: all comes from the server's key and a salt. Which steps and codes are used up is the caller's.
"""

import base64
import hashlib
import hmac
import io
import re
from collections.abc import Collection, Sequence
from datetime import datetime

import pyotp
import segno

STEP_SECONDS = 30
#: A clock may be wrong by one step to either side (RFC 6238, 5.2).
_AROUND = (0, -1, 1)
_SECRET_BYTES = 20
RECOVERY_CODES = 10
FACTOR_REMOVED = "Двухэтапный вход отключен, открытые сеансы закончены. Письмо об этом отправлено."
#: Letters and digits that are not mistaken for each other; five and five of them hold 49 bits.
_SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"
_HALF = 5
_PURPOSE = b"second factor\0"
_RECOVERY = b"recovery code\0"
_NOT_SIGNS = re.compile(r"[\s-]+")


def generator_secret(key: str, salt: str) -> str:
    """What a generator has to know, in base32; ValueError for an empty key or salt."""
    return base64.b32encode(_digest(_PURPOSE, key, salt)[:_SECRET_BYTES]).decode()


def recovery_codes(key: str, salt: str) -> list[str]:
    """The ten recovery codes of a salt in their order, as they are shown: «k7m2p-9xq4t»."""
    return [_recovery_code(_digest(_RECOVERY, key, f"{salt}\n{number}")) for number in range(RECOVERY_CODES)]


def _recovery_code(digest: bytes) -> str:
    left, signs = int.from_bytes(digest), ""
    for _ in range(2 * _HALF):
        left, sign = divmod(left, len(_SIGNS))
        signs += _SIGNS[sign]
    return f"{signs[:_HALF]}-{signs[_HALF:]}"


def _digest(purpose: bytes, key: str, salt: str) -> bytes:
    if not key or not salt:
        raise ValueError("a second factor needs a key and a salt")
    return hmac.new(key.encode(), purpose + salt.encode(), hashlib.sha256).digest()


def matching_step(secrets: Sequence[str], typed: str, *, at: datetime, after: int) -> int | None:
    """The step whose code was typed, None when it is that of none; steps up to `after` are used up.

    `secrets` are those that the present key and the ones before it give.
    """
    code, now = cleaned(typed), int(at.timestamp()) // STEP_SECONDS
    found = None
    for secret in secrets:
        generator = pyotp.TOTP(secret)
        for step in (now + one for one in _AROUND):
            # All are compared, so that the time tells nothing.
            if hmac.compare_digest(generator.generate_otp(step).encode(), code.encode()) and step > after:
                found = step
    return found


def matching_recovery(lists: Sequence[Sequence[str]], typed: str, *, used: Collection[int]) -> int | None:
    """The number of the recovery code that was typed, None when it is none of them or used up."""
    code = cleaned(typed)
    for codes in lists:
        for number, known in enumerate(codes):
            if hmac.compare_digest(cleaned(known).encode(), code.encode()) and number not in used:
                return number
    return None


def cleaned(typed: str) -> str:
    """A code as it is compared: without spaces and dashes, small letters."""
    return _NOT_SIGNS.sub("", typed).casefold()[:40]


def generator_address(secret: str, *, login: str, site: str) -> str:
    """What the square says: a generator takes the account from it («otpauth://…»)."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=site)


def square(address: str) -> bytes:
    """The address as a picture of a QR code (SVG, 4 units a module), dark on white also where the page is dark."""
    drawn = io.BytesIO()
    segno.make_qr(address, error="m").save(drawn, kind="svg", border=4, scale=4, light="#fff", xmldecl=False)
    return drawn.getvalue()


def in_groups(secret: str) -> str:
    """A secret to be typed by hand: groups of four."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
