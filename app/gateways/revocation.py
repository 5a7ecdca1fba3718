"""Asking OpenSSL about authorities: whether a certificate leads to a root, whether an authority has signed a list.

Knows no subject. No list of revoked certificates is looked at here: this decides whose lists are fetched at all.
"""

from collections.abc import Sequence
from datetime import datetime

from app.gateways.openssl import OpenSsl

_OURS_ALONE = ("-no-CApath", "-no-CAstore")


class Authorities:
    """What is known of authorities, proved by `openssl` with the engine of GOST."""

    def __init__(self, openssl: OpenSsl) -> None:
        """`openssl` runs the program."""
        self.openssl = openssl

    def leads_to_root(
        self, certificate: str, roots: Sequence[str], between: Sequence[str] = (), *, at: datetime
    ) -> bool:
        """Whether a certificate (all PEM) leads to one of the roots, each signature right and all dates good at `at`.

        What lies `between` is never believed for its own sake. Raises EngineAway.
        """
        return bool(roots) and self._verified(certificate, roots, between, at, "-check_ss_sig")

    def issued(self, certificate: str, issuer: str, *, at: datetime) -> bool:
        """Whether this authority has signed a certificate (both PEM), whoever stands above it. Raises EngineAway."""
        return self._verified(certificate, [issuer], (), at, "-partial_chain")

    def issued_list(self, der: bytes, issuer: str) -> bool:
        """Whether a list of revoked certificates is named after this authority (PEM) and signed by it. Raises EngineAway."""
        told = self.openssl.run(
            "crl", "-inform", "DER", "-in", der, "-noout", *_OURS_ALONE, "-CAfile", issuer.encode()
        )
        # The code is 0 for a wrong signature, too: only the words differ (OpenSSL 3.0).
        words = f"{told.out}\n{told.errors}".splitlines()
        return told.right and "verify OK" in words and "verify failure" not in words

    def _verified(
        self, certificate: str, roots: Sequence[str], between: Sequence[str], at: datetime, how: str
    ) -> bool:
        moment = str(int(at.timestamp()))
        untrusted = ("-untrusted", _bundle(between)) if between else ()
        told = ("verify", *_OURS_ALONE, how, "-purpose", "any", "-attime", moment, "-CAfile", _bundle(roots))
        return self.openssl.run(*told, *untrusted, certificate.encode()).right


def _bundle(certificates: Sequence[str]) -> bytes:
    return "\n".join(one.strip() for one in certificates).encode() + b"\n"
