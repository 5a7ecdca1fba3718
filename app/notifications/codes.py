"""Codes of an SMS: worked out anew from the server's key and the row's salt wherever one is needed. Pure.

A code is therefore never stored: it exists in the SMS and in the head of the person who reads it.
"""

import hashlib
import hmac

#: What stands in the text of a row until the sender puts the code there.
PLACE = "{secret}"
DIGITS = 6
#: Other uses of the server's key give other numbers.
_PURPOSE = b"code of an sms\0"
_REPORTS = b"reports of an operator of sms\0"


def derive(key: str, salt: str) -> str:
    """Six digits out of the server's key and the salt of one code; ValueError for an empty one, which would be known."""
    if not key or not salt:
        raise ValueError("a code needs a key and a salt")
    digest = hmac.new(key.encode(), _PURPOSE + salt.encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(digest[:16]) % 10**DIGITS:0{DIGITS}}"


def report_secret(key: str, provider: str) -> str:
    """The last part of the address at which an operator tells of deliveries: nobody else can know it."""
    return hmac.new(key.encode(), _REPORTS + provider.encode(), hashlib.sha256).hexdigest()[:40]
