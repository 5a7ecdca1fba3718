"""Learning from the chain of a right signature whose lists of revoked certificates this server will ask for.

The chain is proved once more down to a root of ours, each certificate by itself: an address that leads to a request of
this server is taken from nothing less. OpenSSL is asked outside any transaction: nobody waits for the database meanwhile.

It is no action of anybody's: it follows one, in a transaction of its own that may fail and take nothing with it.
"""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy.exc import DBAPIError

from app import gateways
from app.gateways.certificates import Certificate, Unreadable, read_certificate
from app.gateways.cms import Verdict
from app.gateways.openssl import EngineAway
from app.signing.revocation_queries import issuers_of
from app.signing.revocation_steps import keep_chain, usable_addresses
from app.signing.trust_models import TrustedCertificate
from app.signing.trust_queries import believed
from app.transaction import transaction

#: No chain is longer.
LONGEST_CHAIN = 8

log = logging.getLogger(__name__)


def remember_chains(verdicts: Iterable[Verdict], *, at: datetime) -> None:
    """Learn from what was found right. Nothing that has come in depends on it: what fails is learned at the next check."""
    for chain in dict.fromkeys(one.chain for one in verdicts if one.chain):
        try:
            remember_chain(chain, at=at)
        except (EngineAway, DBAPIError) as error:
            log.warning("a chain was not remembered: %s", type(error).__name__)


def remember_chain(chain: Sequence[str], *, at: datetime) -> None:
    """Keep the authorities of a chain (PEM, the signer first) and the addresses of their lists.

    What is not right is left alone; nothing is asked of the network. Raises EngineAway.
    """
    try:
        found = [read_certificate(pem) for pem in chain[:LONGEST_CHAIN]]
    except Unreadable:
        log.warning("a chain that was right cannot be read")
        return
    rows = believed(at)
    if found and not _known(found, rows) and _proven(found, rows, at):
        issuers = issuers_of(found, at=at)
        with transaction():
            keep_chain(found, issuers, at=at)


def _known(found: Sequence[Certificate], rows: Sequence[TrustedCertificate]) -> bool:
    """Whether there is nothing to learn: every authority is in the pool with all addresses that are named here."""
    hashes = {row.sha256 for row in rows}
    if any(one.sha256 not in hashes for one in found[1:]):
        return False
    told = [(set(usable_addresses(one.list_urls)), one.issuer) for one in found if not one.self_signed]
    return all(
        any(urls <= set(row.list_urls) for row in rows if row.subject == issuer) for urls, issuer in told
    )


def _proven(found: Sequence[Certificate], rows: Sequence[TrustedCertificate], at: datetime) -> bool:
    roots = [row.pem for row in rows if row.kind == "root"]
    between = [row.pem for row in rows if row.kind != "root"] + [
        one.pem for one in found if not one.self_signed
    ]
    ask = gateways.current().authorities.leads_to_root
    return all(ask(one.pem, roots, between, at=at) for one in found)
