"""Signatures and powers of attorney that wait for a list which this site cannot fetch: no certificate names its address.

Nobody but an administrator can bring such a list; the page of trust says whose it is and until when there is time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.company import queries as company
from app.extensions import db
from app.gateways.certificates import Certificate, Unreadable, read_certificate
from app.signing.certificate_models import CertificateAttempt, MachineAuthority
from app.signing.certificate_rules import NO_LIST, WAITING
from app.signing.trust_models import RevocationList, RevocationSource, TrustedCertificate

#: No more are looked at: those that waited longest.
_MOST = 500


@dataclass(frozen=True)
class WaitingFor:
    """What waits for the list of one authority: the numbers of the cases; `until` is when the first signature is given up."""

    authority: str
    signatures: int
    powers: int
    cases: tuple[int, ...]
    until: datetime | None


@dataclass(frozen=True)
class _Waits:
    case_id: int
    chain: Sequence[str]
    sent_at: datetime | None  # None for a power of attorney, which waits for its day alone


def waiting_without_address(at: datetime) -> list[WaitingFor]:
    """What waits for lists without an address, by authority, the one with the most urgent signature first."""
    there = set(
        db.session.scalars(select(RevocationList.issuer_sha256).where(RevocationList.next_update > at))
    )
    left = select(TrustedCertificate.sha256).where(TrustedCertificate.removed_at.is_not(None))
    known = there | set(db.session.scalars(left.union(select(RevocationSource.issuer_sha256))))
    names, found = dict[str, str](), dict[str, list[_Waits]]()
    for one in (*_signatures(), *_powers()):
        for issuer in _issuers(one.chain):
            if issuer.sha256 not in known:
                names[issuer.sha256] = issuer.subject
                found.setdefault(issuer.sha256, []).append(one)
    hours = timedelta(hours=int(company.profile().settings["signing.lists_wait"]))
    lines = [_line(names[sha256], waits, hours) for sha256, waits in found.items()]
    return sorted(lines, key=lambda line: (line.until is None, line.until or at, line.authority))


def waiting_under(sha256: str) -> int:
    """How many signatures wait whose chain leads over the certificate with this hash."""
    query = select(CertificateAttempt.verdict).where(CertificateAttempt.state.in_(WAITING))
    chains = (verdict.get("chain", ()) for verdict in db.session.scalars(query))
    return sum(any(one.sha256 == sha256 for one in _read(chain)) for chain in chains)


def _signatures() -> list[_Waits]:
    query = select(CertificateAttempt.case_id, CertificateAttempt.verdict, CertificateAttempt.sent_at)
    query = query.where(CertificateAttempt.state == "waits_list").order_by(CertificateAttempt.id)
    return [
        _Waits(case_id, _chain(verdict), sent_at)
        for case_id, verdict, sent_at in db.session.execute(query.limit(_MOST))
    ]


def _powers() -> list[_Waits]:
    query = select(MachineAuthority.case_id, MachineAuthority.verdict)
    query = query.where(MachineAuthority.state == "waiting").order_by(MachineAuthority.id)
    return [
        _Waits(case_id, _chain(verdict), None) for case_id, verdict in db.session.execute(query.limit(_MOST))
    ]


def _chain(verdict: dict[str, Any]) -> Sequence[str]:
    return tuple(verdict.get("chain", ())) if verdict.get("code") in NO_LIST else ()


def _issuers(chain: Sequence[str]) -> list[Certificate]:
    """The authorities whose lists a chain (PEM, the signer first) needs."""
    return list(_read(chain))[1:]


def _read(chain: Sequence[str]) -> Iterator[Certificate]:
    for pem in chain:
        try:
            yield read_certificate(pem)
        except Unreadable:
            continue


def _line(authority: str, waits: Sequence[_Waits], hours: timedelta) -> WaitingFor:
    sent = [one.sent_at for one in waits if one.sent_at]
    return WaitingFor(
        authority=authority,
        signatures=len(sent),
        powers=len(waits) - len(sent),
        cases=tuple(sorted({one.case_id for one in waits})),
        until=min(sent) + hours if sent else None,
    )
