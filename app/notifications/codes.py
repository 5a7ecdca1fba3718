"""Codes of an SMS and links of letters: worked out anew from the server's key and a salt wherever one is needed. Pure.

They are therefore never stored: a code exists in the SMS and in the head of the person who reads it, a link in the letter.
"""

import base64
import hashlib
import hmac
import re

from app.errors import InvalidValue

#: What stands in the text of a row until the sender puts the code there.
PLACE = "{secret}"
DIGITS = 6
#: Other uses of the server's key give other numbers.
_PURPOSE = b"code of an sms\0"
_LINKS = b"link of a letter\0"
#: What people and phones put between the digits of a code.
_BETWEEN = re.compile(r"[\s\u00a0\u2000-\u200f\u2060\ufeff.\-–—]+")
_LONGEST_TYPED = 40
_REPORTS = b"reports of an operator of sms\0"


def derive(key: str, salt: str) -> str:
    """Six digits out of the server's key and the salt of one code; ValueError for an empty one, which would be known."""
    if not key or not salt:
        raise ValueError("a code needs a key and a salt")
    digest = hmac.new(key.encode(), _PURPOSE + salt.encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(digest[:16]) % 10**DIGITS:0{DIGITS}}"


def link_token(key: str, salt: str) -> str:
    """The secret part of one letter's link: 256 bits as 43 characters of an address; ValueError for an empty key or salt."""
    if not key or not salt:
        raise ValueError("a link needs a key and a salt")
    digest = hmac.new(key.encode(), _LINKS + salt.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def report_secret(key: str, provider: str) -> str:
    """The last part of the address at which an operator tells of deliveries: nobody else can know it."""
    return hmac.new(key.encode(), _REPORTS + provider.encode(), hashlib.sha256).hexdigest()[:40]


def read_code(text: str) -> str:
    """Six digits as a person types or pastes them («461 325»); InvalidValue for anything else, which is no guess."""
    typed = _BETWEEN.sub("", text[:_LONGEST_TYPED])
    if not typed:
        raise InvalidValue("Введите код из СМС.")
    if len(typed) != DIGITS or not (typed.isascii() and typed.isdigit()):
        raise InvalidValue(f"Код состоит из {DIGITS} цифр. Введите его, как он напечатан в СМС.")
    return typed


def same_code(typed: str, right: str) -> bool:
    """Whether a guess is right, in a time that tells nothing."""
    return hmac.compare_digest(typed.encode(), right.encode())
