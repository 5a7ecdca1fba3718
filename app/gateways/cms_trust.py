"""Whom we believe, made ready for one check: which chains the names allow, which lists belong to them. Pure.

Names prove nothing: OpenSSL decides whether a chain is right. This only finds what it has to be given, and what it has used.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.gateways.certificates import (
    Certificate,
    RevokedList,
    Unreadable,
    pem,
    read_certificate,
    read_list,
    revoked_at,
)

#: A chain of certificates, the signer first, the root last.
Path = tuple[Certificate, ...]
#: Longer chains and more forks than any authority has; what somebody has made up ends there.
_MOST_LONG, _MOST_PATHS, _MOST_STEPS = 8, 8, 200


class BadTrust(Exception):
    """What we are told to believe cannot be believed: the server is set up wrongly, nobody's signature is."""


@dataclass(frozen=True)
class Trust:
    """Whom we believe: roots and intermediates (PEM, one certificate each), revocation lists (DER).

    Several lists of one authority may stand; the newest of those that hold already counts.
    """

    roots: tuple[str, ...] = ()
    intermediates: tuple[str, ...] = ()
    lists: tuple[bytes, ...] = ()


class Pool:
    """Certificates and lists of one trust, read; raises BadTrust.

    A certificate among the intermediates that is signed by itself would become a root for OpenSSL: it is refused.
    """

    def __init__(self, trust: Trust) -> None:
        """Read all of it; an unreadable list is left out, as if it had not come."""
        try:
            self.roots = tuple(read_certificate(text) for text in trust.roots)
            self.intermediates = tuple(read_certificate(text) for text in trust.intermediates)
        except Unreadable as error:
            raise BadTrust("unreadable") from error
        if not self.roots or not all(root.self_signed for root in self.roots):
            raise BadTrust("roots")
        if any(certificate.subject_key == certificate.issuer_key for certificate in self.intermediates):
            raise BadTrust("a root among the intermediates")
        self.lists = tuple(_readable(trust.lists))

    def paths(self, signer: Certificate, others: Sequence[Certificate]) -> list[Path]:
        """Chains from the signer to a root of ours that the names allow, ours preferred to those sent in."""
        between = (*self.intermediates, *(other for other in others if other not in self.intermediates))
        found: list[Path] = []
        open_paths: list[Path] = [(signer,)]
        for _ in range(_MOST_STEPS):
            if not open_paths or len(found) == _MOST_PATHS:
                break
            path = open_paths.pop()
            if path[-1] in self.roots:
                found.append(path)
                continue
            found += [(*path, root) for root in self.roots if root.issued(path[-1])]
            if len(path) < _MOST_LONG:
                above = [link for link in between if link not in path and link.issued(path[-1])]
                open_paths += [(*path, link) for link in reversed(above)]
        return found

    def lists_of(self, paths: Iterable[Path], at: datetime) -> tuple[RevokedList, ...]:
        """The list of each authority on these chains that counts at a time: the newest of those that hold already."""
        issuers = {link.issuer_key for path in paths for link in path}
        best: dict[object, RevokedList] = {}
        for one in self.lists:
            place = one.issuer_key, one.authority_key_id
            if one.issuer_key in issuers:
                best[place] = max(
                    best.get(place, one), one, key=lambda it: (it.this_update <= at, it.this_update)
                )
        return tuple(best.values())

    def store(self, paths: Iterable[Path], lists: Iterable[RevokedList]) -> bytes:
        """A file for OpenSSL's -CAfile: all roots, our intermediates on these chains, these lists."""
        ours = dict.fromkeys(link.pem for path in paths for link in path if link in self.intermediates)
        roots = dict.fromkeys(root.pem for root in self.roots)
        return "".join([*roots, *ours, *(pem(one.der, "X509 CRL") for one in lists)]).encode()


def used(chain: Path, lists: Iterable[RevokedList]) -> tuple[str, ...]:
    """SHA-256 (hex) of the lists that say something of this chain, in the order of the chain."""
    found = (one.sha256 for link in chain for one in lists if _speaks_of(one, link))
    return tuple(dict.fromkeys(found))


def ended(paths: Iterable[Path], lists: Iterable[RevokedList]) -> datetime | None:
    """The earliest moment at which one of these certificates was revoked; None when no list names any."""
    links = dict.fromkeys(link for path in paths for link in path)
    days = (revoked_at(one.der, link.serial) for link in links for one in lists if _speaks_of(one, link))
    return min((day for day in days if day), default=None)


def _speaks_of(one: RevokedList, link: Certificate) -> bool:
    same_key = (
        not one.authority_key_id or not link.authority_key_id or one.authority_key_id == link.authority_key_id
    )
    return one.issuer_key == link.issuer_key and (same_key or link.self_signed)


def _readable(lists: Iterable[bytes]) -> Iterator[RevokedList]:
    for data in lists:
        try:
            yield read_list(data)
        except Unreadable:
            continue
