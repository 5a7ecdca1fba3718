"""The answers of the public page of checks; see `check_rules` for what it may tell."""

from collections.abc import Iterable

from app import clock
from app.company import queries as company
from app.signing.check_rules import Found
from app.signing.evidence_queries import is_whole, with_hash, with_number
from app.signing.models import Signature
from app.signing.protocol_rules import SHORT_KINDS, SIDES


def signatures_with_hash(sha256: str) -> list[Found]:
    """The signatures of the file with this hash; none for a file that was never signed here."""
    return _told(with_hash(sha256))


def signature_with_number(number: str) -> list[Found]:
    """The signature of a number; none when there is no such."""
    found = with_number(number)
    return _told([found] if found else [])


def _told(signatures: Iterable[Signature]) -> list[Found]:
    zone = company.profile().zone
    return [
        Found(
            number=one.number,
            day=clock.day_in(zone, one.signed_at),
            side=SIDES[one.party],
            kind=SHORT_KINDS[one.kind],
            whole=is_whole(one),
            sha256=one.sha256,
        )
        for one in signatures
    ]
