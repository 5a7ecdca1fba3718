"""How entries are chained: each hash covers the entry and the hash before it. Pure; knows no database."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

#: What stands for the hash before the first entry of a chain.
GENESIS = "0" * 64

SITE = "site"


def case_chain(case_id: int) -> str:
    """The name of the chain of one case."""
    return f"case:{case_id}"


def details_hash(details: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of the details in canonical JSON: names and texts may be erased later, this proves what they were."""
    return hashlib.sha256(_canonical(details)).hexdigest()


def entry_hash(
    previous: str,
    *,
    chain: str,
    seq: int,
    at: datetime,
    kind: str,
    party: str,
    actor_id: int | None,
    public: bool,
    details: str,
) -> str:
    """SHA-256 (hex) over one entry and the hash before it; `at` is aware, `details` is the hash of the details."""
    fields = {
        "previous": previous,
        "chain": chain,
        "seq": seq,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "kind": kind,
        "party": party,
        "actor": actor_id,
        "public": public,
        "details": details,
    }
    return hashlib.sha256(_canonical(fields)).hexdigest()


def anchor_hash(
    previous: str, *, day: date, chains: int, entries: int, heads: Mapping[str, Any], made_at: datetime
) -> str:
    """SHA-256 (hex) over an anchor and the one before it; `heads` are the chains that went on since: [length, hash]."""
    fields = {
        "previous": previous,
        "day": day.isoformat(),
        "chains": chains,
        "entries": entries,
        "heads": {chain: list(head) for chain, head in heads.items()},
        "made_at": made_at.astimezone(UTC).isoformat(timespec="microseconds"),
    }
    return hashlib.sha256(_canonical(fields)).hexdigest()


def _canonical(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
