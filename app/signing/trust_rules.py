"""Which certificate may be believed as what, how long it still holds, and whether a hash is the one published. Pure."""

import hashlib
from datetime import datetime, timedelta

from app.errors import InvalidValue

#: So long before its end a certificate is marked: a new one has to be asked for and put in.
SOON = timedelta(days=60)
#: Lengths of the hashes (hex) by which authorities publish their certificates: SHA-1 and SHA-256.
_HASHES = {40: "sha1", 64: "sha256"}


def why_not(kind: str, *, self_signed: bool, authority: bool, not_after: datetime, at: datetime) -> str:
    """Why a certificate is no root or no intermediate; empty when it may be one.

    A self-signed one among the intermediates would become an anchor of trust without being called a root.
    """
    if not authority:
        return "Это сертификат владельца, а не удостоверяющего центра: доверять можно только центрам."
    if not_after <= at:
        return "Срок этого сертификата истек. Возьмите действующий на сайте удостоверяющего центра."
    if kind == "root" and not self_signed:
        return "Это не корневой сертификат: его выдал другой центр. Добавьте его как промежуточный."
    if kind == "intermediate" and self_signed:
        return "Это корневой сертификат: он подписан сам собой. Промежуточным он быть не может."
    return ""


def state_of(not_before: datetime, not_after: datetime, at: datetime) -> str:
    """«early», «good», «soon» (ends within SOON) or «over»."""
    if at < not_before:
        return "early"
    if at >= not_after:
        return "over"
    return "soon" if not_after - at <= SOON else "good"


def fingerprints(der: bytes) -> tuple[str, str]:
    """SHA-256 and SHA-1 of a certificate in groups of four, as they are compared by eye."""
    found = hashlib.sha256(der).hexdigest(), hashlib.sha1(der, usedforsecurity=False).hexdigest()
    grouped = [" ".join(one[start : start + 4] for start in range(0, len(one), 4)).upper() for one in found]
    return grouped[0], grouped[1]


def check_fingerprint(typed: str, der: bytes) -> None:
    """Refuse a published hash that is not of this certificate; colons, spaces and capitals do not matter.

    SHA-1 will do: to make a second certificate with the same one is still out of reach, and many authorities publish no
    other. Raises InvalidValue.
    """
    digits = "".join(sign for sign in typed.lower() if sign not in " :-\t\r\n\u00a0")
    name = _HASHES.get(len(digits))
    if name is None or set(digits) - set("0123456789abcdef"):
        raise InvalidValue("Введите SHA-256 (64 знака) или SHA-1 (40 знаков): цифры и буквы от A до F.")
    if hashlib.new(name, der, usedforsecurity=False).hexdigest() != digits:
        raise InvalidValue(
            "Эта сумма не от выбранного сертификата. Не добавляйте его, пока не выясните, откуда взялось различие."
        )
